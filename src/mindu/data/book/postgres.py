"""The room on a server: one schema of a PostgreSQL database, one writing session.

A batch is one statement, so it is there whole or not at all. It moves the head from the place that
this writer knows, so that a writer who was cut off can never write over another. Where a session
breaks before the answer came, the head tells afterwards whether the batch had arrived.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import psycopg

from mindu.base.time import monotonic
from mindu.data.book.address import Address
from mindu.data.book.session import Link, entered, named, told
from mindu.data.book.store import TABLES, Batch, Row

PATIENCE_S = 15.0  # how long a server may be away before a call fails; a restart takes a few
AGAIN_S = 0.25  # between two tries
FETCHED = 2_000  # rows at once of what is not bounded
_TYPES = {
    "entry": ("bigint", "bytea"),
    "because": ("bigint", "bigint"),
    "channel": ("int", "bytea", "bytea", "bytea"),
    "block": ("bigint", "int", "bytea"),
    "tile": ("int", "bigint", "bytea", "bytea"),
    "snapshot": ("text", "bigint", "bytea", "bytea"),
}
_CLASH = {
    "because": " ON CONFLICT DO NOTHING",
    "channel": " ON CONFLICT DO NOTHING",
    "snapshot": " ON CONFLICT (fold, seq) DO UPDATE SET digest=excluded.digest,"
    " state=excluded.state",
}
_PRUNE = """DELETE FROM snapshot s USING unnest(%s::text[]) AS f(fold) WHERE s.fold=f.fold
  AND s.seq NOT IN (SELECT seq FROM snapshot WHERE fold=f.fold ORDER BY seq DESC LIMIT %s)"""
_OTHER = "another writer has written {path} since this one was cut off: stop it, and start again"
T = TypeVar("T")


class Postgres:
    """The open schema."""

    days: Path | None = None  # nothing is carried: the server keeps the blocks

    def __init__(self, where: Address, *, writing: bool) -> None:
        """Open or make the schema.

        Raises:
            RuntimeError: another process writes it.
            ValueError: the schema is no log of ours.
            OSError: the server does not answer or refuses.
        """
        self.path, self.writing = where.shown(), writing
        self._where = where
        self._name = named()
        self._link: Link | None = entered(where, self._name, writing=writing)
        self._still = False
        self._at: tuple[int, bytes] = self._read_head(self._link)
        # What was tried when a session broke: the head after it, and how many rows of each table.
        self._tried: tuple[tuple[int, bytes], tuple[int, ...]] | None = None

    def __del__(self) -> None:
        """Close the session of a log that nobody holds any more."""
        if getattr(self, "_link", None) is not None:
            self.close()

    def write(self, batch: Batch, size: int, digest: bytes, snapshots: int) -> None:
        """Write a batch in one transaction; when it returns, the rows are durable.

        Raises:
            OSError: the server refused or stayed away; give the same rows again, in front.
            RuntimeError: another writer has written since; nothing of the batch was written.
        """
        self._patient(lambda: self._write(batch, (size, digest), snapshots))
        self._tried = None

    def _write(self, batch: Batch, top: tuple[int, bytes], snapshots: int) -> None:
        link = self._linked()
        if self._tried is not None:
            after, counts = self._tried
            held = self._read_head(link)
            if held == after != self._at:
                batch = batch.beyond(counts)  # it had arrived; only the answer was lost
            elif held != self._at:
                raise RuntimeError(_OTHER.format(path=self.path))
            self._at, self._tried = held, None
        if not batch:
            return
        self._tried = top, batch.counts()
        try:
            self._send(link, batch, top, snapshots)
        except psycopg.OperationalError:
            raise
        except psycopg.Error:
            self._tried = None  # the server said no: nothing is in doubt
            raise
        self._at = top

    def _send(self, link: Link, batch: Batch, top: tuple[int, bytes], snapshots: int) -> None:
        filled = tuple(table for table in TABLES if getattr(batch, table))
        values: list[object] = [*top, *self._at]
        for table in filled:
            values += _columns(table, getattr(batch, table))
        if "snapshot" not in filled:
            moved = link.execute(_statement(filled), values).fetchone()
        else:
            with link.transaction():
                moved = link.execute(_statement(filled), values).fetchone()
                folds = list({row[0] for row in batch.snapshot})
                link.execute(_PRUNE, (folds, snapshots))
        if moved is None:
            self._tried = None
            raise RuntimeError(_OTHER.format(path=self.path))

    def change(self, *statements: tuple[str, Sequence[object]]) -> None:
        """Run a few statements in one transaction."""

        def run() -> None:
            link = self._linked()
            with link.transaction():
                for statement, values in statements:
                    link.execute(_marked(statement), values)

        self._patient(run)

    def all(self, statement: str, *values: object) -> list[Row]:
        """Return every row: only for what is bounded.

        Raises:
            OSError: the server stayed away.
        """
        return self._patient(
            lambda: self._linked().execute(_marked(statement), values, binary=True).fetchall()
        )

    def each(self, statement: str) -> Iterator[Row]:
        """Yield row after row, for what is not bounded.

        Raises:
            OSError: the server went away.
        """
        assert self._still, "what is not bounded is read inside one moment"
        link = self._linked()
        try:
            link.execute(f"DECLARE each NO SCROLL CURSOR FOR {_marked(statement)}")
            while rows := link.execute(f"FETCH {FETCHED} FROM each", binary=True).fetchall():
                yield from rows
            link.execute("CLOSE each")
        except psycopg.Error as wrong:
            raise told(wrong, self.path) from None

    def channels(self) -> list[tuple[int, str, str, str]]:
        """Return the dictionary of channels: bytes there, for text on the server holds no NUL."""
        rows = self.all("SELECT number, about, prop, unit FROM channel ORDER BY number")
        return [(n, _word(about), _word(prop), _word(unit)) for n, about, prop, unit in rows]

    @contextmanager
    def still(self) -> Iterator[None]:
        """Let everything read inside be of one moment, whatever a writer does beside us."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        self._patient(lambda: self._linked().execute(begin))
        self._still = True
        try:
            yield
        finally:
            self._still = False
            if self._link is not None:
                with suppress(psycopg.Error):  # a session that broke has nothing to undo
                    self._link.execute("ROLLBACK")

    def close(self) -> None:
        """Close the session and let others write."""
        if self._link is not None:
            self._link.close()

    def _linked(self) -> Link:
        """Return the session, entered anew where it broke."""
        if self._link is None:
            self._link = entered(self._where, self._name, writing=self.writing)
            if self._tried is None and self.writing and self._read_head(self._link) != self._at:
                raise RuntimeError(_OTHER.format(path=self.path))
        return self._link

    def _read_head(self, link: Link) -> tuple[int, bytes]:
        row = link.execute("SELECT size, digest FROM head").fetchone()
        return (0, bytes(32)) if row is None else (row[0], bytes(row[1]))

    def _patient(self, work: Callable[[], T]) -> T:
        """Do it; where the session breaks, enter anew and do it again, for a while."""
        end = monotonic() + PATIENCE_S
        while True:
            try:
                return work()
            except (psycopg.Error, ConnectionError) as wrong:
                if not self._broke(wrong) or self._still or monotonic() > end:
                    raise told(wrong, self.path) from None
                self.close()
                self._link = None
            Event().wait(AGAIN_S)

    def _broke(self, wrong: psycopg.Error | ConnectionError) -> bool:
        """Say whether the session is no more, or the server is about to end it."""
        if isinstance(wrong, ConnectionError) or self._link is None or self._link.closed:
            return True
        return (wrong.sqlstate or "").startswith(("57P", "08"))


def _columns(table: str, rows: list[Row]) -> list[list[Any]]:
    """Return the rows of a table as columns."""
    if table == "snapshot":  # the last of one name and place counts
        rows = list({row[:2]: row for row in rows}.values())
    columns = [list(column) for column in zip(*rows, strict=True)]
    if table == "channel":
        columns[1:] = [[word.encode() for word in column] for column in columns[1:]]
    return columns


def _word(told: object) -> str:
    assert isinstance(told, bytes)
    return told.decode("utf-8", "replace")


@cache
def _statement(filled: tuple[str, ...]) -> str:
    """Return one statement that moves the head and fills those tables, or does neither."""
    parts = [
        "moved AS (UPDATE head SET size=%s, digest=%s WHERE size=%s AND digest=%s RETURNING one)"
    ]
    for table in filled:
        arrays = ", ".join(f"%s::{of}[]" for of in _TYPES[table])
        parts.append(
            f"{table}_in AS (INSERT INTO {table} SELECT * FROM unnest({arrays}) AS new "  # noqa: S608
            f"WHERE EXISTS (SELECT FROM moved){_CLASH.get(table, '')})"
        )
    return f"WITH {', '.join(parts)} SELECT one FROM moved"  # noqa: S608 - all of it is ours


@cache
def _marked(statement: str) -> str:
    """Return a statement with the driver's own marks for values."""
    return statement.replace("?", "%s")
