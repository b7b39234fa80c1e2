"""Courses: which case an instance is, and which of its tasks is which part of that case."""

import msgspec

from mindu.base.records import Case, Entry, Move
from mindu.brain.folds.packed import pack, unpack
from mindu.data.block import Block

INSTANCE, NODE, WAS = "instance", "node", "was"  # what a case tells of its process


class _Kept(msgspec.Struct):
    of: dict[int, int]
    parts: dict[int, dict[str, int]]


class Courses:
    """The cases that drawn processes move."""

    name = "courses"
    takes = (Case, Move)

    def __init__(self) -> None:
        """Begin empty."""
        self.of: dict[int, int] = {}  # instance → its case
        self.parts: dict[int, dict[str, int]] = {}  # instance → node → the part worked there

    def fold(self, entry: Entry, block: Block | None) -> None:  # noqa: ARG002 - as every fold
        """Take in a case that an instance is, a part of it, or a node's new name."""
        record = entry.record
        if isinstance(record, Case) and INSTANCE in record.facts:
            instance = int(float(record.facts[INSTANCE]))
            if NODE in record.facts:
                self.parts.setdefault(instance, {})[str(record.facts[NODE])] = entry.seq
            else:
                self.of[instance] = entry.seq
        elif isinstance(record, Move) and record.name == "redraw":
            parts = self.parts[int(float(record.args[INSTANCE]))]
            parts[str(record.args[NODE])] = parts.pop(str(record.args[WAS]))

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(_Kept(self.of, self.parts))

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave.

        Raises:
            ValueError: the bytes are no such state.
        """
        kept = unpack(state, _Kept)
        self.of, self.parts = kept.of, kept.parts
