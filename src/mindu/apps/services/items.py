"""The item library 事项库: what may be applied for, at which level, on which law, until when.

One item is kept once a level (national, provincial, city, county, town). The same elements must say
the same at every level; `differences` is the machine that checks it.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from typing import Any

import msgspec

from mindu.city import Words

LEVELS = ("national", "province", "city", "county", "town")
# Elements that must be the same at all levels (五级十五同). The official list was not available to
# the authors: these fifteen are ours, to be checked against the provincial text.
ELEMENTS = (
    "code", "name", "kind", "basis", "department", "applicants", "conditions", "materials",
    "legal_days", "promised_days", "fee", "result", "form", "situations", "remedy",
)  # fmt: skip
MAY_BE_SHORTER = "promised_days"  # a lower level may promise more


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of law: what it is called, which article, in force since when."""

    law: str
    article: str = ""
    since: str  # ISO date of the version that was read
    says: str = ""


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that an item needs, and where it comes from when nobody has to bring it."""

    id: str
    name: Words
    source: str = "applicant"  # applicant, licence, library, department, package
    needed: str = "always"  # or FEEL over the answers


class Fee(msgspec.Struct, frozen=True):
    """What it costs."""

    yuan: float = 0.0
    basis: str = ""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One item at one level."""

    code: str
    name: Words
    kind: str  # permit 行政许可, confirm 行政确认, pay 行政给付, register, public service
    level: str
    department: Words
    basis: tuple[Basis, ...]
    materials: tuple[Material, ...]
    legal_days: int  # working days; 0: at once
    promised_days: int
    result: Words
    applicants: str = "person"
    conditions: Words = Words("", "")
    fee: Fee = Fee()
    form: str = ""
    situations: str = ""  # the DMN decision that leads through them
    remedy: Words = Words("review or lawsuit", "行政复议或行政诉讼")
    version: str = "1"

    def __post_init__(self) -> None:
        """Refuse an item that contradicts itself."""
        if self.level not in LEVELS:
            raise ValueError(f"{self.code}: level is one of {', '.join(LEVELS)}")
        if self.promised_days > self.legal_days:
            days = f"{self.promised_days} days, and the law allows {self.legal_days}"
            raise ValueError(f"{self.code}: it promises {days}: promise no more days than that")
        if not self.basis:
            raise ValueError(f"{self.code}: no item without a legal basis: name the clause")


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """An element that says one thing at one level and another at the next."""

    code: str
    element: str
    levels: tuple[str, str]
    values: tuple[str, str]
    says: Words


class Library:
    """All items, by code, level and version; the newest version of each is the one in force."""

    def __init__(self, items: Iterable[Item]) -> None:
        """Take items in; two of one code, level and version must be the same."""
        self._items: dict[tuple[str, str], dict[str, Item]] = {}
        for item in items:
            self.add(item)

    def add(self, item: Item) -> str:
        """Take an item in; return its digest."""
        versions = self._items.setdefault((item.code, item.level), {})
        known = versions.get(item.version)
        if known is not None and known != item:
            raise ValueError(
                f"{item.code} at {item.level} has a version {item.version} that says otherwise: "
                "give it a new version"
            )
        versions[item.version] = item
        return sha256(msgspec.json.encode(item, order="deterministic")).hexdigest()

    def codes(self) -> tuple[str, ...]:
        """Return the codes of all items."""
        return tuple(dict.fromkeys(code for code, _ in self._items))

    def at(self, code: str, level: str = "") -> Item:
        """Return an item at a level, else at the lowest level that has it."""
        there = [one for of, one in self._items if of == code]
        if not there:
            raise KeyError(f"there is no item {code!r}; there are {', '.join(self.codes())}")
        wanted = level or max(there, key=LEVELS.index)
        if wanted not in there:
            raise KeyError(f"{code} is not kept at level {wanted!r}, but at {', '.join(there)}")
        return next(reversed(self._items[code, wanted].values()))

    def differences(self, code: str) -> tuple[Difference, ...]:
        """Return every element that differs between a level and the next that has the item."""
        there = sorted((one for of, one in self._items if of == code), key=LEVELS.index)
        found: list[Difference] = []
        for upper, lower in pairwise(there):
            found += _between(self.at(code, upper), self.at(code, lower))
        return tuple(found)


def _between(upper: Item, lower: Item) -> list[Difference]:
    found: list[Difference] = []
    above, below = msgspec.to_builtins(upper), msgspec.to_builtins(lower)
    for element in ELEMENTS:
        one, other = above[element], below[element]
        if one == other or (element == MAY_BE_SHORTER and other < one):
            continue
        values = (json.dumps(one, ensure_ascii=False), json.dumps(other, ensure_ascii=False))
        says = Words(
            f"{element} says {values[0]} at {upper.level} and {values[1]} at {lower.level}",
            f"要素“{element}”在{upper.level}为{values[0]},在{lower.level}为{values[1]}",
        )
        levels = (upper.level, lower.level)
        found.append(Difference(code=lower.code, element=element, levels=levels, values=values,
                                says=says))  # fmt: skip
    return found


def read(told: Iterable[Mapping[str, Any]]) -> Library:
    """Return a library from its file; ValueError names what is wrong with it."""
    try:
        return Library(msgspec.convert(list(told), list[Item]))
    except msgspec.ValidationError as wrong:
        raise ValueError(f"the item library: {wrong}") from None


def shipped() -> Library:
    """Return the items that come with the house."""
    text = files("mindu.apps.services").joinpath("packages/items.json").read_text(encoding="utf-8")
    return read(json.loads(text))
