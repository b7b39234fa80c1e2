"""Project (推演): let an engine look ahead, and write down only what makes sense."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isfinite
from typing import Any

from mindu.base.records import Forecast, Lesson, Trial, Weighing
from mindu.brain.app import Projected, Projection
from mindu.brain.learn import Params, compete, teach
from mindu.brain.memory import Memory

MOST = 200_000  # things one projection may say at once


def project(
    projection: Projection,
    by: str,
    engines: Mapping[str, Any],
    params: Params,
    memory: Memory,
    now: datetime,
) -> None:
    """Run one projection and write down what it says.

    Raises:
        LookupError: no such engine is wired.
        ValueError: what it says makes no sense; nothing of it is written.
        Exception: whatever the engine raises.
    """
    if projection.engine and projection.engine not in engines:
        raise LookupError(f"no engine {projection.engine!r} is wired; there are {sorted(engines)}")
    see = memory.view(now, projection.horizon)
    told = list(projection.project(engines.get(projection.engine), see))
    check(told)
    because = memory.threads.newest()
    for said in told:
        record = said.record
        if isinstance(record, Lesson):
            teach(record, by, params, memory, at=now, because=because)
        elif isinstance(record, Trial):
            compete(record, by, memory, at=now, because=because)
        else:
            memory.write(record, at=now, about=said.about, by=by, because=because)


def check(told: Sequence[Projected]) -> None:
    """Refuse nonsense.

    Raises:
        ValueError: it says what is wrong, and about what.
    """
    if len(told) > MOST:
        raise ValueError(f"{len(told)} projections at once; {MOST} is the most")
    for said in told:
        record = getattr(said, "record", None)
        if not isinstance(record, Forecast | Weighing | Trial | Lesson):
            raise ValueError(f"{said!r} is no projection")  # noqa: TRY004 - nonsense is a value
        why = ""
        if isinstance(record, Forecast):
            why = _nonsense(record)
        elif isinstance(record, Weighing) and record.chosen not in {o.name for o in record.options}:
            why = f"chose {record.chosen!r}, which was not weighed"
        if why:
            raise ValueError(f"about {said.about}: {why}")


def _nonsense(forecast: Forecast) -> str:
    leads, low, mid, high = rows = (forecast.leads, forecast.low, forecast.mid, forecast.high)
    why = ""
    if len({len(row) for row in rows}) > 1 or not leads:
        why = "has uneven or empty rows"
    elif not all(isfinite(value) for row in rows for value in row):
        why = "is not a number"
    elif not 0.0 < forecast.level < 1.0 or min(leads) < 0.0:
        why = "has a level or lead out of range"
    elif any(not lo <= m <= hi for lo, m, hi in zip(low, mid, high, strict=True)):
        why = "has its middle outside its interval"
    return why and f"a forecast of {forecast.prop} {why}"
