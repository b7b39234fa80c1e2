"""What is told of things beyond their readings: attributes of any kind, and their bounded past.

Every entity is a device of the register under the same key, so a number that is told here is a
reading like any other; what is no number stands here. Papers are subscriptions and contexts.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from mindu.data.arrays import Floats

PAST = 1000  # instances kept of one attribute that the series do not hold
MOST_ATTRS = 1000  # attributes of one entity
MOST_PAPERS = 10_000

Plain = str | bool


class Numbers:
    """The plain numbers of one attribute as a column, by key."""

    def __init__(self) -> None:
        """Start with none."""
        self.keys: list[str] = []
        self._place: dict[str, int] = {}
        self._values = np.full(64, np.nan)

    def put(self, key: str, value: float | None) -> None:
        """Note the number of a key; None where it has none."""
        place = self._place.get(key)
        if place is None:
            if value is None:
                return
            place = self._place[key] = len(self.keys)
            self.keys.append(key)
            if place >= len(self._values):
                self._values = np.concatenate([self._values, np.full(place, np.nan)])
        self._values[place] = np.nan if value is None else _real(value)

    @property
    def values(self) -> Floats:
        """The numbers, in the order of `keys`, NaN where a key has none any more."""
        return self._values[: len(self.keys)]


def _real(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.inf


class Instance(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One instance of an attribute: names inside are expanded. `made`, `changed`: epoch ms."""

    kind: str
    value: Any
    observed: str = ""
    dataset: str = ""
    made: int = 0
    changed: int = 0
    more: dict[str, Any] | None = None  # unit code, object type, attributes of the attribute
    name: str = ""  # of the instance, in its past


class Put(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """An entity came to be, or its types and scope changed."""

    key: str
    id: str
    tenant: str
    types: list[str]
    scope: list[str]
    at: int


class Said(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """From now on these are the instances of an attribute; none means that it is gone.

    `past`: instances that were so and that the series do not hold.
    """

    key: str
    attr: str
    at: int
    now: list[Instance]
    past: list[Instance] = []


class Recalled(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The kept past of an attribute was changed by hand; none means that it is gone."""

    key: str
    attr: str
    past: list[Instance]


class Gone(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """An entity is no more."""

    key: str
    id: str
    tenant: str
    types: list[str]


class Paper(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A subscription or a context was laid down, or withdrawn where there is no body."""

    shelf: str
    key: str
    body: bytes = b""


Told = Put | Said | Recalled | Gone | Paper
_TOLD = msgspec.msgpack.Decoder(list[Told])


class Kept(msgspec.Struct):
    """One entity, as it stands."""

    id: str
    tenant: str
    types: list[str]
    scope: list[str]
    made: int
    changed: int
    attrs: dict[str, list[Instance]]
    past: dict[str, list[Instance]]


class _State(msgspec.Struct):
    kept: dict[str, Kept]
    papers: dict[str, dict[str, bytes]]


class Entities:
    """Every entity that was told of, and the papers."""

    def __init__(self) -> None:
        """Start with none."""
        self.kept: dict[str, Kept] = {}
        self.types: dict[str, dict[str, None]] = {}  # type -> keys
        self.plain: dict[str, dict[str, Plain]] = {}  # attribute -> key -> its plain text
        self.numbers: dict[str, Numbers] = {}
        self.papers: dict[str, dict[str, bytes]] = {}
        self.tenants: dict[str, None] = {}

    def shelf(self, name: str) -> dict[str, bytes]:
        """Return the papers of a shelf by key."""
        return self.papers.get(name, {})

    def count(self, body: bytes) -> None:
        """Let a durable frame count."""
        for told in _TOLD.decode(body):
            match told:
                case Put():
                    self._put(told)
                case Said():
                    self._said(told)
                case Recalled(key, attr, past):
                    self._recalled(key, attr, past)
                case Gone(key=key):
                    self._gone(key)
                case Paper(shelf, key, body):
                    self._paper(shelf, key, body)

    def _put(self, told: Put) -> None:
        held = self.kept.get(told.key)
        if held is None:
            held = Kept(told.id, told.tenant, [], [], told.at, told.at, {}, {})
            self.kept[told.key] = held
            self.tenants[told.tenant] = None
        for gone in set(held.types) - set(told.types):
            self.types[gone].pop(told.key, None)
        for name in told.types:
            self.types.setdefault(name, {})[told.key] = None
        held.types, held.scope, held.changed = told.types, told.scope, told.at

    def _said(self, told: Said) -> None:
        held = self.kept[told.key]
        held.changed = told.at
        self._index(told.key, told.attr, told.now)
        if told.now:
            held.attrs[told.attr] = told.now
        else:
            held.attrs.pop(told.attr, None)
        if told.past:
            held.past[told.attr] = [*held.past.get(told.attr, ()), *told.past][-PAST:]

    def _index(self, key: str, attr: str, now: Sequence[Instance]) -> None:
        first = next((it for it in now if not it.dataset), None)
        value = first.value if first is not None else None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number or attr in self.numbers:
            self.numbers.setdefault(attr, Numbers()).put(key, value if number else None)
        if isinstance(value, str | bool):
            self.plain.setdefault(attr, {})[key] = value
        elif attr in self.plain:
            self.plain[attr].pop(key, None)

    def _recalled(self, key: str, attr: str, past: list[Instance]) -> None:
        held = self.kept[key]
        if past:
            held.past[attr] = past[-PAST:]
        else:
            held.past.pop(attr, None)

    def _gone(self, key: str) -> None:
        held = self.kept.pop(key, None)
        if held is None:
            return
        for name in held.types:
            self.types[name].pop(key, None)
        for attr in held.attrs:
            self._index(key, attr, ())

    def _paper(self, shelf: str, key: str, body: bytes) -> None:
        papers = self.papers.setdefault(shelf, {})
        if body:
            papers[key] = body
        else:
            papers.pop(key, None)

    def dump(self) -> bytes:
        """Return the state."""
        return msgspec.msgpack.encode(_State(self.kept, self.papers))

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        state = msgspec.msgpack.decode(told, type=_State)
        self.__init__()  # type: ignore[misc]
        self.papers, self.kept = state.papers, state.kept
        for key, held in self.kept.items():
            self.tenants[held.tenant] = None
            for name in held.types:
                self.types.setdefault(name, {})[key] = None
            for attr, now in held.attrs.items():
                self._index(key, attr, now)


def encode(told: Sequence[Told]) -> bytes:
    """Return what was told as the body of a frame."""
    return msgspec.msgpack.encode(list(told))
