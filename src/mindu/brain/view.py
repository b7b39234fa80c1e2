"""What a verb may see: the state of the city at one instant, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mindu.base.records import Forecast, Weighing
from mindu.base.time import HOUR
from mindu.data.latest import Latest
from mindu.data.series import Series
from mindu.data.twin import Entity, Twins

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
        """Return the value in force on that day, before anything was learned."""
        since = [day for day in self.in_force if day <= now.date().isoformat()]
        assert since, f"{self.name} was not yet in force on {now:%Y-%m-%d}"
        return self.in_force[max(since)]


@dataclass(frozen=True, slots=True)
class View:
    """A read-only look at the city, fixed at `now`."""

    now: datetime
    horizon: timedelta
    twins: Twins
    series: Series
    latest: Latest
    params: Mapping[str, float]

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

    def fresh(self, about: str, prop: str, limit: timedelta) -> bool:
        """Say whether that property was heard of within `limit`."""
        return self.twins.fresh(about, prop, self.now, limit)

    def window(
        self, about: str, prop: str, past: timedelta
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return (epoch seconds, values) of the last while, oldest first."""
        return self.series.window(about, prop, self.now, past)

    def forecast(self, about: str, prop: str) -> tuple[datetime, Forecast] | None:
        """Return the latest forecast of that property and when it was made."""
        return self.latest.forecast(about, prop)

    def weighing(self, about: str) -> tuple[datetime, Weighing] | None:
        """Return the latest weighing of plans for that entity and when it was made."""
        return self.latest.weighing(about)

    def peak(self, twin: Entity, prop: str, past: timedelta = HOUR) -> float:
        """Return the highest value within the horizon if the trend of the past holds."""
        at, values = self.window(twin.id, prop, past)
        assert len(at), f"{twin.id}.{prop} was never heard of"
        span = float(at[-1] - at[0])
        if span <= 0:
            return float(values[-1])
        slope = float(values[-1] - values[0]) / span
        return float(max(values[-1], values[-1] + slope * self.horizon.total_seconds()))
