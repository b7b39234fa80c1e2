"""The client of a twin: a live network in a process of its own, replaced when it dies.

What was done to the model is kept in a journal; a new process does it again and stands, bit for
bit, where the old one stood.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mindu.base.time import monotonic
from mindu.engines.hydraulics.branch import Limits
from mindu.engines.hydraulics.inp import Changes, InpError
from mindu.engines.hydraulics.port import (
    Array,
    Forcing,
    Future,
    Job,
    Network,
    Plan,
    Seen,
    Totals,
    Twin,
)
from mindu.engines.hydraulics.wire import GoneError, packed, receive, send, unpacked

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
DEATHS_MOST = 3  # of one twin's process, before we believe that it cannot live
REPLAY_S = 300.0  # s: a journal that takes longer is not worth waiting for
LEAVE_S = 5.0


class TwinError(RuntimeError):
    """The process behind a twin failed; says how."""


class Process:
    """One server process and the line to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        env = {
            **os.environ,
            **dict.fromkeys(ONE_THREAD, "1"),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        command = [sys.executable, "-m", "mindu.engines.hydraulics.server", str(theirs.fileno())]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, env=env, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
        )
        theirs.close()
        self.line = ours
        self.pid = self._process.pid

    def ask(self, raw: bytes) -> tuple[object, ...]:
        """Ask and wait for the answer."""
        send(self.line, raw)
        return self.hear()

    def hear(self) -> tuple[object, ...]:
        """Wait for the next answer."""
        told = unpacked(receive(self.line))
        assert isinstance(told, tuple)
        return told

    def close(self) -> None:
        """Let the process go, by force if it stays."""
        self.line.close()
        try:
            self._process.wait(LEAVE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True, slots=True)
class Opened:
    """What a new process must be told first."""

    path: str
    changes: Changes
    own_rules: bool
    limits: Limits


class Client:
    """A `Twin` whose model lives in another process."""

    network: Network

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._journal: list[bytes] = []
        self._spent = 0.0  # s that the journal took
        self._deaths = 0
        self._now = 0.0
        self._busy = False
        self._process: Process | None = None
        self._start()

    def now(self) -> float:
        """Return the time reached, s since the start."""
        return self._now

    def see(self) -> Seen:
        """Read every node, link, machine, gauge and outfall."""
        seen = self._ask("see")
        assert isinstance(seen, Seen)
        return seen

    def totals(self) -> Totals:
        """Return the water balance since the start."""
        totals = self._ask("totals")
        assert isinstance(totals, Totals)
        return totals

    def advance(self, to_s: float, *, plan: Plan, forcing: Forcing) -> Seen:
        """Step to `to_s` under the plan and the weather."""
        span = to_s - self._now
        plan, forcing = cut_plan(plan, span), cut_forcing(forcing, self._now, to_s)
        raw = packed(("advance", to_s, plan, forcing))
        begun = monotonic()
        seen = self._asked(raw)
        assert isinstance(seen, Seen)
        self._journal.append(raw)
        self._spent += monotonic() - begun
        self._now = seen.t
        return seen

    def futures(
        self, jobs: Sequence[Job], *, deadline_s: float, workers: int = 2
    ) -> Iterator[tuple[int, Future]]:
        """Run each job from now; yield (index, future) as each ends."""
        self._free()
        self._busy = True
        todo = dict(enumerate(jobs))
        end = monotonic() + deadline_s
        try:
            for lives in range(2):
                try:
                    yield from self._run(todo, end, workers)
                    break
                except GoneError:
                    if lives:
                        break
                    self._replace()
            for index in todo:
                told = "the twin's process died twice under these futures"
                yield index, Future(ok=False, error=told)
        finally:
            self._busy = False

    def _run(self, todo: dict[int, Job], end: float, workers: int) -> Iterator[tuple[int, Future]]:
        if not todo:
            return
        order = list(todo)
        left = max(end - monotonic(), 0.0)
        limits = replace(self._opened.limits, seconds=min(left + 1.0, self._opened.limits.seconds))
        process = self._alive()
        send(process.line, packed(("futures", list(todo.values()), left, workers, limits)))
        ended = False
        try:
            while True:
                told = process.hear()
                if told[0] != "one":
                    ended = True
                    if told[0] != "end":
                        raise TwinError(str(told[1]))
                    return
                _, index, future = told
                assert isinstance(index, int)
                assert isinstance(future, Future)
                todo.pop(order[index])
                yield order[index], future
        except GoneError:
            ended = True
            raise
        finally:
            if not ended:
                _cancel(process)

    def close(self) -> None:
        """End the processes behind the twin."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _free(self) -> None:
        if self._busy:
            raise TwinError("futures of this twin are still being read; close their iterator first")

    def _alive(self) -> Process:
        if self._process is None:
            raise TwinError("this twin is closed; open it again")
        return self._process

    def _ask(self, *asked: object) -> object:
        return self._asked(packed(asked))

    def _asked(self, raw: bytes) -> object:
        self._free()
        try:
            return _answer(self._alive().ask(raw))
        except GoneError:
            self._replace()
        try:
            return _answer(self._alive().ask(raw))
        except GoneError as gone:
            self._replace()
            raise TwinError("the twin's process died twice at the same request") from gone

    def _start(self) -> None:
        self._process = process = Process()
        opened = self._opened
        try:
            _answer(process.ask(packed(("hello", sys.path))))
            found = _answer(
                process.ask(packed(("open", opened.path, opened.changes, opened.own_rules)))
            )
        except GoneError as gone:
            self.close()
            raise TwinError("the twin's process died while it opened the model") from gone
        except BaseException:
            self.close()
            raise
        assert isinstance(found, tuple)
        network, told = found
        self.network = replace(network, warnings=(*network.warnings, *told))

    def _replace(self) -> None:
        """Put a new process in the place of a dead one, and do again what was done."""
        self._deaths += 1
        self.close()
        if self._deaths > DEATHS_MOST:
            raise TwinError(
                f"the twin's process died {self._deaths} times; its model cannot be run"
            )
        if self._spent > REPLAY_S:
            raise TwinError(
                f"the twin's process died, and to do its {self._spent:.0f} s of work again would "
                f"take longer than {REPLAY_S:.0f} s; open it anew"
            )
        self._start()
        for raw in self._journal:
            _answer(self._alive().ask(raw))


def _cancel(process: Process) -> None:
    """Stop the futures that run, and read what was on its way."""
    try:
        send(process.line, packed("stop"))
        while process.hear()[0] == "one":
            pass
    except GoneError:
        return


def _answer(told: tuple[object, ...]) -> object:
    if told[0] == "inp":
        raise InpError(str(told[1]))
    if told[0] != "ok":
        raise TwinError(str(told[1]))
    return told[1]


def cut_plan(plan: Plan, span: float) -> Plan:
    """Return the plan with only the blocks that a span can reach."""
    blocks = int(max(span, 0.0) // plan.block_s) + 1
    return replace(plan, blocks=np.asarray(plan.blocks, dtype=np.float64)[:blocks])


def cut_forcing(forcing: Forcing, start: float, end: float) -> Forcing:
    """Return the weather with only the rows that hold between start and end."""
    first = max(int((start - forcing.t0 + 1e-6) // forcing.step_s), 0)
    last = max(int((end - forcing.t0) // forcing.step_s), 0) + 1

    def rows(series: Array | None) -> Array | None:
        if series is None or not len(series):
            return None
        begin = min(first, len(series) - 1)
        return np.array(series[begin : max(last, begin + 1)], dtype=np.float64)

    return replace(
        forcing,
        t0=forcing.t0 + first * forcing.step_s,
        rain=rows(forcing.rain),
        stage=rows(forcing.stage),
        inflow=rows(forcing.inflow),
    )


def open_twin(
    path: str | Path,
    *,
    own_rules: bool = False,
    changes: Changes = Changes(),  # noqa: B008 - frozen
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Twin:
    """Open a network as a live twin in a process of its own; `close()` ends it."""
    return Client(Opened(str(Path(path).absolute()), changes, own_rules, limits))
