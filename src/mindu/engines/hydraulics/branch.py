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

LIBC = ctypes.CDLL(None)
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
PIPE_BYTES = 2**20
STANDARD = 2  # input, output, errors: shared with the parent


@dataclass(frozen=True, slots=True)
class Limits:
    """What one future may use."""

    memory_mb: int = 4096  # beyond what the twin holds already
    seconds: float = 300.0  # of processor time


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


def branch(index: int, work: Callable[[], object], limits: Limits) -> Branch:
    """Fork; the child does the work, answers by its pipe, and never returns."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write_end)
        fcntl.fcntl(read_end, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        return Branch(pid, read_end, index, bytearray())
    code = 1
    try:
        gc.disable()
        LIBC.prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        privatise(keep=write_end)
        _limit(limits)
        _write(write_end, packed(work()))
        code = 0
    except MemoryError:
        _write(write_end, packed(f"beyond its limit of {limits.memory_mb} MiB of memory"))
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


def _limit(limits: Limits) -> None:
    with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123
        held = int(told.read().split()[0]) * resource.getpagesize()
    most = held + limits.memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    seconds = max(int(limits.seconds) + 1, 1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def privatise(*, keep: int) -> None:
    """Close what belongs to the parent; give every regular file a place of our own in it."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        fd = int(name)
        if fd <= STANDARD:
            continue
        try:
            kind = os.fstat(fd).st_mode
        except OSError:
            continue
        if stat.S_ISREG(kind):
            _reopen(fd)
        elif fd != keep and (stat.S_ISSOCK(kind) or stat.S_ISFIFO(kind)):
            os.close(fd)


def _reopen(fd: int) -> None:
    path = os.readlink(f"/proc/self/fd/{fd}")  # noqa: PTH115
    way = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE
    place = os.lseek(fd, 0, os.SEEK_CUR)
    if way != os.O_RDONLY and path.endswith((".out", ".rpt")):
        own = os.open(os.devnull, os.O_RDWR)
    else:
        own = os.open(f"/proc/self/fd/{fd}", way)
        os.lseek(own, place, os.SEEK_SET)
    os.dup2(own, fd)
    os.close(own)
