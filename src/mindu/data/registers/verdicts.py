"""Verdicts: what stewards decided about pairs of records, each an entry that can be undone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from mindu.base.records import Entry, Event
from mindu.data.log import Log
from mindu.data.senses.memory.delta import whole

SAME, APART, UNDONE = "register_same", "register_apart", "register_undone"
RENAMED = "register_renamed"  # a record that its source calls otherwise, and is the same else
MOST_NOTE = 500  # signs
Says = Literal["register_same", "register_apart"]
Pairs = frozenset[tuple[str, str]]
BARRED = "register_barred"  # records of a subject that was erased: they are not taken again
UNBARRED = "register_unbarred"  # the subject was let in again


class Verdict(msgspec.Struct, frozen=True):
    """One record and those that it is, or is not, of one subject with."""

    entry: int
    says: Says
    a: str
    others: tuple[str, ...]


class Held(msgspec.Struct, frozen=True):
    """The verdicts that hold, as the log tells them up to an entry."""

    upto: int = 0
    verdicts: tuple[Verdict, ...] = ()
    barred: tuple[str, ...] = ()  # records that are not taken again


class Decided(NamedTuple):
    """Pairs of records, by what was decided last."""

    same: Pairs
    apart: Pairs


def about(register: str) -> str:
    """Return what the log calls a register."""
    return f"register:{register}"


def decide(
    log: Log, register: str, verdict: Verdict, *, by: str, note: str, now: datetime
) -> Entry:
    """Write a verdict down; it holds from the next build or settling on.

    Raises:
        ValueError: no reason is given, or far too long a one.
    """
    _reasoned(note)
    args = {"a": verdict.a, "others": ",".join(verdict.others), "note": note.strip()}
    told = Event(verdict.says, dict(args))
    entry = log.append(told, at=now, about=about(register), by=by)
    log.commit()
    return entry


def undo(log: Log, register: str, entry: int, *, by: str, note: str, now: datetime) -> Entry:
    """Take a verdict back.

    Raises:
        ValueError: it is no verdict of this register that holds.
    """
    _reasoned(note)
    held = fold(log, register, Held())
    if entry not in {one.entry for one in held.verdicts}:
        raise ValueError(f"entry {entry} is no verdict on {register} that holds")
    told = Event(UNDONE, {"entry": entry, "note": note.strip()})
    done = log.append(told, at=now, about=about(register), by=by, because=(entry,))
    log.commit()
    return done


def fold(log: Log, register: str, held: Held) -> Held:
    """Return the verdicts that hold, from those that held up to an entry."""
    verdicts, barred = {one.entry: one for one in held.verdicts}, set(held.barred)
    for entry in log.since(held.upto):
        told = entry.record
        if not isinstance(told, Event) or entry.about != about(register):
            continue
        if told.name in {SAME, APART}:
            others = tuple(str(told.args["others"]).split(","))
            says: Says = "register_same" if told.name == SAME else "register_apart"
            verdicts[entry.seq] = Verdict(entry.seq, says, str(told.args["a"]), others)
        elif told.name == UNDONE:
            verdicts.pop(int(float(told.args["entry"])), None)
        elif told.name == RENAMED:
            of = {str(told.args["was"]): str(told.args["record"])}
            verdicts = {seq: renamed(one, of) for seq, one in verdicts.items()}
        elif told.name == BARRED:
            barred |= set(str(told.args["records"]).split(","))
        elif told.name == UNBARRED:
            barred -= set(str(told.args["records"]).split(","))
    return Held(len(log), tuple(verdicts.values()), tuple(sorted(barred)))


def renamed(verdict: Verdict, of: Mapping[str, str]) -> Verdict:
    """Return a verdict with its records as their sources call them now."""
    others = tuple(of.get(one, one) for one in verdict.others)
    return msgspec.structs.replace(verdict, a=of.get(verdict.a, verdict.a), others=others)


def named(held: Iterable[Verdict]) -> set[str]:
    """Return the records that verdicts name."""
    return {one for verdict in held for one in (verdict.a, *verdict.others)}


def known(log: Log, register: str, folder: Path) -> Held:
    """Return the verdicts that hold; how far the log was read is kept beside the register."""
    path = folder / "verdicts.json"
    was = msgspec.json.decode(path.read_bytes(), type=Held) if path.exists() else Held()
    held = fold(log, register, was if was.upto <= len(log) else Held())
    folder.mkdir(parents=True, exist_ok=True)
    whole(path, msgspec.json.encode(held))
    return held


def decided(held: Iterable[Verdict]) -> Decided:
    """Return the pairs that are decided; of two verdicts on one pair the later holds."""
    said: dict[tuple[str, str], str] = {}
    for verdict in sorted(held, key=lambda one: one.entry):
        for other in verdict.others:
            low, high = sorted((verdict.a, other))
            said[low, high] = verdict.says
    same = frozenset(pair for pair, says in said.items() if says == SAME)
    return Decided(same, frozenset(said) - same)


def _reasoned(note: str) -> None:
    if not 0 < len(note.strip()) <= MOST_NOTE:
        raise ValueError(f"say why in 1 to {MOST_NOTE} signs (--note)")
