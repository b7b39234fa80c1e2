"""Receipts: what became of a text message, as the centre tells later, tied to the case it is of.

A file for each id that a centre gave says which case and mark it belongs to, so that a receipt
finds its case after a restart too. No number of a telephone stands in it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from mindu.edge.callback.doors import Message, Settled
from mindu.edge.callback.once import LOST, MOST, SWEPT, marked

RECEIPT, CLASS = 0x04, 0x3C  # the class of a message that is a receipt, 5.2.12
ID, STATE = 0x1E, 0x427  # optional parameters: of which message, and what became of it, 5.3.2
STATES = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}  # 5.2.28
DELIVERED = "DELIVRD"
ENDED = frozenset(STATES.values())  # others say that it is on its way
_TOLD = re.compile(r"id:\s*(\S+).*?stat:\s*(\w+)", re.DOTALL)  # appendix B


@dataclass(frozen=True, slots=True)
class Came:
    """What a centre tells of one message: the id it gave it, and what became of it."""

    id: str
    state: str


class _Waits(msgspec.Struct, frozen=True):
    key: str
    mark: str
    parts: tuple[str, ...]  # the files of all its parts


def receipt(body: bytes) -> Came | None:
    """Read a message that a centre hands over; None where it is no receipt."""
    try:
        _, rest = body.split(b"\0", 1)
        _, rest = rest[2:].split(b"\0", 1)
        _, rest = rest[2:].split(b"\0", 1)
        if rest[0] & CLASS != RECEIPT:
            return None
        _, _, rest = rest[3:].split(b"\0", 2)  # when to deliver, how long it holds
        text, more = rest[5 : 5 + rest[4]], rest[5 + rest[4] :]
    except (ValueError, IndexError):
        return None
    found = _TOLD.search(text.decode("ascii", "replace"))
    name, state = found.groups() if found else ("", "")
    told = _optional(more)
    name = told.get(ID, name.encode()).rstrip(b"\0").decode("ascii", "replace")
    if told.get(STATE):
        state = STATES.get(told[STATE][0], state)
    return Came(name, state.upper()) if name else None


def _optional(more: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while len(more) >= 4:
        tag, size = int.from_bytes(more[:2], "big"), int.from_bytes(more[2:4], "big")
        found[tag], more = more[4 : 4 + size], more[4 + size :]
    return found


@dataclass(slots=True)
class Receipts:
    """The texts of one line whose receipts have not come; `marks` is where `OnceDoor` marks."""

    folder: Path
    marks: Path
    _fresh: int = 0

    @property
    def waits(self) -> bool:
        """Say whether any receipt is still to come."""
        return self.folder.is_dir() and any(self.folder.iterdir())

    def expect(self, message: Message, ids: Sequence[str]) -> None:
        """Remember under which ids a text went; a full disk costs its receipts, no more."""
        names = tuple(_name(one) for one in ids if one)
        held = msgspec.json.encode(_Waits(message.key, marked(message), names))
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name in names:
                (self.folder / name).write_bytes(held)
        except OSError:
            return
        self._sweep(len(names))

    def fetched(self, fetch: Callable[[Callable[[Came], object]], object]) -> "Fetched":
        """Return a post that fetches these by `fetch`, as long as any are to come."""
        return Fetched(self, fetch)

    def settle(self, came: Came) -> Settled | None:
        """Return what a receipt settles; None where it is of nobody, or other parts still wait."""
        ways = (self.folder / _name(one) for one in _written(came.id))
        path = next((way for way in ways if way.exists()), None)
        if path is None or came.state not in ENDED:
            return None
        held = msgspec.json.decode(path.read_bytes(), type=_Waits)
        path.unlink(missing_ok=True)
        if came.state == DELIVERED:
            last = not any((self.folder / part).exists() for part in held.parts)
            return Settled(held.key, came.state, reached=True) if last else None
        for part in held.parts:  # one part that is lost is a text that nobody can read
            (self.folder / part).unlink(missing_ok=True)
        (self.marks / held.mark).write_bytes(LOST)
        return Settled(held.key, came.state, reached=False)

    def _sweep(self, fresh: int) -> None:
        self._fresh += fresh
        if self._fresh < SWEPT:
            return
        self._fresh = 0
        held = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in held[:-MOST]:
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The post of one message centre."""

    receipts: Receipts
    by: Callable[[Callable[[Came], object]], object]

    def fetch(self, take: Callable[[Settled], object]) -> None:
        """Ask the centre where any receipt is to come."""
        if not self.receipts.waits:
            return

        def came(one: Came) -> None:
            settled = self.receipts.settle(one)
            if settled is not None:
                take(settled)

        self.by(came)


def _name(told: str) -> str:
    return sha256(told.encode()).hexdigest()


def _written(told: str) -> list[str]:
    """Return an id as it may have been written before: some centres answer in hexadecimal."""
    ways = [told, told.lstrip("0")]
    if told.isdigit():
        ways += [f"{int(told):x}", f"{int(told):X}", f"{int(told):08X}", f"{int(told):08x}"]
    if re.fullmatch(r"[0-9A-Fa-f]{1,16}", told):
        ways.append(str(int(told, 16)))
    return ways
