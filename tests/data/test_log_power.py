"""Power cuts: a disk that forgets or tears what was not flushed, at any write of the log.

The log runs on a watched file system that keeps, of every file, what it held at its last flush.
At a cut each sector written since then is old or new by chance, as a real disk may leave it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import apsw
import pytest
from gauges import START, level

from mindu.base.records import Event
from mindu.data.book.sqlite import Sqlite
from mindu.data.log import Log

SECTOR = 512
COMMITS = 60


class Disk(apsw.VFS):
    """A file system that knows what was flushed."""

    def __init__(self, rng: Random) -> None:
        super().__init__("watched", "unix")
        self.rng = rng
        self.flushed: dict[str, bytes] = {}
        self.acknowledged = 0
        self.cuts: list[tuple[int, dict[str, bytes]]] = []
        self.watching = False

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # type: ignore[explicit-override]  # noqa: N802
        return File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # type: ignore[explicit-override]  # noqa: FBT001, N802
        super().xDelete(filename, syncdir)
        self.flushed.pop(filename, None)

    def maybe_cut(self) -> None:
        """Cut the power now and then: keep what the disk would hold."""
        if self.watching and self.rng.random() < 0.06:
            held = {name: self.torn(name) for name in self.flushed}
            self.cuts.append((self.acknowledged, held))

    def torn(self, name: str) -> bytes:
        now, was = Path(name).read_bytes(), self.flushed[name]
        length = self.rng.choice((len(was), len(now), self.rng.randrange(len(now) + 1)))
        sectors = []
        for at in range(0, max(length, len(was)), SECTOR):
            old, new = was[at : at + SECTOR], now[at : at + SECTOR]
            sectors.append(self.rng.choice((old.ljust(SECTOR, b"\0"), new.ljust(SECTOR, b"\0"))))
        return b"".join(sectors)[: max(length, len(was))]


class File(apsw.VFSFile):
    """A file whose flushes are noted."""

    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        self.disk = disk
        self.path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)

    def xWrite(self, data: bytes, offset: int) -> None:  # type: ignore[explicit-override]  # noqa: N802
        super().xWrite(data, offset)
        self.disk.flushed.setdefault(self.path, b"")
        self.disk.maybe_cut()

    def xSync(self, flags: int) -> None:  # type: ignore[explicit-override]  # noqa: N802
        self.disk.maybe_cut()
        super().xSync(flags)
        self.disk.flushed[self.path] = Path(self.path).read_bytes()
        self.disk.maybe_cut()


@contextmanager
def watched(rng: Random) -> Iterator[Disk]:
    disk, before = Disk(rng), apsw.vfs_names()[0]
    apsw.set_default_vfs("watched")
    try:
        yield disk
    finally:
        apsw.set_default_vfs(before)
        disk.unregister()


def lived(path: str, disk: Disk) -> list[str]:
    """Write and commit, checkpoints among it; return the head after every entry."""
    log = Log.open(path)
    assert isinstance(log._store, Sqlite)
    log._store._db.pragma("wal_autocheckpoint", 24)
    heads = [log.head]
    disk.watching = True
    for i in range(COMMITS):
        for k in range(disk.rng.randrange(1, 5)):
            log.append(Event("did", {"i": i, "weight": "x" * 400}), at=START, about=f"x{k}", by="t")
            heads.append(log.head)
        log.store([level(f"g{i}", 1.0, minutes=i)], now=START, by="g")
        heads.append(log.head)
        log.commit()
        disk.acknowledged = len(log)
    disk.watching = False
    log.close()
    return heads


@pytest.mark.parametrize("seed", range(3))
def test_a_power_cut_at_any_write_loses_nothing_acknowledged(seed: int, tmp_path: Path) -> None:
    path = str(tmp_path / "city.mindu")
    with watched(Random(seed)) as disk:
        heads = lived(path, disk)
    assert len(disk.cuts) > 10
    for n, (acknowledged, held) in enumerate(disk.cuts):
        there = tmp_path / str(n)
        there.mkdir()
        for name, content in held.items():
            (there / Path(name).name).write_bytes(content)
        with Log.open(str(there / "city.mindu")) as log:
            assert len(log) >= acknowledged
            assert log.head == heads[len(log)]
            log.verify()
            log.append(Event("on"), at=START, about="x", by="t")
            log.commit()
            log.verify()
