"""The pool: children that run queries, each killed and made anew where it hangs or breaks."""

import contextlib
import json
import os
import select
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Lock

import msgspec
import pyarrow as pa

from mindu.base.time import monotonic
from mindu.data.gateway import child
from mindu.data.gateway.allow import refused

GRACE = 2.0  # s that a child has to let go after its time is up
START = 60.0  # s until a child must be ready
PIECE = 1 << 20


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one query may take, and how many run at once."""

    seconds: float = 10.0
    memory: int = 1 << 30  # bytes that the engine plans with
    space: int = 6 << 30  # bytes of address space, the hard wall
    threads: int = 2
    children: int = 2
    waiting: int = 64  # asks that wait for a child
    queries: int = 10_000  # until a child is made anew
    processor: int = 36_000  # processor seconds of one child


class Child:
    """One process, used by one thread at a time."""

    def __init__(self, folders: Sequence[Path], limits: Limits) -> None:
        """Start it and wait until it is locked.

        Raises:
            RuntimeError: it does not come up.
        """
        self._limits, self.runs = limits, 0
        self._process = subprocess.Popen(  # noqa: S603 - our own file, no words from outside
            [sys.executable, "-I", str(Path(child.__file__))], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/",
        )  # fmt: skip
        told = {
            "folders": [str(folder) for folder in folders], "memory": limits.memory,
            "space": limits.space, "threads": limits.threads, "processor": limits.processor,
        }  # fmt: skip
        self._send(json.dumps(told).encode())
        if self._take(1, START) != child.GIVEN:
            self.end()
            raise RuntimeError("the query engine did not start; is there memory left?")

    def run(self, sql: str) -> tuple[bytes, pa.Table | None]:
        """Return how a query went and its rows; SLOW where the child had to be killed."""
        self.runs += 1
        seconds = self._limits.seconds
        try:
            self._send(json.dumps([seconds, sql]).encode())
            head = self._take(9, seconds + GRACE)
            body = self._take(struct.unpack(">Q", head[1:])[0], seconds + GRACE)
        except TimeoutError:
            self.end()
            return child.SLOW, None
        except (OSError, EOFError, ValueError):
            self.end()
            return child.HEAVY, None
        if head[:1] == child.HEAVY:
            self.end()  # what filled its room may not all be given back
        if head[:1] != child.GIVEN:
            return head[:1], None
        return head[:1], pa.ipc.open_stream(body).read_all()

    @property
    def alive(self) -> bool:
        """Say whether it still runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill it, and let go of its pipes, also where it ended by itself."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what it was not told yet is told to nobody
                    pipe.close()

    def _send(self, told: bytes) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(struct.pack(">I", len(told)) + told)
        pipe.flush()

    def _take(self, count: int, seconds: float) -> bytes:
        pipe = self._process.stdout
        assert pipe is not None
        found, until = bytearray(), monotonic() + seconds
        looked = select.poll()  # `select` knows no file beyond the 1,024th
        looked.register(pipe, select.POLLIN)
        while len(found) < count:
            if (left := until - monotonic()) <= 0 or not looked.poll(left * 1000):
                raise TimeoutError
            piece = os.read(pipe.fileno(), min(PIECE, count - len(found)))
            if not piece:
                raise EOFError
            found += piece
        return bytes(found)


class Pool:
    """A few children over one folder of files; threads may share it."""

    def __init__(
        self, folder: Path, limits: Limits | None = None, also: Path | None = None
    ) -> None:
        """Start no child before it is needed; children read below these folders alone."""
        self.folder, self.limits = folder.resolve(), limits or Limits()
        self.also = None if also is None else also.resolve()
        self._free: LifoQueue[Child] = LifoQueue()
        self._lock = Lock()
        self._count = self._waiting = 0

    def run(self, sql: str) -> pa.Table:
        """Run a planned query.

        Raises:
            Refused: too many wait, or it took too long or too much, or it failed; never why.
        """
        held = self._child()
        try:
            how, table = held.run(sql)
        finally:
            self._back(held)
        if table is not None:
            return table
        if how == child.SLOW:
            raise refused(
                f"it took longer than {self.limits.seconds:g} s; ask for less",
                f"超过 {self.limits.seconds:g} 秒,请缩小查询范围",
            )
        if how == child.HEAVY:
            raise refused("it took too much memory; ask for less", "占用内存过多,请缩小查询范围")
        raise refused("the query could not be run as it stands", "查询无法执行")

    def close(self) -> None:
        """End every child that is free."""
        while True:
            try:
                self._free.get_nowait().end()
            except Empty:
                return

    def _child(self) -> Child:
        with self._lock:
            if self._waiting >= self.limits.waiting:
                raise refused("too many ask at once; come again", "查询过多,请稍后再试")
            make = self._free.empty() and self._count < self.limits.children
            self._count += make
            self._waiting += not make
        if make:
            return self._made()
        try:
            wait = (self.limits.seconds + GRACE) * 4
            return self._free.get(timeout=wait)
        except Empty as wrong:
            raise refused("too many ask at once; come again", "查询过多,请稍后再试") from wrong
        finally:
            with self._lock:
                self._waiting -= 1

    def _made(self) -> Child:
        try:
            return Child(self._folders(), self.limits)
        except BaseException:
            with self._lock:
                self._count -= 1
            raise

    def _folders(self) -> list[Path]:
        return [self.folder] if self.also is None else [self.folder, self.also]

    def _back(self, held: Child) -> None:
        if held.alive and held.runs < self.limits.queries:
            self._free.put(held)
            return
        held.end()
        try:
            self._free.put(Child(self._folders(), self.limits))
        except (RuntimeError, OSError):
            with self._lock:
                self._count -= 1
