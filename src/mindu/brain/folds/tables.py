"""The tables that people lay down and edit: the newest of each name, and which version it is."""

import msgspec

from mindu.base.records import Entry, Table
from mindu.brain.folds.packed import pack, unpack
from mindu.data.block import Block

PREFIX = "table:"


class Laid(msgspec.Struct):
    """The table that holds now."""

    seq: int
    version: int
    by: str
    table: Table


class _State(msgspec.Struct):
    laid: dict[str, Laid] = {}


class Tables:
    """Every laid down table by name."""

    name = "tables"
    takes = (Table,)

    def __init__(self) -> None:
        """Start with none."""
        self._state = _State()

    def get(self, name: str) -> Laid | None:
        """Return the table of that name that holds, if one was laid down."""
        return self._state.laid.get(name)

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Table):
            name = entry.about.removeprefix(PREFIX)
            held = self._state.laid.get(name)
            version = 1 if held is None else held.version + 1
            self._state.laid[name] = Laid(entry.seq, version, entry.by, record)

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(self._state)

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave."""
        self._state = unpack(state, _State)
