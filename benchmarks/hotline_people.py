"""Made-up people in made-up messages, and what only looks like a person: for masking."""

import random

from mindu.engines.text.mask.numbers import is_card, is_identity

GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国志玉兰红梅"
SURNAMES = ["王", "李", "张", "刘", "陈", "林", "黄", "郑", "吴", "欧阳", "上官", "谢", "许"]
FILLS = ["楼下油烟很大", "路灯不亮", "停水三天了", "孩子入学没有答复", "工资拖欠"]
STRANGERS = [
    "订单号{d20}", "拨打12345没有人接", "发票号{d12}", "2023年11月12日", "面积{d3}.{d4}平方米",
    "高速公路旁边", "李家村村口", "王府井商场", "各位先生女士", "编号A{d8}",
    "{bad}号文件", "{luhn}",
]  # fmt: skip


def digits(rng: random.Random, count: int) -> str:
    """Return a number that does not begin with 0 or 1."""
    return str(rng.randint(2, 9)) + "".join(rng.choice("0123456789") for _ in range(count - 1))


def identity(rng: random.Random, *, right: bool) -> str:
    """Return an identity number of Fuzhou whose check sign is right or wrong."""
    first = f"35010{rng.randint(2, 5)}{rng.randint(1950, 2010)}{rng.randint(1, 12):02d}"
    first += f"{rng.randint(1, 28):02d}{rng.randint(0, 999):03d}"
    signs = "0123456789X"
    return next(
        first + sign for sign in rng.sample(signs, 11) if is_identity(first + sign) is right
    )


def card(rng: random.Random, *, right: bool) -> str:
    """Return 19 digits of a bank whose Luhn sum is right or wrong."""
    first = "622848" + "".join(rng.choice("0123456789") for _ in range(12))
    return next(
        first + sign for sign in rng.sample("0123456789", 10) if is_card(first + sign) is right
    )


def people(rng: random.Random) -> tuple[str, set[tuple[str, str]]]:
    """Return a message and (kind, text) of every person's mark in it."""
    name = rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.randint(1, 2)))
    signs = "".join(rng.choice("ABCDEFGH") for _ in range(2)) + f"{rng.randint(10, 99)}"
    plate = f"闽{rng.choice('ABCDE')}{signs}{rng.randint(0, 9)}"
    phone = f"1{rng.choice('3578')}{''.join(rng.choice('0123456789') for _ in range(9))}"
    number, bank = identity(rng, right=True), card(rng, right=True)
    fixed, mail = f"0591-8{digits(rng, 7)}", f"u{digits(rng, 5)}@example.com"
    offered = [
        ("name", name, rng.choice(["我叫{}", "联系人:{}", "业主{},", "姓名:{}", "{}先生"])),
        ("phone", phone, rng.choice(["电话{}", "手机号:{}", "请回{}"])),
        ("phone", fixed, "座机{}"), ("id", number, rng.choice(["身份证{}", "证件号{}", "{}"])),
        ("bank", bank, rng.choice(["卡号{}", "汇到{}"])),
        ("plate", plate, rng.choice(["车牌{}", "{}一直停着"])),
        ("email", mail, "邮箱{}"),
    ]  # fmt: skip
    chosen = rng.sample(offered, rng.randint(0, 3))
    parts = [shape.format(piece) for _, piece, shape in chosen] + rng.sample(FILLS, 2)
    strange = {f"d{count}": digits(rng, count) for count in (3, 4, 8, 12, 20)}
    strange |= {"bad": identity(rng, right=False), "luhn": card(rng, right=False)}
    parts += [shape.format(**strange) for shape in rng.sample(STRANGERS, 2)]
    rng.shuffle(parts)
    return ",".join(parts) + "。", {(kind, piece) for kind, piece, _ in chosen}
