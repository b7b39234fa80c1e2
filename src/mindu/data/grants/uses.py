"""Uses: every receipt, by whom it is about and by dataset; and how often a policy served today."""

import msgspec

from mindu.base.records import Entry, Receipt
from mindu.data.block import Block
from mindu.data.grants.policies import CITY

NAMED, BULK = 1_000, 5_000  # receipts kept by number for one subject, one dataset


class _State(msgspec.Struct):
    day: str = ""
    today: dict[str, int] = {}  # policy and department -> uses
    named: dict[str, list[int]] = {}  # subject -> receipts
    bulk: dict[str, list[int]] = {}  # dataset -> receipts that name nobody or not everybody
    asked: dict[str, tuple[int, int]] = {}  # dataset -> allowed, refused


class Uses:
    """The fold of receipts."""

    name = "uses"
    takes = (Receipt,)

    def __init__(self) -> None:
        """Begin with no use."""
        self._state = _State()

    def today(self, policy: str, department: str, day: str) -> int:
        """Return how often a policy served a department on a day; only the last day is kept."""
        state = self._state
        return state.today.get(f"{policy}\n{department}", 0) if day == state.day else 0

    def named(self, subject: str) -> list[int]:
        """Return the receipts that name a subject, oldest first."""
        return list(self._state.named.get(subject, ()))

    def bulk(self, dataset: str) -> list[int]:
        """Return the receipts over many people of a dataset, oldest first."""
        return list(self._state.bulk.get(dataset, ()))

    def asked(self, dataset: str) -> tuple[int, int]:
        """Return how many asks for a dataset were allowed, and refused."""
        return self._state.asked.get(dataset, (0, 0))

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record, state = entry.record, self._state
        if not isinstance(record, Receipt):
            return
        self._count(entry, record)
        for subject in record.subjects:
            _note(state.named, subject, entry.seq, NAMED)
        for dataset in record.datasets:
            if record.bulk:
                _note(state.bulk, dataset, entry.seq, BULK)
            yes, no = state.asked.get(dataset, (0, 0))
            state.asked[dataset] = (yes + record.allowed, no + (not record.allowed))

    def _count(self, entry: Entry, record: Receipt) -> None:
        state = self._state
        day = f"{entry.at.astimezone(CITY):%Y%m%d}"
        if day != state.day:
            state.day, state.today = day, {}
        if record.allowed:
            for policy in record.policies:
                key = f"{policy}\n{record.department}"
                state.today[key] = state.today.get(key, 0) + 1

    def dump(self) -> bytes:
        """Return the state as bytes."""
        return msgspec.msgpack.encode(self._state)

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        try:
            self._state = msgspec.msgpack.decode(told, type=_State)
        except msgspec.MsgspecError as wrong:
            raise ValueError(f"these bytes are no state of {self.name}: {wrong}") from wrong


def kept_in_part(told: list[int], most: int) -> bool:
    """Say whether older receipts than those of a list may have been let go."""
    return len(told) >= most - most // 10


def _note(held: dict[str, list[int]], key: str, seq: int, most: int) -> None:
    found = held.setdefault(key, [])
    found.append(seq)
    if len(found) > most:
        del found[: most // 10]
