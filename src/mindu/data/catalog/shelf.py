"""Where a catalogue's rows and words lie: one SQLite file, or one schema on a PostgreSQL server."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import apsw

from mindu.data.catalog import grams

Row = tuple[Any, ...]
_TABLES = """
CREATE TABLE IF NOT EXISTS dataset(
  id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL,
  origin TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_origin ON dataset(origin);
CREATE TABLE IF NOT EXISTS version(
  name TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
  body BLOB, PRIMARY KEY(name, version)) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS found USING fts5(
  title, rest, content='', contentless_delete=1, prefix='1', tokenize='unicode61');
"""


class Shelf(Protocol):
    """Rows by statements that both kinds speak, with `?` for a value; words by their own search."""

    def run(self, statement: str, *values: object) -> list[Row]:
        """Run one statement; return its rows."""
        ...

    def together(self) -> AbstractContextManager[object]:
        """Let everything inside be there whole or not at all; it may be nested."""
        ...

    def index(self, number: int, title: str, rest: str) -> None:
        """Let a dataset be found by these words, the ones of its title first."""
        ...

    def strike(self, number: int) -> None:
        """Let a dataset be found no longer."""
        ...

    def asked(self, words: str, *, begun: bool) -> str:
        """Return a question in the search's own language; `begun`: words are beginnings."""
        ...

    def any(self, grams: list[str]) -> str:
        """Return the question for what holds any of these words or pairs."""
        ...

    def count(self, question: str, most: int) -> int:
        """Count what answers a question, no further than to `most`."""
        ...

    def best(self, question: str, most: int, *, ranked: bool) -> list[bytes]:
        """Return datasets that answer, the best first where they are to be ranked."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class File:
    """A file, or memory where there is none. One process writes at a time; SQLite sees to it."""

    def __init__(self, path: Path | None) -> None:
        """Open it, or begin one."""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = apsw.Connection(":memory:" if path is None else str(path))
        self._db.set_busy_timeout(10_000)
        if path is not None:
            self._db.pragma("journal_mode", "wal")
            self._db.pragma("synchronous", "FULL")
        self._db.execute(_TABLES)

    def run(self, statement: str, *values: object) -> list[Row]:
        """Run one statement; return its rows."""
        return self._db.execute(statement, values).fetchall()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let everything inside be there whole or not at all."""
        with self._db:
            yield

    def index(self, number: int, title: str, rest: str) -> None:
        """Let a dataset be found by these words."""
        self.run("INSERT INTO found(rowid, title, rest) VALUES(?,?,?)", number, title, rest)

    def strike(self, number: int) -> None:
        """Let a dataset be found no longer."""
        self.run("DELETE FROM found WHERE rowid=?", number)

    def asked(self, words: str, *, begun: bool) -> str:
        """Return a question for FTS5."""
        return grams.begun(words) if begun else grams.asked(words)

    def any(self, grams: list[str]) -> str:
        """Return the question for what holds any of these words or pairs."""
        return " OR ".join(f'"{gram}"' for gram in grams)

    def count(self, question: str, most: int) -> int:
        """Count what answers."""
        inner = "SELECT rowid FROM found WHERE found MATCH ? LIMIT ?"
        ((count,),) = self.run(f"SELECT count(*) FROM ({inner})", question, most)  # noqa: S608
        return int(count)

    def best(self, question: str, most: int, *, ranked: bool) -> list[bytes]:
        """Return datasets that answer."""
        order = "ORDER BY bm25(found, 8.0, 1.0)" if ranked else ""
        rows = self.run(
            "SELECT body FROM (SELECT rowid AS id FROM found WHERE found MATCH ? "  # noqa: S608
            f"{order} LIMIT ?) JOIN dataset USING(id)",
            question,
            most,
        )
        return [body for (body,) in rows]

    def close(self) -> None:
        """Close the file."""
        self._db.close()
