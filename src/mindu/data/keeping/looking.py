"""A look into a backup: its paper, every file's size, and as many digests as a moment allows."""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

import msgspec

from mindu.data.keeping.paper import CITY, MOST, PAPER, TARS, Held, Noted, Paper, Unfit, decoded

READ = 256 << 20  # bytes that one look reads, a second or two; `mindu restore` reads them all
PIECE = 1 << 20  # bytes
Found = tuple[str, int, IO[bytes]]  # path below the backup, bytes, what reads them


class Looked(msgspec.Struct, frozen=True):
    """How far a look went."""

    files: int  # in the paper
    read: int  # of them held against their digest


def looked(last: Noted, most: int = READ) -> Looked:
    """Look into the backup that was noted, at `most` bytes of it.

    Raises:
        Unfit: it is gone, it is half, it is another one, or a file of it was changed.
    """
    where = Path(last.where)
    if not where.exists():
        raise Unfit(f"{where} is not there", f"{where} 不在")
    with _files(where) as files:
        name, _, file = next(files, ("", 0, None))
        if name != PAPER or file is None:
            raise _half(where, f"{PAPER}: –")
        paper = decoded(where, file.read(MOST))
        _same(last, paper)
        return _held(where, paper, files, most)


def _same(last: Noted, paper: Paper) -> None:
    head = paper.logs[0].head if paper.logs else ""
    if (paper.made, head, paper.size) != (last.made, last.head, last.size):
        raise Unfit(
            f"{last.where} is another backup than the one that was made",
            f"{last.where} 不是当时所做的那份备份",
        )


def _held(where: Path, paper: Paper, files: Iterator[Found], most: int) -> Looked:
    """Hold what comes against the paper, until all is seen or enough was read."""
    missing = {f"{CITY}/{one.path}": one for one in paper.files}
    count, stream = 0, where.name.endswith((".gz", ".tgz"))
    for name, size, file in files:
        told = missing.pop(name, None)
        if told is None:
            continue
        most -= size
        if size != told.size or (most >= 0 and _digest(file) != told.sha256):
            raise _changed(where, told)
        count += most >= 0
        if most < 0 and stream:  # what is packed is seen only by unpacking all before it
            return Looked(len(paper.files), count)
    if missing:
        raise _half(where, f"{min(missing)}, {len(missing)} / {len(paper.files)}")
    return Looked(len(paper.files), count)


def _digest(file: IO[bytes]) -> str:
    found = sha256()
    while piece := file.read(PIECE):
        found.update(piece)
    return found.hexdigest()


@contextmanager
def _files(where: Path) -> Iterator[Iterator[Found]]:
    """Give every file of a backup in turn, the paper first; each is read before the next."""
    try:
        if where.is_dir():
            yield _in_folder(where)
            return
        if TARS.get("".join(where.suffixes[-2:]), "w:gz") == "w:gz":
            yield _in_packed(where)
            return
        with tarfile.open(where, "r:") as tar:
            yield _in_tar(tar)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as wrong:
        raise _half(where, f"{wrong}") from wrong


def _in_folder(where: Path) -> Iterator[Found]:
    rest = (path for path in sorted((where / CITY).rglob("*")) if path.is_file())
    for path in (where / PAPER, *rest):
        if path.is_file():
            with path.open("rb") as file:
                yield path.relative_to(where).as_posix(), path.stat().st_size, file


def _in_packed(where: Path) -> Iterator[Found]:
    """Give a packed tar's files; the sum at its end is seen too, as tarfile's own way does not."""
    with gzip.open(where) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        yield from _in_tar(tar)
        while stream.read(PIECE):
            pass


def _in_tar(tar: tarfile.TarFile) -> Iterator[Found]:
    for member in tar:
        file = tar.extractfile(member)
        if file is not None:
            yield member.name, member.size, file


def _half(where: Path, why: str) -> Unfit:
    return Unfit(
        f"{where} is no whole backup ({why}): it is half, or was changed",
        f"{where} 不是完整的备份({why}):未完成或被改动",
    )


def _changed(where: Path, told: Held) -> Unfit:
    return Unfit(
        f"{where}: {told.path} was changed since it was backed up",
        f"{where}:{told.path} 备份后被改动",
    )
