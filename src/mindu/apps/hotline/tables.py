"""The tables that the hotline ships: terms, units, duties, services; each may be laid down anew."""

import csv
from functools import cache
from importlib.resources import files

from mindu.city import Attribute, Jurisdiction, Service, Words

Rows = tuple[tuple[str, ...], ...]


@cache
def table(name: str) -> Rows:
    """Return the rows of a shipped table, without its head."""
    text = files("mindu.apps.hotline").joinpath("tables", f"{name}.csv").read_text("utf-8")
    return tuple(tuple(row) for row in csv.reader(text.splitlines()[1:]) if row)


def services() -> tuple[Service, ...]:
    """Return what people may ask for by name."""
    return tuple(_service(row) for row in table("services"))


def _service(row: tuple[str, ...]) -> Service:
    code, zh, en, zh_says, en_says, zh_group, en_group, topic, nature, keywords = row
    return Service(
        code=code,
        name=Words(en, zh),
        says=Words(en_says, zh_says),
        group=Words(en_group, zh_group),
        keywords=tuple(keywords.split()),
        attributes=ASKS.get(code, ()),
        topic=topic,
        nature=nature,
    )


DEEP = tuple(
    (key, Words(en, zh))
    for key, en, zh in (
        ("wet", "wet, cars pass", "路面积水,可通行"),
        ("ankle", "to the ankle, 5 to 15 cm", "没过脚踝,5–15 厘米"),
        ("knee", "to the knee, 15 to 50 cm", "没过膝盖,15–50 厘米"),
        ("deeper", "deeper than 50 cm", "超过 50 厘米"),
    )
)
ASKS = {
    "flooding": (
        Attribute(
            code="depth",
            asks=Words("How deep is the water?", "水有多深?"),
            datatype="singlevaluelist",
            values=DEEP,
        ),
        Attribute(
            code="trapped",
            asks=Words("Is anybody trapped?", "有人或车辆被困吗?"),
            datatype="singlevaluelist",
            values=(("yes", Words("yes", "有")), ("no", Words("no", "没有"))),
        ),
    ),
    "lamp": (Attribute(code="post", asks=Words("Number of the lamp post", "灯杆编号")),),
    "wages": (
        Attribute(code="amount", asks=Words("Amount in yuan", "金额(元)"), datatype="number"),
        Attribute(code="since", asks=Words("Since when", "从何时起"), datatype="datetime"),
    ),
    "business": (
        Attribute(code="firm", asks=Words("Name of the firm", "企业名称"), required=True),
        Attribute(
            code="needs",
            asks=Words("What does the firm need?", "诉求类别"),
            datatype="multivaluelist",
            values=(
                ("permit", Words("permits", "证照审批")),
                ("subsidy", Words("subsidies", "惠企政策兑现")),
                ("labour", Words("workers", "用工")),
                ("finance", Words("finance", "融资")),
                ("arrears", Words("money owed by public bodies", "拖欠账款")),
            ),
        ),
    ),
}

PLACES = (
    ("3501", "Fuzhou", "福州市", "fuzhou.gov.cn"),
    ("350102", "Gulou", "鼓楼区", "gulou.fuzhou.gov.cn"),
    ("350103", "Taijiang", "台江区", "taijiang.fuzhou.gov.cn"),
    ("350104", "Cangshan", "仓山区", "cangshan.fuzhou.gov.cn"),
    ("350105", "Mawei", "马尾区", "mawei.fuzhou.gov.cn"),
    ("350111", "Jin'an", "晋安区", "jinan.fuzhou.gov.cn"),
    ("350112", "Changle", "长乐区", "changle.fuzhou.gov.cn"),
)
JURISDICTIONS = tuple(Jurisdiction(code, Words(en, zh), name) for code, en, zh, name in PLACES)


def neighbours() -> dict[str, list[str]]:
    """Return the towns beside each town, told from both sides."""
    found: dict[str, list[str]] = {}
    for town, beside, *_ in table("neighbours"):
        found.setdefault(town, []).append(beside)
        found.setdefault(beside, []).append(town)
    return found
