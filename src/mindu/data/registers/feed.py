"""Feeding: rows of sources become records, some at a time, opened in memory alone."""

from collections.abc import Container, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mindu.data.collect.declare import Source
from mindu.data.collect.part import word
from mindu.data.collect.sift import PULL, WHO
from mindu.data.collect.store import ended, ends, files
from mindu.data.registers.declare import Feed, Register
from mindu.data.vault import owner

DAY_MS = 86_400_000
BATCH = 50_000  # rows that are open at once
Values = list[str | None]


class Opener(Protocol):
    """Names subjects and opens cells: the vault."""

    def subject(self, told: str) -> str:
        """Return the vault's name of something."""
        ...

    def unseal(self, cells: Sequence[str | None]) -> Values:
        """Return what cells hold."""
        ...

    def marks(self, told: Iterable[str]) -> list[int]:
        """Return a keyed number of each word."""
        ...


class Fed(NamedTuple):
    """One source of a register and where its rows lie."""

    feed: Feed
    source: Source
    folder: Path


class Some(NamedTuple):
    """Some records, and the rows beside them that hold nothing (any more)."""

    table: pa.Table  # record, source, changed (epoch ms), who, and every trait as a word
    empty: list[str]  # names of the rows that hold nothing
    loose: int  # rows that have no key, and are called by all that they say


def grows(fed: Fed, since: int) -> bool:
    """Say whether all that changed since a pull stands in rows that later pulls brought."""
    feed, source, folder = fed
    last = next(iter(ends(folder, 1)), None)
    named = source.key and feed.row in {"", source.key}
    if not since or not named or last is None or source.mode != "incremental":
        return False
    told = [ended(folder, number) for number in range(since + 1, last.number + 1)]
    return all(pull is not None and pull.mode == "incremental" for pull in told)


def batches(register: Register, fed: Fed, vault: Opener, since: int = 0) -> Iterator[Some]:
    """Return the records that a source holds, or that pulls after a number have brought.

    Raises:
        ValueError: a feed names a column that its source has not.
    """
    times: dict[int, int] = {}
    key = fed.feed.row or fed.source.key
    for table in _tables(fed):
        fresh = table.filter(pc.greater(table[PULL], since)) if since else table
        part = _one(register, fed, fresh, vault, times)
        full = filled(register, part)
        empty = part.filter(pc.invert(full))["record"].to_pylist()
        yield Some(part.filter(full), empty, fresh[key].null_count if key else 0)


def owners(register: Register, fed: Fed, vault: Opener, records: Container[str]) -> set[str]:
    """Return the names under which some records lie sealed at their source."""
    found: set[str] = set()
    for table in _tables(fed):
        names = _one(register, fed, table, vault, {})["record"].to_pylist()
        mine = table.filter(pa.array([name in records for name in names], pa.bool_()))
        for column in fed.source.sealed:
            if column in mine.column_names:
                found |= {owner(cell) for cell in mine[column].to_pylist() if cell is not None}
    return found


def _tables(fed: Fed) -> Iterator[pa.Table]:
    """Return the rows of a source that its feed needs, some at a time."""
    feed, source, folder = fed
    _fits(feed, source)
    wanted = {*feed.fields.values(), *filter(None, (feed.row, feed.changed, source.key))}
    for path in files(folder):
        file = pq.ParquetFile(path)
        columns = [n for n in file.schema_arrow.names if n in wanted | {PULL, WHO}]
        for batch in file.iter_batches(BATCH, columns=columns):
            yield pa.table(batch)


def held(folder: Path) -> int:
    """Return how many rows a source holds, as its files say."""
    return sum(int(pq.read_metadata(path).num_rows) for path in files(folder))


def filled(register: Register, records: pa.Table) -> pa.Array:
    """Say which records say anything at all."""
    full = pa.array([False] * records.num_rows, pa.bool_())
    for trait in register.traits:
        said = pc.fill_null(pc.not_equal(records[trait.name], ""), False)  # noqa: FBT003
        full = pc.or_(full, said)
    return full


def _fits(feed: Feed, source: Source) -> None:
    known = {column.name for column in source.columns}
    wanted = [*feed.fields.values(), *filter(None, (feed.row, feed.changed))]
    if missing := [name for name in wanted if name not in known]:
        raise ValueError(f"{source.name} has no column {missing[0]!r}, which its feed names")
    if feed.changed and source.column(feed.changed).of not in {"day", "moment"}:
        raise ValueError(f"{source.name}.{feed.changed} says no time: give a day or a moment")


def _one(
    register: Register, fed: Fed, table: pa.Table, vault: Opener, times: dict[int, int]
) -> pa.Table:
    feed, source, _ = fed
    plain = {name: _words(table, source, name, vault) for name in set(feed.fields.values())}
    rows = _rows(feed, source, table, vault, plain)
    nobody: list[object] = [None] * table.num_rows
    told: dict[str, list[object]] = {
        "record": [_named(source.name, row, vault) for row in rows],
        "source": [source.name] * table.num_rows,
        "changed": _changed(fed, table, times),
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
    said = zip(*(plain[name] for name in sorted(plain)), strict=True)
    key = feed.row or source.key
    told: Values = [None] * table.num_rows
    if key:
        told = plain.get(key) or _words(table, source, key, vault)
    return [
        name or sha256(repr(row).encode()).hexdigest() for name, row in zip(told, said, strict=True)
    ]


def _named(source: str, row: str, vault: Opener) -> str:
    """Return the name of a record; it tells nothing of the row, and is always the same."""
    return vault.subject(sha256(f"{source}|{row}".encode()).hexdigest())


def numbered(record: str, turn: int, vault: Opener) -> str:
    """Return the name of a row that is called as another one is: the second, the third, …."""
    return vault.subject(sha256(f"{record}|{turn}".encode()).hexdigest())


def _changed(fed: Fed, table: pa.Table, times: dict[int, int]) -> list[object]:
    """Return when each row was last true: as it says, else the end of the pull that brought it."""
    feed, source, folder = fed
    pulls = table[PULL].to_pylist()
    for number in set(pulls) - set(times):
        pull = ended(folder, number)
        times[number] = 0 if pull is None else pull.ended
    pulled: list[object] = [times[number] for number in pulls]
    if not feed.changed:
        return pulled
    column = table[feed.changed]
    day = source.column(feed.changed).of == "day"
    said = column.cast(pa.int32()).to_pylist() if day else column.to_pylist()
    step = DAY_MS if day else 1
    return [at if one is None else one * step for one, at in zip(said, pulled, strict=True)]
