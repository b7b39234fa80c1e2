"""The store of people: one SQLite file beside the log that only its owner may read."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from threading import RLock
from typing import Any

import apsw

FILE = "people.db"

_TABLES = """
CREATE TABLE IF NOT EXISTS account(name TEXT PRIMARY KEY, role TEXT, digest TEXT, since REAL);
CREATE TABLE IF NOT EXISTS session(digest BLOB PRIMARY KEY, name TEXT, since REAL, seen REAL);
CREATE TABLE IF NOT EXISTS once(digest BLOB PRIMARY KEY, name TEXT, role TEXT, until REAL);
CREATE TABLE IF NOT EXISTS passkey(id BLOB PRIMARY KEY, name TEXT, key BLOB, count INTEGER,
                                   label TEXT, since REAL);
CREATE TABLE IF NOT EXISTS unit(name TEXT PRIMARY KEY, department TEXT);
CREATE TABLE IF NOT EXISTS secret(name TEXT PRIMARY KEY, value TEXT);
"""


class Store:
    """The file, or memory where there is none; threads share it."""

    def __init__(self, path: Path | None = None) -> None:
        """Open or make it."""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        self.lock = RLock()
        self._db = apsw.Connection(":memory:" if path is None else str(path))
        self._db.execute(_TABLES)

    def close(self) -> None:
        """Let the file go."""
        with self.lock:
            self._db.close()

    def run(self, sql: str, told: Sequence[Any] = ()) -> Iterator[Sequence[Any]]:
        """Run one statement; hold the lock while its rows are read."""
        return iter(self._db.execute(sql, tuple(told)))

    def one(self, sql: str, *told: object) -> Sequence[Any] | None:
        """Return the first row."""
        with self.lock:
            return next(self.run(sql, told), None)

    def secret(self, name: str) -> str:
        """Return a secret of this house, made once and kept."""
        with self.lock:
            self.run("INSERT OR IGNORE INTO secret VALUES(?,?)", (name, token_urlsafe(32)))
            found = self.one("SELECT value FROM secret WHERE name=?", name)
        assert found is not None
        return str(found[0])


def sealed(secret: str) -> bytes:
    """Return what is stored of a secret: it cannot be turned back."""
    return sha256(secret.encode()).digest()
