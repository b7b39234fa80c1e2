"""What stands in the city for the hotline: roads that people call about, concerns, and the line."""

from collections.abc import Iterable, Sequence

from mindu.apps.hotline.tables import JURISDICTIONS, services, table
from mindu.city import Degrees, Entity, Hours, Metres, Minutes, Param, Ratio


class Road(Entity, frozen=True):
    """A stretch of road: what callers say of it, and what a crew that looked has seen."""

    name_en: str = ""
    name_zh: str = ""
    area: str = ""  # code of the district
    x: Degrees | None = None  # longitude, WGS 84
    y: Degrees | None = None  # latitude
    origin: str = ""
    calls: Ratio | None = None  # callers in the last 30 minutes who say it stands under water
    said: Metres | None = None  # how deep callers of the last 15 minutes say it is
    depth: Metres | None = None  # as a crew or gauge last saw it


class Concern(Entity, frozen=True):
    """One topic in one district: how many people told of it in the last hour."""

    name_en: str = ""
    name_zh: str = ""
    topic: str = ""
    area: str = ""
    calls: Ratio | None = None


class Trend(Entity, frozen=True):
    """One topic in one town over days and months, as the scan of space and time finds it."""

    name_en: str = ""
    name_zh: str = ""
    topic: str = ""
    area: str = ""
    people: Ratio | None = None  # callers of the burst that goes on; 0 where none does
    usual: Ratio | None = None  # calls that the season explains in the days of the burst
    lasted: Hours | None = None  # that the burst has gone on, whole days
    lasting: Ratio | None = None  # callers of the issue that never ends; 0 where there is none


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
LASTING = Param(
    "hotline.lasting",
    unit="1",
    in_force={SINCE: 4.0},
    within=(3.0, 50.0),
    reference=f"people who tell of one issue over months before it is called lasting; {OURS}",
)
PARAMS = (CALLERS, USUAL, RARE, WAIT, FLOODED, LASTING)
SKETCH = "schematic 示意, placed by the authors"
# Real names of Fuzhou roads; the points are rough, and the small world knows the first few alone.
ROADS = tuple((key, en, zh, area, float(x), float(y)) for key, en, zh, area, x, y in table("roads"))
FEW = 8
TOPICS = (
    ("water.flooding", "flooded roads", "积水内涝"),
    ("streets.trees", "fallen trees", "树木倒伏"),
)
DISTRICTS = (
    ("350102", "Gulou", "鼓楼"), ("350103", "Taijiang", "台江"),
    ("350104", "Cangshan", "仓山"), ("350111", "Jin'an", "晋安"),
)  # fmt: skip


def roads(rows: Sequence[tuple[str, str, str, str, float, float]] = ROADS) -> list[Road]:
    """Return the roads that people name."""
    return [
        Road(id=f"road:{key}", name_en=en, name_zh=zh, area=area, x=x, y=y, origin=SKETCH)
        for key, en, zh, area, x, y in rows
    ]


def concerns() -> list[Concern]:
    """Return every topic that bursts are looked for in, in every district."""
    return [
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


def trends(topics: Iterable[str]) -> list[Trend]:
    """Return every topic in every town, for the scan of space and time."""
    said = {topic: (en, zh) for topic, en, zh in TOPICS}
    said |= {service.topic: (service.name.en, service.name.zh) for service in services()}
    return [
        Trend(
            id=f"trend:{topic}:{town.code}",
            name_en=f"{said.get(topic, (topic, topic))[0]} in {town.name.en}",
            name_zh=f"{town.name.zh}{said.get(topic, (topic, topic))[1]}",
            topic=topic,
            area=town.code,
        )
        for topic in sorted(set(topics))
        for town in JURISDICTIONS
    ]


def things() -> Sequence[Entity]:
    """Return what stands in the small world."""
    line = Line(id="line:12345", name_en="12345 line", name_zh="12345 热线")
    return [*roads(ROADS[:FEW]), *concerns(), line]
