"""The census: what stands in the city as it was last written down, by a digest of its facts."""

from hashlib import blake2b

import msgspec

from mindu.base.records import Entry, Placed
from mindu.brain.folds.packed import pack, unpack
from mindu.data.fold import Block

_SIZE = 8  # bytes: enough to see that facts changed; nothing is vouched for by it


class _State(msgspec.Struct):
    known: dict[str, bytes] = {}


class Census:
    """Every thing that was placed, and whether its facts have changed since."""

    name = "census"
    takes = (Placed,)

    def __init__(self) -> None:
        """Start with an empty city."""
        self._state = _State()

    def knows(self, about: str, placed: Placed) -> bool:
        """Say whether the thing was written down just so."""
        return self._state.known.get(about) == _digest(placed)

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Placed):
            self._state.known[entry.about] = _digest(record)

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(self._state)

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._state = unpack(state, _State)


def _digest(placed: Placed) -> bytes:
    told = msgspec.msgpack.encode((placed.kind, placed.facts), order="sorted")
    return blake2b(told, digest_size=_SIZE).digest()
