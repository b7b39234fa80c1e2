"""How fast a brain turns: a simulated year of a hundred gauges, and ten thousand twins at once.

The peer of both is the limit that a city sets: a year must be replayed within a minute to be of
use, and ten thousand things must be judged well inside the five minutes between two turns.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from benchmarks.figure import Figure
from mindu.base.time import HOUR, MINUTE, VirtualClock
from mindu.brain.brain import Brain
from mindu.brain.world import Shadow
from mindu.city import (
    Action,
    App,
    Authority,
    Entity,
    Expect,
    Judgement,
    Loop,
    Metres,
    Severity,
    View,
    Words,
)
from mindu.data.log import Log
from mindu.perceive.source import Readings

START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = 5 * MINUTE
YEAR = 105_120  # turns of five minutes
MARK = 2.0  # m
SAYS = Words("high", "高")


class Gauge(Entity, frozen=True, kw_only=True):
    """A place with one level."""

    level: Metres | None = None


def screen(_gauges: Sequence[Gauge], see: View) -> NDArray[np.bool_]:
    """Look closer only where the level is high."""
    return np.asarray(see.column(Gauge, "level") > MARK, dtype=np.bool_)


def judge(gauge: Gauge, _see: View) -> Judgement | None:
    """Find a high level."""
    assert gauge.level is not None
    if gauge.level <= MARK:
        return None
    proof = Expect("level", within=HOUR, above=MARK)
    return Judgement("high", Severity.YELLOW, SAYS, confidence=0.7, proof=proof)


def judge_all(gauge: Gauge, see: View) -> Judgement | None:
    """Find a level that a straight line carries over the mark: no screen, every twin asked."""
    return judge(gauge, see) if see.peak(gauge, "level") > MARK else None


def act(gauge: Gauge, found: Judgement, _see: View) -> Action | None:
    """Propose to open."""
    promise = Expect("level", within=HOUR, below=MARK)
    return Action("open", gauge.id, found.says, expects=promise)


def event(_gauge: Gauge, _see: View) -> Expect | None:
    """Say that a passed mark should have been foretold."""
    return Expect("level", within=HOUR, above=MARK)


def app(*, screened: bool) -> App:
    """Return an app of one loop."""
    loop = Loop(
        name="high",
        of=Gauge,
        needs={"level": 15 * MINUTE},
        judge=judge if screened else judge_all,
        act=act,
        screen=screen if screened else None,
        event=event,
        authority=Authority.CONFIRM,
    )
    return App(name="bench", entities=(Gauge,), loops=(loop,), tier="silver")


class Gauges:
    """A source of so many gauges, each a slow wave with noise; a few pass the mark each day."""

    name = "gauges"

    def __init__(self, count: int, *, seed: int = 1, silent: float = 0.0) -> None:
        """Draw the phase of every gauge."""
        self.dice = np.random.default_rng(seed)
        self.ids = [f"g{i:05d}" for i in range(count)]
        self.props, self.units = ["level"] * count, ["m"] * count
        self.phase = self.dice.uniform(0.0, 2 * np.pi, count)
        self.size = self.dice.uniform(0.2, 1.05, count)
        self.good = np.zeros(count, np.uint8)
        self.silent = silent

    def read(self, now: datetime) -> Iterator[Readings]:
        """Read them all at once, but for those that are silent now."""
        instant = now.timestamp()
        wave = np.sin(instant / 86_400.0 * 2 * np.pi + self.phase)
        value = 1.0 + self.size * wave + self.dice.normal(0.0, 0.005, len(self.ids))
        at = np.full(len(self.ids), instant)
        if not self.silent:
            yield Readings(at, self.ids, self.props, value, self.units, self.good)
            return
        heard = np.flatnonzero(self.dice.random(len(self.ids)) >= self.silent)
        ids, props = [self.ids[i] for i in heard], self.props[: len(heard)]
        units, good = self.units[: len(heard)], self.good[: len(heard)]
        yield Readings(at[heard], ids, props, value[heard], units, good)


def brain(gauges: Gauges, *, screened: bool) -> tuple[Brain, VirtualClock]:
    """Wire a brain over those gauges, its log in memory."""
    clock = VirtualClock(START)
    wired = Brain(
        "bench",
        log=Log.open(":memory:"),
        clock=clock,
        apps=[app(screened=screened)],
        sources=[gauges],
        hand=Shadow(),
        things=[Gauge(id=name) for name in gauges.ids],
    )
    return wired, clock


def turns(gauges: Gauges, count: int, *, screened: bool) -> tuple[list[float], int]:
    """Take so many turns; return the seconds of each and the entries written."""
    wired, clock = brain(gauges, screened=screened)
    took = []
    for _ in range(count):
        clock.advance(STEP)
        began = monotonic()
        wired.tick()
        took.append(monotonic() - began)
    return took, len(wired.log)


def year(count: int = YEAR) -> tuple[float, int]:
    """Return the seconds of a year of a hundred gauges, reading included, and its entries."""
    gauges = Gauges(100)
    wired, clock = brain(gauges, screened=True)
    began = monotonic()
    for _ in range(count):
        clock.advance(STEP)
        wired.tick()
    return monotonic() - began, len(wired.log)


def figures() -> Iterator[Figure]:
    """Measure both, and how one turn grows with the number of twins."""
    took, written = year()
    yield Figure(
        name="loop: simulated year of 100 gauges",
        value=round(took, 1),
        unit="s",
        peer="limit 60 s",
        goal="< 60",
        holds=took < 60.0,
    )
    yield Figure(
        name="loop: turns a second over that year",
        value=round(YEAR / took),
        unit="1/s",
        peer=None,
        goal="",
        holds=None,
    )
    yield Figure(
        name="loop: entries written in that year",
        value=written,
        unit="1",
        peer=None,
        goal="",
        holds=None,
    )
    for count in (100, 1_000, 10_000):
        yield _turn(count, screened=True)
    yield _turn(10_000, screened=False)


def _turn(count: int, *, screened: bool) -> Figure:
    took, _ = turns(Gauges(count, silent=0.02), 48, screened=screened)
    worst = max(took[1:])  # the first turn says of each thing whether it is seen
    goal = count == 10_000
    how = "" if screened else ", every twin asked, no screen"
    return Figure(
        name=f"loop: {count} twins, slowest of 47 turns{how}",
        value=round(worst, 4),
        unit="s",
        peer="limit 1 s" if goal else None,
        goal="< 1" if goal else "",
        holds=worst < timedelta(seconds=1).total_seconds() if goal else None,
    )
