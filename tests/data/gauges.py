"""A small city of gauges for the tests of the data floor."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from mindu.base.records import Entry, Event, Forecast, Observation, Placed
from mindu.base.time import MINUTE
from mindu.base.units import Metres, RainRate, Unit
from mindu.data.log import Log
from mindu.data.twin import Entity, Twins
from mindu.perceive.quality import Bounds
from mindu.perceive.source import Happening, Reading, Readings

START = datetime(2026, 6, 1, tzinfo=UTC)
STEP = 5 * MINUTE


class Gauge(Entity, frozen=True, kw_only=True):
    """A water gauge."""

    bank: Metres
    at: tuple[float, ...] = ()
    level: Metres | None = None
    rain: RainRate = 0.0
    state: str = "unknown"
    wet: bool = False


class Watched(Entity, frozen=True, kw_only=True):
    """A gauge whose level has bounds."""

    level: Annotated[
        float | None,
        Unit("m"),
        Bounds(low=0.0, high=10.0, rate=6.0, jump=1.0, still=3600.0, silence=1800.0),
    ] = None


KINDS: dict[str, type[Entity]] = {"Gauge": Gauge, "Watched": Watched}


class Told:
    """A source that says what the test tells it to."""

    name = "told"

    def __init__(self, said: Iterable[Reading | Happening | Readings]) -> None:
        self.said = said

    def read(self, now: datetime) -> Iterable[Reading | Happening | Readings]:
        del now
        return self.said


def placed(twins: Twins, log: Log, names: Sequence[str], kind: str = "Gauge") -> None:
    facts = {"bank": 5.0} if kind == "Gauge" else {}
    for name in names:
        twins.fold(log.append(Placed(kind, dict(facts)), at=START, about=name, by="wiring"))


def level(name: str, value: float, minutes: float = 0.0, unit: str = "m") -> Reading:
    at = START + timedelta(minutes=minutes)
    return Reading(at=at, about=name, prop="level", value=value, unit=unit)


def write(log: Log, count: int, *, since: int = 0, group: int = 50) -> list[Entry]:
    """Write a varied run of entries, segments among them, committing group by group."""
    written = []
    for i in range(since, since + count):
        at = START + i * STEP
        because = sorted({len(log) // 2, len(log) - 1}) if len(log) else []
        if i % 5 == 1:
            said = [level(f"gauge:{k}", i + k / 10, minutes=5 * i) for k in range(i % 4)]
            entry = log.store(said, now=at, by="gauges", refused={"twice": 1})
            assert entry is not None
        elif i % 5 == 2:
            record = Forecast("level", "m", (5.0,), (1.0,), (1.5,), (2.0,))
            entry = log.append(record, at=at, about="gauge:1", by="look", because=because)
        elif i % 5 == 3:
            entry = log.append(Event("闸 jammed", {"n": i}), at=at, about="gate:1", by="hand")
        else:
            entry = log.append(
                Observation("level", i / 7, "m"), at=at, about="g", by="x", because=because
            )
        written.append(entry)
        if i % group == 0:
            log.commit()
    log.commit()
    return written


def fresh(place: Path | str, count: int = 0) -> str:
    """Make a log of so many entries in a folder or at a place; return where it is."""
    path = str(place / "city.mindu") if isinstance(place, Path) else place
    with Log.open(path) as log:
        write(log, count)
    return path
