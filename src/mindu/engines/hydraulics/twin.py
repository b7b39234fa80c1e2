"""The client of a twin: a live network in a process of its own, replaced when it dies.

What was done to the model is kept in a journal; a new process does it again and stands, bit for
bit, where the old one stood.
"""

import sys
import weakref
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mindu.base.time import monotonic
from mindu.engines.hydraulics.branch import Limits
from mindu.engines.hydraulics.fit import check, cut_forcing, cut_plan
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import (
    Forcing,
    Future,
    Job,
    Network,
    Plan,
    Seen,
    Totals,
    Twin,
)
from mindu.engines.hydraulics.process import HUNG, Process, TwinError, answer
from mindu.engines.hydraulics.wire import GoneError, packed, send, unpacked

__all__ = ["Client", "Opened", "TwinError", "open_twin"]

REPLAY_S = 300.0  # s: a journal that takes longer is not worth waiting for
JOURNAL_BYTES = 256 * 2**20  # beyond, a dead twin is told rather than replaced
GRACE_S = 60.0  # beyond a deadline, before the process counts as hung


@dataclass(frozen=True, slots=True)
class Opened:
    """What a new process must be told first."""

    path: str
    changes: Changes
    own_rules: bool
    limits: Limits


@dataclass(slots=True)
class Journal:
    """What was done to a model, to be done again in the same words."""

    done: list[bytes]
    held: int = 0  # bytes
    spent: float = 0.0  # s that it took

    def note(self, raw: bytes, seconds: float) -> None:
        """Note one request that was answered well."""
        self.held += len(raw)
        self.spent += seconds
        if self.held <= JOURNAL_BYTES:
            self.done.append(raw)

    def wrong(self) -> str:
        """Say why it cannot be done again; empty when it can."""
        if self.held > JOURNAL_BYTES:
            return f"its journal is beyond {JOURNAL_BYTES // 2**20} MiB"
        if self.spent > REPLAY_S:
            return f"its {self.spent:.0f} s of work would take longer than {REPLAY_S:.0f} s again"
        return ""


class Client:
    """A `Twin` whose model lives in another process."""

    network: Network

    def __init__(self, opened: Opened, journal: Sequence[bytes] = ()) -> None:
        self._opened = opened
        self._journal = Journal(list(journal))
        self._now = 0.0
        self._busy = False
        self._process: Process | None = None
        self._end: weakref.finalize[[], Client] | None = None
        self._start()

    @property
    def opened(self) -> Opened:
        """What this twin was opened from."""
        return self._opened

    @property
    def journal(self) -> tuple[bytes, ...]:
        """What was done to it since; another twin told the same stands at the same point."""
        return tuple(self._journal.done)

    def follow(self, journal: Sequence[bytes]) -> bool:
        """Do what another twin's journal says beyond our own; False where the two have parted."""
        done = self._journal.done
        if list(journal[: len(done)]) != done:
            return False
        for raw in journal[len(done) :]:
            self._do(raw)
        return True

    @property
    def pid(self) -> int:
        """The number of the process behind it."""
        return self._alive().pid

    def now(self) -> float:
        """Return the time reached, s since the start."""
        return self._now

    def see(self) -> Seen:
        """Read every node, link, machine, gauge and outfall."""
        seen = self._asked(packed(("see",)))
        assert isinstance(seen, Seen)
        return seen

    def totals(self) -> Totals:
        """Return the water balance since the start."""
        totals = self._asked(packed(("totals",)))
        assert isinstance(totals, Totals)
        return totals

    def advance(self, to_s: float, *, plan: Plan, forcing: Forcing) -> Seen:
        """Step to `to_s` (whole seconds) under the plan and the weather."""
        check(plan, forcing, self.network)
        if to_s < self._now - 0.5:
            raise ValueError(f"a twin never goes back: it is at {self._now:.0f} s, not {to_s:.0f}")
        plan = cut_plan(plan, to_s - self._now)
        return self._do(packed(("advance", to_s, plan, cut_forcing(forcing, self._now, to_s))))

    def _do(self, raw: bytes) -> Seen:
        """Step, and note it in the journal."""
        begun = monotonic()
        seen = self._asked(raw)
        assert isinstance(seen, Seen)
        self._journal.note(raw, monotonic() - begun)
        self._now = seen.t
        return seen

    def futures(
        self, jobs: Sequence[Job], *, deadline_s: float, workers: int = 2
    ) -> Generator[tuple[int, Future], None, None]:
        """Run each job from now; yield (index, future) as each ends; closing cancels."""
        for job in jobs:
            check(job.plan, job.forcing, self.network)
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
                    if not lives:
                        self._replace()
            for index in todo:
                told = "the twin's process died twice under these futures"
                yield index, Future(ok=False, error=told)
        finally:
            self._busy = False

    def _run(self, todo: dict[int, Job], end: float, workers: int) -> Iterator[tuple[int, Future]]:
        if not todo:
            return
        order, process = list(todo), self._alive()
        left = max(end - monotonic(), 0.0)
        limits = replace(self._opened.limits, seconds=min(left, self._opened.limits.seconds))
        send(process.line, packed(("futures", list(todo.values()), left, workers, limits)))
        ended = False
        try:
            while (told := process.hear(left + GRACE_S))[0] == "some":
                assert isinstance(told[1], list)
                for index, found in told[1]:
                    todo.pop(order[index])
                    yield order[index], _future(found)
            ended = True
            if told[0] != "end":
                answer(told)
        except GoneError:
            ended = True
            raise
        finally:
            if not ended:
                process.cancel()

    def close(self) -> None:
        """End the processes behind the twin."""
        if self._end is not None:
            self._end()
        self._process = None

    def _free(self) -> None:
        if self._busy:
            raise TwinError("futures of this twin are still being read; close their iterator first")

    def _alive(self) -> Process:
        if self._process is None:
            raise TwinError("this twin is closed; open it again")
        return self._process

    def _asked(self, raw: bytes) -> object:
        self._free()
        for lives in range(2):
            try:
                return self._alive().ask(raw)
            except GoneError as gone:
                fate = self._alive().fate()
                self._replace()
                if fate == HUNG:  # it would hang again
                    raise TwinError(f"the twin's process {fate}; it stands where it did") from gone
                if lives:
                    told = f"the twin's process died twice at the same request: it {fate}"
                    raise TwinError(told) from gone
        raise AssertionError("a request is answered or raises")

    def _start(self) -> None:
        process = Process()
        self._end = weakref.finalize(self, process.close)
        self._process = process
        opened = self._opened
        ask = ("open", opened.path, opened.changes, opened.own_rules)
        try:
            process.ask(packed(("hello", sys.path, opened.limits.request_s)))
            found = process.ask(packed(ask))
            for raw in self._journal.done:
                seen = process.ask(raw)
                assert isinstance(seen, Seen)
                self._now = seen.t
        except BaseException as wrong:
            self.close()
            if isinstance(wrong, GoneError):
                told = "the twin's process died while it opened the model or did its work again"
                raise TwinError(told) from wrong
            raise
        assert isinstance(found, tuple)
        network, told = found
        self.network = replace(network, warnings=(*network.warnings, *told))

    def _replace(self) -> None:
        """Put a new process in the place of a dead one, and do again what was done."""
        self.close()
        wrong = self._journal.wrong()
        if wrong:
            raise TwinError(
                f"the twin's process died and cannot be replaced: {wrong}; open it anew"
            )
        self._start()


def _future(found: object) -> Future:
    """Return what a child answered, or how it failed."""
    if isinstance(found, bytes):
        found = unpacked(found)
    return found if isinstance(found, Future) else Future(ok=False, error=str(found))


def open_twin(
    path: str | Path,
    *,
    own_rules: bool = False,
    changes: Changes = Changes(),  # noqa: B008 - frozen
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Twin:
    """Open a network as a live twin in a process of its own; `close()` ends it."""
    return Client(Opened(str(Path(path).absolute()), changes, own_rules, limits))
