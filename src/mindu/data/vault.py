"""The vault: what names a person lives here under keys; the log holds only a name of the vault.

Every value is sealed with AES-256-GCM under a key of its own subject; keys lie in a second file, so
that erasing a key makes every copy of the values unreadable, backups included. Tables hold cells:
values sealed in the same way, each with the name of its subject, so that no table needs a key.
"""

import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import RLock

import apsw
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, as GCM wants them
MOST = 1 << 20  # bytes of one value
_VALUES = "CREATE TABLE IF NOT EXISTS value(subject TEXT, name TEXT, sealed BLOB NOT NULL, " \
    "PRIMARY KEY(subject, name)) WITHOUT ROWID"  # fmt: skip
_KEYS = "CREATE TABLE IF NOT EXISTS key(subject TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID"
_GONE = "CREATE TABLE IF NOT EXISTS gone(subject TEXT PRIMARY KEY) WITHOUT ROWID"
_SALT = "\x00salt"  # no subject is called so
_KNOWN = "SELECT subject, key FROM key WHERE subject IN (SELECT value FROM json_each(?))"
_GONE_OF = "SELECT subject, '' FROM gone WHERE subject IN (SELECT value FROM json_each(?))"
CELL = "§"  # begins every cell; no value of ours begins so without being one
SOME = 10_000  # keys that are looked for at once


class Vault:
    """Two files: sealed values, and the keys that open them. Threads may share it."""

    def __init__(self, folder: Path | None) -> None:
        """Open the vault in a folder, or one that lives in memory."""
        self._lock = RLock()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._values = _opened(folder, "vault.values", _VALUES)
        self._keys = _opened(folder, "vault.keys", _KEYS)
        self._keys.execute(_GONE)
        self._salt = self._key(_SALT)

    def subject(self, told: str) -> str:
        """Return the name under which the vault knows a person by phone or address; "" for none.

        The name is a keyed digest: nobody without the vault can find the phone by trying phones.
        """
        plain = "".join(told.split()).lower()
        if not plain:
            return ""
        return hmac.new(self._salt, plain.encode(), hashlib.sha256).hexdigest()[:24]

    def marks(self, told: Iterable[str]) -> list[int]:
        """Return a keyed number of 63 bits for each word; it tells nothing of the word."""
        salt = self._salt
        found = (hmac.digest(salt, b"mark|" + one.encode(), "sha256") for one in told)
        return [int.from_bytes(one[:8], "big") >> 1 for one in found]

    def put(self, subject: str, name: str, value: object) -> None:
        """Seal a value of a subject; it is durable when this returns.

        Raises:
            ValueError: it is too big.
        """
        plain = msgspec.json.encode(value)
        if len(plain) > MOST:
            raise ValueError(f"{len(plain)} bytes of {name} are too many; the vault takes {MOST}")
        with self._lock:
            key, nonce = self._key(subject), os.urandom(NONCE)
            sealed = nonce + AESGCM(key).encrypt(nonce, plain, f"{subject}|{name}".encode())
            self._values.execute(
                "INSERT OR REPLACE INTO value VALUES(?,?,?)", (subject, name, sealed)
            )

    def get(self, subject: str, name: str) -> object | None:
        """Return a value; None when it was never put, or was erased.

        Raises:
            ValueError: the file was changed by another hand.
        """
        with self._lock:
            key = self._known(subject)
            row = self._values.execute(
                "SELECT sealed FROM value WHERE subject=? AND name=?", (subject, name)
            ).fetchone()
        if key is None or row is None:
            return None
        sealed = bytes(row[0])
        try:
            plain = AESGCM(key).decrypt(
                sealed[:NONCE], sealed[NONCE:], f"{subject}|{name}".encode()
            )
        except InvalidTag as wrong:
            raise ValueError(f"{name} of {subject} was changed; take a copy back") from wrong
        found: object = msgspec.json.decode(plain)
        return found

    def drop(self, subject: str, name: str) -> None:
        """Take a value away, where there is one; the subject's key stays."""
        with self._lock:
            self._values.execute("DELETE FROM value WHERE subject=? AND name=?", (subject, name))

    def named(self, beginning: str) -> list[tuple[str, str]]:
        """Return subject and name of every value whose name begins so, in their order."""
        with self._lock:
            rows = self._values.execute(
                "SELECT subject, name FROM value WHERE substr(name, 1, ?)=? ORDER BY 1, 2",
                (len(beginning), beginning),
            ).fetchall()
        return [(str(subject), str(name)) for subject, name in rows]

    def seal(
        self, subjects: Sequence[str], columns: Sequence[Sequence[str | None]]
    ) -> list[list[str | None]]:
        """Return columns as cells, each row under the key of its subject; keys are durable first.

        What is about a subject that was erased is withheld: its cell is None.
        """
        made = self._made(subjects)
        found = []
        for column in columns:
            nonces = os.urandom(NONCE * len(column))
            cells: list[str | None] = []
            for place, (subject, value) in enumerate(zip(subjects, column, strict=True)):
                key = made.get(subject)
                if value is None or key is None:
                    cells.append(None)
                    continue
                nonce = nonces[place * NONCE : (place + 1) * NONCE]
                sealed = nonce + key.encrypt(nonce, value.encode(), subject.encode())
                cells.append(f"{CELL}{subject}.{b64encode(sealed).decode()}")
            found.append(cells)
        return found

    def unseal(self, cells: Sequence[str | None]) -> list[str | None]:
        """Return what cells hold; None for none, and for what is about an erased subject.

        Raises:
            ValueError: a cell was changed by another hand.
        """
        told = [None if cell is None else _parted(cell) for cell in cells]
        keys = self._every({subject for subject, _ in filter(None, told)})
        return [None if one is None else _plain(keys.get(one[0]), *one) for one in told]

    def _made(self, subjects: Sequence[str]) -> dict[str, AESGCM]:
        """Return the keys of subjects; who has none and was not erased gets one."""
        wanted = set(subjects)
        with self._lock:
            found = self._every(wanted)
            missing = sorted(wanted - set(found) - self._erased(wanted))
            if not missing:
                return found
            fresh = [(subject, AESGCM.generate_key(256)) for subject in missing]
            with self._keys:
                self._keys.executemany("INSERT OR IGNORE INTO key VALUES(?,?)", fresh)
            return found | self._every(missing)  # another process may have been first

    def _every(self, subjects: Iterable[str]) -> dict[str, AESGCM]:
        rows = self._asked(_KNOWN, subjects)
        return {str(subject): AESGCM(bytes(key)) for subject, key in rows}

    def _erased(self, subjects: Iterable[str]) -> set[str]:
        rows = self._asked(_GONE_OF, subjects)
        return {str(subject) for subject, _ in rows}

    def _asked(self, query: str, subjects: Iterable[str]) -> list[tuple[str, bytes]]:
        names, found = sorted(subjects), []
        for at in range(0, len(names), SOME):
            told = msgspec.json.encode(names[at : at + SOME]).decode()
            with self._lock:
                found += self._keys.execute(query, (told,)).fetchall()
        return found  # type: ignore[return-value]

    def erase(self, subject: str) -> bool:
        """Destroy the key of a subject, and with it every value; say whether there was one.

        From then on nothing about the subject is sealed: what a source sends again is withheld.
        """
        with self._lock:
            known = self._known(subject) is not None
            with self._keys:
                self._keys.execute("DELETE FROM key WHERE subject=?", (subject,))
                self._keys.execute("INSERT OR IGNORE INTO gone VALUES(?)", (subject,))
            self._values.execute("DELETE FROM value WHERE subject=?", (subject,))
            for db in (self._keys, self._values):  # the write-ahead file still held both
                db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        return known

    def gone(self, subject: str) -> bool:
        """Say whether a subject was erased, so that what is sent about it is withheld."""
        return subject in self._erased({subject})

    def admit(self, subject: str) -> None:
        """Let what is sent about an erased subject be sealed again, under a new key."""
        with self._lock:
            self._keys.execute("DELETE FROM gone WHERE subject=?", (subject,))

    def held(self, subject: str) -> tuple[str, int]:
        """Return a digest of the subject's key and how many values it opens; ("", 0) for none.

        A key is as random as its length, so that its digest tells nothing of it.
        """
        with self._lock:
            key = self._known(subject)
            row = self._values.execute(
                "SELECT count(*) FROM value WHERE subject=?", (subject,)
            ).fetchone()
        count = row[0] if row is not None and isinstance(row[0], int) else 0
        return (hashlib.sha256(key).hexdigest(), count) if key is not None else ("", 0)

    def close(self) -> None:
        """Close both files."""
        self._values.close()
        self._keys.close()

    def _known(self, subject: str) -> bytes | None:
        row = self._keys.execute("SELECT key FROM key WHERE subject=?", (subject,)).fetchone()
        return None if row is None else bytes(row[0])

    def _key(self, subject: str) -> bytes:
        key = self._known(subject)
        if key is None:
            key = AESGCM.generate_key(256)
            self._keys.execute("INSERT INTO key VALUES(?,?)", (subject, key))
        return key


def owner(cell: str) -> str:
    """Return the name of whom a cell is about; a name by itself stays as it is."""
    return cell.removeprefix(CELL).partition(".")[0]


def _parted(cell: str) -> tuple[str, bytes]:
    """Return whose a cell is, and what is sealed in it."""
    subject, _, body = cell.removeprefix(CELL).partition(".")
    if not cell.startswith(CELL) or not body:
        raise ValueError("this is no cell of the vault; pull the source anew (--full)")
    return subject, b64decode(body)


def _plain(key: AESGCM | None, subject: str, sealed: bytes) -> str | None:
    if key is None:
        return None
    try:
        return key.decrypt(sealed[:NONCE], sealed[NONCE:], subject.encode()).decode()
    except InvalidTag as wrong:
        raise ValueError(f"a cell of {subject} was changed; take a copy back") from wrong


def _opened(folder: Path | None, name: str, table: str) -> apsw.Connection:
    path = folder / name if folder is not None else None
    if path is not None and not path.exists():
        path.touch(mode=0o600)
    db = apsw.Connection(":memory:" if path is None else str(path))
    db.set_busy_timeout(10_000)
    if path is not None:
        db.pragma("journal_mode", "wal")
        db.pragma("synchronous", "FULL")
    db.pragma("secure_delete", True)  # noqa: FBT003 - SQLite's own word
    db.execute(table)
    return db
