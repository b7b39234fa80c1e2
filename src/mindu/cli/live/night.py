"""The storm night: clock, log, water, the line, pretend city and engines wired into one brain."""

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from mindu.base.records import Action, Words
from mindu.base.time import VirtualClock
from mindu.brain.brain import Brain
from mindu.brain.world import Hand
from mindu.cli.live import diary
from mindu.cli.live.built import STEP, Wanted, apps, begun, city
from mindu.cli.live.declare import declared
from mindu.cli.live.house import House
from mindu.cli.live.maps import maps_in
from mindu.cli.live.store import ZONE
from mindu.cli.live.turning import Turning
from mindu.cli.say import Trouble
from mindu.data.log import Log
from mindu.edge.above.hands import Hands
from mindu.edge.above.proposals import Line

KEY = "MINDU_SENSES_KEY"  # the environment variable that holds the key for --senses
MOST_H = 168.0  # h: the longest storm known here is a week
NAMES = {"fuzhou": Words("Fuzhou inner rivers (schematic)", "福州内河(示意)")}


@dataclass(slots=True, kw_only=True)
class Night:
    """A wired night, ready to live."""

    house: House
    brain: Any
    world: Any
    start: datetime
    end: datetime
    engines: Mapping[str, Any]
    yes: str = ""
    below: Line | None = None  # to the node whose edge nodes propose

    def after(self, _now: datetime) -> None:
        """Say yes to what waits, where a standing authority was given."""
        if self.yes:
            for entry in self.house.board.waiting(self.house.pulse().now):
                assert isinstance(entry.record, Action)
                note = "standing authority of the night"
                self.house.decide(entry.seq, by=self.yes, confirmed=True, note=note)

    def morning(self) -> Mapping[str, float | int | None]:
        """Return the score of the line, as far as it was manned; nothing where nobody calls."""
        shift = getattr(self.brain, "shift", None)
        if shift is None:
            return {}
        from mindu.cli.line.morning import score  # noqa: PLC0415 - loads only when a city runs

        return score(shift)

    def close(self) -> None:
        """End the brain and the engines: these also where the log cannot be kept."""
        with ExitStack() as ends:
            for held in (self.world, *self.engines.values()):
                end = getattr(held, "close", None)
                if end is not None:
                    ends.callback(end)
            ends.callback(self.brain.close)


def wire(wanted: Wanted) -> Night:
    """Build the night; one that was cut short goes on where its log ends.

    Raises:
        Trouble: unknown city or storm, or the log is held by another process.
    """
    _possible(wanted)
    below = _line(wanted)
    log = Log.open(":memory:") if wanted.data is None else diary.open_for(wanted.title, wanted.data)
    world, things, engines = city(wanted)
    start = begun(wanted, world)
    clock = VirtualClock(diary.begin(log, wanted.title, world, start=start, step=STEP))
    name = NAMES.get(wanted.city, Words(wanted.city, wanted.city))
    told = declared(apps(), maps_in(wanted.data) if wanted.data else ())
    house = House(name=name, zone=ZONE, clock=clock, mode=wanted.mode, city=told)
    hand = world if below is None else Hands(world, below)
    brain = _brain(wanted, log, clock, (world, things, engines), hand)
    house.move_in(_manned(brain, world, things, wanted, clock))
    return Night(
        house=house,
        brain=house.brain,
        world=world,
        start=start,
        end=start + timedelta(hours=wanted.hours - wanted.since),
        engines=engines,
        yes=wanted.yes,
        below=below,
    )


def _line(wanted: Wanted) -> Line | None:
    """Return the line to the node that hears of proposals, None where none is named."""
    if not wanted.senses:
        return None
    parts = urlsplit(wanted.senses)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Trouble(
            Words(f"{wanted.senses} is no address of a node.", f"{wanted.senses} 不是节点地址。"),
            Words("Give --senses http://HOST:8024.", "请写 --senses http://主机:8024。"),
        )
    return Line(wanted.senses, os.environ.get(KEY, ""))


def _brain(
    wanted: Wanted, log: Log, clock: VirtualClock, built: tuple[Any, Any, Any], hand: Hand
) -> Brain:
    world, things, engines = built
    brain = Brain(
        wanted.city,
        log=log,
        clock=clock,
        apps=apps(),
        sources=[world],
        hand=hand,
        things=things,
        engines=engines,
        seed=wanted.seed,
    )
    if isinstance(hand, Hands):
        hand.brain = brain
    return brain


def _manned(
    brain: Brain, world: Any, things: Sequence[Any], wanted: Wanted, clock: VirtualClock,  # noqa: ANN401
) -> Turning:  # fmt: skip
    """Put people at the telephones of the city."""
    from mindu.cli.line.manning import line  # noqa: PLC0415 - loads only when a city runs

    return line(brain, world, things, clock=clock, data=wanted.data, seed=wanted.seed)


def _possible(wanted: Wanted) -> None:
    if not 0.0 <= wanted.since <= wanted.hours <= MOST_H:
        first, last = f"{wanted.since:g}", f"{wanted.hours:g}"
        raise Trouble(
            Words(f"No night runs from {first} h to {last} h.", f"没有 {first} 至 {last} 时的夜。"),
            Words(f"Give --hours up to {MOST_H:g}.", f"--hours 至多 {MOST_H:g}。"),
        )
