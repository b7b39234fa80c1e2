"""The grammar of flood calls: how people say where it is, how deep, and what they want; our own."""

from dataclasses import dataclass

from mindu.apps.hotline.things import Road
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
TRAPPED = ("{road}{near}有人被困在车里,水还在涨", "{road}{near}车熄火了,人被困车内出不来")
DISTRICT_UNITS = {"350102": "gulou", "350103": "taijiang", "350104": "cangshan", "350111": "jinan"}
FLOOD, RESCUE = "water.flooding", "119"


@dataclass(frozen=True, slots=True)
class Call:
    """One call, with what only the pretend city knows of it."""

    text: str
    phone: str
    road: str  # id of the thing: where it really is
    topic: str  # the truth: what it is about; the number of another line where it is theirs
    unit: str  # the truth: who answers for it


def flood_call(road: Road, depth: float, dice: Random) -> Call:
    """Draw a call about water on a road, in the words of somebody who stands in it."""
    deep = next(words for limit, words in DEEP if depth < limit)
    text = dice.choice(SAYS).format(
        open=dice.choice(OPEN), road=road.name_zh, near=dice.choice(NEAR), deep=dice.choice(deep),
        want=dice.choice(WANT),
    )  # fmt: skip
    return Call(text.strip(","), phone(dice), road.id, FLOOD, "drainage")


def trapped_call(road: Road, dice: Random) -> Call:
    """Draw a call of somebody who is trapped: it is for 119, at once."""
    text = dice.choice(TRAPPED).format(road=road.name_zh, near=dice.choice(NEAR))
    return Call(text, phone(dice), road.id, RESCUE, RESCUE)


def other_call(road: Road, dice: Random) -> Call:
    """Draw a call about something else from the same roads: same place, other matter."""
    says, topic, unit = dice.choice(OTHER)
    unit = unit or DISTRICT_UNITS[road.area]
    return Call(says.format(road=road.name_zh), phone(dice), road.id, topic, unit)


def phone(dice: Random) -> str:
    """Draw a telephone number."""
    return f"1{dice.choice('3578')}{dice.randrange(10**9):09d}"
