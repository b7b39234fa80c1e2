"""Emergency: what belongs to 110, 119, 120 or 122 is known at once, with the words to say."""

import re

import msgspec


class Line(msgspec.Struct, frozen=True):
    """An emergency line: its number, and what the agent or the page says at once."""

    number: str
    zh: str
    en: str


class Emergency(msgspec.Struct, frozen=True):
    """A matter to hand over at once: the line, the words that told, and what to say."""

    line: str
    because: str
    say_zh: str
    say_en: str


LINES = {
    "119": Line(
        "119",
        "这是火情或有人被困,请先到安全的地方,马上拨打119,说清地点、什么着火、有没有人被困。"
        "我们同时转报。",
        "This is fire or rescue: get to a safe place and dial 119 now. We pass it on as well.",
    ),
    "120": Line(
        "120",
        "有人伤病危急,请马上拨打120,说清地点和病人的样子,不要挂断。我们同时转报。",
        "Someone is badly hurt or ill: dial 120 now and stay on the line. We pass it on as well.",
    ),
    "122": Line(
        "122",
        "刚发生交通事故,请人到路边安全处,打开双闪,马上拨打122(有伤者同时打120)。我们同时转报。",
        "A road accident: get off the road, dial 122 (and 120 if hurt). We pass it on as well.",
    ),
    "110": Line(
        "110",
        "有人身危险或正在发生的违法,请先保护自己,马上拨打110。我们同时转报。",
        "Danger or a crime under way: protect yourself and dial 110 now. We pass it on as well.",
    ),
}

_TOLD: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("119", re.compile(
        r"着火了|起火了|失火了|着火啦|正在(?:燃烧|冒烟|着火)|火势|浓烟滚滚|"
        r"冒着?浓烟|燃气泄漏|煤气泄漏|天然气泄漏|"
        r"闻到.{0,6}(?:煤气|燃气|天然气)味|(?:被困|困)在.{0,4}(?:电梯|车里|车内|"
        r"屋里|屋顶|水里|水中|火场|里面)|(?:电梯|水|车|屋|火场|"
        r"楼)[里内中上]?被困|有人被困|人被困|"
        r"溺水|落水|掉(?:进|到)(?:河|江|水|井|湖)里|爆炸了|(?:房子|房屋|楼房|"
        r"围墙|工地)(?:倒塌|坍塌|塌)了|被埋")),
    ("120", re.compile(
        r"昏迷|晕倒|没有?呼吸|呼吸困难|心脏骤停|心脏病发作|大出血|血流不止|吐血|"
        r"抽搐|触电了|被电(?:倒|到|击)|"
        r"(?:食物|煤气|一氧化碳|农药)中毒了?|喝了?农药|要生了|羊水破了|不省人事|"
        r"倒在(?:地上|路上|路边).{0,6}(?:不动|没反应)|"
        r"快不行了|叫.{0,2}救护车|需要救护车")),
    ("122", re.compile(
        r"(?:刚刚?|刚才|现在|发生了?|"
        r"出了)(?:发生)?了?(?:一?起)?(?:严重)?(?:交通事故|车祸)|撞(?:了|到|"
        r"倒)(?:了)?人|"
        r"撞车了|追尾了|肇事.{0,3}(?:逃|跑)|车.{0,4}翻了")),
    ("110", re.compile(
        r"持刀|拿着?刀|砍人|正在(?:打人|打架|抢|偷|砸)|打起来了|打架斗殴|抢劫|"
        r"绑架|劫持|有人(?:要)?跳楼|要跳楼|轻生|想不开|"
        r"不想活|自杀|割腕|家暴|被(?:人)?(?:打|跟踪|非法拘禁|关在|扣押|威胁)|"
        r"入室盗窃|小偷|(?:小孩|孩子|儿童|老人).{0,4}(?:走失|不见了|走丢)|"
        r"(?:被|遭遇?|遭到)(?:电信)?诈骗|杀人|强奸|猥亵")),
)  # fmt: skip
# What was, what might be and what is asked about is not happening now.
_PAST = re.compile(
    r"去年|前年|上个?月|上周|上次|以前|曾经?|之前|早前|当年|年前|\d{4}年|"
    r"[0-9]+月[0-9]+[日号]|已经?(?:报警|结案|处理|扑灭|送医)|"
    r"昨[天日晚]|前[天日]|经常|多次|每[天次]|历史"
)
_MAYBE = re.compile(
    r"隐患|容易|可能|怕|担心|一旦|万一|如果|要是|假如|防止|预防|防范|避免|"
    r"会不会|以免|演练|宣传|培训|预案|保险|赔偿|认定|"
    r"没有?$|未$|不会$|无人$"
)
_AFTER = re.compile(
    r"^(?:的?(?:隐患|风险|危险|可能|演练|宣传|预案|处理|责任|认定|赔偿|后续|"
    r"案件|现象)|怎么(?:办理|认定|赔)|事件)"
)
_CLAUSE = re.compile(r"[。!?;\n]")
BEFORE, AFTER = 24, 8  # characters around the words that can say "not now"


def emergency(text: str) -> Emergency | None:
    """Return the emergency line that a message belongs to, or None.

    Better one hand-over too many than one too few: only a plain sign in the same sentence that the
    thing is past, possible or asked about keeps it here. Rules, not a trained model; see the bench.
    """
    for number, pattern in _TOLD:
        for found in pattern.finditer(text):
            if _is_now(text, found.start(), found.end()):
                line = LINES[number]
                return Emergency(line=number, because=found[0], say_zh=line.zh, say_en=line.en)
    return None


def _is_now(text: str, start: int, end: int) -> bool:
    before = _CLAUSE.split(text[max(0, start - BEFORE) : start])[-1]
    after = _CLAUSE.split(text[end : end + AFTER])[0]
    if _PAST.search(before) or _MAYBE.search(before):
        return False
    return not _AFTER.search(after)
