"""A desk at which a water brain is told readings by hand, and what it writes is looked at."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from mindu.apps.water import APP, world
from mindu.base.records import Action, AnyRecord, Entry, Judgement
from mindu.base.time import MINUTE, VirtualClock
from mindu.brain.app import App, Projected, Projection
from mindu.brain.brain import Brain
from mindu.brain.view import View
from mindu.data.log import Log
from mindu.perceive.source import Reading

START = datetime(2026, 12, 1, tzinfo=UTC)
STEP = 5 * MINUTE
CALM: dict[tuple[str, str], float] = {
    ("town", "rain"): 0.0,
    ("rain", "rain"): 0.0,
    ("lake", "level"): 1.5,
    ("river", "level"): 1.2,
    ("sea", "stage"): 2.9,
    ("gate", "setting"): 0.0,
    ("sluice", "setting"): 0.0,
    ("pump", "setting"): 0.0,
    ("gate", "flow"): 0.0,
    ("sluice", "flow"): 0.0,
    ("pump", "flow"): 0.0,
}
Told = Callable[[View], Sequence[Projected]]


@dataclass
class Hand:
    """A source that says what it is told to, and a hand that keeps what it was sent."""

    name: str = "town"
    due: list[Reading] = field(default_factory=list)
    sent: list[Action] = field(default_factory=list)

    def read(self, now: datetime) -> Iterator[Reading]:
        told, self.due = self.due, []
        yield from (r for r in told if r.at <= now)

    def send(self, action: Action, now: datetime) -> None:
        assert now >= START
        self.sent.append(action)


class Desk:
    """A brain over the small town, one turn at a time."""

    def __init__(self, foresees: Told | None = None, *, app: App = APP) -> None:
        self.clock, self.hand = VirtualClock(START), Hand()
        ahead: tuple[Projection, ...] = ()
        if foresees is not None:
            told = foresees
            ahead = (Projection(name="ahead", engine="network", project=lambda _, see: told(see)),)
        self.brain = Brain(
            "town",
            log=Log.open(":memory:"),
            clock=self.clock,
            apps=[replace(app, projections=ahead)],
            sources=[self.hand],
            hand=self.hand,
            things=world.things(),
            engines={"network": None},
        )

    def turn(
        self, told: Mapping[tuple[str, str], float] = {}, *, silent: Iterable[str] = ()
    ) -> "Desk":
        """Let five minutes pass, in which all that is not silent says what it is told, or CALM."""
        self.clock.advance(STEP)
        quiet = set(silent)
        self.hand.due += [
            Reading(at=self.clock.now(), about=about, prop=prop, value=value)
            for (about, prop), value in {**CALM, **told}.items()
            if about not in quiet and f"{about}.{prop}" not in quiet
        ]
        self.brain.tick()
        return self

    def turns(self, count: int, told: Mapping[tuple[str, str], float] = {}) -> "Desk":
        """Let so many turns pass in which the same is told."""
        for _ in range(count):
            self.turn(told)
        return self

    def said(self, loop: str, about: str = "") -> list[Judgement]:
        """Return what a loop has judged, oldest first."""
        return [
            e.record
            for e in self.brain.log
            if isinstance(e.record, Judgement) and e.by == f"water.{loop}"
            and (not about or e.about == about)
        ]  # fmt: skip

    def asked(self, loop: str = "dispatch") -> list[Action]:
        """Return what a loop has proposed, oldest first."""
        return [e.record for e in self.entries(Action, loop) if isinstance(e.record, Action)]

    def entries(self, kind: type[AnyRecord], loop: str) -> list[Entry]:
        """Return the entries of one kind that a loop wrote."""
        by = f"water.{loop}"
        return [e for e in self.brain.log if isinstance(e.record, kind) and e.by == by]

    def yes(self) -> None:
        """Confirm all that waits."""
        for entry in self.brain.waiting():
            self.brain.decide(entry.seq, by="Lin", confirmed=True)

    def past(self, span: timedelta) -> None:
        """Let time pass without a turn."""
        self.clock.advance(span)
