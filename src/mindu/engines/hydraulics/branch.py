"""Branch the live model: each worker is a forked child with files, limits and an end of its own.

A fork shares file offsets with its parent, and SWMM reads rain, tide and infiltration files while
it runs: so a child opens every regular file anew, at the same place, before it steps. A child takes
one ticket after the other, runs that future and answers; where the model cannot be put back to
where it stood, the child ends, and the next future is a new child's.
"""

import contextlib
import ctypes
import fcntl
import mmap
import os
import resource
import signal
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from mindu.engines.hydraulics.wire import packed

# Python's own fork runs hooks for threads that we do not have; they cost more than the fork.
LIBC = ctypes.PyDLL(None)
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
PIPE_BYTES, READ_BYTES = 2**20, 2**16
STANDARD = 2  # input, output, errors: shared with the parent
TICKET = struct.Struct("<i")  # the index of a future
FRAME = struct.Struct("<iQ")  # before each answer: its index, its bytes
NONE = -1  # no future


@dataclass(frozen=True, slots=True)
class Limits:
    """What one future may use, and how long the twin itself may be at one request."""

    memory_mb: int = 4096  # beyond what the twin holds already
    seconds: float = 300.0  # of processor time
    request_s: float = 600.0  # by the clock; then the engine counts as hung, and its process ends


@dataclass(frozen=True, slots=True)
class Ground:
    """What every child of one batch does first, looked up once by the parent."""

    reopened: tuple[tuple[int, int, int], ...]  # file, way it is open, place in it
    silenced: tuple[int, ...]  # reports: their words go nowhere
    closed: tuple[int, ...]
    memory: int  # bytes
    seconds: int
    memory_mb: int


def ground(limits: Limits) -> Ground:
    """Look at the open files and the memory held now; the model must not step in between."""
    reopened, silenced, closed = [], [], []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        fd = int(name)
        kind = _kind(fd) if fd > STANDARD else 0
        if stat.S_ISREG(kind):
            way = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE
            path = os.readlink(f"/proc/self/fd/{fd}")  # noqa: PTH115
            if way != os.O_RDONLY and path.endswith((".out", ".rpt")):
                silenced.append(fd)
            else:
                reopened.append((fd, way, os.lseek(fd, 0, os.SEEK_CUR)))
        elif stat.S_ISSOCK(kind):
            closed.append(fd)
    with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123
        held = int(told.read().split()[0]) * resource.getpagesize()
    return Ground(
        reopened=tuple(reopened),
        silenced=tuple(silenced),
        closed=tuple(closed),
        memory=held + limits.memory_mb * 2**20,
        seconds=max(int(limits.seconds) + 1, 1),
        memory_mb=limits.memory_mb,
    )


def _kind(fd: int) -> int:
    try:
        return os.fstat(fd).st_mode
    except OSError:
        return 0  # the one by which we look at the folder


class Work(Protocol):
    """What children do; the state that one future leaves is put back for the next."""

    def run(self, index: int) -> object:
        """Run one future."""
        ...

    def back(self) -> bool:
        """Come back to where all futures begin; False where that cannot be."""
        ...


@dataclass(slots=True)
class Branch:
    """A child that runs, and the pipe by which it answers."""

    pid: int
    pipe: int
    at: mmap.mmap  # where it notes which future it runs: shared with it
    raw: bytearray

    @property
    def index(self) -> int:
        """The future that it runs, or ran when it ended; -1 for none."""
        return int(TICKET.unpack_from(self.at)[0])

    def read(self) -> bool:
        """Take what has come; True when the child has said all."""
        part = os.read(self.pipe, READ_BYTES)
        self.raw += part
        return not part

    def answers(self) -> Iterator[tuple[int, bytes]]:
        """Yield the answers that are there whole."""
        while len(self.raw) >= FRAME.size:
            index, length = FRAME.unpack_from(self.raw)
            end = FRAME.size + length
            if len(self.raw) < end:
                return
            answer = bytes(memoryview(self.raw)[FRAME.size : end])
            del self.raw[:end]
            yield index, answer

    def reap(self) -> str:
        """Wait for the child; return how it ended, empty when well."""
        os.close(self.pipe)
        self.at.close()
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            return f"the process of this future was ended by {name}"
        code = os.waitstatus_to_exitcode(status)
        return f"the process of this future ended with code {code}" if code else ""

    def kill(self) -> None:
        """End the child now."""
        os.kill(self.pid, signal.SIGKILL)
        self.reap()


def branch(work: Work, tickets: int, first: Ground) -> Branch:
    """Fork; the child works while there are tickets, answers by its pipe, and never returns."""
    read_end, write_end = os.pipe()
    at = mmap.mmap(-1, TICKET.size)
    TICKET.pack_into(at, 0, NONE)
    pid = LIBC.fork()
    if pid > 0:
        os.close(write_end)
        return Branch(pid, read_end, at, bytearray())
    if pid < 0:
        os.close(read_end)
        os.close(write_end)
        raise OSError("no more processes can be forked; lower the number of workers")
    code = 1
    try:
        settle(first)
        with contextlib.suppress(OSError):
            fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, PIPE_BYTES)  # answers wait there
        while ticket := os.read(tickets, TICKET.size):
            at[: TICKET.size] = ticket
            again = _answer(work, first, TICKET.unpack(ticket)[0], write_end)
            TICKET.pack_into(at, 0, NONE)
            if not (again and work.back()):
                break
            rewind(first)
        code = 0
    finally:
        os._exit(code)
    raise AssertionError("a child never comes here")


def _answer(work: Work, first: Ground, index: int, pipe: int) -> bool:
    """Run one future and say what it came to; False where the child is good for no other."""
    well = False
    try:
        limit(first)
        raw = packed(work.run(index))
        well = True
    except MemoryError:
        raw = packed(f"beyond its limit of {first.memory_mb} MiB of memory")
    except BaseException as wrong:  # noqa: BLE001 - a child must say its last word and end
        raw = packed(f"{type(wrong).__name__}: {wrong}")
    _write(pipe, FRAME.pack(index, len(raw)), raw)
    return well


def _write(pipe: int, head: bytes, raw: bytes) -> None:
    gone = os.writev(pipe, (head, raw)) - len(head)
    view = memoryview(raw)[max(gone, 0) :]
    assert gone >= 0, "a pipe takes a few bytes whole"
    while view:
        view = view[os.write(pipe, view) :]


def settle(first: Ground) -> None:
    """Part from the parent: die with it, share no file with it, keep within limits."""
    LIBC.prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    for fd, way, place in first.reopened:
        own = os.open(f"/proc/self/fd/{fd}", way)
        os.lseek(own, place, os.SEEK_SET)
        os.dup2(own, fd)
        os.close(own)
    if first.silenced:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for fd in first.silenced:
            os.dup2(nowhere, fd)
    for fd in first.closed:
        os.close(fd)
    resource.setrlimit(resource.RLIMIT_AS, (first.memory, first.memory))
    limit(first)


def limit(first: Ground) -> None:
    """Give the next future its processor time, beside what this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + first.seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def rewind(first: Ground) -> None:
    """Go back to where each file was open."""
    for fd, _, place in first.reopened:
        os.lseek(fd, place, os.SEEK_SET)
