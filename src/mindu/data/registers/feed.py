"""Feeding: the rows that sources brought in become records, opened in memory alone."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from mindu.data.collect.declare import Source
from mindu.data.collect.part import word
from mindu.data.collect.sift import WHO
from mindu.data.collect.store import ends, files
from mindu.data.registers.declare import Feed, Register

DAY_MS = 86_400_000
Values = list[str | None]


class Opener(Protocol):
    """Names subjects and opens cells: the vault."""

    def subject(self, told: str) -> str:
        """Return the vault's name of something."""
        ...

    def unseal(self, cells: Sequence[str | None]) -> Values:
        """Return what cells hold."""
        ...


class Taken(NamedTuple):
    """The records of a register, and how many rows hold nothing (any more)."""

    table: pa.Table  # record, source, changed (epoch ms), who, and every trait as a word
    empty: int


def taken(
    register: Register, feeds: Sequence[tuple[Feed, Source, Path]], vault: Opener,
    see: Callable[[str, int], None] = lambda _source, _rows: None,
) -> Taken:  # fmt: skip
    """Return every record that the sources hold; a row that was erased holds nothing.

    Raises:
        ValueError: a feed names a column that its source has not.
    """
    parts, empty = [], 0
    for feed, source, folder in feeds:
        _fits(feed, source)
        part = _one(register, feed, source, folder, vault)
        kept = filled(register, part)
        empty += part.num_rows - kept.num_rows
        see(source.name, kept.num_rows)
        parts.append(kept)
    return Taken(pa.concat_tables(parts).combine_chunks(), empty)


def filled(register: Register, records: pa.Table) -> pa.Table:
    """Return the records that say anything at all."""
    columns = [records[trait.name].to_pylist() for trait in register.traits]
    full = [any(row) for row in zip(*columns, strict=True)]
    return records.filter(pa.array(full, pa.bool_()))


def _fits(feed: Feed, source: Source) -> None:
    known = {column.name for column in source.columns}
    wanted = [*feed.fields.values(), *filter(None, (feed.row, feed.changed))]
    if missing := [name for name in wanted if name not in known]:
        raise ValueError(f"{source.name} has no column {missing[0]!r}, which its feed names")
    if feed.changed and source.column(feed.changed).of not in {"day", "moment"}:
        raise ValueError(f"{source.name}.{feed.changed} says no time: give a day or a moment")


def _one(register: Register, feed: Feed, source: Source, folder: Path, vault: Opener) -> pa.Table:
    paths = files(folder)
    if not paths:
        return table_of(register, {}, 0)
    table = pa.concat_tables([pq.read_table(path) for path in paths])
    plain = {name: _words(table, source, name, vault) for name in set(feed.fields.values())}
    pulled = next((pull.ended for pull in ends(folder, 1)), 0)
    rows = _rows(feed, source, table, vault, plain)
    nobody: list[object] = [None] * table.num_rows
    told: dict[str, list[object]] = {
        "record": [_named(source.name, row, vault) for row in rows],
        "source": [source.name] * table.num_rows,
        "changed": _changed(feed, source, table, pulled),
        "who": list(table[WHO].to_pylist()) if WHO in table.column_names else nobody,
    }  # fmt: skip
    told |= {trait: list(plain[column]) for trait, column in feed.fields.items()}
    return table_of(register, told, table.num_rows)


def table_of(register: Register, told: dict[str, list[object]], count: int) -> pa.Table:
    """Return records of a register; what is not told is nothing."""
    types = {
        "record": pa.string(),
        "source": pa.string(),
        "changed": pa.int64(),
        "who": pa.string(),
    }
    types |= {trait.name: pa.string() for trait in register.traits}
    nothing: list[object] = [None] * count
    return pa.table({name: pa.array(told.get(name, nothing), of) for name, of in types.items()})


def _words(table: pa.Table, source: Source, name: str, vault: Opener) -> Values:
    column = table[name].to_pylist()
    if name in source.sealed:
        return vault.unseal(column)
    return [word(value) for value in column]


def _rows(
    feed: Feed, source: Source, table: pa.Table, vault: Opener, plain: dict[str, Values]
) -> list[str]:
    """Return how each row is called at its source: by its key, else by all that it says."""
    key = feed.row or source.key
    if key:
        told = plain.get(key) or _words(table, source, key, vault)
        return [value or f"#{place}" for place, value in enumerate(told)]
    rows = zip(*(plain[name] for name in sorted(plain)), strict=True)
    found, seen = [], dict[str, int]()
    for row in rows:
        digest = sha256(repr(row).encode()).hexdigest()
        seen[digest] = seen.get(digest, 0) + 1
        found.append(f"{digest}:{seen[digest]}")
    return found


def _named(source: str, row: str, vault: Opener) -> str:
    """Return the name of a record; it tells nothing of the row, and is always the same."""
    return vault.subject(sha256(f"{source}|{row}".encode()).hexdigest())


def _changed(feed: Feed, source: Source, table: pa.Table, pulled: int) -> list[object]:
    if not feed.changed:
        return [pulled] * table.num_rows
    column = table[feed.changed]
    if source.column(feed.changed).of == "day":
        days = column.cast(pa.int32()).to_pylist()
        return [pulled if day is None else day * DAY_MS for day in days]
    return [pulled if at is None else at for at in column.to_pylist()]
