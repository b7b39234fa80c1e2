"""A package 一件事: several items, one questionnaire, one form, one number, one set of results.

A package is declared; the process that runs it is drawn from the declaration, so that what depends
on nothing runs in parallel, and is published like any other.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import msgspec

from mindu.apps.services.items import Library, Material
from mindu.city import Words
from mindu.engines.forms import Form, load
from mindu.engines.process import Definition
from mindu.engines.process.draft import Draft
from mindu.engines.process.model import Timer, Trigger

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
        return load(self.form)

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


def drawn(package: Package, items: Library) -> Definition:
    """Draw the process of a package."""
    draft = Draft(package.id, title=package.title.zh)
    draft.node("start", "start")
    if package.instant is not None:
        _instant(draft, package, package.instant)
        return draft.definition()
    draft.node("accept", "user", name="受理 accept", groups="window")
    last = "accept"
    if package.situations:
        draft.node("situations", "rule", name="情形引导", decision=package.situations,
                   result="situations")  # fmt: skip
        draft.line("accept", "situations")
        last = "situations"
    draft.line("start", "accept")
    _parts(draft, package, items, last)
    return draft.definition()


def _parts(draft: Draft, package: Package, items: Library, last: str) -> None:
    """Draw each part behind what it depends on; what depends on nothing begins at once."""
    before = {part.item: part.after or (last,) for part in package.parts}
    needed = {one for after in before.values() for one in after}
    ends = [part.item for part in package.parts if part.item not in needed]
    out: dict[str, str] = {last: draft.node("split", "parallel")}
    draft.line(last, "split")
    for part in package.parts:
        entry, leave = _part(draft, part, items)
        if len(before[part.item]) > 1:
            draft.node(f"all_{part.item}", "parallel")
            draft.line(f"all_{part.item}", entry)
            entry = f"all_{part.item}"
        draft.node(f"then_{part.item}", "parallel")
        draft.line(leave, f"then_{part.item}")
        out[part.item] = f"then_{part.item}"
        for one in before[part.item]:
            draft.line(out[one], entry)
    draft.node("join", "parallel")
    draft.node("deliver", "user", name="统一出件 deliver all results", groups="window")
    draft.node("end", "end", name="办结 done")
    for one in ends:
        draft.line(out[one], "join")
    draft.line("join", "deliver", "end")


def _part(draft: Draft, part: Part, items: Library) -> tuple[str, str]:
    """Draw one item: skipped when not needed or when what it rests on was refused."""
    item = items.at(part.item)
    needs = [f"{one}_approved = true" for one in part.after]
    needs += [f"({part.when})"] if part.when else []
    draft.node(part.item, "user", name=item.name.zh, groups=item.department.zh,
               form=item.form, outputs=(("approved", f"{part.item}_approved"),
                                        ("result", f"{part.item}_result")))  # fmt: skip
    if item.promised_days:
        due = Trigger(kind="timer", timer=Timer("duration", f"P{item.promised_days}D"))
        draft.event(f"due_{part.item}", "boundary", due, attached=part.item, interrupting=False)
        draft.node(f"late_{part.item}", "script", script="true", result=f"{part.item}_late")
        draft.line(f"due_{part.item}", f"late_{part.item}")
    if not needs:
        return part.item, part.item
    gate, merge = f"if_{part.item}", f"fi_{part.item}"
    draft.node(gate, "exclusive", name=f"是否办理{item.name.zh}")
    draft.node(merge, "exclusive")
    draft.flow(gate, part.item, when=" and ".join(needs))
    skip = draft.flow(gate, merge, name="不需要 not needed")
    draft.nodes[gate]["default"] = skip
    draft.line(part.item, merge)
    return gate, merge


def _instant(draft: Draft, package: Package, instant: Instant) -> None:
    """Draw: decide → approve at once, some of them looked at again by a person; else a person."""
    item = package.parts[0].item
    draft.node("decide", "rule", name="秒批 decide by rule", decision=instant.decision,
               result="decision")  # fmt: skip
    draft.node("route", "exclusive", name="能否秒批 can it be approved at once?")
    draft.node("approve", "script", name="自动批准 approve", script="true",
               result=f"{item}_approved")  # fmt: skip
    draft.node("sampled", "exclusive", name="是否抽查 is it sampled?")
    draft.node("audit", "user", name="事后抽查 look again", groups="audit",
               outputs=(("approved", "audit_agrees"), ("result", "audit_note")))  # fmt: skip
    draft.node("person", "user", name="人工审核 a person decides", groups="benefits",
               outputs=(("approved", f"{item}_approved"),
                                            ("result", f"{item}_result")))  # fmt: skip
    draft.node("approved", "end", name="秒批办结 approved at once")
    draft.node("audited", "end", name="抽查办结 approved and looked at")
    draft.node("decided", "end", name="人工办结 decided by a person")
    draft.line("start", "decide", "route")
    draft.flow("route", "approve", when='decision.route = "approve"')
    draft.nodes["route"]["default"] = draft.flow("route", "person", name="转人工 to a person")
    draft.line("approve", "sampled")
    draft.flow("sampled", "audit", when="sampled = true")
    draft.nodes["sampled"]["default"] = draft.flow("sampled", "approved", name="不抽查 no")
    draft.line("audit", "audited")
    draft.line("person", "decided")


def shipped(name: str) -> tuple[Package, bytes]:
    """Return a package that comes with the house, and its rules (empty where it has none)."""
    folder = files("mindu.apps.services").joinpath("packages")
    told = json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))
    rules = folder.joinpath(f"{name}.dmn")
    text = rules.read_bytes() if rules.is_file() else b""
    return msgspec.convert(told, Package), text
