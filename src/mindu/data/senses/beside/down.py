"""What goes down to edge nodes: numbered for each node, kept until it says that it has it.

Numbers of one node only grow. A node keeps on its own disk up to which number it has everything, in
the same write as what it got; what is handed over again after a cut it knows by the key.
"""

from collections.abc import Collection, Sequence

import msgspec

from mindu.data.senses.beside.commands import Commands, Order, State
from mindu.data.senses.beside.loops import Answer, Loops

UP = "up:"  # before who gave a command, where it came from the node above
MOST = 1000  # commands and answers that one node may have to fetch; more wait in their queue
NODES = 10_000  # nodes that may fetch from one store


class Handed(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A command (`key`) or the answer to a judgement (`judged`) is this node's to fetch."""

    node: str
    number: int
    key: str = ""
    judged: int = 0


class Has(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A node has on its disk everything up to a number."""

    node: str
    number: int


class Reached(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """This node has on its own disk everything that the node above numbered up to here."""

    number: int


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing on its way down."""

    number: int
    order: Order | None = None
    answer: Answer | None = None


class _Kept(msgspec.Struct):
    queues: dict[str, list[Handed]]
    has: dict[str, int]
    last: dict[str, int]
    reached: int


Told = Handed | Has | Reached
_TOLD = msgspec.msgpack.Decoder(list[Told])


class Down:
    """What each node below has to fetch, and how far this node came itself."""

    def __init__(self, commands: Commands, loops: Loops) -> None:
        """Start with nothing to fetch."""
        self._commands, self._loops = commands, loops
        self._queues: dict[str, list[Handed]] = {}
        self.has: dict[str, int] = {}  # node -> number up to which it has everything
        self._last: dict[str, int] = {}
        self.reached = 0

    def next(self, node: str, now: int) -> int:
        """Return the next number of a node: from time, so that a new disk begins no old one.

        Raises:
            ValueError: too many nodes fetch, or this one has too much to fetch already.
        """
        if node not in self._last and len(self._last) >= NODES:
            raise ValueError(f"{NODES} nodes fetch already")
        if len(self._queues.get(node, ())) >= MOST:
            raise ValueError(f"{node} has {MOST} commands and answers to fetch already")
        self._last[node] = max(self._last.get(node, 0) + 1, now)
        return self._last[node]

    def after(self, node: str, number: int) -> list[Item]:
        """Return what a node has to fetch beyond a number, in order; what is over is left out."""
        found = []
        for it in self._queues.get(node, ()):
            held = self._commands.given.get(it.key)
            if it.number <= number:
                continue
            if held is not None and held.state is State.HANDED:
                found.append(Item(it.number, order=held.order))
            seen = self._loops.nodes.get(node, {}).get(it.judged)
            if seen is not None and seen.answer is not None:
                told = msgspec.structs.replace(seen.answer, order=None)
                found.append(Item(it.number, answer=told))
        return found

    @property
    def known(self) -> Collection[str]:
        """Return the nodes that were ever handed something."""
        return self._last.keys()

    # -- folding ---------------------------------------------------------------------------

    def count(self, body: bytes) -> None:
        """Let a durable frame count."""
        for told in _TOLD.decode(body):
            if isinstance(told, Handed):
                self._queues.setdefault(told.node, []).append(told)
                self._last[told.node] = max(told.number, self._last.get(told.node, 0))
            elif isinstance(told, Has):
                self.has[told.node] = told.number
                left = [it for it in self._queues.pop(told.node, []) if it.number > told.number]
                if left:
                    self._queues[told.node] = left
            else:
                self.reached = told.number

    def dump(self) -> bytes:
        """Return the state."""
        return msgspec.msgpack.encode(_Kept(self._queues, self.has, self._last, self.reached))

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        kept = msgspec.msgpack.decode(told, type=_Kept)
        self._queues, self.has, self._last = kept.queues, kept.has, kept.last
        self.reached = kept.reached


def encode(told: Sequence[Told]) -> bytes:
    """Return what was handed over or reached as the body of a frame."""
    return msgspec.msgpack.encode(list(told))
