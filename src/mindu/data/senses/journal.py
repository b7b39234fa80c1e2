"""The journal: segments of checksummed frames, each chained to the one before.

A frame is `MJ`, a kind byte, the length, the SHA-256 of (digest before, kind, body), the body. A
tail that a crash has torn was never acknowledged: it is cut off at start. Damage anywhere else is
told, never mended in silence. Positions are byte offsets that go on from segment to segment.
The file `acknowledged` says up to where senders were told so; it is written after each sync and
survives a kill. What it names must be there whole, the very last frame too.
"""

import os
import struct
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from mindu.data.senses.acknowledged import mark, marked, opened

_HEAD = struct.Struct("<2sBxI32s")
_FIRST = struct.Struct("<8sQ32s")  # magic, position of the segment's first frame, digest before it
_MAGIC = b"MINDUJ1\n"
_MARK = b"MJ"
SEGMENT = 64 << 20  # bytes
BIGGEST = 1 << 28  # bytes of one frame
READINGS, DEED = 1, 2


class Journal:
    """One folder of segments with one writer."""

    def __init__(self, folder: Path, *, segment: int = SEGMENT) -> None:
        """Open the journal of a folder, or begin one; cut off a torn tail.

        Raises:
            ValueError: a frame that was acknowledged is damaged.
            RuntimeError: another process writes it.
        """
        self._folder, self._segment = folder, segment
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = locked(folder / "writer")
        self._mark = opened(folder)
        self.torn = 0  # bytes cut off at start
        self._fd = -1
        try:
            self._open(folder)
        except BaseException:
            os.close(self._lock)
            os.close(self._mark)
            raise

    def _open(self, folder: Path) -> None:
        names, begun = self._names(), 0
        if names and not _is_begun(folder / names[-1]):  # a crash came before its first frame
            begun = int(names[-1][:-3])
            (folder / names.pop()).unlink()
        if not names and not begun:
            self._begin(0, bytes(32))
            return
        if not names:
            raise ValueError(f"the journal before {begun} is gone; restore it from a copy")
        self._path = folder / names[-1]
        start, digest = _first(self._path)
        end = start
        for position, _, _, found in _frames(self._path, last=True):
            end, digest = position, found
        if begun and end != begun:
            raise ValueError(f"{names[-1]} ends at {end}, the next began at {begun}; restore it")
        told = marked(folder)
        if told > end:
            raise ValueError(
                f"{names[-1]} is damaged at byte {end - start + _FIRST.size}: it was acknowledged "
                f"up to {told}, but is whole up to {end} only; restore the segment from a copy, or "
                "delete `acknowledged` beside it to go on without what is lost"
            )
        self._take_up(start, end, digest)

    def _take_up(self, start: int, end: int, digest: bytes) -> None:
        self._fd = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        held = os.fstat(self._fd).st_size
        good = end - start + _FIRST.size
        if held > good:
            self.torn = held - good
            os.ftruncate(self._fd, good)
            os.fsync(self._fd)
        os.lseek(self._fd, good, os.SEEK_SET)
        self._start, self.end, self.digest = start, end, digest

    def _names(self) -> list[str]:
        return sorted(p.name for p in self._folder.glob("*.mj"))

    def _begin(self, start: int, digest: bytes) -> None:
        path = self._folder / f"{start:020d}.mj"
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(fd, _FIRST.pack(_MAGIC, start, digest))
            os.fsync(fd)
            sync_folder(self._folder)
        except OSError:
            os.close(fd)
            path.unlink(missing_ok=True)
            raise
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._path = fd, path
        self._start = self.end = start
        self.digest = digest

    def write(self, frames: list[tuple[int, bytes]]) -> int:
        """Write frames and sync once; return the position after them. All are kept, or none.

        Raises:
            OSError: the disk refuses; the journal is as it was.
        """
        if self.end - self._start >= self._segment:
            self._begin(self.end, self.digest)
        parts: list[bytes] = []
        digest, size = self.digest, 0
        for kind, body in frames:
            assert len(body) <= BIGGEST, "a frame is cut into smaller ones before it comes here"
            digest = _chained(digest, kind, body)
            parts += (_HEAD.pack(_MARK, kind, len(body), digest), body)
            size += _HEAD.size + len(body)
        try:
            _write_all(self._fd, b"".join(parts))
            os.fdatasync(self._fd)
        except OSError:
            good = self.end - self._start + _FIRST.size
            os.ftruncate(self._fd, good)
            os.lseek(self._fd, good, os.SEEK_SET)
            raise
        self.end, self.digest = self.end + size, digest
        mark(self._mark, self.end)
        return self.end

    def since(self, position: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield (position after, kind, body) of every frame from a position on.

        Raises:
            ValueError: a frame is damaged, or that position is gone.
        """
        names = self._names()
        starts = [int(name[:-3]) for name in names]
        if position < starts[0]:
            raise ValueError(f"the journal begins at {starts[0]}, position {position} is gone")
        for name, start, after in zip(names, starts, [*starts[1:], self.end + 1], strict=True):
            if after <= position:
                continue
            last = name == names[-1]
            reached = start
            for end, kind, body, _ in _frames(self._folder / name, last=last):
                reached = end
                if end > position and end <= self.end:
                    yield end, kind, body
            if not last and reached != after:
                raise ValueError(f"{name} ends at {reached}, the next begins at {after}")

    def after(self, position: int, digest: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
        """Yield (position after, kind, body, digest) from a place that was read up to before.

        Raises:
            ValueError: a frame is damaged, or that place is gone.
        """
        names = self._names()
        starts = [int(name[:-3]) for name in names]
        if position < starts[0]:
            raise ValueError(f"the journal begins at {starts[0]}, position {position} is gone")
        for name, start, next_ in zip(names, starts, [*starts[1:], self.end + 1], strict=True):
            if next_ > position:
                path, last = self._folder / name, name == names[-1]
                place = (position, digest) if position > start else None
                for end, kind, body, told in _frames(path, last=last, place=place):
                    if end <= self.end:
                        yield end, kind, body, told

    def drop(self, position: int) -> int:
        """Delete segments that end before a position; return how many."""
        names = self._names()
        gone = 0
        for name, after in pairwise(names):
            if int(after[:-3]) <= position:
                (self._folder / name).unlink()
                gone += 1
        return gone

    def close(self) -> None:
        """Let go of the files."""
        if self._fd >= 0:
            os.fsync(self._mark)
            for held in (self._fd, self._lock, self._mark):
                os.close(held)
            self._fd = -1


def _chained(digest: bytes, kind: int, body: bytes) -> bytes:
    sum_ = sha256(digest)
    sum_.update(bytes((kind,)))
    sum_.update(body)
    return sum_.digest()


def _is_begun(path: Path) -> bool:
    """Say whether the head of a segment is whole; frames are written only once it is synced."""
    with path.open("rb") as file:
        told = file.read(_FIRST.size + 1)
    return len(told) > _FIRST.size or (len(told) == _FIRST.size and told.startswith(_MAGIC))


def _first(path: Path) -> tuple[int, bytes]:
    with path.open("rb") as file:
        told = file.read(_FIRST.size)
    if len(told) < _FIRST.size or told[:8] != _MAGIC:
        raise ValueError(f"{path.name} is no segment of a journal; restore it from a copy")
    _, start, digest = _FIRST.unpack(told)
    return int(start), bytes(digest)


def _frames(
    path: Path, *, last: bool, place: tuple[int, bytes] | None = None
) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Yield (position after, kind, body, digest); stop at a torn tail of the last segment."""
    start, first = _first(path)
    position, digest = place or (start, first)
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(_FIRST.size + position - start)
        while True:
            left = size - file.tell()
            head = file.read(_HEAD.size)
            if not head:
                return
            whole = len(head) == _HEAD.size
            sign, kind, length, told = _HEAD.unpack(head) if whole else (b"", 0, 0, b"")
            fits = sign == _MARK
            body = file.read(length) if fits and length <= BIGGEST else b""
            if not fits or len(body) < length or _chained(digest, kind, body) != told:
                ends_here = not fits or _HEAD.size + length >= left
                file.seek(size - left)
                rest = file.read(max(left, 0))
                if last and ends_here and not _goes_on(rest, (told, _chained(digest, kind, body))):
                    return  # torn: it was never synced, so nobody was told that it is kept
                raise ValueError(
                    f"{path.name} is damaged at byte {size - left}: a frame that was acknowledged "
                    "does not match its checksum; restore the segment from a copy"
                )
            position, digest = position + _HEAD.size + length, told
            yield position, kind, body, digest


def _goes_on(rest: bytes, before: tuple[bytes, bytes]) -> bool:
    """Say whether a whole frame follows what does not match: then that had been synced before.

    `before`: what the digest of the frame that does not match is said to be, and comes to.
    """
    known = {*before}
    at = rest.find(_MARK)
    while at >= 0:
        head = rest[at : at + _HEAD.size]
        if len(head) == _HEAD.size:
            _, kind, length, told = _HEAD.unpack(head)
            body = rest[at + _HEAD.size : at + _HEAD.size + length]
            if len(body) == length and any(_chained(it, kind, body) == told for it in known):
                return True
            known = {*before, told}
        at = rest.find(_MARK, at + 1)
    return False


def _write_all(fd: int, body: bytes) -> None:
    view = memoryview(body)
    while view:
        view = view[os.write(fd, view) :]


def locked(path: Path) -> int:
    """Take the lock of a folder's one writer; closing what is returned gives it back.

    Raises:
        RuntimeError: another process holds it.
    """
    import fcntl  # noqa: PLC0415 - POSIX only, and only the writer needs it

    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as wrong:
        os.close(fd)
        raise RuntimeError(f"another process writes {path.parent}; stop it first") from wrong
    return fd


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
