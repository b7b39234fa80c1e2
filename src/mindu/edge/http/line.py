"""A line of the HTTP door: plain requests with readings are taken here, all else goes to uvicorn.

Whatever is not the plain case (chunked bodies, other paths, other versions) makes the line
uvicorn's for good, from the first byte of that request on.
"""

import asyncio
from collections import deque
from functools import partial
from typing import Any

from mindu.data.senses.intake import Settled
from mindu.edge.http.bodies import Unfit, caller_with
from mindu.edge.http.heads import START, Head, Heads, written
from mindu.edge.http.intake import answer_to
from mindu.edge.http.tls import Known
from mindu.edge.keys import Keys
from mindu.edge.parcel import ROW_BYTES, Full, Parcel
from mindu.edge.porch import Porch

END = b"\r\n\r\n"
HEAD = 8192  # bytes that a head may have here
READ = 65_536  # bytes read at once; asyncio makes room for four times as many for every message
PIPELINED = 64  # requests of one line that may wait for their answers
IDLE = 75.0  # s that a line may be silent
_OURS, _YIELDING, _THEIRS, _ENDING = range(4)  # who reads the line, or is about to


class Line(Known):
    """One connection."""

    def __init__(self, porch: Porch, keys: Keys, heads: Heads, **named: Any) -> None:  # noqa: ANN401
        """Be uvicorn's protocol, with a short way for readings."""
        super().__init__(**named)
        self._porch, self._keys, self._heads = porch, keys, heads
        self._parts: list[bytes] = []  # what came of a request that is not whole
        self._size = self._need = 0  # bytes in them, and bytes before it is worth a look
        self._answers: deque[list[bytes]] = deque()  # a slot for each request, in their order
        self._state = _OURS
        self._heard = self.loop.time()
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override, explicit-override]
        """Begin to look whether the line is silent."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(IDLE, self._look)
        transport.max_size = READ  # type: ignore[attr-defined]

    def connection_lost(self, exc: Exception | None) -> None:  # type: ignore[explicit-override]
        """Forget who waits: what was sent is stored all the same."""
        super().connection_lost(exc)
        self._answers.clear()
        if self._timer is not None:
            self._timer.cancel()

    def data_received(self, data: bytes) -> None:  # type: ignore[explicit-override]
        """Take bytes in."""
        if self._state == _THEIRS:
            super().data_received(data)
            return
        self._heard = self.loop.time()
        if not self._parts and self._state == _OURS and self._whole(data):
            return
        self._parts.append(data)
        self._size += len(data)
        if self._size >= self._need and self._state == _OURS:
            self._read()

    def _whole(self, data: bytes) -> bool:
        """Take one request that came by itself, as most do; say False where it is not that."""
        end = data.find(END, 0, HEAD)
        if end < 0 or len(self._answers) >= PIPELINED - 1 or not data.startswith(START):
            return False
        head = self._heads.read(data[:end])
        if head is None or len(data) != end + len(END) + head.length:
            return False
        slot: list[bytes] = []
        self._answers.append(slot)
        self._take(head, data[end + len(END) :], slot)
        return True

    def _read(self) -> None:
        """Take in what is whole."""
        held = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        at = end = 0
        while end >= 0 and at < len(held) and len(self._answers) < PIPELINED:
            end = self._request(held, at)
            at = max(at, end)
        self._parts = [held[at:]] if at < len(held) else []
        self._size = len(held) - at
        if self._state == _YIELDING or len(self._answers) >= PIPELINED:
            self.transport.pause_reading()
            self._flush()

    def _request(self, held: bytes, at: int) -> int:
        """Take one request from its first byte on; return where it ends, -1 if not here yet."""
        self._need = 0
        end = held.find(END, at, at + HEAD)
        if end < 0:
            same = START.startswith(held[at : at + len(START)])
            if not same or len(held) - at >= HEAD:
                self._state = _YIELDING
            return -1
        head = self._heads.read(held[at:end]) if held.startswith(START, at) else None
        if head is None:
            self._state = _YIELDING
            return -1
        start = end + len(END)
        if len(held) - start < head.length:
            self._need = start + head.length - at
            return -1
        slot: list[bytes] = []
        self._answers.append(slot)
        self._take(head, held[start : start + head.length], slot)
        return start + head.length

    def _take(self, head: Head, body: bytes, slot: list[bytes]) -> None:
        try:
            caller = caller_with(head.key, self._keys, self._peer)
            rows = 1 + len(body) // ROW_BYTES
            done = partial(self._done, slot)
            self._porch.hand(
                Parcel(caller.source, caller.allowed, None, head.form, body, rows, done)
            )
        except (Unfit, Full) as wrong:
            self._done(slot, wrong)

    # -- answering -------------------------------------------------------------------------

    def _done(self, slot: list[bytes], outcome: Settled | Exception) -> None:
        default = self.server_state.default_headers  # another list each second: it has the date
        if isinstance(outcome, Settled):
            slot.append(self._heads.answer(outcome, default))
        else:
            slot.append(written(answer_to(outcome), default))
        alone = len(self._answers) == 1 and self._answers[0] is slot
        if alone and self._state == _OURS and not self._parts and self.transport.is_reading():
            self._answers.clear()
            self.transport.write(slot[0])
        else:
            self._flush()

    def _flush(self) -> None:
        """Send the answers whose turn it is; go on with what waited for them."""
        ready = []
        while self._answers and self._answers[0]:
            ready += self._answers.popleft()
        if self.transport.is_closing():
            return
        if ready:
            self.transport.write(b"".join(ready))
        if not self._answers and self._state == _YIELDING:
            self._state = _THEIRS
            self.transport.resume_reading()
            super().data_received(b"".join(self._parts))
        elif not self._answers and self._state == _ENDING:
            self.transport.close()
        elif ready and not self.transport.is_reading() and self._state == _OURS:
            self.transport.resume_reading()
            if self._parts:
                self._read()

    def shutdown(self) -> None:  # type: ignore[explicit-override]
        """End the line, after the answers that are due."""
        if self._answers:
            self._state = _ENDING
        else:
            super().shutdown()

    def _look(self) -> None:
        """Close a line that has been silent for too long."""
        if self._state == _THEIRS:
            return
        if not self._answers and self.loop.time() - self._heard > IDLE:
            self.transport.close()
            return
        self._timer = self.loop.call_later(IDLE, self._look)
