"""The storm night: clock, log, water app, pretend city and engines wired into one brain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mindu.base.records import Action, Words
from mindu.base.time import MINUTE, VirtualClock
from mindu.brain.brain import Brain
from mindu.cli.house import House, Tapped
from mindu.cli.say import Trouble
from mindu.cli.store import LOG, ZONE
from mindu.data.log import Log

STEP = 5 * MINUTE
NAMES = {"fuzhou": Words("Fuzhou inner rivers (schematic)", "福州内河(示意)")}
DEFAULT_STORM = "haikui-2023-wushan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which night."""

    city: str = "fuzhou"
    storm: str = DEFAULT_STORM
    seed: int = 1
    data: Path | None = None  # None keeps the log in memory
    hours: float = 12.0
    mode: str = "pretend"
    yes: str = ""  # standing authority: everything proposed is confirmed in this name


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


def wire(wanted: Wanted) -> Night:
    """Build the night.

    Raises:
        Trouble: unknown city or storm, or the log is held by another process.
    """
    from mindu.apps.water import APP  # noqa: PLC0415 - SWMM and HiGHS load only when a city runs
    from mindu.apps.water.pretend import storm_night  # noqa: PLC0415
    from mindu.engines.hydraulics.twin import open_twin  # noqa: PLC0415

    log = _log(wanted.data)
    try:
        world, things, engines = storm_night(
            open_twin, city=wanted.city, storm=wanted.storm, seed=wanted.seed
        )
    except (ValueError, KeyError, FileNotFoundError) as wrong:
        raise Trouble(
            Words(f"This night cannot be built: {wrong}", f"无法构建此夜:{wrong}"),
            Words("See `mindu up --help` for cities and storms.", "见 mindu up --help。"),
        ) from wrong
    start = _start(world)
    clock = VirtualClock(start)
    name = NAMES.get(wanted.city, Words(wanted.city, wanted.city))
    house = House(name=name, zone=ZONE, clock=clock, mode=wanted.mode)
    brain = Brain(
        wanted.city,
        log=log,
        clock=clock,
        apps=[APP],
        sources=[Tapped(world, house.board, house.lock)],
        hand=world,
        things=things,
        engines=engines,
        seed=wanted.seed,
    )
    house.move_in(brain)
    return Night(
        house=house,
        brain=brain,
        world=world,
        start=start,
        end=start + timedelta(hours=wanted.hours),
        engines=engines,
        yes=wanted.yes,
    )


def _log(folder: Path | None) -> Log:
    if folder is None:
        return Log.open(":memory:")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOG
    if path.exists():
        number = len(list(folder.glob(f"{path.stem}.*{path.suffix}"))) + 1
        for kept in sorted(folder.glob(f"{LOG}*")):
            tail = kept.name.removeprefix(LOG)
            kept.rename(folder / f"{path.stem}.{number}{path.suffix}{tail}")
    try:
        return Log.open(str(path))
    except (ValueError, OSError, RuntimeError) as wrong:
        raise Trouble(
            Words(f"The log cannot be opened: {wrong}", f"日志打不开:{wrong}"),
            Words(
                "Stop the other mindu, or give another --data.", "停止另一个 mindu,或换 --data。"
            ),
        ) from wrong


def _start(world: object) -> datetime:
    told = getattr(world, "start", None)
    assert isinstance(told, datetime), "a pretend city says when its night starts"
    return told.astimezone(UTC)
