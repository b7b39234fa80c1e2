"""Shapes: the newest window of a series is held against those before it, where a kind declares it.

What is kept of a series is the past that shapes are held against, so all together have a bound;
series beyond it are not weighed, and a trouble says so.
"""

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np

from mindu.data.arrays import Floats, Ints
from mindu.data.senses.registry import Registry
from mindu.engines.outlook.shape import Shapes

ROOM = 256 << 20  # bytes of all shapes together
Told = tuple[str, str, int, bytes, dict[str, bytes]]  # kind, property, window, series, state


class Shaped:
    """The shapes of every property that a kind declares, series by series."""

    def __init__(self, troubles: deque[str]) -> None:
        """Know nothing yet; say in `troubles` what is beyond the bound."""
        self._troubles = troubles
        self._of: dict[tuple[str, str], tuple[Shapes, Ints]] = {}  # and the series of each slot
        self._where: dict[int, tuple[Shapes, int]] = {}  # series -> its shapes and slot

    def __len__(self) -> int:
        """Count the series."""
        return len(self._where)

    def declared(self, registry: Registry, of: Callable[[str, str], Ints]) -> None:
        """Begin with what kinds declare now, and leave off what they declare no more."""
        wanted = {(name, prop): window for name, model in registry.kinds.items()
                  for prop, window in model.shape.items()}  # fmt: skip
        self._of = {key: it for key, it in self._of.items() if wanted.get(key) == it[0].window}
        for key, window in wanted.items():
            shapes, series = self._of.get(key, (Shapes(window), np.zeros(0, np.int64)))
            mine = of(*key)
            new = mine[~np.isin(mine, series)]
            free = (ROOM - sum(it.nbytes for it, _ in self._of.values())) // shapes.bytes_each
            if len(new) > free:
                left = len(new) - max(free, 0)
                self._troubles.append(f"{left} series of {' '.join(key)} have no room for shapes")
                new = new[: max(free, 0)]
            series = np.concatenate([series, new])
            shapes.reach(len(series))
            self._of[key] = shapes, series
        self._found()

    def _found(self) -> None:
        self._where = {int(one): (shapes, slot) for shapes, series in self._of.values()
                       for slot, one in enumerate(series.tolist())}  # fmt: skip

    def hear(self, series: Ints, value: Floats) -> Iterator[tuple[int, float]]:
        """Hear one reading of each of these series; yield which rows were odd, with their score."""
        turns: dict[int, tuple[Shapes, list[int], list[int]]] = {}
        for row, one in enumerate(series.tolist()):
            if (place := self._where.get(one)) is not None:
                _, rows, slots = turns.setdefault(id(place[0]), (place[0], [], []))
                rows.append(row)
                slots.append(place[1])
        for shapes, rows, slots in turns.values():
            score = shapes.feed(np.array(slots, np.int64), value[rows])
            yield from ((rows[i], float(score[i])) for i in np.flatnonzero(score > 1).tolist())

    def dump(self) -> list[Told]:
        """Return the state."""
        return [(kind, prop, it.window, series.tobytes(), it.dump())
                for (kind, prop), (it, series) in self._of.items()]  # fmt: skip

    def load(self, told: list[Told]) -> None:
        """Take up a state that `dump` gave."""
        for kind, prop, window, series, state in told:
            shapes = Shapes(window)
            shapes.load(state)
            self._of[kind, prop] = shapes, np.frombuffer(series, np.int64).copy()
        self._found()
