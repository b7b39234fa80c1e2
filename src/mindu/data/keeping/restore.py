"""A restore: a backup is read, every file held against its digest, and the whole verified.

Only then does it take the place of a city; what stood there is put beside it, never deleted.
"""

import fcntl
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path

import msgspec

from mindu.data.keeping.copies import CHUNK, synced, synced_folder
from mindu.data.keeping.paper import CITY, Held, Paper, Source, Unfit, source, stamp
from mindu.data.keeping.sound import sound

RESTORING, BEFORE = ".restoring", ".before-"
Tell = Callable[[int, int], None]  # bytes that are there, bytes in all


class Restored(msgspec.Struct, frozen=True):
    """What came back."""

    paper: Paper
    folder: Path
    before: Path | None  # where the city that stood there was put


def restored(where: Path, folder: Path, *, now: datetime, replace: str, tell: Tell) -> Restored:
    """Bring a backup back into a folder that is not there or empty, or named in `replace`.

    Raises:
        Unfit: a file is missing or was changed, or the folder must not be written over.
        ValueError: what came back is not sound.
        RuntimeError: a city runs there.
        OSError: a disk refuses; what stood there stands as it was.
    """
    full = folder.exists() and any(folder.iterdir())
    if full and replace != (name := folder.resolve().name):
        raise Unfit(
            f"{folder} is not empty: add --replace {name} to put what is there aside",
            f"{folder} 不是空目录:加 --replace {name} 可将原有内容移到一旁",
        )
    running(folder)
    half = folder.with_name(f".{folder.name}{RESTORING}")
    shutil.rmtree(half, ignore_errors=True)
    try:
        half.mkdir(parents=True, mode=0o700)
        with source(where) as (held, paper):
            _room(half, paper)
            _brought(held, paper, half, where, tell)
        _verified(half, paper, where)
        synced(half)
        before = _placed(half, folder, now) if full else None
        if before is None:
            shutil.rmtree(folder, ignore_errors=True)
            half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    synced_folder(folder.parent)
    return Restored(paper, folder, before)


def running(folder: Path) -> None:
    """Refuse a folder that a process of ours writes.

    Raises:
        RuntimeError: one does.
    """
    names = ("*.lock", "**/writer", "**/lock")
    for path in [path for name in names for path in folder.glob(name) if path.is_file()]:
        fd = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as wrong:
            raise RuntimeError(f"a city runs in {folder} ({path.name}): stop it first") from wrong
        finally:
            os.close(fd)


def _room(half: Path, paper: Paper) -> None:
    free = shutil.disk_usage(half).free
    if paper.size > free:
        raise OSError(
            ENOSPC, f"{paper.size / 1e6:,.0f} MB are needed and {free / 1e6:,.0f} MB are free"
        )


def _brought(held: Source, paper: Paper, half: Path, where: Path, tell: Tell) -> None:
    done = 0
    for file in paper.files:
        path = half / file.path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            _one(held, file, path)
        except FileNotFoundError as wrong:
            raise Unfit(
                f"{where} is half: {file.path} is missing; take another",
                f"{where} 不完整:缺少 {file.path};请换另一个备份",
            ) from wrong
        done += file.size
        tell(done, paper.size)


def _one(held: Source, file: Held, path: Path) -> None:
    sum_ = sha256()
    with held.open(f"{CITY}/{file.path}") as old, path.open("xb") as new:
        path.chmod(0o600)
        while part := old.read(CHUNK):
            sum_.update(part)
            new.write(part)
    if sum_.hexdigest() != file.sha256:
        raise Unfit(
            f"{file.path} was changed since it was backed up: take another backup",
            f"{file.path} 在备份后被改动:请换另一个备份",
        )
    path.chmod(file.mode)
    os.utime(path, ns=(file.at, file.at))


def _verified(half: Path, paper: Paper, where: Path) -> None:
    heads = {log.path: log for log in sound(half)}
    for log in paper.logs:
        if heads.get(log.path) != log:
            raise Unfit(
                f"{log.path} has another head than {where} says: take another backup",
                f"{log.path} 的链头与 {where} 所记不符:请换另一个备份",
            )


def _placed(half: Path, folder: Path, now: datetime) -> Path:
    """Put what stands there beside it, and the new in its place."""
    before = folder.with_name(f"{folder.name}{BEFORE}{stamp(now)}")
    folder.rename(before)
    try:
        half.rename(folder)
    except OSError:
        before.rename(folder)
        raise
    return before
