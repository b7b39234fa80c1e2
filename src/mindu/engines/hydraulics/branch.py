"""Branch the live model: each future is a forked child with files, limits and an end of its own.

A fork shares file offsets with its parent, and SWMM reads rain, tide and infiltration files while
it runs: so a child opens every regular file anew, at the same place, before it steps.
"""

import ctypes
import fcntl
import gc
import os
import resource
import signal
import stat
from collections.abc import Callable
from dataclasses import dataclass

from mindu.engines.hydraulics.wire import packed

# Python's own fork runs hooks for threads that we do not have; they cost more than the fork.
LIBC = ctypes.PyDLL(None)
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
PIPE_BYTES = 2**20
STANDARD = 2  # input, output, errors: shared with the parent


@dataclass(frozen=True, slots=True)
class Limits:
    """What one future may use."""

    memory_mb: int = 4096  # beyond what the twin holds already
    seconds: float = 300.0  # of processor time


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


@dataclass(slots=True)
class Branch:
    """A child that runs, and the pipe by which it answers."""

    pid: int
    pipe: int
    index: int
    raw: bytearray

    def read(self) -> bool:
        """Take what has come; True when the child has said all."""
        part = os.read(self.pipe, PIPE_BYTES)
        self.raw += part
        return not part

    def reap(self) -> str:
        """Wait for the child; return how it ended, empty when well."""
        os.close(self.pipe)
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


def branch(index: int, work: Callable[[], object], first: Ground) -> Branch:
    """Fork; the child does the work, answers by its pipe, and never returns."""
    read_end, write_end = os.pipe()
    pid = LIBC.fork()
    if pid > 0:
        os.close(write_end)
        return Branch(pid, read_end, index, bytearray())
    if pid < 0:
        os.close(read_end)
        os.close(write_end)
        raise OSError("no more processes can be forked; lower the number of workers")
    code = 1
    try:
        gc.disable()
        _settle(first)
        _write(write_end, packed(work()))
        code = 0
    except MemoryError:
        _write(write_end, packed(f"beyond its limit of {first.memory_mb} MiB of memory"))
        code = 0
    except BaseException as wrong:  # noqa: BLE001 - a child must say its last word and end
        _write(write_end, packed(f"{type(wrong).__name__}: {wrong}"))
        code = 0
    finally:
        os._exit(code)
    raise AssertionError("a child never comes here")


def _write(pipe: int, raw: bytes) -> None:
    view = memoryview(raw)
    while view:
        view = view[os.write(pipe, view) :]


def _settle(first: Ground) -> None:
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
    resource.setrlimit(resource.RLIMIT_CPU, (first.seconds, first.seconds + 1))
