"""Vouched: what a step is shown of a person's library, by their consent; each look a receipt.

Who hands in and agrees lets the departments look at the materials that filled the form, for that
matter and a while. Taken back, nothing more is shown; what was handed in stays with its case.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from mindu.apps.services.counter import Counter
from mindu.apps.services.items import Library
from mindu.apps.services.materials import Consent, Material, Materials, NotAllowed
from mindu.apps.services.own.called import called
from mindu.apps.services.own.prefill import drawn_on
from mindu.apps.services.package import Package
from mindu.city import CITY, Words
from mindu.engines.forms.render import Known, shown

AGREED = "agree"  # the question by which an applicant lets departments use what they draw on
LASTS = timedelta(days=90)  # a consent by handing in; ours: the longest promise with its pauses
SINCE = "2026-11-26"  # of that number
Needed = tuple[Words, Words]  # what it is called, and what it says


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """One use that can be let: which department, which parts of which material, for which item."""

    kind: str
    parts: tuple[str, ...]
    who: str
    package: str
    item: str

    @property
    def purpose(self) -> str:
        """The use as a consent names it."""
        return f"{self.package}/{self.item}"


def uses(package: Package, items: Library) -> list[Use]:
    """Return all uses of materials that the items of a package have."""
    asked, found = package.filled().fields, list[Use]()
    for part in package.parts:
        drawn: dict[str, list[str]] = {}
        for name in part.maps.values():
            kind, _, value = asked[name].source.path.partition(".")
            if value:
                drawn.setdefault(kind, []).append(value)
        who = items.at(part.item).department.zh
        found += [Use(kind=kind, parts=tuple(dict.fromkeys(parts)), who=who, package=package.id,
                      item=part.item) for kind, parts in drawn.items()]  # fmt: skip
    return found


class Vouched:
    """Shows a step the materials behind its answers, while the person lets it."""

    def __init__(self, counter: Counter, library: Materials) -> None:
        """Look into a library for a counter's cases."""
        self._counter, self._library = counter, library

    def handed_in(
        self, instance: int, package: Package, known: Mapping[str, Known],
        *, agreed: bool, by: str, now: datetime,
    ) -> None:  # fmt: skip
        """Write down which materials filled a form, and let departments look where it is agreed."""
        subject = self._counter.processes.state(instance).applicant
        drawn = drawn_on(package.filled(), known)
        for kind, names in drawn.items():
            told = {"who": package.id, "purpose": "prefilled", "material": kind,
                    "fields": ", ".join(sorted(names))}  # fmt: skip
            self._counter.processes.note(instance, "used", told, by=by, now=now)
        held = {(c.kind, c.who, c.purpose): c.until for c in self._library.consents(subject)}
        for use in uses(package, self._counter.items) if agreed else ():
            until = max(now + LASTS, held.get((use.kind, use.who, use.purpose), now))
            if use.kind in drawn:
                yes = Consent(kind=use.kind, who=use.who, purpose=use.purpose, until=until)
                self._library.consent(subject, yes)

    def given(self, instance: int, node: str, now: datetime) -> list[Needed]:
        """Return what a step is shown of its applicant's library; what it is not shown says why."""
        processes = self._counter.processes
        package = self._counter.packages.get(processes.began(instance).process)
        if package is None or node in {"accept", "deliver"}:
            return []
        first = package.parts[0].item if package.instant is not None else node
        kept = {one.kind for one in self._library.kept(processes.state(instance).applicant)}
        return [
            self._shown(use, instance, now)
            for use in uses(package, self._counter.items)
            if use.item in {node, first} and use.kind in kept
        ]

    def _shown(self, use: Use, instance: int, now: datetime) -> Needed:
        subject = self._counter.processes.state(instance).applicant
        (en, zh), parts = called(self._counter.packages.values(), use.kind)
        name = Words(f"From the library: {en}", f"材料库:{zh}")
        try:
            found = self._library.use(subject, use.kind, who=use.who, purpose=use.purpose,
                                      case=instance, now=now)  # fmt: skip
        except NotAllowed as no:
            return name, Words(f"not shown: {no.en}", f"不予显示:{no.zh}")
        return name, Words(_said(use, found, parts, "en"), _said(use, found, parts, "zh"))


def _said(use: Use, found: Material, parts: Mapping[str, tuple[str, str]], lang: str) -> str:
    """Return the parts that an item needs, with who vouches for them and as of when."""
    at = 1 if lang == "zh" else 0
    told = [
        f"{parts.get(one, (one, one))[at]}{':' if at else ': '}{shown(found.told[one], (), lang)}"
        for one in use.parts
        if one in found.told
    ]
    day = f"{found.at.astimezone(CITY):%Y-%m-%d}"
    if at:
        return f"{';'.join(told)}({found.vouched},{day})"
    return f"{'; '.join(told)} ({found.vouched}, {day})"
