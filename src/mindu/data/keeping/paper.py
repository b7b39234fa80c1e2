"""The paper of a backup: every file with its digest, what its logs say of themselves, and when.

A backup is a folder or one tar: the paper, `backup.json`, and the city's files under `city/`.
"""

import json
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

import msgspec

from mindu.base.wrong import Damaged

PAPER, CITY = "backup.json", "city"
BOOK = "backups.json"  # in the city's own folder: the backups that it made
VERSION = 1
TARS = {".tar": "w", ".tar.gz": "w:gz", ".tgz": "w:gz"}
MOST = 64 << 20  # bytes of a paper that is read


class Unfit(Damaged):
    """A backup or a place for one that cannot be taken, in both languages."""


class Held(msgspec.Struct, frozen=True):
    """One file of the city."""

    path: str  # below `city/`, with slashes
    size: int  # bytes
    sha256: str
    mode: int  # as of `chmod`
    at: int  # ns since 1970: when it was last changed


class Headed(msgspec.Struct, frozen=True):
    """What one log came to when the backup was checked."""

    path: str
    entries: int
    head: str
    root: str


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds; it is written last, and only after everything was checked."""

    mindu: int = VERSION
    city: str  # the name of the folder
    store: str  # "files" or "postgresql": where logs and catalogue lay; here they are files
    made: datetime  # when copying began: what was written later is not in it
    logs: list[Headed]
    files: list[Held]

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.size for file in self.files)


class Noted(msgspec.Struct, frozen=True):
    """One line of the city's book of backups."""

    where: str
    made: datetime
    entries: int
    head: str
    size: int  # bytes


class Source(Protocol):
    """A backup as it is read: a folder or a tar."""

    def open(self, name: str) -> IO[bytes]:
        """Open one file of it, by its path.

        Raises:
            FileNotFoundError: it is not there.
        """
        ...


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, name: str) -> IO[bytes]:
        return (self._folder / name).open("rb")


class _Tar:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def open(self, name: str) -> IO[bytes]:
        try:
            found = self._tar.extractfile(name)
        except KeyError:
            found = None
        if found is None:
            raise FileNotFoundError(name)
        return found


@contextmanager
def source(where: Path) -> Iterator[tuple[Source, Paper]]:
    """Open a backup to be read.

    Raises:
        Unfit: it is none, it is half, or its paper was changed.
    """
    try:
        if where.is_dir():
            folder = _Folder(where)
            yield folder, _paper(folder, where)
            return
        with tarfile.open(where) as held:
            tar = _Tar(held)
            yield tar, _paper(tar, where)
    except (tarfile.TarError, EOFError, zlib.error) as wrong:
        raise _no(where, f"{wrong}") from wrong


def _paper(held: Source, where: Path) -> Paper:
    try:
        with held.open(PAPER) as file:
            return decoded(where, file.read(MOST))
    except FileNotFoundError as wrong:
        raise _no(where, f"{PAPER}: –") from wrong


def decoded(where: Path, body: bytes) -> Paper:
    """Return the paper in those bytes.

    Raises:
        Unfit: it is none, or names what lies outside.
    """
    try:
        told = msgspec.json.decode(body, type=Paper)
    except msgspec.DecodeError as wrong:
        raise _no(where, f"{PAPER}: {wrong}") from wrong
    strange = next((one.path for one in told.files if not _within(one.path)), "")
    if told.mindu != VERSION or strange:
        raise _no(where, strange or f"{PAPER}, {told.mindu}")
    return told


def _within(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and parts[0] != "/" and ".." not in parts


def _no(where: Path, why: str) -> Unfit:
    return Unfit(
        f"{where} is no whole backup ({why}): it is half, or was changed; take another",
        f"{where} 不是完整的备份({why}):未完成或被改动,请换另一个",
    )


def found(where: Path) -> Path:
    """Return the backup that is meant: this one, or the newest whole one of a folder of them.

    Raises:
        Unfit: there is none.
    """
    if not where.is_dir() or (where / PAPER).exists():
        if not where.exists():
            raise Unfit(f"{where} is not there", f"{where} 不存在")
        return where
    whole_ones: list[tuple[datetime, Path]] = []
    for path in sorted(where.iterdir()):
        if path.name.startswith(".") or not (
            (path / PAPER).exists() or path.name.endswith((*TARS,))
        ):
            continue
        with source(path) as (_, told):
            whole_ones.append((told.made, path))
    if not whole_ones:
        raise Unfit(f"there is no backup in {where}", f"{where} 中没有备份")
    return max(whole_ones)[1]


def book(folder: Path) -> list[Noted]:
    """Return the backups that this city made, the oldest first; a book that is damaged is empty."""
    try:
        return msgspec.json.decode((folder / BOOK).read_bytes(), type=list[Noted])
    except (OSError, msgspec.DecodeError):
        return []


def note(folder: Path, noted: list[Noted]) -> None:
    """Write the book of backups anew."""
    from mindu.data.senses.memory.delta import whole  # noqa: PLC0415 - loads pyarrow

    whole(folder / BOOK, json.dumps(msgspec.to_builtins(noted), indent=1).encode())


def stamp(now: datetime) -> str:
    """Return an instant as names of backups carry it."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
