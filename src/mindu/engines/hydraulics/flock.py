"""The futures of one request: a few children share them out among themselves.

Each child takes the next ticket from a file whose place all share, so that none waits for us, and
the one who dies is known by the ticket that it noted before it began.
"""

import os
import selectors
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryFile

from mindu.engines.hydraulics.branch import (
    LIBC,
    NONE,
    TICKET,
    Branch,
    Ground,
    Limits,
    branch,
    ground,
    rewind,
    settle,
)
from mindu.engines.hydraulics.drive import future
from mindu.engines.hydraulics.port import Future, Job
from mindu.engines.hydraulics.swmm import Swmm
from mindu.engines.hydraulics.wire import packed, unpacked

TRIED_S = 120.0  # s of the model's time by which a box is proven


@dataclass(slots=True)
class Futures:
    """The work of one request's children."""

    model: Swmm
    jobs: Sequence[Job]
    kept: bool  # the model's state is kept, to be put back

    def run(self, index: int) -> Future:
        """Run one future under a policy of its own, whatever another remembers."""
        job = self.jobs[index]
        tail = unpacked(packed(job.plan.tail))
        return future(self.model, replace(job, plan=replace(job.plan, tail=tail)))  # type: ignore[arg-type]

    def back(self) -> bool:
        """Put the kept state back."""
        return self.kept and self.model.back()


class Flock:
    """Those to do, and the children that run."""

    def __init__(self, model: Swmm, jobs: Sequence[Job], many: int, limits: Limits) -> None:
        self.many, self.count = many, len(jobs)
        self.first = ground(limits)
        again = len(jobs) > many and proven(model, self.first)
        self.work = Futures(model, jobs, kept=again and model.keep())
        self.left = set(range(len(jobs)))  # not answered yet
        self.live: dict[int, Branch] = {}
        # A file on disk, not in memory: only of such a one does each read move the place alone.
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - `end` closes it
        self._file.write(b"".join(map(TICKET.pack, range(len(jobs)))))
        self._file.seek(0)
        self.tickets = self._file.fileno()

    def more(self, looked: selectors.BaseSelector) -> bool:
        """Let children set off while there is room and work; say whether any runs."""
        while self._waiting() and len(self.live) < min(self.many, len(self.left)):
            made = branch(self.work, self.tickets, self.first)
            self.live[made.pipe] = made
            looked.register(made.pipe, selectors.EVENT_READ)
        return bool(self.live)

    def _waiting(self) -> bool:
        return os.lseek(self.tickets, 0, os.SEEK_CUR) < self.count * TICKET.size

    @property
    def patient(self) -> bool:
        """Whether no child waits for us: answers may be gathered before they are passed on."""
        return self.work.kept and self._waiting()

    def heard(self, pipe: int, looked: selectors.BaseSelector) -> Iterator[tuple[int, bytes | str]]:
        """Yield what a child has answered, and what became of its last future when it ended."""
        made = self.live[pipe]
        ended = made.read()
        for index, answer in made.answers():
            self.left.discard(index)
            yield index, answer
        if not ended:
            return
        looked.unregister(pipe)
        del self.live[pipe]
        index, told = made.index, made.reap()
        if index == NONE and told:  # it came to nothing: so does the next in its place
            index = self._taken()
        self.more(looked)
        if index in self.left:
            self.left.discard(index)
            yield index, told or "the future gave no answer"

    def _taken(self) -> int:
        ticket = os.read(self.tickets, TICKET.size)
        return int(TICKET.unpack(ticket)[0]) if ticket else NONE

    def end(self) -> None:
        """End those that run."""
        for made in self.live.values():
            made.kill()
        self.live.clear()
        self._file.close()


def proven(model: Swmm, first: Ground) -> bool:
    """Say whether a kept state, put back, runs to the same end in every byte; tried once."""
    if model.proven is None:
        pid = LIBC.fork()
        if not pid:
            same = False
            try:
                settle(first)
                same = _same(model, first)
            finally:
                os._exit(0 if same else 1)
        model.proven = pid > 0 and os.waitpid(pid, 0)[1] == 0
    return model.proven


def _same(model: Swmm, first: Ground) -> bool:
    """Run on twice from the same kept state; in a child of its own, which may fail in any way."""
    if not model.keep() or model.box is None:
        return False
    ends = []
    then = min(model.t + TRIED_S, model.gait.end)
    for _ in range(2):
        model.reach(then, then)
        ends.append(model.box.image())
        if not model.back():
            return False
        rewind(first)
    return ends[0] == ends[1]
