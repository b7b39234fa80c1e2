"""Signs 字: names, roads and trades to draw from, signs that sound alike, and codes that check.

Shares of surnames follow what is common in Fujian; all are assumed, none is taken from a register.
"""

from random import Random

SURNAMES = {
    "陈": 11, "林": 10, "黄": 6, "张": 5, "吴": 4, "李": 4, "王": 4, "郑": 4, "刘": 3, "杨": 2,
    "蔡": 2, "叶": 2, "许": 2, "苏": 1, "谢": 1, "何": 1, "高": 1, "江": 1, "曾": 1, "魏": 1,
    "潘": 1, "邱": 1, "翁": 1, "薛": 1, "庄": 1, "卓": 1, "邹": 1, "欧阳": 1,
}  # fmt: skip
ALIKE = (  # signs of given names that sound alike, tones aside
    "志智治致", "强墙", "建健剑", "国果", "秀绣", "英瑛莹颖", "海", "燕艳雁", "晓小笑", "明铭鸣",
    "丽莉利立", "华桦", "雅亚", "婷廷庭", "文雯闻", "彬斌宾", "栋东冬", "美", "玲铃灵凌", "军君钧",
    "伟玮炜维", "红虹宏洪鸿", "敏", "琳霖", "辉晖慧惠", "芳方", "平萍", "杰洁捷", "峰锋丰",
    "静婧敬", "涛", "娟", "宇雨羽", "浩昊", "欣新馨", "佳嘉", "凯恺", "颜妍岩", "春", "珍真贞",
    "云芸", "兰岚", "梅", "生胜", "金锦", "泽", "轩", "怡宜", "琴勤钦", "福", "龙", "荣容",
)  # fmt: skip
GIVEN = tuple(sign for group in ALIKE for sign in group)
DISTRICTS = {
    "鼓楼区": "350102", "台江区": "350103", "仓山区": "350104", "马尾区": "350105",
    "晋安区": "350111", "长乐区": "350112", "闽侯县": "350121", "连江县": "350122",
}  # fmt: skip
ROADS = (
    "五四路", "华林路", "八一七北路", "上三路", "连江中路", "东大路", "古田路", "六一中路",
    "杨桥路", "铜盘路", "福新路", "鼓山大道", "金山大道", "浦上大道", "则徐大道", "南江滨路",
    "化工路", "秀峰路", "湖东路", "福马路", "学府路",
    "建新南路", "白马中路", "工业路", "西洋路", "象园路",
)  # fmt: skip
MARKS = "闽榕鼎盛恒泰鸿源汇诚信达康宏远博创新华隆昌顺丰正阳安福海天润泽祥和星辰"
TRADES = (
    "贸易", "建筑工程", "信息技术", "物流", "餐饮管理", "食品", "机械设备", "电子科技", "文化传媒",
    "物业管理", "汽车服务", "生物科技", "环保科技", "装饰工程", "农业发展", "服装", "医疗器械",
)  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100
_CODE = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_SOUNDS = {sign: group for group in ALIKE for sign in group}


def name(dice: Random, surname: str = "") -> str:
    """Return a name of two to four signs."""
    first = surname or dice.choices(list(SURNAMES), weights=list(SURNAMES.values()))[0]
    return first + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2, 2))))


def identity(dice: Random, area: str, born: str, *, woman: bool) -> str:
    """Return an identity number with its check sign; `born` is YYYY-MM-DD."""
    turn = dice.randrange(0, 500) * 2 + (0 if woman else 1)
    body = f"{area}{born.replace('-', '')}{turn:03d}"
    total = sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def credit(dice: Random, area: str) -> str:
    """Return a unified social credit code with its check sign."""
    body = f"91{area}" + "".join(dice.choice(_SIGNS) for _ in range(9))
    total = sum(_SIGNS.index(s) * w for s, w in zip(body, _CODE, strict=True))
    return body + _SIGNS[(31 - total % 31) % 31]


def phone(dice: Random) -> str:
    """Return a mobile number."""
    return f"1{dice.choice('35789')}{dice.randrange(10**9):09d}"


def address(dice: Random, district: str) -> str:
    """Return where somebody lives."""
    house = f"{dice.choice(ROADS)}{dice.randrange(1, 300)}号"
    return f"福建省福州市{district}{house}{dice.randrange(1, 20)}栋{dice.randrange(101, 2000)}室"


def misheard(dice: Random, told: str, since: int = 1) -> str:
    """Return a word with one sign written as another that sounds alike."""
    places = [i for i, sign in enumerate(told) if i >= since and len(_SOUNDS.get(sign, "")) > 1]
    if not places:
        return told
    place = dice.choice(places)
    other = dice.choice([sign for sign in _SOUNDS[told[place]] if sign != told[place]])
    return told[:place] + other + told[place + 1 :]


def mistyped(dice: Random, told: str) -> str:
    """Return a code with two neighbours swapped, one sign wrong, or one missing."""
    place = dice.randrange(1, len(told) - 1)
    how = dice.randrange(5)
    if how < 2 and told[place] != told[place + 1]:
        return told[:place] + told[place + 1] + told[place] + told[place + 2 :]
    if how < 4:
        return told[:place] + dice.choice("0123456789".replace(told[place], "")) + told[place + 1 :]
    return told[:place] + told[place + 1 :]


def written(dice: Random, told: str) -> str:
    """Return an address as another clerk writes it."""
    how = dice.randrange(5)
    if how == 0:
        return told.removeprefix("福建省福州市")
    if how == 1:
        return told.removeprefix("福建省").replace("栋", "幢").replace("室", "")
    if how == 2:
        return told.removeprefix("福建省福州市").replace("号", "-").replace("栋", "-").rstrip("室")
    return told if how == 3 else told.replace("福建省", "福建").replace("室", "房")
