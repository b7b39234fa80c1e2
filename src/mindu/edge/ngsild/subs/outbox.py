"""The outbox: notifications that were made of the journal up to a place, kept until delivered."""

from pathlib import Path
from threading import RLock

import apsw
import msgspec

MOST = 10_000  # that wait of one subscription; the oldest go first, and are counted
OLDEST = 7 * 86_400_000  # ms that one may wait
_TABLES = """
CREATE TABLE IF NOT EXISTS note(id INTEGER PRIMARY KEY AUTOINCREMENT, sub TEXT NOT NULL,
  body BLOB NOT NULL, made INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS waiting ON note(sub, id);
CREATE TABLE IF NOT EXISTS place(one INTEGER PRIMARY KEY, position INTEGER, digest BLOB);
CREATE TABLE IF NOT EXISTS stat(sub TEXT PRIMARY KEY, told BLOB NOT NULL);
"""


class Stat(msgspec.Struct):
    """What became of the notifications of one subscription. Times in epoch ms, 0 for never."""

    sent: int = 0
    failed: int = 0
    lost: int = 0
    last: int = 0
    success: int = 0
    failure: int = 0
    why: str = ""
    made: int = 0  # when the newest was made


class Note(msgspec.Struct, frozen=True):
    """One notification that waits."""

    id: int
    sub: str
    body: bytes
    made: int
    tries: int
    due: int


class Outbox:
    """One file of notifications. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open the file, or begin one."""
        self._lock = RLock()
        self._db = apsw.Connection(str(path))
        self._db.set_busy_timeout(10_000)
        self._db.pragma("journal_mode", "wal")
        self._db.pragma("synchronous", "FULL")
        self._db.execute(_TABLES)
        rows = self._db.execute("SELECT sub, told FROM stat")
        self.stats = {sub: msgspec.msgpack.decode(told, type=Stat) for sub, told in rows}

    def place(self) -> tuple[int, bytes] | None:
        """Return the place of the journal up to which notifications were made."""
        with self._lock:
            row = self._db.execute("SELECT position, digest FROM place").fetchone()
        return None if row is None else (int(row[0]), bytes(row[1]))

    def keep(self, notes: list[tuple[str, bytes]], position: int, digest: bytes, now: int) -> None:
        """Keep notifications and the place that they were made up to, in one."""
        with self._lock, self._db:
            self._db.executemany(
                "INSERT INTO note(sub, body, made, due) VALUES(?,?,?,?)",
                [(sub, body, now, now) for sub, body in notes],
            )
            self._db.execute("INSERT OR REPLACE INTO place VALUES(1,?,?)", (position, digest))
            for sub in {sub for sub, _ in notes}:
                stat = self.stats.setdefault(sub, Stat())
                stat.made = now
                stat.lost += self._bound(sub, now)
                self._store(sub)

    def _bound(self, sub: str, now: int) -> int:
        self._db.execute(
            "DELETE FROM note WHERE sub=? AND (made<? OR id<=(SELECT id FROM note WHERE sub=? "
            "ORDER BY id DESC LIMIT 1 OFFSET ?))", (sub, now - OLDEST, sub, MOST),
        )  # fmt: skip
        return self._db.changes()

    def _store(self, sub: str) -> None:
        told = msgspec.msgpack.encode(self.stats[sub])
        self._db.execute("INSERT OR REPLACE INTO stat VALUES(?,?)", (sub, told))

    def due(self, now: int, *, but: set[str], most: int) -> list[Note]:
        """Return the oldest notification of each subscription, where it is due."""
        with self._lock:
            rows = self._db.execute(
                "SELECT id, sub, body, made, tries, due FROM note WHERE id IN "
                "(SELECT min(id) FROM note GROUP BY sub) AND due<=? ORDER BY id", (now,),
            )  # fmt: skip
            found = [Note(*row) for row in rows]
        return [it for it in found if it.sub not in but][:most]

    def sent(self, note: Note, now: int) -> None:
        """Let a notification go: it was delivered."""
        with self._lock, self._db:
            self._db.execute("DELETE FROM note WHERE id=?", (note.id,))
            stat = self.stats.setdefault(note.sub, Stat())
            stat.sent += 1
            stat.last = stat.success = now
            self._store(note.sub)

    def failed(self, note: Note, now: int, again: int, why: str) -> None:
        """Keep a notification for another try."""
        with self._lock, self._db:
            self._db.execute("UPDATE note SET tries=tries+1, due=? WHERE id=?", (again, note.id))
            stat = self.stats.setdefault(note.sub, Stat())
            stat.failed += 1
            stat.sent += not note.tries
            stat.last = stat.failure = now
            stat.why = why[:300]
            self._store(note.sub)

    def forget(self, sub: str) -> None:
        """Forget a subscription and all that waits for it."""
        with self._lock, self._db:
            self._db.execute("DELETE FROM note WHERE sub=?", (sub,))
            self._db.execute("DELETE FROM stat WHERE sub=?", (sub,))
            self.stats.pop(sub, None)

    def waiting(self, sub: str) -> int:
        """Count what waits for a subscription."""
        with self._lock:
            row = self._db.execute("SELECT count(*) FROM note WHERE sub=?", (sub,)).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Close the file."""
        self._db.close()
