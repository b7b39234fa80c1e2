"""Copies: which files of a city are taken, in which order, and how each is copied while it lives.

What speaks of others is copied before them, so that all it speaks of is there: signed notes before
the log, the log before its days and the vault, a table's commits before its files, and the journal
last. What is in the copy beyond that is what a crash might have left, which every part can mend.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from errno import ENOSPC
from pathlib import Path

import apsw

from mindu.data.book.store import MOVED, MOVING
from mindu.data.keeping.home import ENDING, FILE
from mindu.data.keeping.paper import BOOK

CHUNK = 8 << 20  # bytes that are copied between two words on how far it is
PAGES = 1024  # of a database, likewise
SQLITE = b"SQLite format 3\0"
_ENDS = ("-wal", "-shm", "-journal", ".lock", ".half", ".draft", ".part", ".tmp")
_NAMES = {"writer", "lock", BOOK, FILE}  # locks, and what is of this place alone
_MAKING = ("nights", "making")  # a night that is being recorded; it is made anew
_FIRST = ("acknowledged", "pull.json", "now.json")
Tell = Callable[[int], None]  # bytes more


def listed(folder: Path) -> list[str]:
    """Return the paths of all files to be copied, in their order, relative and with slashes."""
    found = [path.relative_to(folder).as_posix() for path in _walked(folder, {folder.resolve()})]
    return sorted(found, key=lambda name: (_rank(folder / name), name))


def _walked(folder: Path, seen: set[Path]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if _left_out(path):
            continue
        if path.is_dir():
            if (real := path.resolve()) not in seen:  # tiers may lie behind a link
                seen.add(real)
                yield from _walked(path, seen)
        elif path.is_file():
            yield path


def _left_out(path: Path) -> bool:
    name = path.name
    if name.startswith(".") or MOVED in name or MOVING in name or path.parts[-2:] == _MAKING:
        return True
    return path.is_file() and (name in _NAMES or name.endswith(_ENDS))


def _rank(path: Path) -> int:
    if path.suffix == ".jsonl":
        return 0
    if is_database(path):  # a key is there before what it opens
        return {ENDING: 2, ".keys": 4}.get(path.suffix, 3)
    if path.parent.name == "_delta_log":
        return 5 + (path.name != "_last_checkpoint")
    return 1 if path.name in _FIRST else 7 + (path.suffix == ".mj")


def is_database(path: Path) -> bool:
    """Say whether a file is of SQLite."""
    try:
        with path.open("rb") as file:
            return file.read(len(SQLITE)) == SQLITE
    except FileNotFoundError:
        return False


def weigh(folder: Path, names: list[str]) -> int:
    """Return the bytes that a copy of these files takes."""
    total = 0
    for name in names:
        for tail in ("", "-wal"):
            path = folder / f"{name}{tail}"
            total += path.stat().st_size if path.exists() else 0
    return total


def copied(old: Path, new: Path, tell: Tell) -> None:
    """Copy one file; of a database what is committed at this moment, whoever writes it.

    Raises:
        FileNotFoundError: it is gone.
        OSError: a disk refuses.
    """
    told, database = old.stat(), is_database(old)
    if not database and new.exists() and alike(new.stat(), told):
        return
    new.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT, 0o600))
    if database:
        _database(old, new, tell)
    else:
        with old.open("rb") as source, new.open("wb") as target:
            while part := source.read(CHUNK):
                target.write(part)
                tell(len(part))
    new.chmod(told.st_mode & 0o777)
    os.utime(new, ns=(told.st_mtime_ns, told.st_mtime_ns))


def alike(one: os.stat_result, other: os.stat_result) -> bool:
    """Say whether two files are of one size and one instant: nobody wrote between."""
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def _database(old: Path, new: Path, tell: Tell) -> None:
    try:
        with (
            closing(apsw.Connection(str(old), apsw.SQLITE_OPEN_READONLY)) as source,
            closing(apsw.Connection(str(new))) as target,
        ):
            source.set_busy_timeout(10_000)
            source.execute("BEGIN; SELECT count(*) FROM sqlite_schema")  # one moment for all pages
            page, left = int(source.pragma("page_size")), 0
            with target.backup("main", source, "main") as work:
                while not work.done:
                    work.step(PAGES)
                    done = work.page_count - work.remaining
                    tell((done - left) * page)
                    left = done
            target.pragma("journal_mode", "delete")
    except apsw.FullError as wrong:
        raise OSError(ENOSPC, f"the disk under {new} is full") from wrong
    except apsw.Error as wrong:
        raise OSError(f"{old} cannot be copied: {wrong}") from wrong


def put_down(path: Path) -> None:
    """Let a database that nobody has open be one file, with nothing beside it."""
    with closing(apsw.Connection(str(path))) as db:
        db.pragma("journal_mode", "delete")
    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)


def synced(folder: Path) -> None:
    """Make a whole tree durable."""
    for base, _, names in os.walk(folder):
        for name in ("", *names):
            fd = os.open(os.path.join(base, name), os.O_RDONLY)  # noqa: PTH118 - of os.walk
            try:
                os.fsync(fd)
            finally:
                os.close(fd)


def synced_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def removed(folder: Path) -> None:
    """Take a folder or file away, under a name that nobody takes for a whole one."""
    gone = folder.with_name(f".{folder.name.lstrip('.')}.half")
    if folder != gone:
        folder.rename(gone)
    if gone.is_dir():
        shutil.rmtree(gone)
    else:
        gone.unlink()
