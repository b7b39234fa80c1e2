"""Names in context: a surname where the sentence says that a person is named."""

import re
from collections.abc import Iterator

# The surnames of more than 95 % of people in China (public census summaries), and two-sign ones.
_ONE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢骆岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜"
    "詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边阚肖"
)
_TWO = "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|端木|夏侯"
_SURNAME = rf"(?:{_TWO}|[{_ONE}])"
_HAN = r"[\u4e00-\u9fff]"
_NAME = rf"{_SURNAME}{_HAN}{{1,2}}?"
_ABOUT = "先生|女士|住|家住|电话|手机|身份证|男|女|今年|系|反映|投诉|举报|咨询|来电"
_SAYS = "小姐|同志|联系|现|是|在|来自|于|的|向|因|和|与|以|已|反映|投诉|举报|咨询|说|称"
_END = rf"(?=$|[^\u4e00-\u9fff]|{_ABOUT}|{_SAYS})"
_STRONG = re.compile(
    "(?:我叫|名叫|姓名|联系人|投诉人|反映人|举报人|来电人|户主|法人代表|本人姓名)[是为叫: ]{0,3}"
    rf"({_NAME}){_END}"
)
_WEAK = re.compile(
    "(?:我是|本人|业主|村民|居民|市民|员工|患者|学生|家长|当事人|负责人|老板|房东|司机)[是: ]?"
    rf"({_NAME})(?=$|[^\u4e00-\u9fff]|{_ABOUT})"
)
_TITLES = ("先生", "女士", "小姐", "师傅", "大爷", "大妈", "阿姨", "大姐", "大哥")
_TITLED = re.compile(rf"({_SURNAME}{_HAN}{{0,2}}?)(?={'|'.join(_TITLES)})")
_SIGNED = re.compile(
    r"(?:此致|敬礼|谢谢|感谢|署名|落款)[^\u4e00-\u9fff]{1,6}"
    rf"({_SURNAME}{_HAN}{{1,2}})[^\u4e00-\u9fff]{{0,12}}$"
)
# Places and offices begin with surnames too: 李家村, 王府井, 高速公路, 马路, 安全.
_NOT = re.compile(
    r".(?:家[村庄湾沟店桥]|府井|村|庄|镇|乡|街|路|区|县|市|桥|湖|山|江|河|"
    r"园|城|楼|站|校|院|厂|店|司|局|处|"
    r"科|委|队|组|班|家|们|全|速|级|中|年|天|月|时|期|位|个|名|人|民|方|面|"
    r"法|律|务|主|员|工|户|客|师|姐|哥|爷|妈|姨)|"
    r".*[村镇乡街路区县市桥站校院厂店局委队组]$"
)
_NOT_BEFORE = re.compile(r"[这那各位一两几每某该]$")


def names(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield ("name", start, end) where the sentence itself says that somebody is named.

    A name without such a cue stays: finding it would need a trained tagger, which we do not have.
    """
    titled = any(title in text for title in _TITLES)
    for pattern in (_STRONG, _WEAK, *((_TITLED,) if titled else ()), _SIGNED):
        for found in pattern.finditer(text):
            start, end = found.span(1)
            if _is_name(text, start, end):
                yield "name", start, end


def _is_name(text: str, start: int, end: int) -> bool:
    if _NOT.match(text[start:end]):
        return False
    return not _NOT_BEFORE.search(text[max(0, start - 1) : start])
