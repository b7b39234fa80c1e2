"""What a verb may see: the state of the city at one instant, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from mindu.base.records import Forecast, Weighing
from mindu.base.time import DAY, HOUR
from mindu.data.latest import Latest
from mindu.data.series import Series
from mindu.data.twin import Entity, Twins
from mindu.engines.outlook import Fan, Odd, look_ahead, oddness
from mindu.perceive.quality import Quality

LEAST = 10  # readings before a look at them says anything
E = TypeVar("E", bound=Entity)


@dataclass(frozen=True, slots=True)
class Param:
    """A number that law or learning may change, never without a date, a source and a range."""

    name: str
    unit: str
    in_force: Mapping[str, float]
    within: tuple[float, float]
    reference: str

    def at(self, now: datetime) -> float:
        """Return the value in force on that day, before anything was learned.

        Before its first day the first value holds, so that a night of years ago can be lived
        again under the numbers of today.
        """
        since = [day for day in self.in_force if day <= now.date().isoformat()]
        return self.in_force[max(since) if since else min(self.in_force)]


def likely_of(prop: str) -> str:
    """Return the name of the projection whose champion is what `likely` uses of a property."""
    return f"likely-{prop}"


class Notes:
    """What a verb asked its view for: the readings and the entries it then rests on."""

    __slots__ = ("entries", "readings")

    def __init__(self) -> None:
        """Start with nothing asked."""
        self.readings: dict[tuple[str, str], None] = {}  # (about, property), in the order asked
        self.entries: dict[int, None] = {}

    def clear(self) -> None:
        """Forget what was asked, before the next thing is judged."""
        self.readings.clear()
        self.entries.clear()


class Said(Protocol):
    """What a loop said of a thing, as far as others may hear it."""

    @property
    def seq(self) -> int:
        """The entry that said it."""
        ...

    @property
    def severity(self) -> int:
        """How grave it is."""
        ...


class Holding(Protocol):
    """What all loops hold to be so."""

    def holding(self, finding: str, now: datetime) -> Sequence[tuple[str, Said]]:
        """Return (thing, what was said) wherever that finding holds."""
        ...


class Nothing:
    """Nothing is held to be so: a view without a memory behind it."""

    def holding(self, finding: str, now: datetime) -> Sequence[tuple[str, Said]]:  # noqa: ARG002
        """Return nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class View:
    """A read-only look at the city, fixed at `now`; it notes what it was asked."""

    now: datetime
    horizon: timedelta
    twins: Twins
    series: Series
    latest: Latest
    params: Mapping[str, float]
    models: Mapping[str, str] = field(default_factory=dict)  # projection -> champion model
    seed: int = 0
    notes: Notes = field(default_factory=Notes)
    standing: Holding = field(default_factory=Nothing)

    def __getitem__(self, param: Param) -> float:
        """Return the value of a parameter as it stands at this instant."""
        return self.params.get(param.name, param.at(self.now))

    def twin(self, kind: type[E], entity_id: str) -> E:
        """Return one twin, of the kind asked for."""
        twin = self.twins.get(entity_id)
        assert isinstance(twin, kind), f"{entity_id} is no {kind.__name__}"
        return twin

    def all(self, kind: type[E]) -> list[E]:
        """Return every twin of that kind, in a fixed order."""
        return self.twins.of(kind)

    def column(self, kind: type[Entity], prop: str) -> NDArray[np.float64]:
        """Return that property of every twin of the kind, in the order of `all`, nan unheard."""
        return self.twins.column(kind, prop)

    def last(self, about: str, prop: str) -> tuple[datetime, float] | None:
        """Return when that property was last heard of and what it was."""
        self.notes.readings[about, prop] = None
        return self.twins.last(about, prop)

    def quality(self, about: str, prop: str) -> Quality:
        """Return what is doubtful about the last reading of that property."""
        self.notes.readings[about, prop] = None
        return Quality(self.twins.quality(about, prop))

    def fresh(self, about: str, prop: str, limit: timedelta) -> bool:
        """Say whether that property was heard of within `limit`."""
        self.notes.readings[about, prop] = None
        return self.twins.fresh(about, prop, self.now, limit)

    def window(
        self, about: str, prop: str, past: timedelta
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return (epoch seconds, values) of the last while, oldest first."""
        self.notes.readings[about, prop] = None
        return self.series.window(about, prop, self.now, past)

    def odd(
        self, about: str, prop: str, past: timedelta = 2 * DAY, *, shape: int = 0
    ) -> Odd | None:
        """Return how odd the readings of the last while were; None where there are too few.

        `shape`: readings of a window whose shape counts too, 8 to 512; 0: no shape does.
        """
        at, values = self.window(about, prop, past)
        return oddness(at, values, shape=shape) if len(at) > LEAST else None

    def likely(self, about: str, prop: str, steps: int, past: timedelta = 2 * DAY) -> Fan | None:
        """Return what is likely to follow in so many steps; None where too little was heard.

        The model is the champion of `prop`, if a backtest named one; else the season repeated.
        """
        at, values = self.window(about, prop, past)
        model = self.champion(prop)
        return look_ahead(at, values, steps, model=model) if len(at) > LEAST else None

    def champion(self, prop: str) -> str:
        """Return the model that `likely` uses of a property: of the first app that has one."""
        mine = "." + likely_of(prop)
        told = sorted(it for it in self.models.items() if it[0].endswith(mine))
        return told[0][1] if told else "season"

    def forecast(self, about: str, prop: str) -> tuple[datetime, Forecast] | None:
        """Return the latest forecast of that property and when it was made."""
        if entry := self.latest.forecast_entry(about, prop):
            self.notes.entries[entry.seq] = None
        return self.latest.forecast(about, prop)

    def forecast_before(self, about: str, prop: str) -> tuple[datetime, Forecast] | None:
        """Return the forecast that the latest one replaced, and when it was made."""
        entry = self.latest.before_entry(about, prop)
        if entry is None or not isinstance(entry.record, Forecast):
            return None
        self.notes.entries[entry.seq] = None
        return entry.at, entry.record

    def weighing(self, about: str) -> tuple[datetime, Weighing] | None:
        """Return the latest weighing of plans for that entity and when it was made."""
        if entry := self.latest.weighing_entry(about):
            self.notes.entries[entry.seq] = None
        return self.latest.weighing(about)

    def heard(self, finding: str) -> list[tuple[str, int]]:
        """Return (thing, severity) wherever a loop of any app now holds that finding to be so.

        No app knows another: they hear each other's judgements by the name of the finding.
        """
        held = self.standing.holding(finding, self.now)
        self.notes.entries.update((said.seq, None) for _, said in held)
        return [(about, said.severity) for about, said in held]

    def peak(self, twin: Entity, prop: str, past: timedelta = HOUR) -> float:
        """Return the highest value within the horizon if the trend of the past holds."""
        at, values = self.window(twin.id, prop, past)
        assert len(at), f"{twin.id}.{prop} was never heard of"
        span = float(at[-1] - at[0])
        if span <= 0:
            return float(values[-1])
        slope = float(values[-1] - values[0]) / span
        return float(max(values[-1], values[-1] + slope * self.horizon.total_seconds()))

    def model(self, projection: str, otherwise: str = "") -> str:
        """Return the model that is champion of that projection ("app.projection")."""
        return self.models.get(projection, otherwise)

    def dice(self, *names: str) -> np.random.Generator:
        """Return dice that fall the same for the same seed, instant and names."""
        said = "|".join((str(self.seed), self.now.isoformat(), *names)).encode()
        return np.random.default_rng(np.frombuffer(sha256(said).digest(), np.uint32))
