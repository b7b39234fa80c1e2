"""Duties: what the gateway does to rows before they go out, as a policy's annotations say."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

import msgspec

Mask = Literal["hide", "clear", "middle", "last4", "initial", "year", "month", "hundred", "token"]
MASKS = frozenset(get_args(Mask))
SCOPES = frozenset({"id", "department", "purpose", "says", "zh"})
OURS = frozenset({"mask", "fields", "rows", "aggregate", "quota", "until"})
LEAST = 3  # people of the smallest group that may be spoken of
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_AGGREGATE = re.compile(r"(\d{1,6}) by ([a-z0-9_, ]+)")
_QUOTA = re.compile(r"(\d{1,9})/day")


class Duties(msgspec.Struct, frozen=True):
    """What holds for one use; the strictest of each, where several policies decide."""

    masks: tuple[tuple[str, Mask], ...] = ()  # field, how
    fields: tuple[str, ...] = ()  # none: all
    rows: tuple[str, ...] = ()  # conditions in SQL, all must hold
    group: int = 0  # least people of a group; 0: single rows may be seen
    keys: tuple[str, ...] = ()  # fields that groups are made by
    quota: int = 0  # uses a day; 0: no limit
    until: date | None = None  # last day


def read(told: Mapping[str, str]) -> Duties:
    """Read the duties of a policy's annotations.

    Raises:
        ValueError: names the annotation, and how to write it.
    """
    unknown = sorted(set(told) - SCOPES - OURS)
    if unknown:
        raise ValueError(f"@{unknown[0]} is no annotation of ours; use {', '.join(sorted(OURS))}")
    group, keys = _aggregate(told.get("aggregate", ""))
    return Duties(
        masks=_masks(told.get("mask", "")),
        fields=_names("fields", told.get("fields", "")),
        rows=(told["rows"],) if told.get("rows") else (),
        group=group,
        keys=keys,
        quota=_quota(told.get("quota", "")),
        until=_day(told.get("until", "")),
    )


def together(all_of: Iterable[Duties]) -> Duties:
    """Return the duties that keep every one of several: the strictest of each.

    Raises:
        ValueError: two of them leave nothing to be seen.
    """
    held = list(all_of)
    if len(held) == 1:
        return held[0]
    grouped = [one for one in held if one.group]
    keys = {frozenset(one.keys) for one in grouped}
    if len(keys) > 1:  # of two ways to group, the difference would tell of smaller groups
        raise ValueError("policies that group by different fields decide together")
    limited = [set(one.fields) for one in held if one.fields]
    fields = set.intersection(*limited) if limited else set()
    if limited and not fields:
        raise ValueError("policies that leave no field in common decide together")
    masks: dict[str, Mask] = {}
    for one in held:
        for name, how in one.masks:
            masks[name] = _stricter(masks.get(name), how)
    quotas = [one.quota for one in held if one.quota]
    ends = [one.until for one in held if one.until is not None]
    return Duties(
        masks=tuple(sorted(masks.items())),
        fields=tuple(sorted(fields)),
        rows=tuple(dict.fromkeys(row for one in held for row in one.rows)),
        group=max((one.group for one in held), default=0),
        keys=tuple(sorted(next(iter(keys), frozenset()))),
        quota=min(quotas, default=0),
        until=min(ends, default=None),
    )


@lru_cache(maxsize=1_000)
def spoken(duties: Duties) -> tuple[str, ...]:
    """Return the duties as short words for a receipt."""
    found = [f"mask {name}:{how}" for name, how in duties.masks]
    found += [f"fields {','.join(duties.fields)}"] if duties.fields else []
    found += [f"rows {row}" for row in duties.rows]
    found += [f"aggregate {duties.group} by {','.join(duties.keys)}"] if duties.group else []
    found += [f"quota {duties.quota}/day"] if duties.quota else []
    return tuple(found)


def _stricter(one: Mask | None, other: Mask) -> Mask:
    """Return the stricter of two masks; two that differ in kind come to hiding."""
    if one is None or one in {other, "clear"}:
        return other
    return one if other == "clear" else "hide"


def _masks(told: str) -> tuple[tuple[str, Mask], ...]:
    found: list[tuple[str, Mask]] = []
    for part in filter(None, (p.strip() for p in told.split(","))):
        name, _, how = part.partition(":")
        if not _NAME.fullmatch(name) or how not in MASKS:
            raise ValueError(
                f"@mask says {part!r}; write field:how, how one of {', '.join(sorted(MASKS))}"
            )
        found.append((name, how))  # type: ignore[arg-type]
    return tuple(sorted(found))


def _names(what: str, told: str) -> tuple[str, ...]:
    names = tuple(filter(None, (p.strip() for p in told.split(","))))
    bad = [name for name in names if not _NAME.fullmatch(name)]
    if bad:
        raise ValueError(f"@{what} names {bad[0]!r}; write names of fields, parted by commas")
    return names


def _aggregate(told: str) -> tuple[int, tuple[str, ...]]:
    if not told:
        return 0, ()
    found = _AGGREGATE.fullmatch(told.strip())
    if found is None or int(found[1]) < LEAST:
        raise ValueError(
            f'@aggregate says {told!r}; write "10 by district, kind", never below {LEAST} people'
        )
    return int(found[1]), _names("aggregate", found[2])


def _quota(told: str) -> int:
    if not told:
        return 0
    found = _QUOTA.fullmatch(told.strip())
    if found is None or not int(found[1]):
        raise ValueError(f'@quota says {told!r}; write "100/day"')
    return int(found[1])


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told) if told else None
    except ValueError as wrong:
        raise ValueError(f'@until says {told!r}; write the last day as "2026-12-31"') from wrong
