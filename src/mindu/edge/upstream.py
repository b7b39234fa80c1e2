"""Handing on: an edge node's readings go upstream in the order of its journal, over any bad line.

The place up to which upstream has answered is kept on disk and moves only then. What is sent again
after a cut is known upstream by its series, time and sequence, so every reading stands there once.
"""

import asyncio
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from statistics import median

import msgspec
import numpy as np
import pyarrow as pa

from mindu.data.senses import frame as frames
from mindu.data.senses.frame import Frame
from mindu.data.senses.journal import READINGS
from mindu.data.senses.registry import Registry
from mindu.data.senses.senses import Senses
from mindu.edge import settings
from mindu.edge.straight import STRAIGHT
from mindu.perceive.quality import Quality

PATIENCE = 30.0  # s for one answer
ROUND_TRIP = 5_000  # ms; slower answers say nothing of the clock
LOOKS = 5  # looks at the clock upstream that are weighed
LATE = np.uint8(255 - Quality.LATE)  # upstream decides itself what is late


class _Now(msgspec.Struct):
    now: int


class _Taken(msgspec.Struct):
    received: int


class Place(msgspec.Struct, frozen=True):
    """Where in the journal upstream is, and the digest there."""

    position: int = 0
    digest: bytes = bytes(32)


class Clock:
    """Our clock, set right by looks at the clock upstream."""

    def __init__(self, own: Callable[[], int]) -> None:
        """Trust our own clock until told otherwise."""
        self._own = own
        self._off: list[int] = []

    def __call__(self) -> int:
        """Return the epoch ms."""
        return self._own() + self.off

    @property
    def off(self) -> int:
        """How many ms our clock runs behind."""
        return round(median(self._off)) if self._off else 0

    def look(self, asked: int, there: int, answered: int) -> None:
        """Weigh one look: when it was asked, what was told, when it came (own ms)."""
        if 0 <= answered - asked <= ROUND_TRIP:
            self._off = [*self._off, there - (asked + answered) // 2][-LOOKS:]

    def own(self) -> int:
        """Return our own clock's epoch ms."""
        return self._own()


class Upstream:
    """The line to the node above."""

    def __init__(self, senses: Senses, told: settings.Upstream, clock: Callable[[], int]) -> None:
        """Go on where the last hand-over ended."""
        self._senses, self._told = senses, told
        self._file = senses.folder / "upstream.place"
        self.place = _read(self._file)
        self.clock = clock if isinstance(clock, Clock) else Clock(clock)
        self.trouble = ""
        self.sent = 0
        senses.holds.append(lambda: self.place.position)

    async def run(self) -> None:
        """Hand over until cancelled, waiting longer after each failure."""
        wait = self._told.every
        while True:
            try:
                more = await asyncio.to_thread(self.hand_over)
                self.trouble, wait = "", self._told.every
            except (OSError, ValueError) as wrong:
                self.trouble, more = str(wrong), False
                wait = min(wait * 2, self._told.cap)
            if not more:
                await asyncio.sleep(wait)

    def hand_over(self) -> bool:
        """Send one batch; say whether more waits.

        Raises:
            OSError: the line is down, or upstream asks to wait.
            ValueError: upstream refuses the key, or the answer is none of its own.
        """
        told: list[Frame] = []
        place, rows = self.place, 0
        for end, kind, body, digest in self._senses.journal.after(place.position, place.digest):
            if kind == READINGS:
                told.append(frames.decode(body))
                rows += len(told[-1])
            place = Place(end, digest)
            if rows >= self._told.batch:
                break
        if rows:
            self._look()
            for frame in told:
                self._send(frame)
        if place != self.place:
            self._keep(place)
        return place.position < self._senses.journal.end

    def _send(self, frame: Frame) -> None:
        for start in range(0, len(frame), self._told.batch):
            some = slice(start, start + self._told.batch)
            body = packed(frame, some, self._senses.registry)
            form = "application/vnd.apache.arrow.stream"
            answer = self._ask("/v1/readings", body, {"Content-Type": form})
            count = len(frame.series[some])
            if msgspec.json.decode(answer, type=_Taken).received != count:
                raise ValueError("upstream does not account for what was sent")
            self.sent += count

    def _look(self) -> None:
        asked = self.clock.own()
        there = msgspec.json.decode(self._ask("/v1/clock", None, {}), type=_Now).now
        self.clock.look(asked, there, self.clock.own())

    def _ask(self, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        key = os.environ.get(self._told.key_env, "")
        request = urllib.request.Request(  # noqa: S310 - the address is the settings' own
            self._told.url + path, body, {**headers, "Authorization": f"Bearer {key}"}
        )
        try:
            with STRAIGHT.open(request, timeout=PATIENCE) as answer:
                told: bytes = answer.read()
                return told
        except urllib.error.HTTPError as wrong:
            with wrong:
                if wrong.code in {401, 403}:
                    raise ValueError(f"upstream refuses our key ({wrong.code})") from wrong
                raise OSError(f"upstream answers {wrong.code}: {wrong.read(300)!r}") from wrong
        except HTTPException as wrong:
            raise OSError(f"the line was cut: {wrong!r}") from wrong

    def _keep(self, place: Place) -> None:
        draft = self._file.with_suffix(".draft")
        with draft.open("wb") as file:
            file.write(msgspec.msgpack.encode(place))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._file)
        self.place = place


def packed(frame: Frame, some: slice, registry: Registry) -> bytes:
    """Return rows of a frame as an Arrow stream, in the declared units and datums."""
    series = frame.series[some]
    decls = [registry.decls[d] for d in registry.series["decl"][series].tolist()]
    ids = registry.ids
    columns = {
        "device": pa.array([ids[d] for d in registry.series["device"][series].tolist()]),
        "prop": pa.array([d.name for d in decls]),
        "at": pa.array(frame.at[some]),
        "value": pa.array(frame.value[some]),
        "unit": pa.array([d.unit for d in decls]),
        "datum": pa.array([d.datum for d in decls]),
        "quality": pa.array((frame.quality[some] & LATE).astype(np.int16)),
    }
    if frame.seq is not None:
        columns["seq"] = pa.array(frame.seq[some])
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    told: bytes = sink.getvalue().to_pybytes()
    return told


def _read(path: Path) -> Place:
    return msgspec.msgpack.decode(path.read_bytes(), type=Place) if path.exists() else Place()
