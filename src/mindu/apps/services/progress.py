"""Progress: how an application stands, item by item, and until when each is promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from mindu.apps.services.items import Library
from mindu.apps.services.package import Package
from mindu.city import Clock, Processes, Words
from mindu.engines.process import State

IN_HAND = frozenset({"accept", "deliver", "person", "audit"})  # nodes of no item, as drawn


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """How one item of an application stands."""

    item: str
    name: Words
    department: Words
    status: str  # waiting, open, again, approved, refused, not_needed, void
    result: Words = Words("", "")
    late: bool = False
    due: datetime | None = None  # until when it is promised, while it is open


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How an application stands, for whoever holds its number."""

    number: str
    package: str
    status: str
    outcome: str
    parts: tuple[Part, ...]
    paused: str = ""
    due: datetime | None = None
    level: str = "green"  # of the whole clock
    refused: str = ""  # why the window did not take it in
    with_whom: str = ""  # accept, deliver, person or audit: who has the whole in hand


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at an application."""

    processes: Processes
    items: Library
    instance: int
    state: State
    known: Mapping[str, Any]
    now: datetime
    package: Package

    def part(self, name: str) -> Part:
        """Return how one item stands."""
        item, status = self.items.at(name), stands(self.state, self.known, self.package, name)
        open_ = any(wait.node == name for wait in self.state.waits)
        runs = open_ or status in {"approved", "refused"}  # else its clock is none, or of last time
        clock = self.processes.course.clock(self.instance, self.now, name) if runs else None
        return Part(item=name, name=item.name, department=item.department, status=status,
                    result=self._result(name, status),
                    late=clock is not None and clock.late,
                    due=_due(clock) if open_ and self.state.paused is None else None)  # fmt: skip

    def _result(self, name: str, status: str) -> Words:
        """Return what came of an item: what an officer wrote, else what the rules decided."""
        told, decided = str(self.known.get(f"{name}_result") or ""), self.known.get("decision")
        instant = self.package.instant
        if told or status != "approved" or instant is None or not isinstance(decided, dict):
            return Words(told, told)
        says = instant.says if decided.get("route") == "approve" else Words("", "")
        return Words(says.en.format_map(decided), says.zh.format_map(decided))


def stands(state: State, known: Mapping[str, Any], package: Package, item: str) -> str:
    """Return how an item stands: what was undone is decided again, and told as neither yet."""
    approved, running = known.get(f"{item}_approved"), state.status == "running"
    undone = any(node in state.undone for node in decided_at(package, item))
    if any(wait.node == item for wait in state.waits):
        return "again" if undone else "open"
    if approved is not None:
        return "approved" if approved else "refused"
    if running:
        return "again" if undone else "waiting"
    return "void" if state.status in {"void", "withdrawn"} else "not_needed"


def decided_at(package: Package, item: str) -> tuple[str, ...]:
    """Return the steps that say what an item comes to."""
    return (item,) if package.instant is None else (item, "approve", "person")


def standing(
    processes: Processes, items: Library, package: Package | None, told: tuple[str, int],
    now: datetime,
) -> Progress:  # fmt: skip
    """Return how a case stands: `told` is its tracking number and its instance.

    One of no package (a correction, a rating that is put right) has no parts to tell.
    """
    number, instance = told
    state, known = processes.state(instance), processes.variables(instance)
    parts: tuple[Part, ...] = ()
    if package is not None:
        look = _Look(processes, items, instance, state, known, now, package)
        parts = tuple(look.part(one.item) for one in package.parts)
    clock = processes.course.clock(instance, now)
    return Progress(
        number=number, package="" if package is None else package.id,
        status=state.status, outcome=state.outcome,
        parts=parts,
        paused="" if state.paused is None else state.paused.why, due=_due(clock),
        level="green" if clock is None else clock.level,
        refused=str(known.get("accept_note") or "-") if known.get("accepted") is False else "",
        with_whom=next((w.node for w in state.waits if w.node in IN_HAND), ""),
    )  # fmt: skip


def _due(clock: Clock | None) -> datetime | None:
    return None if clock is None or not clock.due else datetime.fromtimestamp(clock.due, UTC)
