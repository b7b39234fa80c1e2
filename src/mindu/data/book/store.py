"""What a log stands on: a room that keeps its rows, and the rows that wait to be kept."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from mindu.base.wrong import Damaged, Taken

MEMORY = ":memory:"
MOVING, MOVED = ".moving", ".moved"  # end the name of a log that is not whole yet; that has left
TABLES = ("entry", "because", "channel", "block", "tile", "snapshot")  # as a batch fills them
_PAGE = "SELECT seq, body FROM entry WHERE seq>=? ORDER BY seq LIMIT ?"
Row = tuple[Any, ...]


def half(path: str) -> Taken:
    """Return what keeps a log shut that a move left half way."""
    return Taken(
        f"{path} is half moved: run `mindu move` again to end it",
        f"{path} 只搬了一半:请再次运行 mindu move",
    )


@dataclass(slots=True)
class Batch:
    """Rows that wait for the next commit, by table, in the order they came."""

    entry: list[Row] = field(default_factory=list)
    because: list[Row] = field(default_factory=list)
    channel: list[Row] = field(default_factory=list)
    block: list[Row] = field(default_factory=list)
    tile: list[Row] = field(default_factory=list)
    snapshot: list[Row] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Say whether anything waits."""
        return bool(self.entry or self.snapshot or self.channel)

    def then(self, later: "Batch") -> "Batch":
        """Return both batches as one."""
        return Batch(*(getattr(self, n) + getattr(later, n) for n in TABLES))

    def counts(self) -> tuple[int, ...]:
        """Return how many rows wait, by table."""
        return tuple(len(getattr(self, n)) for n in TABLES)

    def beyond(self, counts: Sequence[int]) -> "Batch":
        """Return what came after the first so many rows of each table."""
        return Batch(*(getattr(self, n)[k:] for n, k in zip(TABLES, counts, strict=True)))


class Store(Protocol):
    """An open room; every call is one short statement or one transaction.

    Statements are of the SQL that all rooms speak, with `?` for a value.
    """

    path: str  # as it is told to people; no secret in it
    writing: bool
    days: Path | None  # where old days lie as Parquet; None where nothing is carried

    def write(self, batch: Batch, size: int, digest: bytes, snapshots: int) -> None:
        """Write a batch in one transaction; when it returns, the rows are durable.

        Of each fold only the newest `snapshots` are kept.

        Raises:
            OSError: the disk or the server refused; give the same rows again, in front.
            RuntimeError: another writer has written since; nothing of the batch was written.
        """
        ...

    def change(self, *statements: tuple[str, Sequence[object]]) -> None:
        """Run a few statements in one transaction, for what is no entry: days, old snapshots."""
        ...

    def all(self, statement: str, *values: object) -> list[Row]:
        """Return every row: only for what is bounded.

        Raises:
            ValueError: the room is damaged.
        """
        ...

    def each(self, statement: str) -> Iterator[Row]:
        """Yield row after row, for what is not bounded.

        Raises:
            ValueError: the room is damaged.
        """
        ...

    def channels(self) -> list[tuple[int, str, str, str]]:
        """Return the dictionary of channels (number, about, prop, unit), in their order."""
        ...

    def still(self) -> AbstractContextManager[None]:
        """Let everything read inside be of one moment, whatever a writer does beside us."""
        ...

    def close(self) -> None:
        """Close the room and let others write."""
        ...


def one(store: Store, statement: str, *values: object) -> Row | None:
    """Return the first row, or None."""
    return next(iter(store.all(f"{statement} LIMIT 1", *values)), None)


def page(store: Store, since: int, limit: int = 2048) -> list[Row]:
    """Return (seq, body) of the next entries from `since` on."""
    return store.all(_PAGE, since, limit)


def tile(store: Store, level: int, place: int) -> bytes:
    """Return the hashes of a full tile."""
    row = one(store, "SELECT hashes FROM tile WHERE level=? AND place=?", level, place)
    if row is None:
        raise Damaged(
            f"{store.path} has lost tile {level}/{place}; verify it",
            f"{store.path} 缺哈希树的 {level}/{place} 段;请校验",
        )
    return bytes(row[0])


def head(store: Store) -> tuple[int, bytes]:
    """Return the number of entries and the digest that vouches for them."""
    size, digest = one(store, "SELECT size, digest FROM head") or (0, bytes(32))
    return size, digest
