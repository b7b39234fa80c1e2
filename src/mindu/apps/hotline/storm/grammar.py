"""The grammar of flood calls: how people say where it is, how deep, and what they want; our own."""

from dataclasses import dataclass

from mindu.apps.hotline.things import ROADS
from mindu.city import Random

NEAR = (
    "公交站旁",
    "路口",
    "高架桥下",
    "小学门口",
    "地下通道",
    "菜市场附近",
    "下穿处",
    "加油站对面",
    "",
)
DEEP = (
    (0.05, ("地上有点积水", "路面都是水,慢慢能过", "开始积水了")),
    (0.15, ("水到脚踝了", "积水没过鞋子", "水有十来公分")),
    (0.50, ("水快到膝盖了", "电动车过不去了", "小车熄火在水里", "水有半米深")),
    (9.00, ("水到腰了", "车都淹了一半", "水很深根本走不了")),
)
WANT = ("麻烦派人来抽水", "什么时候能退", "请尽快处理", "能不能封路", "请问还能不能走", "")
OPEN = ("你好,", "喂,", "我要反映,", "", "12345吗,", "同志,")
SAYS = (
    "{open}{road}{near}{deep},{want}",
    "{open}{deep},在{road}{near},{want}",
    "{road}{near}{deep}{want}",
)
OTHER = (
    ("{road}有棵树倒了挡着路", "streets.trees", "urban"),
    ("{road}路灯全黑了", "streets.lamps", "urban"),
    ("{road}小区停电了物业不管", "housing.estate", ""),
    ("{road}工地还在施工太吵", "environment.noise", "ecology"),
)
NAMES = {key: zh for key, _, zh, *_ in ROADS}
AREAS = {key: area for key, _, _, area, *_ in ROADS}
DISTRICT_UNITS = {"350102": "gulou", "350103": "taijiang", "350104": "cangshan", "350111": "jinan"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call, with what only the pretend city knows of it."""

    text: str
    phone: str
    road: str  # key
    topic: str  # the truth: what it is about
    unit: str  # the truth: who answers for it


def flood_call(road: str, depth: float, dice: Random) -> Call:
    """Draw a call about water on a road, in the words of somebody who stands in it."""
    deep = next(words for limit, words in DEEP if depth < limit)
    text = dice.choice(SAYS).format(
        open=dice.choice(OPEN), road=NAMES[road], near=dice.choice(NEAR), deep=dice.choice(deep),
        want=dice.choice(WANT),
    )  # fmt: skip
    return Call(text.strip(","), _phone(dice), road, "water.flooding", "drainage")


def other_call(dice: Random) -> Call:
    """Draw a call about something else from the same roads: same place, other matter."""
    road = dice.choice(sorted(NAMES))
    says, topic, unit = dice.choice(OTHER)
    unit = unit or DISTRICT_UNITS[AREAS[road]]
    return Call(says.format(road=NAMES[road]), _phone(dice), road, topic, unit)


def _phone(dice: Random) -> str:
    return f"1{dice.choice('3578')}{dice.randrange(10**9):09d}"
