"""Handing on: readings and what loops did go upstream in the journal's order, over any bad line.

The place up to which upstream has answered is kept on disk and moves only then. What is sent again
after a cut is known upstream (a reading by its series, time and sequence, a judgement by its
number, a step by its time), so each stands there once.
"""

import asyncio
import os
from collections import Counter, deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mindu.data.senses.frame import Frame
from mindu.data.senses.senses import Senses
from mindu.edge import settings
from mindu.edge.above.upward import Deed, packed, upward
from mindu.edge.clock import Clock
from mindu.edge.straight import JSON, asked

PATIENCE = 30.0  # s for one answer
DEEDS = 100  # judgements and steps in one request
REFUSED = 100  # that upstream did not take, and are remembered
LOOK = 60_000  # ms until the clock upstream is looked at again, also where nothing waits


class _Now(msgspec.Struct):
    now: int


class _Taken(msgspec.Struct):
    received: int
    refused: dict[str, int] = {}


class _Heard(msgspec.Struct):
    received: int
    refused: list[str] = []


class Place(msgspec.Struct, frozen=True):
    """Where in the journal upstream is, and the digest there."""

    position: int = 0
    digest: bytes = bytes(32)


class Upstream:
    """The line to the node above."""

    def __init__(
        self, senses: Senses, told: settings.Upstream, clock: Callable[[], int], name: str = "node"
    ) -> None:
        """Go on where the last hand-over ended. `name`: what upstream knows this node by."""
        self._senses, self.settings, self.name = senses, told, name
        self._file = senses.folder / "upstream.place"
        self.place = _read(self._file)
        self.clock = clock if isinstance(clock, Clock) else Clock(clock)
        self.about, self.trouble = f"upstream {told.url}", "not reached yet"
        self.answered, self._looked = 0, -LOOK  # when upstream did last, and our own clock then
        self.lost: Counter[str] = Counter()  # readings that upstream did not take, by its reason
        self.sent = self.told = 0  # readings; judgements and steps
        self.refused: deque[str] = deque(maxlen=REFUSED)  # what upstream did not take, and why
        senses.holds.append(lambda: self.place.position)

    async def run(self) -> None:
        """Hand over until cancelled, waiting longer after each failure."""
        wait = self.settings.every
        while True:
            try:
                more = await asyncio.to_thread(self.hand_over)
                self.trouble, wait = "", self.settings.every
            except (OSError, ValueError, msgspec.MsgspecError) as wrong:
                self.trouble, more = str(wrong), False
                wait = min(wait * 2, self.settings.cap)
            if not more:
                await asyncio.sleep(wait)

    def hand_over(self) -> bool:
        """Send one batch; say whether more waits.

        Raises:
            OSError: the line is down, or upstream asks to wait.
            ValueError: upstream refuses the key, or the answer is none of its own.
        """
        told: list[Frame | Deed] = []
        place, rows = self.place, 0
        for end, kind, body, digest in self._senses.journal.after(place.position, place.digest):
            for it in upward(self._senses, kind, body):
                told.append(it)
                rows += len(it) if isinstance(it, Frame) else 1
            place = Place(end, digest)
            if rows >= self.settings.batch:
                break
        if rows or not 0 <= self.clock.own() - self._looked < LOOK:
            self._look()
        self._hand(told)
        if place != self.place:
            self._keep(place)
        return place.position < self._senses.journal.end

    def _hand(self, told: Sequence[Frame | Deed]) -> None:
        """Send readings and deeds in their order, deeds that follow each other together."""
        deeds: list[Deed] = []
        for it in told:
            if isinstance(it, Frame):
                self._tell(deeds)
                self._send(it)
                deeds = []
            else:
                deeds.append(it)
        self._tell(deeds)

    def _tell(self, deeds: Sequence[Deed]) -> None:
        for start in range(0, len(deeds), DEEDS):
            some = deeds[start : start + DEEDS]
            body = msgspec.json.encode({"node": self.name, "told": some})
            answer = self.ask("/v1/loops", body)
            heard = msgspec.json.decode(answer, type=_Heard)
            if heard.received != len(some):
                raise ValueError("upstream does not account for what was sent")
            self.refused.extend(heard.refused)
            self.told += len(some)

    def _send(self, frame: Frame) -> None:
        for start in range(0, len(frame), self.settings.batch):
            some = slice(start, start + self.settings.batch)
            body = packed(frame, some, self._senses.registry, self._senses.words)
            form = "application/vnd.apache.arrow.stream"
            answer = self._ask("/v1/readings", body, form)
            count = len(frame.series[some])
            taken = msgspec.json.decode(answer, type=_Taken)
            if taken.received != count:
                raise ValueError("upstream does not account for what was sent")
            self.sent += count
            self.lost.update(taken.refused)

    def _look(self) -> None:
        before = self.clock.own()
        there = msgspec.json.decode(self._ask("/v1/clock", None, JSON), type=_Now).now
        self._looked = self.clock.own()
        self.clock.look(before, there, self._looked)

    def ask(self, path: str, body: bytes) -> bytes:
        """Send something in JSON, and return the answer.

        Raises:
            OSError: the line is down, or upstream asks to wait.
            ValueError: upstream refuses the key.
        """
        return self._ask(path, body, JSON)

    def _ask(self, path: str, body: bytes | None, form: str) -> bytes:
        told = self.settings
        key = os.environ.get(told.key_env, "")
        answer = asked(told.url + path, key, body, form, PATIENCE + told.wait)
        self.answered = self.clock()
        return answer

    def facts(self) -> dict[str, Any]:
        """Return what was handed over since the start, what waits, and how our clock stands."""
        return {
            "answered": self.answered, "readings": self.sent, "deeds": self.told,
            "waiting_bytes": self._senses.journal.end - self.place.position,
            "refused": dict(self.lost), "refused_deeds": list(self.refused),
            "clock_behind_ms": self.clock.off, "clock_looks": self.clock.looks,
        }  # fmt: skip

    def _keep(self, place: Place) -> None:
        draft = self._file.with_suffix(".draft")
        with draft.open("wb") as file:
            file.write(msgspec.msgpack.encode(place))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._file)
        self.place = place


def _read(path: Path) -> Place:
    return msgspec.msgpack.decode(path.read_bytes(), type=Place) if path.exists() else Place()
