"""Looking ahead: forks of the stored city in a process of their own, one at a time."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from secrets import token_hex
from threading import Event, RLock, Thread

import msgspec

from mindu.base.records import Words
from mindu.base.wrong import Full
from mindu.console.contract.ahead import Futures, Job, JobOut, Wish

FOLDER = "lookahead"
KEPT = 50  # looks ahead kept on disk; the oldest go first
WAITING = 8  # that may wait for their turn
PATIENCE = 10.0  # s for a child to end after it was told to


class Ask(msgspec.Struct, frozen=True):
    """What a child process is asked to live."""

    data: str
    wish: Wish


class Told(msgspec.Struct, frozen=True):
    """One line of a child: how far it is, what came of it, or why nothing did."""

    progress: float = 0.0
    step: Words = Words("", "")
    futures: Futures | None = None
    error: Words | None = None


class LookAhead:
    """Starts looks ahead over the log in a folder; results lie beside it and outlive a restart."""

    def __init__(self, data: Path, *, moved: Callable[[], None] = lambda: None) -> None:
        """Take up what was kept, and wait for wishes."""
        self._data, self._folder, self._moved = data, data / FOLDER, moved
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = RLock()
        self._jobs: dict[str, Job] = {}
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._queue: Queue[str] = Queue(maxsize=WAITING)
        self._ended = Event()
        for file in sorted(self._folder.glob("*.json"), key=lambda f: f.stat().st_mtime):
            self._take_up(file)
        self._thread = Thread(target=self._work, name="look ahead", daemon=True)
        self._thread.start()

    def start(self, wish: Wish, *, by: str) -> Job:
        """Put a look ahead in the queue.

        Raises:
            ValueError: too many wait already.
        """
        job = Job(id=token_hex(6), by=by, wish=wish, state="waiting")
        with self._lock:
            if self._queue.full():
                raise Full(
                    f"{WAITING} looks ahead wait already: end one, or come again",
                    f"已有 {WAITING} 个推演在排队:请取消一个,或稍后再来",
                )
            self._jobs[job.id] = job
            self._queue.put_nowait(job.id)
        self._moved()
        return job

    def jobs(self) -> list[Job]:
        """Return all, the newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def cancel(self, job: str) -> Job:
        """End one that waits or runs.

        Raises:
            KeyError: there is none of that name.
        """
        with self._lock:
            if self._jobs[job].state in {"waiting", "running"}:
                self._set(job, state="cancelled")
            child = self._children.get(job)
        if child is not None:
            child.terminate()
        return self._jobs[job]

    def futures(self, job: str) -> Futures | None:
        """Return what came of one that is done."""
        with self._lock:
            known = job in self._jobs  # a name that we gave, so it is safe as a file's
        file = self._folder / f"{job}.json"
        if not known or not file.exists():
            return None
        return msgspec.json.decode(file.read_bytes(), type=JobOut).futures

    def close(self) -> None:
        """End whatever runs."""
        self._ended.set()
        for job in self.jobs():
            self.cancel(job.id)
        self._thread.join(timeout=PATIENCE)

    def _work(self) -> None:
        while not self._ended.is_set():
            try:
                name = self._queue.get(timeout=0.2)
            except Empty:
                continue
            if self._jobs[name].state == "waiting":
                self._live(name)

    def _live(self, name: str) -> None:
        """Live one wish in a child; what it prints moves the job."""
        command = [sys.executable, "-m", "mindu.cli.ahead.futures"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        with self._lock:
            self._children[name] = child
            if self._jobs[name].state == "waiting":
                self._set(name, state="running")
        assert child.stdin is not None
        assert child.stdout is not None
        asked = Ask(data=str(self._data), wish=self._jobs[name].wish)
        try:
            child.stdin.write(msgspec.json.encode(asked))
            child.stdin.close()
            for line in child.stdout:
                self._hear(name, line)
        except (OSError, msgspec.DecodeError):
            pass  # it was ended while we spoke to it, or in the middle of a line
        finally:
            self._over(name, child)

    def _hear(self, name: str, line: bytes) -> None:
        told = msgspec.json.decode(line, type=Told)
        with self._lock:
            if self._jobs[name].state != "running":
                return
            if told.futures is not None:
                self._set(name, state="done", progress=1.0)
                self._keep(name, told.futures)
            elif told.error is not None:
                self._set(name, state="failed", error=told.error)
            else:
                self._set(name, progress=told.progress, step=told.step)

    def _over(self, name: str, child: "subprocess.Popen[bytes]") -> None:
        child.terminate()
        try:
            code = child.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        with self._lock:
            self._children.pop(name, None)
            if self._jobs[name].state == "running":
                no = Words(f"The look ahead ended with code {code}.", f"推演异常结束({code})。")
                self._set(name, state="failed", error=no)

    def _set(self, name: str, **told: object) -> None:
        self._jobs[name] = msgspec.structs.replace(self._jobs[name], **told)
        self._moved()

    def _keep(self, name: str, futures: Futures) -> None:
        file = self._folder / f"{name}.json"
        file.write_bytes(msgspec.json.encode(JobOut(job=self._jobs[name], futures=futures)))
        files = sorted(self._folder.glob("*.json"), key=lambda f: f.stat().st_mtime)
        for old in files[:-KEPT]:
            old.unlink()
            self._jobs.pop(old.stem, None)

    def _take_up(self, file: Path) -> None:
        try:
            kept = msgspec.json.decode(file.read_bytes(), type=JobOut)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return  # of another version: left where it is
        self._jobs[kept.job.id] = kept.job
