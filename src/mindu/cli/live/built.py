"""Which night, and the pretend city that is built for it: its world, its things, its engines."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mindu.base.records import Words
from mindu.base.time import HOUR, MINUTE
from mindu.brain.app import App
from mindu.cli.live import diary
from mindu.cli.say import Trouble

STEP = 5 * MINUTE
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
    senses: str = ""  # address of the node whose edge nodes propose; none without

    @property
    def title(self) -> diary.Title:
        """Return what the night's first page says."""
        return diary.Title(self.city, self.storm, self.seed, self.since)


def city(wanted: Wanted) -> tuple[Any, Sequence[Any], Mapping[str, Any]]:
    """Build the pretend city: its world, what stands in it, and the engines.

    Until the brain takes over the stations keep to their own switches; what the gauges reported
    so far waits to be read.

    Raises:
        Trouble: unknown city or storm.
    """
    from mindu.apps.hotline.things import concerns, roads  # noqa: PLC0415 - loads with a city
    from mindu.apps.water.pretend import storm_night  # noqa: PLC0415
    from mindu.cli.line.calls import Called  # noqa: PLC0415
    from mindu.engines.hydraulics.twin import open_twin  # noqa: PLC0415

    with _buildable():
        plant, things, engines = storm_night(
            open_twin, city=wanted.city, storm=wanted.storm, seed=wanted.seed
        )
    world = Called(plant, roads(), seed=wanted.seed)
    world.step(timedelta(hours=wanted.since))
    return world, [*things, *world.callers.roads, *concerns()], engines


def apps() -> tuple[App, ...]:
    """Return the apps of the demo city; none of them knows another."""
    from mindu.apps.hotline import APP as HOTLINE  # noqa: PLC0415
    from mindu.apps.water import APP as WATER  # noqa: PLC0415 - SWMM and HiGHS load with a city

    return WATER, HOTLINE


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


def begun(wanted: Wanted, world: object) -> datetime:
    """Return the instant at which the brain takes over."""
    told = getattr(world, "start", None)
    assert isinstance(told, datetime), "a pretend city says when its night starts"
    return told.astimezone(UTC) + timedelta(hours=wanted.since)
