"""What stands in the city for the hotline: roads that people call about, concerns, and the line."""

from collections.abc import Sequence

from mindu.city import Degrees, Entity, Metres, Minutes, Param, Ratio


class Road(Entity, frozen=True):
    """A stretch of road: what callers say of it, and what a crew that looked has seen."""

    name_en: str = ""
    name_zh: str = ""
    area: str = ""  # code of the district
    x: Degrees | None = None  # longitude, WGS 84
    y: Degrees | None = None  # latitude
    origin: str = ""
    calls: Ratio | None = None  # callers in the last 30 minutes who say it stands under water
    depth: Metres | None = None  # as a crew or gauge last saw it


class Concern(Entity, frozen=True):
    """One topic in one district: how many people told of it in the last hour."""

    name_en: str = ""
    name_zh: str = ""
    topic: str = ""
    area: str = ""
    calls: Ratio | None = None


class Line(Entity, frozen=True):
    """The telephone line itself: how long callers wait, and how many are answered in time."""

    name_en: str = ""
    name_zh: str = ""
    wait: Minutes | None = None
    answered: Ratio | None = None  # share answered within 15 s, last hour


OURS = "ours, to be set from the centre's own history"
SINCE = "2026-11-25"
CALLERS = Param(
    "hotline.callers",
    unit="1",
    in_force={SINCE: 3.0},
    within=(2.0, 10.0),
    reference=f"callers in half an hour from which a road counts as under water; {OURS}",
)
USUAL = Param(
    "hotline.usual",
    unit="1/h",
    in_force={SINCE: 1.0},
    within=(0.1, 20.0),
    reference=f"calls an hour of one concern where too little was heard to know; {OURS}",
)
RARE = Param(
    "hotline.rare",
    unit="1",
    in_force={SINCE: 0.001},
    within=(1e-5, 0.05),
    reference=f"chance under the usual rate below which a number of calls is a burst; {OURS}",
)
WAIT = Param(
    "hotline.wait",
    unit="min",
    in_force={SINCE: 3.0},
    within=(0.25, 15.0),
    reference="GB/T 33358-2016 asks for an answer within 15 s; a queue of minutes is a surge",
)
FLOODED = Param(
    "hotline.flooded",
    unit="m",
    in_force={SINCE: 0.05},
    within=(0.03, 0.15),
    reference="Fuzhou's published playbook: blue at 5 cm on the street",
)
PARAMS = (CALLERS, USUAL, RARE, WAIT, FLOODED)
SKETCH = "schematic 示意, placed by the authors"
# Real names of Fuzhou roads; the points are rough and only serve the pretend city.
ROADS = (
    ("wushan", "Wushan Road", "乌山路", "350102", 119.296, 26.076),
    ("wusi", "Wusi Road", "五四路", "350102", 119.305, 26.095),
    ("gongye", "Gongye Road", "工业路", "350103", 119.284, 26.066),
    ("baima", "Baima Road", "白马路", "350103", 119.289, 26.070),
    ("jinji", "Jinjishan Road", "金鸡山路", "350111", 119.330, 26.090),
    ("liansheng", "Lianjiang Road", "连江路", "350111", 119.332, 26.066),
    ("shangsan", "Shangsan Road", "上三路", "350104", 119.305, 26.040),
    ("jinshan", "Jinshan Avenue", "金山大道", "350104", 119.260, 26.040),
)
TOPICS = (
    ("water.flooding", "flooded roads", "积水内涝"),
    ("streets.trees", "fallen trees", "树木倒伏"),
)
DISTRICTS = (
    ("350102", "Gulou", "鼓楼"), ("350103", "Taijiang", "台江"),
    ("350104", "Cangshan", "仓山"), ("350111", "Jin'an", "晋安"),
)  # fmt: skip


def things() -> Sequence[Entity]:
    """Return what stands in the small world."""
    roads = [
        Road(id=f"road:{key}", name_en=en, name_zh=zh, area=area, x=x, y=y, origin=SKETCH)
        for key, en, zh, area, x, y in ROADS
    ]
    concerns = [
        Concern(
            id=f"concern:{topic}:{area}",
            name_en=f"{en} in {where_en}",
            name_zh=f"{where_zh}{zh}",
            topic=topic,
            area=area,
        )
        for topic, en, zh in TOPICS
        for area, where_en, where_zh in DISTRICTS
    ]
    return [*roads, *concerns, Line(id="line:12345", name_en="12345 line", name_zh="12345 热线")]
