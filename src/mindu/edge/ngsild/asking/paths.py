"""Paths of the query language: where in an entity a value is found, and how it is compared."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mindu.data.senses.beside.entities import Instance
from mindu.edge.ngsild.model.parse import VALUE
from mindu.edge.ngsild.model.problems import bad
from mindu.edge.ngsild.model.show import View, text
from mindu.edge.ngsild.model.terms import Context

_PATH = re.compile(r"(?P<attr>[^\[\]]+)(?:\[(?P<inner>[^\]]+)\])?")
FACTS = {"observedAt", "createdAt", "modifiedAt", "datasetId", "unitCode"}


@dataclass(frozen=True, slots=True)
class Path:
    """Where a value is found: an attribute, attributes of it, and a way into its value."""

    attr: str
    subs: list[str]
    inner: list[str]

    def values(self, view: View) -> list[Any]:
        """Return every value that is found, lists as their members."""
        if self.attr.endswith(("/createdAt", "/modifiedAt")) and self.attr not in view.attrs:
            at = view.made if self.attr.endswith("/createdAt") else view.changed
            return [text(at)]
        found: list[Any] = []
        for it in view.attrs.get(self.attr, ()):
            told = self._of(it)
            found += told if isinstance(told, list) else [] if told is None else [told]
        return found

    def _of(self, it: Instance) -> Any:  # noqa: ANN401 - any JSON
        value, kind, more = it.value, it.kind, it.more or {}
        for sub in self.subs:
            if sub in FACTS:
                facts = {"observedAt": it.observed, "createdAt": text(it.made),
                         "modifiedAt": text(it.changed), "datasetId": it.dataset}  # fmt: skip
                return facts.get(sub) or more.get(sub)
            told = more.get(sub)
            if not isinstance(told, Mapping):
                return None
            kind, more = told["type"], dict(told)
            value = told[VALUE[kind]]
        if kind == "LanguageProperty" and (not self.inner or self.inner == ["*"]):
            return list(value.values())
        for step in self.inner:
            value = value.get(step) if isinstance(value, Mapping) else None
        return value


def pathed(told: str, context: Context) -> Path | None:
    """Return the path that words name: attribute, its attributes behind dots, members in [ ]."""
    found = _PATH.fullmatch(told)
    if found is None:
        return None
    inner = found["inner"].split(".") if found["inner"] else []
    head, *rest = [found["attr"]] if ":" in found["attr"] else found["attr"].split(".")
    subs = [it if it in FACTS else context.expand(it) for it in rest]
    return Path(context.expand(head), subs, inner)


def like(value: object, other: object, context: Context) -> Any:  # noqa: ANN401
    """Return a value as it is compared with another: times as times."""
    if isinstance(value, bool) != isinstance(other, bool):
        return str(value).lower()
    if isinstance(value, str) and isinstance(other, datetime):
        return _when(value)
    if isinstance(value, str) and isinstance(other, str) and ":" not in other:
        return context.compact(value) if ":" in value else value
    return value


def safe(test: Callable[[Any], bool], value: object) -> bool:
    """Return what a test says, no where the value cannot be compared."""
    try:
        return test(value)
    except TypeError:
        return False


def _when(told: str) -> Any:  # noqa: ANN401 - an instant, or the text where it is none
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return told
    return at if at.tzinfo is not None else told


def number(told: str) -> Any:  # noqa: ANN401
    """Return a number, an instant, or the text where it is neither."""
    try:
        return float(told) if set(told) & set(".eE") else int(told)
    except ValueError:
        return _when(told) if told[:4].isdecimal() else told


def matcher(pattern: str) -> Callable[[str], bool]:
    """Return a test for a regular expression, in time that grows only with the text.

    Raises:
        Problem: it is none.
    """
    if not pattern or len(pattern) > 500:
        raise bad("a pattern has 1 to 500 characters")
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowException as wrong:
        raise bad(f"{pattern!r} is no pattern: {wrong}") from wrong
    return lambda told: bool(pc.match_substring_regex(pa.scalar(told), pattern).as_py())
