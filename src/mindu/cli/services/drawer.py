"""A locked drawer: what names a person, sealed on disk under one key of its own per subject.

Keys lie in a second file: erasing a subject's key makes every copy of their answers unreadable.
"""

import os
from pathlib import Path

import apsw
import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, as GCM wants them
MOST = 1 << 20  # bytes of one value
_VALUES = "CREATE TABLE IF NOT EXISTS value(subject, name, sealed, PRIMARY KEY(subject, name))"
_KEYS = "CREATE TABLE IF NOT EXISTS key(subject PRIMARY KEY, key)"


class LockedDrawer:
    """Two files in a folder that only its owner may read."""

    def __init__(self, folder: Path) -> None:
        """Open the drawer, or make it."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._values = _opened(folder / "services.values", _VALUES)
        self._keys = _opened(folder / "services.keys", _KEYS)

    def put(self, subject: str, name: str, value: object) -> None:
        """Seal a value; it is durable when this returns."""
        plain = msgspec.json.encode(value)
        if len(plain) > MOST:
            raise ValueError(f"{len(plain)} bytes of {name} are too many; the drawer takes {MOST}")
        key = self._key(subject)
        if key is None:
            key = AESGCM.generate_key(256)
            self._keys.execute("INSERT INTO key VALUES(?,?)", (subject, key))
        nonce = os.urandom(NONCE)
        sealed = nonce + AESGCM(key).encrypt(nonce, plain, f"{subject}|{name}".encode())
        told = (subject, name, sealed)
        self._values.execute("INSERT OR REPLACE INTO value VALUES(?,?,?)", told)

    def get(self, subject: str, name: str) -> object | None:
        """Return a value; None when it was never put, or was erased."""
        key = self._key(subject)
        asked = "SELECT sealed FROM value WHERE subject=? AND name=?"
        row = self._values.execute(asked, (subject, name)).fetchone()
        if key is None or row is None:
            return None
        sealed, bound = bytes(row[0]), f"{subject}|{name}".encode()
        told: object = msgspec.json.decode(
            AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
        )
        return told

    def erase(self, subject: str) -> bool:
        """Destroy a subject's key, and with it every value."""
        known = self._key(subject) is not None
        self._keys.execute("DELETE FROM key WHERE subject=?", (subject,))
        self._values.execute("DELETE FROM value WHERE subject=?", (subject,))
        for db in (self._keys, self._values):  # the write-ahead file still held both
            db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        return known

    def close(self) -> None:
        """Close both files."""
        self._values.close()
        self._keys.close()

    def _key(self, subject: str) -> bytes | None:
        row = self._keys.execute("SELECT key FROM key WHERE subject=?", (subject,)).fetchone()
        return None if row is None else bytes(row[0])


def _opened(path: Path, table: str) -> apsw.Connection:
    path.touch(mode=0o600)
    db = apsw.Connection(str(path))
    db.set_busy_timeout(10_000)
    db.pragma("journal_mode", "wal")
    db.pragma("synchronous", "FULL")
    db.pragma("secure_delete", True)  # noqa: FBT003 - SQLite's own word
    db.execute(table)
    return db
