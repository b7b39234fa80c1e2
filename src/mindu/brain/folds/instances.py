"""The instances: how each stands, and what each waits for, as a fold of the log.

Waits are indexed by who can end them: the desk (tasks), workers (jobs), the clock (timers) and the
post (messages and signals). All of it follows from the states, so a snapshot holds only these.
"""

from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush

import msgspec

from mindu.base.records import Entry, Event, Stepped
from mindu.brain.folds.flow.leases import FAILED, LEASED, Lease, Leases
from mindu.brain.folds.flow.stays import Kept, Rest, Stays, taken_up
from mindu.data.block import Block
from mindu.engines.process import Wait

PREFIX = "process:"
DELIVERED, STUCK, FREED = "process_delivered", "process_stuck", "process_freed"
MOST_UNHEARD = 10_000  # messages that nobody waits for yet
Place = tuple[int, int]  # instance and wait
Key = tuple[str, str]


_REST = msgspec.json.Decoder(Rest)


class Sent(msgspec.Struct, frozen=True, tag="Threw"):
    """Something thrown that is still to be heard."""

    kind: str
    name: str
    key: str = ""
    vars: dict[str, object] = {}


class _Told(msgspec.Struct, frozen=True, tag="Decided"):
    pass


class _Fell(msgspec.Struct, frozen=True, tag="Undid"):
    pass


_FOLLOWS = msgspec.json.Decoder(list[Sent | _Told | _Fell])
_THROWS = b'"type":"Threw"'


_Held = list[tuple[Place, Lease]]
_KEPT = tuple[
    dict[int, bytes], dict[int, int], dict[int, str], list[tuple[Place, Sent]], Kept, _Held
]


class Instances:
    """Every instance that is under way."""

    name = "instances"
    takes = (Stepped, Event)

    def __init__(self) -> None:
        """Begin empty."""
        self.states: dict[int, bytes] = {}
        self.last: dict[int, int] = {}  # the entry of its last step, also of what is over
        self.stuck: dict[int, str] = {}
        self.thrown: dict[Place, Sent] = {}  # by entry and place in it: not delivered yet
        self.stays = Stays()
        self.leases = Leases()
        self._waits: dict[str, dict[Key, dict[Place, Wait]]] = {}
        self._open: dict[int, tuple[Wait, ...]] = {}  # the same, by instance
        self._timers: list[tuple[datetime, int, int]] = []

    def fold(self, entry: Entry, block: Block | None) -> None:  # noqa: ARG002 - as every fold
        """Take a step in."""
        record = entry.record
        if isinstance(record, Stepped):
            instance = int(entry.about[len(PREFIX) :])
            rest = _REST.decode(record.state)
            self._step(instance, entry.seq, record, rest)
            self.stays.step(instance, entry, rest, what=record.what)
        elif isinstance(record, Event):
            self._event(entry, record)

    def _step(self, instance: int, seq: int, record: Stepped, rest: Rest) -> None:
        self.last[instance] = seq
        self.stuck.pop(instance, None)
        running = rest.status == "running"
        if running:
            self.states[instance] = record.state
        else:
            self.states.pop(instance, None)
        self._index(instance, rest.waits if running else ())
        if _THROWS in record.follows:
            for number, one in enumerate(_FOLLOWS.decode(record.follows)):
                if isinstance(one, Sent):
                    self.thrown[seq, number] = one

    def _event(self, entry: Entry, record: Event) -> None:
        if record.name == DELIVERED:
            place = int(float(record.args["entry"])), int(float(record.args["place"]))
            self.thrown.pop(place, None)
        elif record.name == LEASED:
            self.leases.event(entry, record, -1)
        elif record.name in {STUCK, FREED, FAILED} and entry.about.startswith(PREFIX):
            instance = int(entry.about[len(PREFIX) :])
            if record.name == FAILED:
                self.leases.event(entry, record, instance)
                return
            self.stuck.pop(instance, None)
            if record.name == FREED:
                self.leases.freed(instance)
            if record.name == STUCK and instance in self.states:
                self.stuck[instance] = str(record.args["error"])

    def _index(self, instance: int, after: tuple[Wait, ...]) -> None:
        """Take in what an instance waits for now; what it waited for already keeps its place."""
        before = {wait.id: wait for wait in self._open.pop(instance, ())}
        if after:
            self._open[instance] = after
        for wait in after:
            old = before.pop(wait.id, None)
            if old != wait:
                if old is not None:
                    self._drop(instance, old)
                self._add(instance, wait)
        for wait in before.values():
            self._drop(instance, wait)

    def _add(self, instance: int, wait: Wait) -> None:
        place = instance, wait.id
        self._waits.setdefault(wait.kind, {}).setdefault(_key(wait), {})[place] = wait
        if wait.due is not None:
            heappush(self._timers, (wait.due, instance, wait.id))

    def _drop(self, instance: int, wait: Wait) -> None:
        places = self._waits[wait.kind][_key(wait)]
        del places[instance, wait.id]
        if wait.kind == "job":
            self.leases.over((instance, wait.id))
        if not places:
            del self._waits[wait.kind][_key(wait)]

    def dump(self) -> bytes:
        """Return every state; the index is made anew."""
        thrown = [(place, one) for place, one in self.thrown.items()]
        held = list(self.leases.of.items())
        kept = [self.states, self.last, self.stuck, thrown, self.stays.dump(), held]
        return msgspec.msgpack.encode(kept)

    def load(self, state: bytes) -> None:
        """Take up what `dump` gave."""
        try:
            states, last, stuck, thrown, stays, held = msgspec.msgpack.decode(state, type=_KEPT)
        except msgspec.MsgspecError as wrong:
            raise ValueError(str(wrong)) from wrong
        self.states, self.last, self.stuck, self.thrown = states, last, stuck, dict(thrown)
        self.stays = taken_up(stays)
        self.leases.of = dict(held)
        self._waits, self._open, self._timers = {}, {}, []
        for instance, told in states.items():
            self._index(instance, _REST.decode(told).waits)

    # what is asked

    def due(self, now: datetime) -> Iterator[Place]:
        """Yield the timers that are due, the oldest first; each is the caller's to end."""
        while self._timers and self._timers[0][0] <= now:
            due, instance, number = heappop(self._timers)
            wait = self._waits.get("timer", {}).get(("", ""), {}).get((instance, number))
            if wait is not None and wait.due == due:
                yield instance, number

    def later(self, due: datetime, place: Place) -> None:
        """Ask again about a timer that could not be ended."""
        heappush(self._timers, (due, *place))

    def waiting(self, kind: str, name: str = "", key: str = "") -> dict[Place, Wait]:
        """Return what waits for a job's topic, a message with its key, a signal or a person."""
        return self._waits.get(kind, {}).get((name, key), {})

    def of(self, instance: int) -> tuple[Wait, ...]:
        """Return what an instance waits for."""
        return self._open.get(instance, ())

    def all_of(self, kind: str) -> Iterator[tuple[Place, Wait]]:
        """Yield everything of a kind that is waited for."""
        for places in self._waits.get(kind, {}).values():
            yield from places.items()


def _key(wait: Wait) -> Key:
    """Return what a wait is found by."""
    if wait.kind in {"task", "choose"}:
        return wait.who, "" if wait.who else wait.groups
    if wait.kind == "message":
        return wait.name, wait.key
    return ("", "") if wait.kind in {"timer", "conditional"} else (wait.name, "")
