"""A package 一件事: several items, one questionnaire, one form, one number, one set of results.

A package is declared; the process that runs it is drawn from the declaration, so that what depends
on nothing runs in parallel, and is published like any other.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from mindu.apps.services.items import Library, Material
from mindu.city import Words
from mindu.engines.forms import Form, load

SHIPPED = ("newborn", "restaurant", "allowance")
AUDIT = 0.05  # share of instant approvals that a person looks at again; ours, 0.01 to 1


class Source(msgspec.Struct, frozen=True):
    """Where a rule was read: its name, number and date."""

    name: str
    date: str
    says: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a package."""

    item: str
    after: tuple[str, ...] = ()
    when: str = ""  # FEEL over the deciding answers
    maps: dict[str, str] = {}  # the item's field → the package's question


class Instant(msgspec.Struct, frozen=True, kw_only=True):
    """Approval in seconds 秒批: a decision says approve or a person; no machine refuses."""

    decision: str
    audit: float = AUDIT
    says: Words = Words("", "")  # what was approved, with the decision's outputs by name


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a person wants done."""

    id: str
    title: Words
    says: Words
    sources: tuple[Source, ...]
    parts: tuple[Part, ...]
    form: dict[str, Any]
    deciding: tuple[str, ...]  # answers that rules read; all others stay in the vault
    situations: str = ""  # the DMN decision that says which parts are needed
    instant: Instant | None = None

    def filled(self) -> Form:
        """Return the one form."""
        return _form(msgspec.json.encode(self.form))

    def materials(self, items: Library) -> dict[str, tuple[Material, tuple[str, ...]]]:
        """Return every material once, with the items that share it."""
        found: dict[str, tuple[Material, tuple[str, ...]]] = {}
        for part in self.parts:
            for material in items.at(part.item).materials:
                shared = found[material.id][1] if material.id in found else ()
                found[material.id] = (material, (*shared, part.item))
        return found

    def given(self, item: str, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of one item's own application, mapped from the one form."""
        part = next(one for one in self.parts if one.item == item)
        return {field: answers[asked] for field, asked in part.maps.items() if asked in answers}


@lru_cache(100)
def _form(told: bytes) -> Form:
    return load(msgspec.json.decode(told))


def checked(package: Package, items: Library) -> Package:
    """Return a package that holds together; ValueError names what does not."""
    names = [part.item for part in package.parts]
    known = set(package.filled().fields)
    for part in package.parts:
        items.at(part.item)
        strange = sorted(set(part.after) - set(names)) + sorted(set(part.maps.values()) - known)
        if strange:
            raise ValueError(
                f"{package.id}/{part.item}: {', '.join(strange)} is not in the package"
            )
    left, done = list(package.parts), set[str]()
    while left:
        ready = [part for part in left if set(part.after) <= done]
        if not ready:
            circle = ", ".join(part.item for part in left)
            raise ValueError(f"{package.id}: {circle} wait for each other: take one `after` out")
        done |= {part.item for part in ready}
        left = [part for part in left if part not in ready]
    if strange := sorted(set(package.deciding) - known):
        raise ValueError(f"{package.id}: deciding names {', '.join(strange)}, which is no question")
    return package


def shipped(name: str) -> tuple[Package, bytes]:
    """Return a package that comes with the house, and its rules (empty where it has none)."""
    folder = files("mindu.apps.services").joinpath("packages")
    told = json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))
    rules = folder.joinpath(f"{name}.dmn")
    text = rules.read_bytes() if rules.is_file() else b""
    return msgspec.convert(told, Package), text
