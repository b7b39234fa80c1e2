"""Hearing a flood call: which road it names, how deep it is said to be, what the caller is told.

Cue words and the list of roads that stand in the city; a reader of text, where one was trained,
goes before it. What it is not sure of it leaves to a person.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mindu.apps.hotline.things import Road
from mindu.city import Words

# (topic, service, words that speak for it); the topic with most letters matched wins.
FLOOD = (
    r"积水|内涝|水淹|淹了|水到|水有|水快到|水很深|没过|熄火在水|都是水|过不去|下水道|水深"
    r"|水.{0,3}(?:膝|腰|踝)"
)
CUES = (
    ("water.flooding", "flooding", re.compile(FLOOD)),
    ("streets.trees", "tree", re.compile(r"树.{0,4}倒|倒.{0,3}树")),
    ("streets.lamps", "lamp", re.compile(r"路灯")),
    ("housing.estate", "estate", re.compile(r"物业|小区|业委会")),
    ("environment.noise", "noise", re.compile(r"太吵|噪声|噪音|扰民")),
)
# How deep, as the service asks it: the deepest that is said holds.
SAID = (
    ("deeper", re.compile(r"腰|胸|淹了一半|很深|没顶|一米|(?:[6-9]\d|[1-9]\d\d) ?(?:厘米|公分)")),
    ("knee", re.compile(r"膝|小腿|半米|电动车过不去|熄火|(?:1[5-9]|[2-5]\d) ?(?:厘米|公分)")),
    ("ankle", re.compile(r"踝|鞋|十来公分|(?<!\d)(?:[5-9]|1[0-4]) ?(?:厘米|公分)")),
    ("wet", re.compile(r"有点积水|开始积水|慢慢能过|都是水")),
)
WORTH = {"wet": 0.03, "ankle": 0.10, "knee": 0.30, "deeper": 0.70}  # m: the middle of each answer
DRY = 0.05  # m: below it a road is passable again


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a call; empty where nothing was."""

    road: str = ""  # id of the thing
    place: str = ""  # its name
    area: str = ""
    topic: str = ""
    service: str = ""
    depth: str = ""  # as the service asks it
    words: tuple[str, ...] = ()


def hear(text: str, roads: Iterable[Road]) -> Heard:
    """Return the road, the topic and the depth that a text names."""
    named = sorted((r for r in roads if r.name_zh in text), key=lambda r: -len(r.name_zh))
    found = [
        (sum(len(hit) for hit in pattern.findall(text)), topic, service, pattern.findall(text))
        for topic, service, pattern in CUES
    ]
    score, topic, service, hits = max(found, key=lambda told: told[0])
    road = named[0] if named else None
    flooded = bool(score) and service == "flooding"
    return Heard(
        road=road.id if road else "",
        place=road.name_zh if road else "",
        area=road.area if road else "",
        topic=topic if score else "",
        service=service if score else "",
        depth=next((key for key, cue in SAID if flooded and cue.search(text)), ""),
        words=tuple(hits),
    )


def answer(road: Road, *, seen: float | None, callers: int) -> Words:
    """Return what a caller is told: it follows the state of the road, and promises nothing else."""
    if seen is None:
        return Words(
            f"{road.name_en}: {callers} callers say it stands under water; somebody will look."
            " Please do not drive or walk into the water.",
            f"{road.name_zh}:已有 {callers} 位市民反映积水,正派人查看。请勿涉水通行。",
        )
    if seen >= DRY:
        return Words(
            f"{road.name_en} stands under {100 * seen:.0f} cm of water, seen by a crew. Keep out;"
            " take another way.",
            f"{road.name_zh}现场积水约 {100 * seen:.0f} 厘米,正在抽排,请绕行,勿涉水。",
        )
    return Words(
        f"{road.name_en} can be passed again; the water has gone. Thank you for calling.",
        f"{road.name_zh}积水已退,可正常通行。感谢您的反映。",
    )
