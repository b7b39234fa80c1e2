"""Which instances a temporal question means, and what they come to (clauses 4.11, 4.5.19)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mindu.data.senses.beside.entities import Instance
from mindu.edge.ngsild.model.facts import moment
from mindu.edge.ngsild.model.problems import bad
from mindu.edge.ngsild.model.show import text

METHODS = (
    "totalCount", "distinctCount", "sum", "avg", "min", "max", "stddev", "sumsq",
)  # fmt: skip
PROPERTIES = ("observedAt", "createdAt", "modifiedAt", "deletedAt")
NUMBERS = 10_000  # buckets of one aggregate
_SPAN = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?"
)
_MS = (31_536_000_000, 2_592_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1000)
FAR = 1 << 52


@dataclass(frozen=True, slots=True)
class When:
    """Which instances are meant. `since` in, `until` out, epoch ms; `last`: the newest so many."""

    prop: str = "observedAt"
    since: float = -FAR
    until: float = FAR
    last: int = 0
    methods: tuple[str, ...] = ()
    every: float = 0.0  # ms of one bucket, 0: one for all


def when(told: Mapping[str, str], *, needs: bool) -> When:
    """Return which instances a request means.

    Raises:
        Problem: a part of it does not fit, or there is no `timerel` where there must be one.
    """
    rel, prop = told.get("timerel", ""), told.get("timeproperty") or "observedAt"
    if prop not in PROPERTIES:
        raise bad(f"timeproperty={prop}: there are {', '.join(PROPERTIES)}")
    if not rel and (needs or "timeAt" in told):
        raise bad("a temporal query needs timerel (before, after, between) and timeAt")
    since, until = -float(FAR), float(FAR)
    if rel:
        if rel not in {"before", "after", "between"}:
            raise bad(f"timerel={rel}: there are before, after and between")
        at = moment(told.get("timeAt"), "timeAt")
        since, until = (since, at) if rel == "before" else (at, until)
        if rel == "between":
            until = moment(told.get("endTimeAt"), "endTimeAt")
    return When(prop, since, until, _last(told), *_methods(told))


def _last(told: Mapping[str, str]) -> int:
    last = told.get("lastN", "0")
    if not last.isdecimal() or len(last) > 6 or ("lastN" in told and int(last) < 1):
        raise bad("lastN is a whole number from 1")
    return int(last)


def _methods(told: Mapping[str, str]) -> tuple[tuple[str, ...], float]:
    methods = tuple(it for it in told.get("aggrMethods", "").split(",") if it)
    strange = [it for it in methods if it not in METHODS]
    if strange:
        raise bad(f"aggrMethods={strange[0]}: there are {', '.join(METHODS)}")
    return methods, span(told.get("aggrPeriodDuration", ""))


def span(told: str) -> float:
    """Return an ISO 8601 duration in ms, 0 where none is told (months of 30, years of 365 days)."""
    if not told or told in {"PT0S", "P0D"}:
        return 0.0
    found = _SPAN.fullmatch(told)
    size = sum(int(n) * ms for n, ms in zip(found.groups(), _MS, strict=True) if n) if found else 0
    if not size:
        raise bad(f"aggrPeriodDuration={told} is no duration; give ISO 8601, as in PT1H")
    return float(size)


def instant(it: Instance, prop: str) -> float | None:
    """Return when an instance was so by one of its times, epoch ms; None where it has none."""
    if prop == "observedAt":
        return moment(it.observed, prop) if it.observed else None
    return float(it.made if prop == "createdAt" else it.changed)


def aggregated(found: list[Instance], asked: When) -> dict[str, Any]:
    """Return what the values of instances come to, bucket by bucket (clause 4.5.19)."""
    at = np.array([instant(it, asked.prop) or 0.0 for it in found])
    numeric = all(isinstance(it.value, int | float) for it in found)
    value = np.array([float(it.value) if numeric else 0.0 for it in found])
    start = asked.since if asked.since > -FAR else float(at.min())
    end = asked.until if asked.until < FAR else float(at.max()) + 1
    place = ((at - start) // asked.every if asked.every else at * 0).astype(np.int64)
    buckets = np.unique(place)
    if len(buckets) > NUMBERS:
        raise bad(f"that makes more than {NUMBERS} buckets: take a longer aggrPeriodDuration")
    whole: dict[str, Any] = {"type": found[0].kind}
    for method in asked.methods:
        if not numeric and method not in {"totalCount", "distinctCount"}:
            continue
        whole[method] = [
            [_came_to(method, [found[i] for i in rows] if not numeric else None, value[rows]),
             text(start + b * asked.every),
             text(start + (b + 1) * asked.every if asked.every else end)]
            for b in buckets.tolist()
            for rows in (np.flatnonzero(place == b),)
        ]  # fmt: skip
    return whole


def _came_to(method: str, texts: list[Instance] | None, value: Any) -> float | int:  # noqa: ANN401
    if method == "totalCount":
        return len(value)
    if method == "distinctCount":
        return len({str(it.value) for it in texts} if texts is not None else set(value.tolist()))
    do: dict[str, Callable[[Any], Any]] = {
        "sum": np.sum, "avg": np.mean, "min": np.min, "max": np.max, "stddev": np.std,
        "sumsq": lambda it: np.sum(it * it),
    }  # fmt: skip
    return round(float(do[method](value)), 9)
