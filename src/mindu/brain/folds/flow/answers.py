"""Answers: what was answered under a key, so that who asks again gets it and does nothing twice."""

import msgspec

from mindu.base.records import Entry, Event
from mindu.brain.folds.packed import pack, unpack
from mindu.data.block import Block

ANSWERED = "answered"
MOST = 20_000  # answers that are kept, the newest


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What was answered, and to what: `asked` is the digest of the request."""

    asked: str
    body: str


class _Kept(msgspec.Struct):
    of: dict[str, Answer]


class Answers:
    """The last answers, by key."""

    name = "answers"
    takes = (Event,)

    def __init__(self) -> None:
        """Begin empty."""
        self.of: dict[str, Answer] = {}

    def fold(self, entry: Entry, block: Block | None) -> None:  # noqa: ARG002 - as every fold
        """Take an answer in."""
        record = entry.record
        if isinstance(record, Event) and record.name == ANSWERED:
            args = record.args
            self.of[str(args["key"])] = Answer(str(args["asked"]), str(args["body"]))
            if len(self.of) > MOST:
                del self.of[next(iter(self.of))]

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return pack(_Kept(self.of))

    def load(self, state: bytes) -> None:
        """Take up a state that `dump` gave.

        Raises:
            ValueError: the bytes are no such state.
        """
        self.of = unpack(state, _Kept).of
