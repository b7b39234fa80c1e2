"""Jobs: pieces of work that workers lease, keep, finish, fail or break off; leases outlive a crash.

A lease and a failure are entries of the log like any step, so a worker that was killed finds what
it held, nobody else is given it meanwhile, and a job that failed too often waits for a person.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import msgspec

from mindu.base.records import Event
from mindu.brain.folds.flow.leases import FAILED, LEASED, TRIES, Lease
from mindu.brain.folds.instances import PREFIX, Place
from mindu.brain.processes.ledger import Ledger
from mindu.engines.process import Moved, State, Wait
from mindu.engines.process.core.work import Work
from mindu.engines.process.happenings import AnyHappening, Done, Failed

LEASE = timedelta(minutes=5)
LONGEST = timedelta(days=1)  # that one lease may last
MOST = 100  # jobs that one asking may lease
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)  # before a failed job is free
WORDS = 300  # characters of a trouble that are kept


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of work that one worker holds until its lease runs out."""

    instance: int
    wait: int
    topic: str
    key: str  # the same at every try: who does the work twice, does it once
    until: datetime
    vars: dict[str, Any]
    left: int = TRIES  # tries, this one counted


class Steps(Protocol):
    """Who steps instances."""

    def step(self, instance: int, happening: AnyHappening, *, by: str, now: datetime) -> Moved:
        """Take one step."""
        ...

    def trouble(self, instance: int, why: str, now: datetime) -> None:
        """Write down what an instance cannot go on for."""
        ...


class Jobs:
    """The jobs of one brain's processes; not safe for threads by itself."""

    def __init__(self, ledger: Ledger, steps: Steps) -> None:
        """Lease what the instances of a ledger wait for; whoever steps them takes the results."""
        self._ledger, self._steps = ledger, steps

    def lease(
        self, topic: str, worker: str, now: datetime, *, most: int = 10, lease: timedelta = LEASE
    ) -> list[Job]:
        """Lease jobs to a worker, durably; whoever asks again gets what they hold again.

        What another holds, what waits after a failure or for a person, and what belongs to a
        suspended case is left.
        """
        until = now + min(lease, LONGEST)
        found: list[Job] = []
        for place, state, held in self._free(topic, worker, now):
            found.append(self._job(state, place, topic, (until, held.left), now))
            if len(found) >= min(most, MOST):
                break
        if found:
            places = " ".join(f"{job.instance}:{job.wait}" for job in found)
            self._write(LEASED, f"jobs:{topic}", worker, now, jobs=places, until=until.timestamp())
        return found

    def find(self, instance: int, wait: int, now: datetime) -> Job | None:
        """Return a job that waits, whoever holds it; None where it is done, or was none."""
        place = instance, wait
        found = next((w for w in self._ledger.instances.of(instance) if w.id == wait), None)
        if found is None or found.kind != "job":
            return None
        held = self._held(place)
        state = self._ledger.state(instance)
        until = datetime.fromtimestamp(held.until, UTC)
        return self._job(state, place, found.name, (until, held.left), now)

    def holder(self, job: Job, now: datetime) -> str:
        """Return who holds a job now; "" where its lease is over or it was never leased."""
        held = self._held((job.instance, job.wait))
        return held.worker if held.until > now.timestamp() else ""

    def extend(self, job: Job, worker: str, now: datetime, lease: timedelta) -> datetime:
        """Let a worker keep a job longer; return until when."""
        until = now + min(lease, LONGEST)
        place = f"{job.instance}:{job.wait}"
        self._write(LEASED, f"jobs:{job.topic}", worker, now, jobs=place, until=until.timestamp())
        return until

    def finish(self, job: Job, worker: str, results: dict[str, Any], now: datetime) -> Moved:
        """Take a worker's results. The first who brings them is heard, whoever holds the lease.

        Raises:
            Stuck: it was done before, or the process cannot go on with them.
        """
        done = Done(wait=job.wait, by=worker, vars=results)
        return self._steps.step(job.instance, done, by=worker, now=now)

    def error(
        self, job: Job, worker: str, told: tuple[str, dict[str, Any]], now: datetime
    ) -> Moved:
        """Take an error that the process knows by its code: `told` is the code and variables.

        Raises:
            Stuck: nothing catches it, or the job was done before.
        """
        code, more = told
        known = Failed(wait=job.wait, code=code, by=worker, vars=more)
        return self._steps.step(job.instance, known, by=worker, now=now)

    def fail(
        self, job: Job, worker: str, now: datetime, *, why: str, left: int | None = None,
        again: timedelta | None = None,
    ) -> None:  # fmt: skip
        """Take a trouble that a worker had.

        The job is free again later, each time twice as late; after the last try a person must free
        it. `left` tries and the time until `again` may be told.
        """
        held = self._held((job.instance, job.wait))
        tries = max(held.left - 1, 0) if left is None else left
        wait = min(FIRST_WAIT * 2 ** min(held.fails, 20), LONGEST_WAIT) if again is None else again
        free = (now + min(wait, LONGEST)).timestamp()
        with self._ledger.together(), self._ledger.memory.log.whole():
            args = {"wait": float(job.wait), "left": float(tries), "again": free}
            self._write(FAILED, f"{PREFIX}{job.instance}", worker, now, error=why[:WORDS], **args)
            if not tries:
                self._steps.trouble(job.instance, f"{job.topic}: {why}", now)

    def given(self, state: State, wait: Wait, now: datetime) -> dict[str, Any]:
        """Return what a task or job is given: its inputs, or all that it may see."""
        work = Work(state, self._ledger.models, now)
        node = work.of(wait.frame).nodes[wait.node]
        if not node.work.inputs:
            return work.seen(wait.frame)
        return {name: work.eval(wait.frame, text)[0] for text, name in node.work.inputs}

    def _free(self, topic: str, worker: str, now: datetime) -> Iterator[tuple[Place, State, Lease]]:
        for place in list(self._ledger.instances.waiting("job", topic)):
            held = self._held(place)
            if held.until > now.timestamp() and held.worker != worker:
                continue
            if held.left and (state := self._ledger.state(place[0])).paused is None:
                yield place, state, held

    def _held(self, place: Place) -> Lease:
        return self._ledger.instances.leases.of.get(place, Lease())

    def _job(
        self, state: State, place: Place, topic: str, held: tuple[datetime, int], now: datetime
    ) -> Job:
        wait = next(w for w in state.waits if w.id == place[1])
        return Job(
            instance=place[0], wait=place[1], topic=topic, key=f"{PREFIX}{place[0]}:{place[1]}",
            until=held[0], vars=self.given(state, wait, now), left=held[1],
        )  # fmt: skip

    def _write(
        self, name: str, about: str, worker: str, now: datetime, **args: str | float
    ) -> None:
        with self._ledger.together():
            self._ledger.memory.write(Event(name, args), at=now, about=about, by=worker)
