"""The storm night: clock, log, water app, pretend city and engines wired into one brain."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mindu.base.records import Action, Words
from mindu.base.time import HOUR, MINUTE, VirtualClock
from mindu.brain.app import App
from mindu.brain.brain import Brain
from mindu.cli.live import diary
from mindu.cli.live.declare import declared
from mindu.cli.live.house import House
from mindu.cli.live.maps import maps_in
from mindu.cli.live.store import ZONE
from mindu.cli.say import Trouble
from mindu.data.log import Log

STEP = 5 * MINUTE
MOST_H = 168.0  # h: the longest storm known here is a week
NAMES = {"fuzhou": Words("Fuzhou inner rivers (schematic)", "福州内河(示意)")}
DEFAULT_STORM = "haikui-2023-wushan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which night."""

    city: str = "fuzhou"
    storm: str = DEFAULT_STORM
    seed: int = 1
    data: Path | None = None  # None keeps the log in memory
    hours: float = 12.0  # of the night, from its own start
    since: float = 0.0  # h into the night at which the brain takes over
    mode: str = "pretend"
    yes: str = ""  # standing authority: everything proposed is confirmed in this name

    @property
    def title(self) -> diary.Title:
        """Return what the night's first page says."""
        return diary.Title(self.city, self.storm, self.seed, self.since)


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

    def after(self, _now: datetime) -> None:
        """Say yes to what waits, where a standing authority was given."""
        if self.yes:
            for entry in self.house.board.waiting(self.house.pulse().now):
                assert isinstance(entry.record, Action)
                note = "standing authority of the night"
                self.house.decide(entry.seq, by=self.yes, confirmed=True, note=note)

    def close(self) -> None:
        """End the brain and the engines."""
        self.brain.close()
        for held in (*self.engines.values(), self.world):
            end = getattr(held, "close", None)
            if end is not None:
                end()


def city(wanted: Wanted) -> tuple[Any, Sequence[Any], Mapping[str, Any]]:
    """Build the pretend city: its world, what stands in it, and the engines.

    Until the brain takes over the stations keep to their own switches; what the gauges reported
    so far waits to be read.

    Raises:
        Trouble: unknown city or storm.
    """
    from mindu.apps.water.pretend import storm_night  # noqa: PLC0415 - loads only when a city runs
    from mindu.engines.hydraulics.twin import open_twin  # noqa: PLC0415

    with _buildable():
        built = storm_night(open_twin, city=wanted.city, storm=wanted.storm, seed=wanted.seed)
    built[0].step(timedelta(hours=wanted.since))
    return built


def rising(city: str, storm: str) -> float:
    """Return the hours into a night at which its rain swells, in whole steps.

    Raises:
        Trouble: unknown city or storm.
    """
    from mindu.apps.water.pretend import rising_h  # noqa: PLC0415 - loads only when a city runs

    with _buildable():
        return timedelta(hours=rising_h(city, storm)) // STEP * (STEP / HOUR)


def rules() -> tuple[str, ...]:
    """Return the hand rules that a night can be lived by, the stations' own first."""
    from mindu.apps.water.pretend import RULES, STATIONS  # noqa: PLC0415

    return (STATIONS, *(name for name in RULES if name != STATIONS))


def alone(wanted: Wanted, rule: str) -> Any:  # noqa: ANN401 - a pretend city of any app
    """Build the same night without a brain: the stations keep to that rule.

    Raises:
        Trouble: unknown city or storm.
    """
    from mindu.apps.water.pretend import night_alone  # noqa: PLC0415 - loads only when a city runs
    from mindu.engines.hydraulics.twin import open_twin  # noqa: PLC0415

    with _buildable():
        city, storm, seed = wanted.city, wanted.storm, wanted.seed
        return night_alone(open_twin, city=city, storm=storm, seed=seed, rule=rule)[0]


@contextmanager
def _buildable() -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, FileNotFoundError) as wrong:
        raise Trouble(
            Words(f"This night cannot be built: {wrong}", f"无法构建此夜:{wrong}"),
            Words("See `mindu up --help` for cities and storms.", "见 mindu up --help。"),
        ) from wrong


def wire(wanted: Wanted) -> Night:
    """Build the night; one that was cut short goes on where its log ends.

    Raises:
        Trouble: unknown city or storm, or the log is held by another process.
    """
    _possible(wanted)
    log = Log.open(":memory:") if wanted.data is None else diary.open_for(wanted.title, wanted.data)
    from mindu.apps.water import APP  # noqa: PLC0415 - SWMM and HiGHS load only when a city runs

    world, things, engines = city(wanted)
    start = begun(wanted, world)
    clock = VirtualClock(diary.begin(log, wanted.title, world, start=start, step=STEP))
    name = NAMES.get(wanted.city, Words(wanted.city, wanted.city))
    told = declared([APP], maps_in(wanted.data) if wanted.data else ())
    house = House(name=name, zone=ZONE, clock=clock, mode=wanted.mode, city=told)
    house.move_in(_brain(wanted, log, clock, [APP], (world, things, engines)))
    return Night(
        house=house,
        brain=house.brain,
        world=world,
        start=start,
        end=start + timedelta(hours=wanted.hours - wanted.since),
        engines=engines,
        yes=wanted.yes,
    )


def _brain(
    wanted: Wanted, log: Log, clock: VirtualClock, apps: Sequence[App], built: tuple[Any, Any, Any]
) -> Brain:
    world, things, engines = built
    return Brain(
        wanted.city,
        log=log,
        clock=clock,
        apps=apps,
        sources=[world],
        hand=world,
        things=things,
        engines=engines,
        seed=wanted.seed,
    )


def begun(wanted: Wanted, world: object) -> datetime:
    """Return the instant at which the brain takes over."""
    told = getattr(world, "start", None)
    assert isinstance(told, datetime), "a pretend city says when its night starts"
    return told.astimezone(UTC) + timedelta(hours=wanted.since)


def _possible(wanted: Wanted) -> None:
    if not 0.0 <= wanted.since <= wanted.hours <= MOST_H:
        first, last = f"{wanted.since:g}", f"{wanted.hours:g}"
        raise Trouble(
            Words(f"No night runs from {first} h to {last} h.", f"没有 {first} 至 {last} 时的夜。"),
            Words(f"Give --hours up to {MOST_H:g}.", f"--hours 至多 {MOST_H:g}。"),
        )
