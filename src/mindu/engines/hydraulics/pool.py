"""Where the futures of a twin are run: on this machine, or shared out over many by Ray.

A far worker keeps a replica: a twin of its own, told the same journal in the same words, so it
stands at the same point bit for bit, and its futures are the twin's own.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from mindu.base.time import monotonic
from mindu.engines.hydraulics.port import Future, Job, Twin
from mindu.engines.hydraulics.twin import Client, Opened

GRACE_S = 120.0  # beyond a deadline, before a far worker is given up


class Pool(Protocol):
    """Runs futures of a twin somewhere."""

    def futures(
        self, twin: Twin, jobs: Sequence[Job], *, deadline_s: float
    ) -> Iterator[tuple[int, Future]]:
        """Run each job from the twin's now; yield (index, future) as each ends."""
        ...

    def close(self) -> None:
        """Let go of all workers."""
        ...


class LocalPool:
    """The twin's own children, on this machine."""

    def __init__(self, workers: int = 2) -> None:
        self.workers = workers

    def futures(
        self, twin: Twin, jobs: Sequence[Job], *, deadline_s: float
    ) -> Iterator[tuple[int, Future]]:
        """Run them as the twin does."""
        return twin.futures(jobs, deadline_s=deadline_s, workers=self.workers)

    def close(self) -> None:
        """Nothing is held."""


class Replica:
    """A twin that follows another by its journal; one lives in each far worker."""

    def __init__(self, workers: int, paths: Sequence[str] = ()) -> None:
        sys.path[:] = [*sys.path, *(p for p in paths if p not in sys.path)]  # for policies
        self.workers = workers
        self._twin: Client | None = None

    def run(
        self,
        stood: tuple[Opened, Sequence[bytes]],
        batch: Sequence[tuple[int, Job]],
        deadline_s: float,
    ) -> list[tuple[int, Future]]:
        """Come to where the twin stood, then run a batch of futures from there."""
        begun = monotonic()
        twin = self._follow(*stood)
        left = max(deadline_s - (monotonic() - begun), 0.0)
        found = twin.futures([job for _, job in batch], deadline_s=left, workers=self.workers)
        return [(batch[k][0], future) for k, future in found]

    def _follow(self, opened: Opened, journal: Sequence[bytes]) -> Client:
        held = self._twin
        if held is not None and held.opened == opened and held.follow(journal):
            return held
        self.close()
        self._twin = Client(opened, journal)
        return self._twin

    def close(self) -> None:
        """End the replica."""
        if self._twin is not None:
            self._twin.close()
            self._twin = None


class RayPool:
    """Replicas over the machines of a Ray cluster (`pip install mindu[ray]`).

    Every machine must find the model's file by the same path.
    """

    def __init__(self, replicas: int, *, workers: int = 1, address: str | None = None) -> None:
        try:
            import ray  # noqa: PLC0415 - an extra: the house stands without it
        except ImportError as absent:
            raise RuntimeError("Ray is not installed; pip install mindu[ray]") from absent
        self._ray: Any = ray
        if not ray.is_initialized():
            ray.init(address=address, include_dashboard=False, log_to_driver=False)
        far = ray.remote(Replica).options(num_cpus=workers)
        self._far = [far.remote(workers, sys.path) for _ in range(replicas)]
        self._workers = workers

    def futures(
        self, twin: Twin, jobs: Sequence[Job], *, deadline_s: float
    ) -> Iterator[tuple[int, Future]]:
        """Give each replica a batch at a time; the quick ones get more."""
        if not isinstance(twin, Client):
            raise TypeError(
                "only a twin opened by open_twin keeps the journal that replicas follow"
            )
        end = monotonic() + deadline_s
        shared = self._ray.put((twin.opened, twin.journal))
        todo = list(enumerate(jobs))[::-1]
        running: dict[Any, tuple[Any, list[tuple[int, Job]]]] = {}
        for replica in self._far:
            self._send(replica, shared, todo, running, end)
        while running:
            left = max(end - monotonic(), 0.0) + GRACE_S
            ended, _ = self._ray.wait(list(running), timeout=left)
            if not ended:
                break
            replica, batch = running.pop(ended[0])
            yield from self._heard(ended[0], batch)
            self._send(replica, shared, todo, running, end)
        waiting = [pair for _, batch in running.values() for pair in batch]
        for index, _ in sorted([*todo, *waiting], key=lambda pair: pair[0]):
            yield index, Future(ok=False, error=f"not done by the deadline of {deadline_s:.1f} s")

    def _send(
        self,
        replica: Any,  # noqa: ANN401 - Ray's handle of an actor has no type of its own
        shared: object,
        todo: list[tuple[int, Job]],
        running: dict[Any, tuple[Any, list[tuple[int, Job]]]],
        end: float,
    ) -> None:
        left = end - monotonic()
        batch = [todo.pop() for _ in range(min(self._workers, len(todo)))] if left > 0 else []
        if batch:
            running[replica.run.remote(shared, batch, left)] = (replica, batch)

    def _heard(
        self,
        answer: object,
        batch: Sequence[tuple[int, Job]],
    ) -> list[tuple[int, Future]]:
        try:
            return list(self._ray.get(answer))
        except self._ray.exceptions.RayError as failed:
            told = f"the far worker failed: {str(failed).splitlines()[-1]}"
            return [(index, Future(ok=False, error=told)) for index, _ in batch]

    def close(self) -> None:
        """End all replicas."""
        for replica in self._far:
            self._ray.kill(replica)
        self._far = []
