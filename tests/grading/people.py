"""People and firms that never lived, and sentences about them with every secret marked."""

from random import Random

from mindu.engines.text.detect.credit import _SIGNS, _WEIGHTS

_ID = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
NAMES = "陈林黄王李张郑吴刘杨"
GIVEN = "志强建国秀英海燕晓明丽华雅婷文彬国栋美玲"
ROADS = ("五四路", "华林路", "八一七北路", "上三路", "连江中路", "东大路")


def identity(dice: Random) -> str:
    body = f"3501{dice.randrange(2, 12):02d}19{dice.randrange(50, 99)}{dice.randrange(1, 13):02d}"
    body += f"{dice.randrange(1, 29):02d}{dice.randrange(1, 999):03d}"
    total = sum(int(d) * w for d, w in zip(body, _ID, strict=True))
    return body + "10X98765432"[total % 11]


def card(dice: Random) -> str:
    body = "622" + "".join(str(dice.randrange(10)) for _ in range(15))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def credit(dice: Random) -> str:
    body = "91350100" + "".join(dice.choice(_SIGNS) for _ in range(9))
    total = sum(_SIGNS.index(s) * w for s, w in zip(body, _WEIGHTS, strict=True))
    return body + _SIGNS[(31 - total % 31) % 31]


def phone(dice: Random) -> str:
    return f"1{dice.choice('3456789')}{dice.randrange(10**9):09d}"


def plate(dice: Random) -> str:
    return f"闽{dice.choice('ABCD')}{dice.choice('ABCDEFGH')}{dice.randrange(10**4):04d}"


def name(dice: Random) -> str:
    return dice.choice(NAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2))))


def address(dice: Random) -> str:
    told = (
        f"{dice.choice(('鼓楼', '台江', '仓山'))}区{dice.choice(ROADS)}{dice.randrange(1, 400)}号"
    )
    more = f"{dice.randrange(1, 30)}栋{dice.randrange(101, 999)}室"
    return told + (more if dice.random() < 0.6 else "")


MAKERS = {"id": identity, "bank": card, "credit": credit, "phone": phone, "plate": plate,
          "name": name, "address": address}  # fmt: skip
_SAID = {
    "id": ("我的身份证号是{}，请核实", "证件{}已提交", "{}这个号码办不了"),
    "bank": ("退款请打到银行卡{}", "卡号{}，开户行在福州", "{}一直没到账"),
    "credit": ("企业统一社会信用代码{}", "代码为{}的公司欠薪", "{}这家单位"),
    "phone": ("请回电{}", "联系电话:{}", "打{}找我"),
    "plate": ("车牌{}占用消防通道", "一辆{}的车", "{}违停"),
    "name": ("我叫{}，想咨询", "联系人:{}", "业主{}反映电梯坏了"),
    "address": ("我住{}，水管爆了", "地址:{}", "{}楼下积水"),
}
NOTHING = (
    "5路公交车晚点，等了20分钟", "12345热线接通率99.5%", "订单号202605010012345678901",
    "共收到1380013件投诉", "杨桥路口红绿灯坏了", "编号350100199013013333的工单",
    "工业路地铁2号线出口积水", "本月抽排水量1234567.89立方米", "福州市鼓楼区2026年第3季度报告",
    "系统版本10.2.13.20260501", "王庄街道办事处通知", "高速公路K123+450处", "马路上有坑",
    "信用代码91350100M000100Y44填错了", "流水6222020000000000001查询", "李家村道路硬化",
)  # fmt: skip


def sentences(count: int, seed: int) -> list[tuple[str, str, str]]:
    """Return (sentence, kind, secret); a third hold none."""
    dice = Random(seed)
    found = []
    for i in range(count):
        if i % 3 == 0:
            found.append((dice.choice(NOTHING), "", ""))
            continue
        kind = dice.choice(list(MAKERS))
        secret = MAKERS[kind](dice)
        found.append((dice.choice(_SAID[kind]).format(secret), kind, secret))
    return found


# By hand, as people write: (sentence, {kind: secret}).
BY_HAND: tuple[tuple[str, dict[str, str]], ...] = (
    ("联系人:郑丽华 电话 138 0591 1234", {"name": "郑丽华", "phone": "138 0591 1234"}),
    ("家住仓山区上三路8号12栋301室，姓名欧阳文彬", {"address": "仓山区上三路8号12栋301室",
                                    "name": "欧阳文彬"}),
    ("车主王先生，闽A·12345 一直停在门口", {"plate": "闽A·12345", "name": "王"}),
    ("座机0591-87654321没人接", {"phone": "0591-87654321"}),
    ("福州某某科技有限公司（91350100M000100Y43）", {"credit": "91350100M000100Y43"}),
    ("住台江区五一中路 18号楼2单元", {"address": "台江区五一中路 18号楼2单元"}),
    ("五四路198号门口井盖缺失", {"address": "五四路198号"}),
    ("新能源车闽AD12345违停", {"plate": "闽AD12345"}),
    ("乌山路到白马路之间堵车", {}),
    ("请查工单20260501000123", {}),
    ("K1快线和128路都不停", {}),
    ("申请低保3个月了没人理", {}),
    ("业主陈志强说电梯又坏了", {"name": "陈志强"}),
    ("六一北路92号附近噪音", {"address": "六一北路92号"}),
    ("手机幺三八零零幺三八零零零", {"phone": "幺三八零零幺三八零零零"}),
    ("拨打968123报修，工号3301", {}),
    ("小学门口限速30公里", {}),
    ("营业执照注册号350100100012345", {}),
)  # fmt: skip
