"""What an edge loop proposes is answered on the city's approvals page, and the answer goes down."""

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dying_post import GATE
from open_doors import Node, node
from test_down import Below as Edge
from typing_extensions import override
from visitor import Visitor

from mindu.base.records import Action, Decision, Event, Sending, Words
from mindu.base.time import VirtualClock
from mindu.brain.brain import Brain
from mindu.brain.world import Shadow
from mindu.cli.live.built import Wanted
from mindu.cli.live.house import House
from mindu.cli.live.night import wire
from mindu.cli.nodes.below import EVERY, Below
from mindu.cli.say import Trouble
from mindu.console.server import serving
from mindu.data.log import Log
from mindu.edge.above.hands import Hands
from mindu.edge.above.proposals import Line, Waiting
from mindu.edge.keys import Sender
from mindu.edge.loops.declared import Tier

START = datetime(2023, 9, 5, 12, tzinfo=UTC)


class City:
    """A city without apps, whose page shows what the nodes below propose."""

    def __init__(self, url: str, key: str) -> None:
        self.clock, self.shadow = VirtualClock(START), Shadow()
        line = Line(url, key)
        hands = Hands(self.shadow, line)
        self.brain = Brain(
            "pond", log=Log.open(":memory:"), clock=self.clock, apps=(), sources=(), hand=hands,
            things=(),
        )  # fmt: skip
        hands.brain = self.brain
        zone = ZoneInfo("Asia/Shanghai")
        self.house = House(name=Words("Pond", "池"), zone=zone, clock=self.clock, mode="pretend")
        self.house.move_in(self.brain)
        self.below = Below(line, self.brain, self.house)

    def turn(self, span: timedelta = timedelta(0)) -> None:
        """Let city time pass, and ask the nodes."""
        self.clock.advance(span)
        self.brain.tick()
        self.below.turn()

    def told(self, kind: type) -> list[Any]:
        return [entry.record for entry in self.brain.log if isinstance(entry.record, kind)]


@pytest.fixture
def senses(tmp_path: Path) -> Iterator[Node]:
    with node(tmp_path / "senses") as found:
        found.senses.declare(GATE)
        os.environ["MINDU_KEY"] = found.doors.keys.grant("house", Sender())
        found.key = found.doors.keys.grant("city", Sender(orders=True))
        yield found


async def proposing(folder: Path, url: str) -> Edge:
    """Return an edge node whose loop proposes, which the node above has heard."""
    edge = Edge(folder, url, tier=Tier.PROPOSE)
    await edge.over()
    await edge.up()
    return edge


async def fetched(edge: Edge) -> list[tuple[bool, str]]:
    """Return what the edge node was answered, and whether it has a command for it."""
    await edge.fetching.fetch()
    seen = edge.senses.loops.nodes[""].values()
    return [(it.answer.yes, it.answer.who) for it in seen if it.answer is not None]


def test_a_yes_on_the_page_moves_the_gate_below(senses: Node, tmp_path: Path) -> None:
    city = City(senses.url, senses.key)
    edge = asyncio.run(proposing(tmp_path / "edge", senses.url))
    for _ in range(3):
        city.turn()
    with serving(city.house) as desk:
        officer = Visitor(desk).as_("approver", "Chen")
        (asked,) = officer.get("/api/v1/approvals?state=waiting").json["items"]
        assert (asked["about"], asked["verb"], asked["args"]["share"]) == ("g1", "open", 0.5)
        assert "g0 rain = 45" in asked["says"]["en"]
        assert "高于" in asked["says"]["zh"]
        assert "pump-house" in officer.get("/approvals?lang=en").text
        told = {"seqs": [asked["seq"]], "yes": True, "reason": "storm", "typed": "g1"}
        assert officer.send("/api/v1/approvals/decide", told).json["done"] == [asked["seq"]]
    assert [it.ok for it in city.told(Sending)] == [True]
    assert city.shadow.sent == [], "the city's own hand has nothing to do with it"
    assert asyncio.run(fetched(edge)) == [(True, "Chen")]
    (order,) = edge.senses.commands.of("g1")
    assert (order.order.name, order.order.by) == ("open", "up:city")
    city.turn()
    assert len(city.told(Action)) == 1
    edge.senses.close()


def test_a_no_and_a_time_that_ran_out_are_told_below(senses: Node, tmp_path: Path) -> None:
    city = City(senses.url, senses.key)
    edge = asyncio.run(proposing(tmp_path / "edge", senses.url))
    city.turn()
    (asked,) = city.house.board.waiting(city.clock.now())
    city.house.decide(asked.seq, by="Lin", confirmed=False, note="people in the channel")
    city.turn()
    assert asyncio.run(fetched(edge)) == [(False, "Lin")]
    assert senses.senses.commands.given == {}

    async def again() -> None:
        edge.read(30)
        await edge.runner.look()
        await edge.over()
        await edge.up()

    asyncio.run(again())
    city.turn()
    city.turn(timedelta(days=2))
    assert len(city.told(Decision)) == 1, "a city whose clock runs fast leaves people their hour"
    (asked,) = city.house.board.waiting(city.clock.now())
    city.below = Below(Ahead(senses.url, senses.key, 59 * 60), city.brain, city.house)
    city.turn()
    assert len(city.told(Decision)) == 1
    city.below = Below(Ahead(senses.url, senses.key, 60 * 60 + 60), city.brain, city.house)
    city.turn()
    assert [it.note for it in city.told(Decision)][1:] == ["an hour went by and nobody decided"]
    assert [yes for yes, _ in asyncio.run(fetched(edge))] == [False, False]
    edge.senses.close()


def test_what_the_loop_let_go_waits_for_nobody(senses: Node, tmp_path: Path) -> None:
    city = City(senses.url, senses.key)
    edge = asyncio.run(proposing(tmp_path / "edge", senses.url))
    city.turn()

    async def calm() -> None:
        edge.read(30)
        await edge.runner.look()
        await edge.up()

    asyncio.run(calm())
    city.turn()
    assert city.house.board.waiting(city.clock.now()) == []
    (decision,) = city.told(Decision)
    assert (decision.confirmed, decision.note) == (False, "the loop has judged anew")
    edge.senses.close()


def test_a_yes_that_cannot_be_sent_is_written_down_as_such(senses: Node, tmp_path: Path) -> None:
    city = City(senses.url, senses.key)
    edge = asyncio.run(proposing(tmp_path / "edge", senses.url))
    city.turn()
    (asked,) = city.house.board.waiting(city.clock.now())
    senses.senses.declare(type(GATE)(name="gauge", props=GATE.props))  # it knows no command now
    city.house.decide(asked.seq, by="Lin", confirmed=True, note="")
    (sending,) = city.told(Sending)
    assert not sending.ok
    assert "knows no command" in sending.note
    city.turn()
    assert [yes for yes, _ in asyncio.run(fetched(edge))] == [False], "nothing waits for ever"
    edge.senses.close()


def test_a_line_that_is_down_is_told_once_and_its_coming_back_too(senses: Node) -> None:
    city = City(senses.url, "s.city.void")
    looks = Looks(3)
    city.below.live(looks)  # type: ignore[arg-type]
    assert [it.name for it in city.told(Event)] == ["failed"]
    city.below = Below(Line(senses.url, senses.key), city.brain, city.house)
    city.below.live(Looks(2))  # type: ignore[arg-type]
    assert [it.name for it in city.told(Event)] == ["failed", "recovered"]


class Ahead(Line):
    """A line to the same node so many seconds later by its clock."""

    def __init__(self, url: str, key: str, later: float) -> None:
        super().__init__(url, key)
        self._later = round(later * 1000)

    @override
    def waiting(self) -> Waiting:
        told = super().waiting()
        return Waiting(told.proposals, told.now + self._later)


class Looks:
    """A bell that rings after so many looks, without any time between."""

    def __init__(self, count: int) -> None:
        self.left = count

    def wait(self, span: float) -> bool:
        assert span == EVERY
        self.left -= 1
        return self.left < 0


def test_an_address_that_is_none_is_refused_before_anything_starts() -> None:
    with pytest.raises(Trouble, match="no address of a node"):
        wire(Wanted(senses="localhost:8024"))
