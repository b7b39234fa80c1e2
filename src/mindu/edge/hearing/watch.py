"""The watch: detectors hear every reading of the series that a kind declares, as it comes to count.

A reading costs the same whatever came before. Of one series at most `MOST` readings of a group are
heard, its newest; how many were passed over is counted. What a detector fails on never stops the
intake: it is remembered as a trouble. What they know is kept on disk now and then, with its place
in the journal; after a restart they hear the journal from there, so nothing warms up anew.
"""

import contextlib
from collections import deque
from typing import Any

import numpy as np

from mindu.data.arrays import Floats, Ints
from mindu.data.senses.frame import Frame, decode
from mindu.data.senses.journal import READINGS
from mindu.data.senses.senses import Senses
from mindu.edge.hearing.group import Group
from mindu.edge.hearing.kept import Found, Kept, Place, taken_up, write
from mindu.edge.hearing.shaped import Shaped
from mindu.engines.outlook.online import WARM, Online, Together, rounds
from mindu.perceive.quality import Quality

MOST = 8  # readings of one series in one group that are heard
KEPT = 10_000  # findings that are remembered
_MUTE = Quality.LATE | Quality.RANGE | Quality.SKEW  # what teaches a detector nothing


class Watch:
    """Detectors of all series that are declared to be watched."""

    def __init__(self, senses: Senses) -> None:
        """Hear what this store takes in, and go on with what was kept."""
        self._senses = senses
        self.troubles: deque[str] = deque(maxlen=100)
        self._file = senses.folder / "watch.kept"
        self._begin()
        self._again()
        senses.holds.append(lambda: self.place.position or senses.journal.end)
        senses.intake.heard.append(self.hear)

    def _begin(self) -> None:
        """Know nothing yet."""
        self.online = Online()
        self.found: deque[Found] = deque(maxlen=KEPT)
        self.heard = self.passed = 0
        self._slot: Ints = np.zeros(0, np.int64)  # series -> slot, -1 where nobody watches
        self._series: Ints = np.zeros(0, np.int64)  # slot -> series
        self._surprise: Floats = np.zeros(0)  # slot -> the newest
        self._count: Ints = np.zeros(0, np.int64)
        self._groups: list[Group] = []
        self._together: dict[tuple[str, tuple[str, ...]], Together] = {}  # of kind and properties
        self.shaped = Shaped(self.troubles)
        self._known: object = None
        self.place = Place()  # up to where in the journal what is kept has heard

    def close(self) -> None:
        """Keep what is known and hear no more; asked again, nothing is left to do."""
        if self.hear not in (heard := self._senses.intake.heard):
            return
        heard.remove(self.hear)
        with contextlib.suppress(OSError):  # the journal has it all the same
            self.keep()

    def hear(self, told: Frame) -> None:
        """Hear a frame that counts."""
        try:
            self._declared()
            if len(self._series):
                self._hear(told)
        except Exception as wrong:  # noqa: BLE001 - a detector must not stop the intake
            self.troubles.append(f"{type(wrong).__name__}: {wrong}")

    # -- what is kept ----------------------------------------------------------------------

    def keep(self) -> None:
        """Keep what the detectors know, so that a restart need not begin anew; readings wait.

        Raises:
            OSError: the disk refuses.
        """
        with self._senses.lock:
            if not len(self._series):
                return
            place = Place(self._senses.journal.end, self._senses.journal.digest)
            told = Kept(
                place, self._slot.tobytes(), self._series.tobytes(), self._surprise.tobytes(),
                self._count.tobytes(), self.online.dump(),
                [(kind, props, it.dump()) for (kind, props), it in self._together.items()],
                list(self.found), self.heard, self.passed, self.shaped.dump(),
            )  # fmt: skip
        write(self._file, told)
        self.place = place

    def _again(self) -> None:
        """Take up what is kept, and hear what the journal has since; else begin anew."""
        try:
            told = taken_up(self._file)
            self._take_up(told)
            for _, kind, body, _ in self._senses.journal.after(*told.place):
                if kind == READINGS:
                    self.hear(decode(body))
        except FileNotFoundError:
            return
        except (ValueError, KeyError, OSError) as wrong:
            self.troubles.append(f"what was kept is of no use, detectors begin anew: {wrong}")
            self._begin()

    def _take_up(self, told: Kept) -> None:
        self._slot = np.frombuffer(told.slot, np.int64).copy()
        self._series = np.frombuffer(told.series, np.int64).copy()
        self._surprise = np.frombuffer(told.surprise).copy()
        self._count = np.frombuffer(told.count, np.int64).copy()
        self.online.load(told.online)
        for kind, props, state in told.together:
            held = self._together[kind, props] = Together(len(props))
            held.load(state)
        self.shaped.load(told.shapes)
        self.found.extend(told.found)
        self.heard, self.passed, self.place = told.heard, told.passed, told.place

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
        self.shaped.declared(registry, self._of)
        self.online.reach(len(self._series))
        more = len(self._series) - len(self._surprise)
        self._surprise = np.concatenate([self._surprise, np.zeros(more)])
        self._count = np.concatenate([self._count, np.zeros(more, np.int64)])
        told = ((name, props) for name, model in registry.kinds.items() for props in model.together)
        self._groups = [self._group(name, props, slot) for name, props in told]

    def _group(self, kind: str, props: tuple[str, ...], slot: Ints) -> Group:
        slots = np.stack([slot[self._of(kind, prop)] for prop in props], axis=1)
        return Group(props, slots, self._together.setdefault((kind, props), Together(len(props))))

    def _of(self, kind: str, prop: str) -> Ints:
        """Return the series of one property of every device of a kind, in the order of devices."""
        registry = self._senses.registry
        devices = np.flatnonzero(registry.devices["kind"] == list(registry.kinds).index(kind))
        return registry.find(devices, np.full(len(devices), registry.props[prop], np.int64))

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
        whole = self._series[slot], frame.at[rows], frame.value[rows]
        for i in np.flatnonzero((said.score > 1) | said.moved).tolist():
            expected, moved = float(said.expected[i]), bool(said.moved[i])
            self._find(whole, i, said.score[i], expected=expected, moved=moved)
        if len(self.shaped):
            for i, score in self.shaped.hear(whole[0], whole[2]):
                self._find(whole, i, score, shape=True)

    def _find(self, whole: tuple[Ints, Ints, Floats], row: int, score: float, **more: Any) -> None:  # noqa: ANN401
        registry, series = self._senses.registry, int(whole[0][row])
        told: dict[str, Any] = {"at": int(whole[1][row]), "value": float(whole[2][row]), **more}
        told |= {"props": (registry.prop(series).name,), "score": round(float(score), 3)}
        self.found.append(Found(device=registry.owner(series), **told))

    def _weigh(self, group: Group, touched: set[int], at: int) -> None:
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
