"""A backup: a city is copied while it lives, checked as a whole, and takes its name last."""

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from errno import ENOSPC
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import file_digest
from pathlib import Path

import msgspec

from mindu.data.keeping.copies import (
    listed,
    removed,
    synced,
    synced_folder,
    weigh,
)
from mindu.data.keeping.home import ENDING, Home, home
from mindu.data.keeping.living import passed
from mindu.data.keeping.paper import CITY, PAPER, TARS, Held, Noted, Paper, Unfit, book, note, stamp
from mindu.data.keeping.sound import sound

HALF = ".half"
PASSES = 8  # times that a city may change under the copying hand before it is given up
ROOM = 16 << 20  # bytes that are left free beyond what is needed
Tell = Callable[[int, int], None]  # bytes that are there, bytes in all


def backed_up(folder: Path, to: Path, *, now: datetime, keep: int, tell: Tell) -> Noted:
    """Make a backup of a city; return what the city's book says of it.

    `to`: a folder that holds backups, or a file that ends in .tar, .tar.gz or .tgz. `keep`: how
    many of this city's backups stay there, 0 for all; older ones go once this one is whole.

    Raises:
        Unfit: there is no city, or that place cannot be taken.
        ValueError: what was copied is not sound.
        OSError: a disk or a server refuses; nothing half-made is left.
    """
    packed = next((how for end, how in TARS.items() if to.name.endswith(end)), "")
    room = to.parent if packed else to
    place = home(folder)
    if not folder.is_dir() or not (place.logs() or listed(folder)):
        raise Unfit(
            f"there is no city in {folder}: give --data", f"{folder} 中没有城市:请用 --data 指定"
        )
    if folder.resolve() in {room.resolve(), *room.resolve().parents}:
        raise Unfit(
            f"{room} lies in the city's own folder: give --to elsewhere, best another disk",
            f"{room} 在城市自己的目录内:请用 --to 指定别处,最好是另一块磁盘",
        )
    target = to if packed else room / f"{folder.resolve().name}-{stamp(now)}"
    if target.exists():
        raise Unfit(
            f"{target} is there already: nothing is written over", f"{target} 已存在:不会覆盖"
        )
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _half(room, target) as half:
        paper = _made(place, half, now, tell)
        _packed(half, target, packed) if packed else half.rename(target)
        synced_folder(room)
    entries, head = (paper.logs[0].entries, paper.logs[0].head) if paper.logs else (0, "")
    noted = Noted(str(target.resolve()), now, entries, head, paper.size)
    note(folder, _thinned([*book(folder), noted], room, keep))
    return noted


@contextmanager
def _half(room: Path, target: Path) -> Iterator[Path]:
    """Give a folder beside the target that nobody takes for whole; take away what is left of it."""
    _swept(room)
    half = room / f".{target.name}{HALF}"
    half.mkdir(mode=0o700)
    lock = os.open(half, os.O_RDONLY)
    flock(lock, LOCK_EX)
    try:
        yield half
    finally:
        os.close(lock)
        if half.exists():
            shutil.rmtree(half)


def _swept(room: Path) -> None:
    """Take away what was left of backups that were killed; one that is being made is locked."""
    for old in room.glob(f".*{HALF}"):
        fd = os.open(old, os.O_RDONLY)
        with suppress(BlockingIOError):
            flock(fd, LOCK_EX | LOCK_NB)
            removed(old)
        os.close(fd)


def _made(place: Home, half: Path, now: datetime, tell: Tell) -> Paper:
    city = half / CITY
    city.mkdir(mode=0o700)
    names = listed(place.folder)
    need, free = weigh(place.folder, names), shutil.disk_usage(half).free
    if need + ROOM > free:
        told = f"{(need + ROOM) / 1e6:,.0f} MB are needed and {free / 1e6:,.0f} MB are free"
        raise OSError(ENOSPC, told, str(half.parent))
    for _ in range(PASSES):
        if passed(place, city, names, lambda done: tell(min(done, need), need)):
            break
        names = listed(place.folder)
    else:
        raise Unfit(
            "files left faster than they could be copied: try again in a quieter hour",
            "文件变动快于复制:请在较空闲时重试",
        )
    logs = sound(city)
    logs.sort(key=lambda log: (log.path != f"{CITY}{ENDING}", log.path))
    files = [_held(city, path) for path in sorted(city.rglob("*")) if path.is_file()]
    kind = "files" if place.server is None else "postgresql"
    paper = Paper(city=place.folder.resolve().name, store=kind, made=now, logs=logs, files=files)
    (half / PAPER).write_bytes(msgspec.json.format(msgspec.json.encode(paper)))
    synced(half)
    return paper


def _held(city: Path, path: Path) -> Held:
    with path.open("rb") as file:
        told = file_digest(file, "sha256").hexdigest()
    found = path.stat()
    return Held(path.relative_to(city).as_posix(), found.st_size, told,
                found.st_mode & 0o777, found.st_mtime_ns)  # fmt: skip


def _packed(half: Path, target: Path, how: str) -> None:
    """Write what was copied as one tar; it takes its name last."""
    draft = half / target.name
    with draft.open("xb") as file:
        draft.chmod(0o600)
        with tarfile.open(fileobj=file, mode=how) as tar:  # type: ignore[call-overload]
            for name in (PAPER, CITY):
                tar.add(half / name, name)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(target)


def _thinned(noted: list[Noted], room: Path, keep: int) -> list[Noted]:
    """Take away the oldest backups that this city made in that room, beyond so many."""
    here = [one for one in noted if Path(one.where).parent == room.resolve()]
    here = [one for one in here if Path(one.where).exists()]
    gone = here[:-keep] if keep else []
    for one in gone:
        removed(Path(one.where))
    return [one for one in noted if one not in gone]
