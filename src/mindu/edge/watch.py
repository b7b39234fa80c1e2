"""The watch: detectors hear every reading of the series that a kind declares, as it comes to count.

A reading costs the same whatever came before. Of one series at most `MOST` readings of a group are
heard, its newest; how many were passed over is counted. What a detector fails on never stops the
intake: it is remembered as a trouble. After a restart detectors warm up anew.
"""

from collections import deque

import msgspec
import numpy as np

from mindu.data.arrays import Floats, Ints
from mindu.data.senses.frame import Frame
from mindu.data.senses.senses import Senses
from mindu.engines.outlook.online import WARM, Online, Together, rounds
from mindu.perceive.quality import Quality

MOST = 8  # readings of one series in one group that are heard
KEPT = 10_000  # findings that are remembered
_MUTE = Quality.LATE | Quality.RANGE | Quality.SKEW  # what teaches a detector nothing


class Found(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was odd. `at`: epoch ms; `score`: above 1 is odd; `props`: those that do not fit."""

    device: str
    props: tuple[str, ...]
    at: int
    score: float
    value: float | None = None
    expected: float | None = None
    moved: bool = False


class _Group:
    """One set of properties of a kind that are weighed together, device by device."""

    def __init__(self, props: tuple[str, ...], slots: Ints) -> None:
        """`slots`: of each device (row) and property (column)."""
        self.props, self.slots = props, slots
        self.together = Together(len(props))
        self.together.reach(len(slots))
        self.of_slot = {int(slot): row for row, them in enumerate(slots) for slot in them}


class Watch:
    """Detectors of all series that are declared to be watched."""

    def __init__(self, senses: Senses) -> None:
        """Hear what this store takes in."""
        self._senses = senses
        self.online = Online()
        self.found: deque[Found] = deque(maxlen=KEPT)
        self.troubles: deque[str] = deque(maxlen=100)
        self.heard = self.passed = 0
        self._slot: Ints = np.zeros(0, np.int64)  # series -> slot, -1 where nobody watches
        self._series: Ints = np.zeros(0, np.int64)  # slot -> series
        self._surprise: Floats = np.zeros(0)  # slot -> the newest
        self._count: Ints = np.zeros(0, np.int64)
        self._groups: list[_Group] = []
        self._known: object = None
        senses.intake.heard.append(self.hear)

    def close(self) -> None:
        """Hear no more; asked again, nothing is left to do."""
        if self.hear not in self._senses.intake.heard:
            return
        self._senses.intake.heard.remove(self.hear)

    def hear(self, frame: Frame) -> None:
        """Hear a frame that counts."""
        try:
            self._declared()
            if len(self._series):
                self._hear(frame)
        except Exception as wrong:  # noqa: BLE001 - a detector must not stop the intake
            self.troubles.append(f"{type(wrong).__name__}: {wrong}")

    # -- what is declared ------------------------------------------------------------------

    def _declared(self) -> None:
        registry = self._senses.registry
        known = (len(registry.series), tuple(map(id, registry.kinds.values())))
        if known == self._known:
            return
        self._known = known
        slot = np.full(len(registry.series), -1, np.int64)
        slot[: len(self._slot)] = self._slot
        for name, model in registry.kinds.items():
            for prop in model.detect:
                mine = self._of(name, prop)
                new = mine[slot[mine] < 0]
                slot[new] = len(self._series) + np.arange(len(new))
                self._series = np.concatenate([self._series, new])
        self._slot = slot
        self.online.reach(len(self._series))
        more = len(self._series) - len(self._surprise)
        self._surprise = np.concatenate([self._surprise, np.zeros(more)])
        self._count = np.concatenate([self._count, np.zeros(more, np.int64)])
        self._groups = [
            _Group(props, np.stack([slot[self._of(name, prop)] for prop in props], axis=1))
            for name, model in registry.kinds.items()
            for props in model.together
        ]

    def _of(self, kind: str, prop: str) -> Ints:
        """Return the series of one property of every device of a kind, in the order of devices."""
        registry = self._senses.registry
        devices = np.flatnonzero(registry.devices["kind"] == list(registry.kinds).index(kind))
        return registry.find(devices, np.full(len(devices), registry.props[prop], np.int64))

    # -- hearing ---------------------------------------------------------------------------

    def _hear(self, frame: Frame) -> None:
        slot = self._slot[frame.series]
        rows = np.flatnonzero((slot >= 0) & ((frame.quality & _MUTE) == 0))
        if not len(rows):
            return
        before = self.heard
        for turn in rounds(slot[rows], MOST):
            some = rows[turn]
            self._turn(frame, some, slot[some])
            for group in self._groups:
                self._weigh(group, set(slot[some].tolist()), int(frame.at[some].max()))
        self.passed += len(rows) - (self.heard - before)

    def _turn(self, frame: Frame, rows: Ints, slot: Ints) -> None:
        said = self.online.feed(slot, frame.at[rows] / 1000.0, frame.value[rows])
        self.heard += len(rows)
        self._surprise[slot] = said.surprise
        self._count[slot] += 1
        for i in np.flatnonzero((said.score > 1) | said.moved).tolist():
            series = int(self._series[slot[i]])
            registry = self._senses.registry
            self.found.append(Found(
                device=registry.owner(series), props=(registry.prop(series).name,),
                at=int(frame.at[rows[i]]), score=round(float(said.score[i]), 3),
                value=float(frame.value[rows[i]]), expected=float(said.expected[i]),
                moved=bool(said.moved[i]),
            ))  # fmt: skip

    def _weigh(self, group: _Group, touched: set[int], at: int) -> None:
        rows = np.array(sorted({group.of_slot[s] for s in touched if s in group.of_slot}), np.int64)
        rows = rows[(self._count[group.slots[rows]] > WARM).all(axis=1)]
        if not len(rows):
            return
        score = group.together.feed(rows, self._surprise[group.slots[rows]])
        for i in np.flatnonzero(score > 1).tolist():
            device = self._senses.registry.owner(int(self._series[group.slots[rows[i], 0]]))
            self.found.append(
                Found(device=device, props=group.props, at=at, score=round(float(score[i]), 3))
            )
