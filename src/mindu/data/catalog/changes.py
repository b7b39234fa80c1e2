"""What changed from one version of a dataset to the next, field by field."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from mindu.data.catalog.dataset import Dataset


class Change(NamedTuple):
    """One thing that is otherwise now: where, what it was, what it is; None: nothing."""

    where: str
    was: Any
    now: Any


def changes(was: Dataset | None, now: Dataset | None) -> list[Change]:
    """Return what changed; fields are told apart by their names, not by their places."""
    return list(_differences("", _plain(was), _plain(now)))


def _plain(told: Dataset | None) -> Any:  # noqa: ANN401 - JSON
    if told is None:
        return {}
    plain = msgspec.to_builtins(told)
    plain["fields"] = {field.pop("name"): field for field in plain["fields"]}
    return plain


def _differences(where: str, was: Any, now: Any) -> Iterator[Change]:  # noqa: ANN401 - JSON
    if was == now:
        return
    if not isinstance(was, dict) or not isinstance(now, dict):
        yield Change(where, was, now)
        return
    for name in [*was, *(name for name in now if name not in was)]:
        there = f"{where}.{name}" if where else name
        yield from _differences(there, was.get(name), now.get(name))
