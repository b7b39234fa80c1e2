"""Commands on their way down to devices: each step of each is written before it counts.

A command is known by its key: who gives the same key again gets the same command. What goes out at
most once is written down as sent before it is handed over, and never handed over again.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import islice

import msgspec

from mindu.base.records import Value

WAITING = 100  # open commands of one device
KNOWN = 100_000  # finished commands that are remembered, so that their keys are known again
LONGEST = 7 * 86_400_000  # ms that a command may wait
AGAIN = 30_000  # ms until a command that nobody acknowledged is handed over again
STEPS = 32  # steps remembered of one command; the journal has them all


class State(StrEnum):
    """How far a command came."""

    ASKED = "asked"  # waits for the yes of another
    QUEUED = "queued"
    HANDED = "handed"  # an edge node has it, or will: nobody else sends it any more
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    REFUSED = "refused"  # nobody may send it any more


_S = State
NEXT = {
    _S.ASKED: {_S.QUEUED, _S.REFUSED, _S.EXPIRED},
    _S.QUEUED: {_S.HANDED, _S.SENT, _S.EXPIRED, _S.REFUSED},
    _S.HANDED: {_S.SENT, _S.ACKNOWLEDGED, _S.DONE, _S.FAILED, _S.EXPIRED, _S.REFUSED},
    _S.SENT: {_S.SENT, _S.ACKNOWLEDGED, _S.DONE, _S.FAILED, _S.EXPIRED},
    _S.ACKNOWLEDGED: {_S.DONE, _S.FAILED, _S.EXPIRED},
    _S.EXPIRED: {_S.DONE, _S.FAILED},  # news that came too late is news all the same
    _S.DONE: set(), _S.FAILED: set(), _S.REFUSED: set(),
}  # fmt: skip
OPEN = {_S.ASKED, _S.QUEUED, _S.HANDED, _S.SENT, _S.ACKNOWLEDGED}


class Order(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A command was given. `at`, `until`: epoch ms; `once`: it goes out at most once."""

    key: str
    device: str
    name: str
    args: dict[str, Value]
    by: str
    at: int
    until: int
    once: bool
    first: State = State.QUEUED


class Step(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A command came to a state."""

    key: str
    state: State
    at: int
    by: str
    note: str = ""


class Given(msgspec.Struct):
    """One command, as it stands."""

    order: Order
    state: State
    steps: list[Step]

    @property
    def sent(self) -> int:
        """When it was handed over last (epoch ms), 0 if never."""
        return max((s.at for s in self.steps if s.state is State.SENT), default=0)

    @property
    def node(self) -> str:
        """Which edge node it was handed to; empty if none."""
        return next((s.by for s in self.steps if s.state is State.HANDED), "")


Told = Order | Step
_TOLD = msgspec.msgpack.Decoder(list[Told])
_KEPT = msgspec.msgpack.Decoder(list[Given])


class Commands:
    """Every command that is open, and the newest that are not."""

    def __init__(self) -> None:
        """Start with none."""
        self.given: dict[str, Given] = {}
        self._open: dict[str, dict[str, Given]] = {}  # device -> key -> command, oldest first
        self._over: dict[str, None] = {}  # keys of what is finished, oldest first
        self._done: dict[str, dict[str, Given]] = {}  # device -> giver -> what was done last

    def check(self, order: Order) -> Given | None:
        """Return the command that this key has already; None if it is new and fits.

        Raises:
            ValueError: the key names another command, or it would wait too long or among too many.
        """
        held = self.given.get(order.key)
        if held is not None:
            same = (held.order.device, held.order.name, held.order.args)
            if same != (order.device, order.name, order.args):
                raise ValueError(f"the key {order.key!r} names another command; take a new key")
            return held
        if not order.key or len(order.key) > 200:
            raise ValueError("a command needs a key of 1 to 200 characters")
        if not order.at < order.until <= order.at + LONGEST:
            raise ValueError("a command ends after now, and within 7 days")
        if len(self._open.get(order.device, ())) >= WAITING:
            raise ValueError(f"{WAITING} commands wait for {order.device} already")
        return None

    def step(self, key: str, state: State, *, at: int, by: str, note: str = "") -> Step:
        """Return the step that would bring a command to a state.

        Raises:
            KeyError: there is no such command.
            ValueError: it cannot come to that state from where it stands.
        """
        held = self.given.get(key)
        if held is None:
            raise KeyError(f"no command has the key {key!r}")
        if state not in NEXT[held.state]:
            raise ValueError(f"{key} is {held.state}; it cannot become {state}")
        if state is State.SENT and held.order.once and held.sent:
            raise ValueError(f"{key} goes out at most once, and it did")
        return Step(key, state, at, by, note[:500])

    def due(self, device: str, now: int) -> Iterator[Given]:
        """Yield what should be handed over to a device, oldest first."""
        for held in self._open.get(device, {}).values():
            again = held.state is State.SENT and not held.order.once and not held.node
            again = again and now - held.sent >= AGAIN
            if held.order.until > now and (held.state is State.QUEUED or again):
                yield held

    def waiting(self) -> list[str]:
        """Return the devices that have open commands."""
        return list(self._open)

    def over(self, now: int) -> list[Step]:
        """Return the steps by which what waited too long expires."""
        late = [it for them in self._open.values() for it in them.values() if it.order.until <= now]
        return [Step(it.order.key, State.EXPIRED, now, "mindu") for it in late]

    def of(self, device: str) -> list[Given]:
        """Return the open commands of a device, oldest first."""
        return list(self._open.get(device, {}).values())

    def over_of(self, device: str, most: int) -> list[Given]:
        """Return the newest commands of a device that are over, the newest first."""
        told = (self.given.get(key) for key in reversed(list(self._over)))
        mine = (it for it in told if it is not None and it.order.device == device)
        return list(islice(mine, most))

    def holding(self, device: str, now: int) -> Iterator[Given]:
        """Yield what a device is told and may not be told otherwise: open, or done before its end.

        What waits for a yes does not hold yet.
        """
        for held in (*self._open.get(device, {}).values(), *self._done.get(device, {}).values()):
            if held.state is not State.ASKED and held.order.until > now:
                yield held

    # -- folding ---------------------------------------------------------------------------

    def count(self, body: bytes) -> None:
        """Let a durable frame count."""
        for told in _TOLD.decode(body):
            if isinstance(told, Order):
                first = Step(told.key, told.first, told.at, told.by)
                self._put(Given(told, told.first, [first]))
            else:
                held = self.given[told.key]
                held.state = told.state
                held.steps = [*held.steps, told][-STEPS:]
                self._put(held)

    def _put(self, held: Given) -> None:
        key, device = held.order.key, held.order.device
        self.given[key] = held
        if held.state in OPEN:
            self._open.setdefault(device, {})[key] = held
            return
        mine = self._open.get(device, {})
        mine.pop(key, None)
        if not mine:
            self._open.pop(device, None)
        self._over.setdefault(key, None)
        if held.state is State.DONE:
            self._done.setdefault(device, {})[held.order.by] = held
        while len(self._over) > KNOWN:
            oldest = next(iter(self._over))
            self._forget(self.given.pop(oldest))
            del self._over[oldest]

    def _forget(self, gone: Given) -> None:
        done = self._done.get(gone.order.device, {})
        if done.get(gone.order.by) is gone:
            del done[gone.order.by]
            if not done:
                del self._done[gone.order.device]

    def dump(self) -> bytes:
        """Return the state: what is finished in the order it ended, then what is open."""
        keys: Iterable[str] = [*self._over, *(k for k in self.given if k not in self._over)]
        return msgspec.msgpack.encode([self.given[key] for key in keys])

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        self.given, self._open, self._over, self._done = {}, {}, {}, {}
        for held in _KEPT.decode(told):
            self._put(held)


def encode(told: Sequence[Told]) -> bytes:
    """Return orders and steps as the body of a frame."""
    return msgspec.msgpack.encode(list(told))
