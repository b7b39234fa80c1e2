"""Registers: records become subjects with one value of each trait; what differs is history."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from mindu.brain.stewards.resolve import Linked, held_by, linked, subjects, tidied
from mindu.data.registers.declare import HELD, Feed, Register
from mindu.data.registers.feed import Taken
from mindu.data.registers.sealing import Sealer, named, opened, sealed, secret
from mindu.data.registers.survive import survivors, wide
from mindu.data.registers.verdicts import Decided
from mindu.engines.linkage.join import Pair, Verdicts

_TYPES = {"number": pa.float64(), "whole": pa.int64()}


class Before(NamedTuple):
    """What the build before holds: its records and its subjects, opened."""

    subject: Mapping[str, str]  # of a record
    golden: Mapping[str, Mapping[str, str | None]]  # subject -> trait -> value


class Facts(NamedTuple):
    """What a build rests on beside its records."""

    told: Linked
    feeds: Sequence[Feed]
    decided: Decided
    was: Before
    holders: Mapping[str, str]  # subjects by the vault's name of their code, firms by "=heart"


class Made(NamedTuple):
    """The tables of a build, sealed, and how many there are of each."""

    tables: dict[str, pa.Table]
    changes: pa.Table
    subjects: int
    review: int


NOTHING = Before({}, {})


def before(register: Register, records: pa.Table, golden: pa.Table, vault: Sealer) -> Before:
    """Return what a build holds, opened."""
    golden = opened(golden, vault, names=secret(register))
    names = [trait.name for trait in register.traits]
    rows = zip(*(_words(golden[name]) for name in names), strict=True)
    values = [dict(zip(names, row, strict=True)) for row in rows]
    held = dict(zip(records["record"].to_pylist(), records["subject"].to_pylist(), strict=True))
    return Before(held, dict(zip(golden["subject"].to_pylist(), values, strict=True)))


def compared(register: Register, told: Taken) -> tuple[pa.Table, Linked]:
    """Return the records in tidy words, and every pair that may be of one subject."""
    records, _ = tidied(register, told.table)
    return records, linked(register, records)


def built(register: Register, records: pa.Table, facts: Facts, vault: Sealer) -> Made:
    """Return the build that records, pairs and verdicts come to; the pairs are not met again."""
    told, was = facts.told, facts.was
    tidy, sound = tidied(register, records)
    of, review = subjects(register, told, Verdicts(*facts.decided), was.subject)
    tidy = tidy.append_column("subject", pa.array(of, pa.string()))
    taken = survivors(register, tidy, facts.feeds, sound)
    golden = wide(register, tidy, taken)
    who = named(register, golden, vault)
    shut = sealed(register, golden, who, vault, names=secret(register))
    changes = _changes(register, golden, taken, was, dict(zip(told.ids, of, strict=True)))
    tables = {
        "subjects": _typed(register, shut, _holders(register, golden, facts.holders, vault)),
        "records": sealed(register, tidy, who, vault, names=secret(register)),
        "origins": taken.drop_columns(["value"]),
        "pairs": _pairs(told.pairs),
        "review": _pairs(review),
    }  # fmt: skip
    return Made(tables, _shut(register, changes, who, vault), golden.num_rows, len(review))


def _shut(register: Register, changes: pa.Table, who: Mapping[str, str], vault: Sealer) -> pa.Table:
    """Return changes as cells, those of lost subjects under names of their own."""
    told = changes["subject"].to_pylist()
    owners = {one: who.get(one) or vault.subject(f"{register.name}#{one}") for one in told}
    return sealed(register, changes, owners, vault, names=["was", "now"])


def _holders(
    register: Register, golden: pa.Table, holders: Mapping[str, str], vault: Sealer
) -> list[str | None] | None:
    if register.name not in HELD:
        return None
    return held_by(golden, holders, vault.subject)


def _typed(register: Register, shut: pa.Table, holders: list[str | None] | None) -> pa.Table:
    """Return the subjects as the catalogue types them."""
    wanted = {trait.name: _TYPES[trait.type] for trait in register.traits if trait.type in _TYPES}
    for name, of in {**wanted, "changed": pa.timestamp("ms")}.items():
        place = shut.column_names.index(name)
        shut = shut.set_column(place, name, shut[name].cast(of))
    if holders is not None:
        shut = shut.append_column("held_by", pa.array(holders, pa.string()))
    return shut


def _pairs(pairs: Sequence[Pair]) -> pa.Table:
    return pa.table({
        "a": pa.array([pair.a for pair in pairs], pa.string()),
        "b": pa.array([pair.b for pair in pairs], pa.string()),
        "chance": pa.array([pair.chance for pair in pairs], pa.float64()),
        "likeness": pa.array([list(pair.likeness) for pair in pairs], pa.list_(pa.int8())),
    })  # fmt: skip


def pairs(told: pa.Table) -> list[Pair]:
    """Return pairs as a build keeps them."""
    columns = (told[name].to_pylist() for name in ("a", "b", "chance", "likeness"))
    return [Pair(a, b, chance, tuple(like)) for a, b, chance, like in zip(*columns, strict=True)]


def _changes(
    register: Register, golden: pa.Table, taken: pa.Table, was: Before, now: Mapping[str, str]
) -> pa.Table:
    """Return every value that differs from the build before, and where each lost subject went."""
    told = ("subject", "trait", "source", "rule")
    origin = {
        (subject, trait): (source, rule)
        for subject, trait, source, rule in zip(*(taken[n].to_pylist() for n in told), strict=True)
    }
    names = [trait.name for trait in register.traits]
    found: list[tuple[str, str, str | None, str | None, str, str]] = []
    there = golden["subject"].to_pylist()
    columns = {name: _words(golden[name]) for name in names}
    for place, subject in enumerate(there):
        old = was.golden.get(subject)
        for name in names if old is not None else ():
            new = columns[name][place]
            if old is not None and old.get(name) != new:
                source, rule = origin.get((subject, name), ("", ""))
                found.append((subject, name, old.get(name), new, source, rule))
    for subject in sorted(set(was.golden) - set(there)):
        into = sorted({now[r] for r, s in was.subject.items() if s == subject and r in now})
        found.append(
            (subject, "subject", subject, ",".join(into), "", "joined" if into else "gone")
        )
    rows = list(zip(*found, strict=True)) or [()] * 6
    names = ["subject", "trait", "was", "now", "source", "rule"]
    return pa.table({n: pa.array(list(r), pa.string()) for n, r in zip(names, rows, strict=True)})


def _words(column: pa.ChunkedArray) -> list[str | None]:
    return [None if value is None else str(value) for value in column.to_pylist()]
