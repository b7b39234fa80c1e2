"""What apps hold, as rows to be audited: things as they stand now, cases as they were opened."""

from collections.abc import Iterable
from math import inf, isfinite

import numpy as np
import pyarrow as pa

from mindu.base.records import Case, Entry
from mindu.data.catalog.dataset import Dataset
from mindu.data.kinds import Entity, Kind
from mindu.data.quality.rules import Rule
from mindu.data.twin import Twins

HEARD = "_heard"  # when a thing was last heard of, epoch ms
CYCLES = {"live": "1d", "hourly": "3h", "daily": "2d", "weekly": "9d", "monthly": "40d",
          "quarterly": "120d", "yearly": "400d"}  # fmt: skip
NAMES = ("id", "number")  # what a row is called by, where a table has such a field


def things(twins: Twins, of: type[Entity]) -> pa.Table:
    """Return one row a thing: its name, every property, and when it was last heard of."""
    kind, found = Kind(of), twins.of(of)
    columns = {"id": pa.array([one.id for one in found], pa.string())}
    heard = np.full(len(found), -inf)
    for prop, place in kind.props.items():
        values = [getattr(one, prop, None) for one in found]
        if place < 0:
            columns[prop] = pa.array([_word(one) for one in values], pa.string())
            continue
        numbers = [float(one) if isinstance(one, int | float) else None for one in values]
        known = [one if one is not None and isfinite(one) else None for one in numbers]
        columns[prop] = pa.array(known, pa.float64())
        heard = np.maximum(heard, twins.heard(of, prop))
    at = [round(one * 1000) if isfinite(one) else None for one in heard.tolist()]
    return pa.table({**columns, HEARD: pa.array(at, pa.int64())})


def cases(entries: Iterable[Entry]) -> pa.Table:
    """Return one row a case, as the catalogue lists its fields."""
    told = [(entry, entry.record) for entry in entries if isinstance(entry.record, Case)]
    where = [case.where or (None, None) for _, case in told]
    words = ("kind", "text", "channel", "service", "area", "place", "caller")
    return pa.table({
        "number": pa.array([entry.seq for entry, _ in told], pa.int64()),
        "at": pa.array([round(entry.at.timestamp() * 1000) for entry, _ in told], pa.int64()),
        **{word: pa.array([getattr(case, word) or None for _, case in told], pa.string())
           for word in words},
        "lon": pa.array([lon for lon, _ in where], pa.float64()),
        "lat": pa.array([lat for _, lat in where], pa.float64()),
    })  # fmt: skip


def implied(dataset: Dataset, of: type[Entity] | None = None) -> tuple[Rule, ...]:
    """Return the rules that a declaration says by itself: of a kind of things its bounds too."""
    fields = {field.name: field for field in dataset.fields}
    found = [rule for name in NAMES if name in fields for rule in _named(name)]
    if dataset.subject:
        found.append(Rule(name=f"{dataset.subject}_complete"[:63], of="complete",
                          field=dataset.subject))  # fmt: skip
    for name, most in (("lon", 180.0), ("lat", 90.0)):
        if name in fields and fields[name].type == "number":
            found.append(Rule(name=f"{name}_on_earth", of="valid", field=name, low=-most,
                              high=most))  # fmt: skip
    if of is not None:
        kind = Kind(of)
        found += _bounded(kind)
        silent = [bounds.silence for bounds in kind.bounds if isfinite(bounds.silence)]
        if silent:  # of a whole kind; one thing that is silent is the watch's to tell
            within = f"{round(max(silent) / 60 * 3)}m"
            found.append(Rule(name="heard_in_time", of="fresh", field=HEARD, within=within))
    elif dataset.cycle in CYCLES:
        found.append(Rule(name="written_in_time", of="fresh", within=CYCLES[dataset.cycle]))
    told = {rule.name: rule for rule in found}
    return (*told.values(), Rule(name="usual_volume", of="plausible"))


def _named(name: str) -> tuple[Rule, Rule]:
    return (
        Rule(name=f"{name}_complete", of="complete", field=name),
        Rule(name=f"{name}_unique", of="unique", field=name),
    )


def _bounded(kind: Kind) -> list[Rule]:
    found = []
    for prop, bounds in zip(kind.numbers, kind.bounds, strict=True):
        low = bounds.low if isfinite(bounds.low) else None
        high = bounds.high if isfinite(bounds.high) else None
        if low is not None or high is not None:
            found.append(Rule(name=f"{prop}_within_bounds"[:63], of="valid", field=prop, low=low,
                              high=high))  # fmt: skip
    return found


def _word(told: object) -> str | None:
    return None if told is None or told == "" else str(told)
