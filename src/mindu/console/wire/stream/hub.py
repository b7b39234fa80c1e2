"""The hub: one reading of the feed for all viewers; who reads too slowly is told of the lag."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import msgspec

from mindu.base.records import Entry, Forecast, Judgement, Placed, Segment
from mindu.console.contract.stream import Hello, Lag, Moved, Turned, Values, Wrote
from mindu.console.feed import Feed
from mindu.console.tell import says
from mindu.console.wire.stream.ring import Ring
from mindu.console.wire.stream.viewers import Viewers, cut

QUEUE = 256  # messages a viewer may leave unread: one a turn, more where it is long
HELD = 16 << 20  # bytes of them
REPLAYED = 2_000  # entries told again to one who comes back; further behind = a snapshot
VALUES = 1_000  # rows told one by one; where more changed, the dense points have them all
BEAT_S = 15.0  # s between heartbeats
LOOK_S = 0.5  # s between two looks where nobody says that a turn was taken
RETRY_MS = 2_000
QUIET = (Forecast, Segment, Placed)


class Hub:
    """Reads the board after every turn, and tells all viewers the same bytes."""

    def __init__(self, feed: Feed, *, viewers: int) -> None:
        """Know nobody yet."""
        self._feed, self._most = feed, viewers
        self._ring, self._beaten = Ring(QUEUE, HELD), (0, 0.0)
        self._viewers = Viewers(self._ring)
        self._woken = asyncio.Event()
        self._seq = feed.board.seq
        self._jobs: dict[str, tuple[str, float]] = {}
        self._last = b""

    @property
    def full(self) -> bool:
        """Say whether one viewer more would be too many."""
        return len(self._viewers) >= self._most

    async def run(self) -> None:
        """Tell what was written until cancelled."""
        loop = asyncio.get_running_loop()

        def woken() -> None:
            with suppress(RuntimeError):  # the loop has ended, and with it every viewer
                loop.call_soon_threadsafe(self._woken.set)

        end = self._feed.listen(woken)
        try:
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), timeout=LOOK_S)
                self._woken.clear()
                self.tell()
                self._beat(loop.time())
        finally:
            end()

    def tell(self) -> None:
        """Send every viewer what was written since the last time."""
        with self._feed.lock:
            said = self._news()
        for message in cut(said):
            self._viewers.tell(message)

    async def watch(
        self, since: int | None, line: asyncio.Transport | None = None
    ) -> AsyncIterator[bytes]:
        """Yield the stream of one viewer who has seen everything up to `since`.

        What can go straight to its line while nothing else is on the way is not yielded.
        """
        with self._feed.lock:
            first, viewer = cut(self._hello(since)), self._viewers.enter(line)
        try:
            for message in first:
                yield message
            while True:
                told = await self._viewers.news(viewer)
                yield frame("lag", Lag(seq=self._seq), self._seq) if told is None else told
        finally:
            self._viewers.leave(viewer)

    def _beat(self, now: float) -> None:
        """Let the line of a quiet city be heard from time to time, so that a dead one shows."""
        if self._ring.end != self._beaten[0]:
            self._beaten = (self._ring.end, now)
        elif now - self._beaten[1] >= BEAT_S:
            self._viewers.tell(b": beat\n\n")
            self._beaten = (self._ring.end, now)

    def _hello(self, since: int | None) -> list[bytes]:
        board, pulse = self._feed.board, self._feed.pulse()
        behind = self._seq - since if since is not None else 0
        known = since is None or since >= next(iter(board.entries), 0) - 1
        snapshot = not known or not 0 <= behind <= REPLAYED
        told_upto = self._seq if snapshot or since is None else since
        hello = Hello(
            seq=told_upto, now=pulse.now, mode=pulse.mode, speed=pulse.speed, snapshot=snapshot
        )
        parts = [f"retry: {RETRY_MS}\n".encode(), frame("hello", hello, told_upto)]
        parts += [self._entry(board.entries[s]) for s in range(told_upto + 1, self._seq + 1)]
        return [*parts, self._last]

    def _news(self) -> list[bytes]:
        board = self._feed.board
        told = (self._entry(board.entries[s]) for s in range(self._seq + 1, board.seq + 1))
        said = [message for message in told if message]
        if board.seq > self._seq:
            said += self._values()
        self._seq = board.seq
        turned = self._turned()
        if said or turned != self._last:
            said.append(turned)
        self._last = turned
        return said + self._moved()

    def _entry(self, entry: Entry) -> bytes:
        record = entry.record
        if isinstance(record, QUIET):
            return b""
        told = Wrote(
            seq=entry.seq,
            at=entry.at,
            kind=type(record).__name__,
            about=entry.about,
            by=entry.by,
            because=entry.because,
            says=says(record),
            severity=int(record.severity) if isinstance(record, Judgement) else 0,
        )
        return frame("entry", told, entry.seq)

    def _values(self) -> list[bytes]:
        board, now = self._feed.board, self._feed.pulse().now
        rows = tuple(
            (about, prop, *heard.last)
            for (about, prop), heard in board.readings.items()
            if heard.told > self._seq
        )
        if not rows:
            return []
        few = len(rows) <= VALUES
        told = Values(seq=board.seq, now=now, rows=rows if few else (), dense=not few)
        return [frame("values", told, None)]

    def _turned(self) -> bytes:
        board, pulse = self._feed.board, self._feed.pulse()
        held = board.alerts(pulse.now)
        worst = held[0].record if held else None
        told = Turned(
            seq=board.seq,
            now=pulse.now,
            speed=pulse.speed,
            ended=pulse.ended,
            alerts=len(held),
            waiting=len(board.waiting(pulse.now)),
            worst=int(worst.severity) if isinstance(worst, Judgement) else 0,
            trouble=pulse.trouble,
        )
        return frame("turn", told, board.seq)

    def _moved(self) -> list[bytes]:
        ahead = self._feed.ahead
        held = ahead.jobs() if ahead else []
        jobs: dict[str, tuple[str, float]] = {j.id: (j.state, j.progress) for j in held}
        moved = [k for k, v in jobs.items() if self._jobs.get(k) != v]
        self._jobs = jobs
        return [
            frame("job", Moved(id=k, state=jobs[k][0], progress=jobs[k][1]), None) for k in moved
        ]


def frame(event: str, told: msgspec.Struct, seq: int | None) -> bytes:
    """Return one server-sent event; `seq` is where a reader would go on."""
    head = f"id: {seq}\n" if seq is not None else ""
    return f"{head}event: {event}\ndata: ".encode() + msgspec.json.encode(told) + b"\n\n"
