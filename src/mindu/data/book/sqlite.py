"""The room of files: one SQLite database, one writing process, and the statements we run."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from weakref import finalize

import apsw

from mindu.base.wrong import Damaged, Taken, Unopened
from mindu.data.book.store import MEMORY, MOVING, Batch, Row, half

OURS = 0x4D696E64  # "Mind": the application id in the file's header
VERSION = 1
PAGE = 8192  # bytes; measured best for bodies of a few hundred bytes in groups of 1,000
CHECKPOINT = 4000  # WAL pages before they are folded into the file

_TABLES = """
CREATE TABLE entry(seq INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE because(cause INTEGER, seq INTEGER, PRIMARY KEY(cause, seq)) WITHOUT ROWID;
CREATE TABLE channel(number INTEGER PRIMARY KEY, about TEXT NOT NULL, prop TEXT NOT NULL,
  unit TEXT NOT NULL);
CREATE TABLE block(seq INTEGER PRIMARY KEY, day INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX block_day ON block(day);
CREATE TABLE day(file TEXT PRIMARY KEY, day INTEGER NOT NULL, first INTEGER NOT NULL,
  last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE tile(level INTEGER, place INTEGER, hashes BLOB NOT NULL, root BLOB NOT NULL,
  PRIMARY KEY(level, place)) WITHOUT ROWID;
CREATE TABLE head(one INTEGER PRIMARY KEY CHECK(one = 0), size INTEGER NOT NULL,
  digest BLOB NOT NULL);
CREATE TABLE snapshot(fold TEXT, seq INTEGER, digest BLOB NOT NULL, state BLOB NOT NULL,
  PRIMARY KEY(fold, seq));
"""
_INSERTS = {
    "entry": "INSERT INTO entry VALUES(?,?)",
    "because": "INSERT OR IGNORE INTO because VALUES(?,?)",
    "channel": "INSERT INTO channel VALUES(?,?,?,?)",
    "block": "INSERT INTO block VALUES(?,?,?)",
    "tile": "INSERT INTO tile VALUES(?,?,?,?)",
    "snapshot": "INSERT OR REPLACE INTO snapshot VALUES(?,?,?,?)",
}
_COUNT = "SELECT count(*) FROM sqlite_schema"
_PRUNE = """DELETE FROM snapshot WHERE fold=? AND seq NOT IN
  (SELECT seq FROM snapshot WHERE fold=? ORDER BY seq DESC LIMIT ?)"""


class Sqlite:
    """The open file."""

    def __init__(self, path: str, *, writing: bool) -> None:
        """Open or make the file.

        Raises:
            RuntimeError: another process holds the log.
            ValueError: the file is no log of ours.
        """
        self.path, self.writing = path, writing
        self.days = None if path == MEMORY else Path(f"{path}.days")
        locked = writing and path != MEMORY
        if locked and Path(f"{path}{MOVING}").exists() and not Path(path).exists():
            raise half(path)
        self._lock = finalize(self, os.close, _held(path)) if locked else None
        try:
            self._db = _connect(path, writing=writing)
        except BaseException:
            self._let_go()
            raise
        self._cursor = self._db.cursor()

    def write(self, batch: Batch, size: int, digest: bytes, snapshots: int) -> None:
        """Write a batch in one transaction; when it returns, the rows are durable.

        Of each fold only the newest `snapshots` are kept.

        Raises:
            OSError: the disk refused; nothing of the batch was written.
        """
        run = self._cursor
        try:
            run.execute("BEGIN IMMEDIATE")
            for table, statement in _INSERTS.items():
                rows = getattr(batch, table)
                if rows:
                    run.executemany(statement, rows)
            for fold in {row[0] for row in batch.snapshot}:
                run.execute(_PRUNE, (fold, fold, snapshots))
            run.execute("INSERT OR REPLACE INTO head VALUES(0,?,?)", (size, digest))
            run.execute("COMMIT")
        except apsw.Error as wrong:
            self._roll_back()
            raise _told(wrong, self.path) from wrong

    def change(self, *statements: tuple[str, Sequence[object]]) -> None:
        """Run a few statements in one transaction, for what is no entry: days, old snapshots."""
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
            for statement, values in statements:
                self._cursor.execute(statement, values)
            self._cursor.execute("COMMIT")
        except apsw.Error as wrong:
            self._roll_back()
            raise _told(wrong, self.path) from wrong

    def all(self, statement: str, *values: object) -> list[Row]:
        """Return every row: only for what is bounded.

        Raises:
            ValueError: the file is damaged.
        """
        with self._readable():
            return self._cursor.execute(statement, values).fetchall()

    def each(self, statement: str) -> Iterator[Row]:
        """Yield row after row, for what is not bounded.

        Raises:
            ValueError: the file is damaged.
        """
        with self._readable():
            yield from self._db.execute(statement)

    def channels(self) -> list[tuple[int, str, str, str]]:
        """Return the dictionary of channels."""
        rows = self.all("SELECT number, about, prop, unit FROM channel ORDER BY number")
        return [(number, about, prop, unit) for number, about, prop, unit in rows]

    @contextmanager
    def still(self) -> Iterator[None]:
        """Let everything read inside be of one moment, whatever a writer does beside us."""
        self._cursor.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    def close(self) -> None:
        """Close the file and let others write."""
        self._db.close()
        self._let_go()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (apsw.CorruptError, apsw.NotADBError, apsw.IOError) as wrong:
            raise Damaged(
                f"{self.path} is damaged ({wrong}); take a copy back",
                f"{self.path} 已损坏({wrong});请取回副本",
            ) from wrong

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock()

    def _roll_back(self) -> None:
        if not self._db.get_autocommit():
            self._cursor.execute("ROLLBACK")


def _connect(path: str, *, writing: bool) -> apsw.Connection:
    how = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    try:
        db = apsw.Connection(path, how if writing else apsw.SQLITE_OPEN_READONLY)
    except apsw.CantOpenError as wrong:
        raise Unopened(
            f"{path} cannot be opened ({wrong}); is it there?",
            f"{path} 打不开({wrong});它在吗?",
        ) from wrong
    try:
        db.set_busy_timeout(10_000)
        _ours(db, path)
        if writing:
            _prepare(db, path)
        else:
            _begun(db, path)
    except (apsw.FullError, apsw.IOError) as wrong:
        db.close()
        raise Unopened(
            f"{path} cannot be opened ({wrong}); make room on the disk",
            f"{path} 打不开({wrong});请腾出磁盘空间",
        ) from wrong
    except apsw.Error as wrong:
        db.close()
        raise Damaged(
            f"{path} is no whole log of this house ({wrong}); give another",
            f"{path} 不是本系统的完整日志({wrong});请换一个",
        ) from wrong
    except BaseException:
        db.close()
        raise
    return db


def _ours(db: apsw.Connection, path: str) -> None:
    tables = db.execute(_COUNT).get
    told = db.pragma("application_id"), db.pragma("user_version")
    if tables and told != (OURS, VERSION):
        raise Damaged(
            f"{path} is no log of this house, version {VERSION}; give another path",
            f"{path} 不是本系统第 {VERSION} 版的日志;请换一个路径",
        )


def _begun(db: apsw.Connection, path: str) -> None:
    if not db.execute(_COUNT).get:
        raise Damaged(
            f"{path} holds nothing yet; look again once its writer has begun",
            f"{path} 尚无内容;请待写入方开始后再看",
        )


def _prepare(db: apsw.Connection, path: str) -> None:
    fresh = not db.execute(_COUNT).get
    if fresh:
        db.pragma("page_size", PAGE)
    if path != MEMORY:
        db.pragma("journal_mode", "wal")
        db.pragma("synchronous", "FULL")
        db.pragma("wal_autocheckpoint", CHECKPOINT)
    if fresh:
        made = f"PRAGMA application_id={OURS}; PRAGMA user_version={VERSION};"
        db.execute(f"BEGIN IMMEDIATE; {_TABLES} {made} COMMIT")


def _held(path: str) -> int:
    """Take the lock that makes this the one writing process."""
    name = f"{path}.lock"
    try:
        lock = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as wrong:
        raise Unopened(
            f"{path} cannot be written ({wrong}); make its folder first",
            f"{path} 写不进({wrong});请先建好目录",
        ) from wrong
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as wrong:
        holder = os.read(lock, 32).decode("ascii", "replace") or "unknown"
        os.close(lock)
        raise Taken(
            f"{path} is held by another writer (process {holder}); stop it, or open with Log.read",
            f"{path} 正被另一进程({holder})写入;请停止它,或只读打开",
        ) from wrong
    os.truncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode("ascii"), 0)
    return lock


def _told(wrong: apsw.Error, path: str) -> OSError:
    if isinstance(wrong, apsw.FullError):
        return OSError(
            f"the disk under {path} is full; make room and commit again: nothing is lost"
        )
    return OSError(f"{path} could not be written ({wrong}); mend the disk and commit again")


def renamed(path: Path, new: Path) -> None:
    """Give a file that nobody writes another name, and the days beside it first.

    Raises:
        RuntimeError: somebody writes it.
    """
    lock = _held(str(path))
    for tail in (".days", "-wal", ""):
        if (old := Path(f"{path}{tail}")).exists():
            old.rename(f"{new}{tail}")
    Path(f"{path}.lock").unlink(missing_ok=True)
    os.close(lock)
    folder = os.open(new.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
