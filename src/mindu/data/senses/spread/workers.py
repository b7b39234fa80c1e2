"""Who counts parts: processes of this machine, or the machines of a Ray cluster.

A worker that dies loses nothing: its parts are counted again by another. Parts are read only, and
adding up does not care who counted, so the answer is the same.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, Protocol

from mindu.data.senses.spread.part import Part, Partial, count

AGAIN = 5  # times that a part is counted anew after its worker died
Counting = Callable[[Part], Partial]


class Workers(Protocol):
    """Whoever counts."""

    def all(self, parts: Sequence[Part]) -> list[Partial]:
        """Count every part.

        Raises:
            RuntimeError: workers died again and again.
        """
        ...


class Processes:
    """Processes of this machine."""

    def __init__(self, number: int, counting: Counting = count) -> None:
        """Let so many count at once."""
        self._number, self._counting = number, counting

    def all(self, parts: Sequence[Part]) -> list[Partial]:
        """Count every part; what a process that died had in hand is counted again."""
        found: dict[int, Partial] = {}
        for _ in range(AGAIN + 1):
            left = [i for i in range(len(parts)) if i not in found]
            if not left:
                break
            with ProcessPoolExecutor(self._number, get_context("spawn")) as pool:
                told = [(i, pool.submit(self._counting, parts[i])) for i in left]
                for i, answer in told:
                    try:
                        found[i] = answer.result()
                    except BrokenProcessPool:
                        continue
        if len(found) < len(parts):
            raise RuntimeError(f"processes died {AGAIN + 1} times while they counted; see the log")
        return [found[i] for i in range(len(parts))]


class OnRay:
    """The machines of a Ray cluster; each must see the folder and have this package."""

    def __init__(self, address: str, counting: Counting = count) -> None:
        """Join a cluster: `auto`, or the address of its head.

        Raises:
            RuntimeError: Ray is not installed, or no cluster answers.
        """
        try:
            import ray  # noqa: PLC0415 - an extra, loaded only by who has outgrown one machine
        except ImportError as wrong:
            raise RuntimeError("Ray is not installed: pip install 'mindu[ray]'") from wrong
        self._ray: Any = ray
        try:
            if not ray.is_initialized():
                ray.init(address=address, log_to_driver=False, configure_logging=False)
        except (ConnectionError, RuntimeError) as wrong:
            raise RuntimeError(f"no Ray cluster answers at {address}: {wrong}") from wrong
        self._count = ray.remote(max_retries=AGAIN, num_cpus=1)(counting)

    def all(self, parts: Sequence[Part]) -> list[Partial]:
        """Count every part; Ray counts those of a machine that died elsewhere."""
        try:
            found: list[Partial] = self._ray.get([self._count.remote(part) for part in parts])
        except self._ray.exceptions.RayError as wrong:
            raise RuntimeError(f"the cluster did not count all parts: {wrong}") from wrong
        return found
