"""A line that is told of things by many people, and a lookout over it."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from house import NOON
from mindu.apps.hotline.things import trends
from mindu.apps.hotline.topics import topics
from mindu.base.records import Judgement
from mindu.base.time import DAY, HOUR, VirtualClock
from mindu.brain.brain import Brain
from mindu.brain.cases import Role
from mindu.brain.casework.office import Told, Wish
from mindu.brain.casework.rights import MACHINE, Officer
from mindu.cli.counter.behind.watch import lookout
from mindu.cli.counter.house import opened
from mindu.edge.counter.counter import Counter
from mindu.edge.together.lookout import Lookout


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


ROLES = tuple(role for role in Role if role is not Role.MACHINE)
ANNA = Officer("anna", "Anna", "centre", ROLES, ("*",))
ROADS = ("津泰路", "湖东路", "温泉路", "古田路", "乌山路", "道山路", "鼓屏路", "华林路")
Line = tuple[Brain, Counter, Lookout]


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with opened(tmp_path, VirtualClock(NOON)) as (brain, counter):
        yield brain, counter, lookout(brain, counter, trends(topics()))


def told(
    line: Line, text: str, *, topic: str, who: str, ago: timedelta = HOUR, where: str = "350102"
) -> int:
    """Take a case in and classify it; `where` is a district's code and, if told, a place."""
    office, (area, _, place) = line[1].office, where.partition(" ")
    at = line[1].clock.now() - ago
    number = office.open(
        Told(kind="matter", text=text, caller=who, area=area, place=place), by="test", now=at
    ).seq
    office.act(number, Wish(name="accept"), MACHINE, now=at)
    about = {"topic": topic, "nature": "help", "urgency": "normal"}
    office.act(number, Wish(name="classify", args=about), MACHINE, now=at)
    return number


def quiet(line: Line, topic: str, *, days: int = 120, every: int = 6) -> None:
    """Let a topic be told of now and then, each time somewhere else and about something else."""
    for back in range(days, 0, -every):
        told(line, f"{back} 号楼的事", topic=topic, who=f"q{topic}{back}", ago=back * DAY)


def turn(line: Line) -> None:
    line[2].look(line[1].clock.now())
    line[0].tick()


def judged(line: Line, finding: str) -> list[str]:
    return [
        e.about for e in line[0].log
        if isinstance(e.record, Judgement) and e.record.finding == finding
    ]  # fmt: skip
