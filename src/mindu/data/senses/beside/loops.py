"""What local loops judged and did: their own, and what edge nodes below have handed on.

A judgement and the command that it gives are one frame, so that neither stands without the other.
Numbers of judgements of one node only grow; what is handed on again is known by its number.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from mindu.base.records import Value, Words
from mindu.data.senses.beside.commands import STEPS, Commands, Order, Step
from mindu.data.senses.beside.commands import encode as ordered

HOUR = 3_600_000  # ms; a loop's limit of commands is for so long
KEPT = 500  # judgements remembered of one node; the journal has them all
NODES = 10_000  # nodes that may hand on to one store
LONGEST = 1000  # characters of one text
BY = "edge:"  # before the name of the loop that gave a command
HERE = ""  # the node itself, among those that are remembered


class Finds(StrEnum):
    """What a loop finds."""

    CALM = "calm"
    PASSED = "passed"  # beyond the threshold, for as long as it must be
    BLIND = "blind"  # no good reading for too long


class Did(StrEnum):
    """What a loop did about it."""

    NOTHING = "nothing"
    ACTED = "acted"
    PROPOSED = "proposed"
    YIELDED = "yielded"  # a command of somebody else holds
    LIMITED = "limited"  # as many commands this hour as it may give
    UNFIT = "unfit"  # the command does not fit the device


class Judged(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A loop judged, by this reading (`value` at `read`, epoch ms), and did this about it.

    `latched`: whether it stands beyond the threshold until it has come back. `order`: the command
    that it gives with this judgement, None where it gives none.
    """

    number: int
    loop: str
    at: int
    finds: Finds
    did: Did
    latched: bool
    device: str
    prop: str
    read: int
    value: float | None
    target: str
    command: str
    args: dict[str, Value]
    why: Words
    order: Order | None = None


class Heard(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A node below handed on what its loop judged, or how far its command came. `at`: epoch ms."""

    node: str
    at: int
    told: Judged | Step


class Answer(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A person said yes or no to what a loop proposed.

    `node`, `number`: whose judgement. `who`: the person, as whoever took the answer says. `order`:
    the command that a yes gives, where it was taken.
    """

    node: str
    number: int
    yes: bool
    by: str
    at: int  # epoch ms
    who: str = ""
    note: str = ""
    order: Order | None = None


class Seen(msgspec.Struct):
    """One judgement, what a person said to it, and how far its command came since."""

    judged: Judged
    steps: list[Step]
    answer: Answer | None = None


class Standing(msgspec.Struct):
    """Where a loop of our own stands. `acts`: (epoch ms, key) of its commands within the hour."""

    last: Judged | None = None
    served: Did = Did.NOTHING  # what was done about this time beyond the threshold, if anything
    acts: list[tuple[int, str]] = []


class _Kept(msgspec.Struct):
    own: dict[str, Standing]
    nodes: dict[str, list[Seen]]
    last: dict[str, int]


_TOLD = msgspec.msgpack.Decoder(list[Judged | Heard | Answer])


class Loops:
    """Where our own loops stand, and the newest judgements by node."""

    def __init__(self, commands: Commands) -> None:
        """Start with none. What a loop of our own orders counts in `commands`."""
        self._commands = commands
        self.own: dict[str, Standing] = {}
        self.nodes: dict[str, dict[int, Seen]] = {}
        self.last: dict[str, int] = {}  # node -> its highest number
        self._keys: dict[tuple[str, str], int] = {}  # node, key of a command -> number
        self.proposed: dict[tuple[str, str], int] = {}  # node, loop -> number that waits for a yes

    def standing(self, loop: str) -> Standing:
        """Return where a loop of our own stands."""
        return self.own.get(loop) or Standing()

    def next(self, now: int) -> int:
        """Return the number of the next judgement: time, so that a new disk begins no old one."""
        return max(self.last.get(HERE, 0) + 1, now)

    def ours(self, key: str) -> bool:
        """Say whether a command was given by a loop of our own lately."""
        return any(key == act for held in self.own.values() for _, act in held.acts)

    def news(self, node: str, told: Judged | Step) -> bool:
        """Say whether what a node hands on is new.

        Raises:
            ValueError: it cannot be of that node, or of a judgement that it told.
        """
        if isinstance(told, Step):
            number = self._keys.get((node, told.key))
            if number is None:
                raise ValueError(f"no judgement of {node} gave the command {told.key!r}")
            steps = self.nodes[node][number].steps
            return told not in steps and (len(steps) < STEPS or told.at >= steps[0].at)
        if node not in self.last and len(self.last) >= NODES:
            raise ValueError(f"{NODES} nodes hand on already")
        mine = self.nodes.get(node, {})
        held = mine.get(told.number)
        between = held is None and any(n > told.number for n in mine) and told.number > min(mine)
        if between or (held is not None and held.judged != told):
            raise ValueError(f"two nodes are called {node!r}: give each its own name and key")
        return held is None and told.number > self.last.get(node, 0)

    # -- folding ---------------------------------------------------------------------------

    def count(self, body: bytes) -> None:
        """Let a durable frame count."""
        for told in decode(body):
            if isinstance(told, Judged):
                self._judged(HERE, told)
                self._stand(told)
                if told.order is not None:
                    self._commands.count(ordered([told.order]))
            elif isinstance(told, Answer):
                self._answered(told)
            elif isinstance(told.told, Judged):
                self._judged(told.node, told.told)
            else:
                number = self._keys.get((told.node, told.told.key))
                if number is not None:
                    seen = self.nodes[told.node][number]
                    seen.steps = [*seen.steps, told.told][-STEPS:]

    def _answered(self, it: Answer) -> None:
        seen = self.nodes.get(it.node, {}).get(it.number)
        if seen is not None:
            seen.answer = it
            self._propose(it.node, seen)
        if it.order is not None:
            self._commands.count(ordered([it.order]))

    def _propose(self, node: str, seen: Seen) -> None:
        """Note whether the newest word of a loop is a proposal that nobody answered."""
        it, name = seen.judged, (node, seen.judged.loop)
        if it.did is Did.PROPOSED and seen.answer is None:
            self.proposed[name] = it.number
        elif self.proposed.get(name, it.number) <= it.number:
            self.proposed.pop(name, None)

    def _judged(self, node: str, it: Judged) -> None:
        mine = self.nodes.setdefault(node, {})
        self._put(node, Seen(it, []))
        self.last[node] = max(it.number, self.last.get(node, 0))
        while len(mine) > KEPT:
            oldest = mine.pop(next(iter(mine))).judged
            if self.proposed.get((node, oldest.loop)) == oldest.number:
                del self.proposed[node, oldest.loop]
            if oldest.order is not None:
                self._keys.pop((node, oldest.order.key), None)

    def _put(self, node: str, seen: Seen) -> None:
        self.nodes.setdefault(node, {})[seen.judged.number] = seen
        self._propose(node, seen)
        if seen.judged.order is not None:
            self._keys[node, seen.judged.order.key] = seen.judged.number

    def _stand(self, it: Judged) -> None:
        held = self.own.setdefault(it.loop, Standing())
        held.last = it
        if not it.latched:
            held.served = Did.NOTHING
        elif it.did in {Did.ACTED, Did.PROPOSED}:
            held.served = it.did
        held.acts = [act for act in held.acts if act[0] > it.at - HOUR]
        if it.order is not None:
            held.acts.append((it.at, it.order.key))

    def dump(self) -> bytes:
        """Return the state."""
        nodes = {node: list(them.values()) for node, them in self.nodes.items()}
        return msgspec.msgpack.encode(_Kept(self.own, nodes, self.last))

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        kept = msgspec.msgpack.decode(told, type=_Kept)
        self.own, self.last, self.nodes, self._keys = kept.own, kept.last, {}, {}
        self.proposed = {}
        for node, them in kept.nodes.items():
            for seen in them:
                self._put(node, seen)


def encode(told: Sequence[Judged | Heard | Answer]) -> bytes:
    """Return judgements as the body of a frame."""
    return msgspec.msgpack.encode(list(told))


def decode(body: bytes) -> list[Judged | Heard | Answer]:
    """Return the judgements of a frame."""
    return _TOLD.decode(body)
