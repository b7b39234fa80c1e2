"""`mindu register same | apart | split | undo`: a steward's verdict, and its undoing."""

import argparse
from pathlib import Path

from mindu.cli.register import held
from mindu.cli.register.build import seen, shown, told_of
from mindu.cli.register.building import built
from mindu.cli.register.held import City
from mindu.cli.say import GOOD, Voice, state
from mindu.data.registers import store, verdicts
from mindu.data.registers.verdicts import Says, Verdict

SHORT = 6  # signs by which a record may be called


def words(add: argparse.ArgumentParser, verb: str) -> None:
    """Add the words of these verbs."""
    add.add_argument("name", help="of the register")
    if verb == "undo":
        add.add_argument("entry", type=int, help="number of the verdict")
    elif verb == "split":
        add.add_argument("subject", help="as the register calls it")
        add.add_argument("record", help="that is of somebody else; its first signs will do")
    else:
        add.add_argument("a", help="a record; its first signs will do")
        add.add_argument("b", help="another record")
    add.add_argument("--note", required=True, help="why")
    add.add_argument("--by", default="steward", help="who decides")


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Write the verdict down, and let the register follow."""
    register = held.register(asked.name)
    with held.city(state(asked.data)) as town:
        if asked.verb == "undo":
            entry = verdicts.undo(
                town.log, register.name, asked.entry, by=asked.by, note=asked.note, now=town.now
            )
        else:
            entry = verdicts.decide(
                town.log, register.name, _said(asked, town), by=asked.by, note=asked.note,
                now=town.now,
            )  # fmt: skip
        build = built(town, register, seen(register, voice))
    voice.data(
        {"entry": entry.seq, "build": shown(build)}, f"verdict 裁定 {entry.seq}; {told_of(build)}"
    )
    return GOOD


def _said(asked: argparse.Namespace, town: City) -> Verdict:
    place = town.place(asked.name)
    if asked.verb == "split":
        others = [row["record"] for row in store.table(place, "records", subject=asked.subject)
                  .select(["record"]).to_pylist()]  # fmt: skip
        record = _named(asked.record, place)
        if record not in others:
            raise KeyError(f"{asked.subject} has no record {asked.record}")
        if len(others) == 1:
            raise ValueError(f"{asked.subject} has one record alone; there is nothing to split")
        return Verdict(0, "register_apart", record, tuple(one for one in others if one != record))
    says: Says = "register_same" if asked.verb == "same" else "register_apart"
    a, b = _named(asked.a, place), _named(asked.b, place)
    if a == b:
        raise ValueError("name two different records")
    return Verdict(0, says, a, (b,))


def _named(told: str, place: Path) -> str:
    """Return the record of that name, or the one that begins so.

    Raises:
        KeyError: none is, or several are.
    """
    found = store.named(place, told) if len(told) >= SHORT else []
    if len(found) != 1:
        raise KeyError(f"{len(found)} records begin with {told[:24]!r}; give {SHORT} signs or more")
    return found[0]


def names(folder: Path) -> list[str]:
    """Return the registers that were built."""
    return sorted(path.parent.name for path in (folder / held.FOLDER).glob("*/now.json"))
