"""Archive: every case of the line by its words, a million of them, for what a new one may repeat.

It holds numbers of terms and no words. It reads the log behind the line, in parts, so that intake
goes on; what it has read is kept beside the log and taken up again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import msgspec
import numpy as np

from mindu.base.records import Case
from mindu.brain.casework.office import Office
from mindu.engines.text import words
from mindu.engines.text.same import Rarity, Stock, told, vector
from mindu.engines.text.same.features import Vector
from mindu.engines.text.same.hashed import Counted
from mindu.engines.text.same.stock import HEAVIEST
from mindu.engines.text.same.stream import LETTERS
from mindu.engines.text.topics.codes import samples

MOST = 1_000_000  # cases held, about 300 bytes each; of more the oldest tenth leaves
PART = 200  # cases read at once: the line waits no longer than for these
ALIKE = 0.08  # likeness from which two cases sound alike
SURE = 0.12  # from which they may be one matter (half of the pairs of real issues; few others)
FORM = 1  # of what `dump` gives

Found = tuple[int, float]


class _Kept(msgspec.Struct, array_like=True):
    """What was read, up to which entry; `link` is the chain's link of the last."""

    form: int
    read: int
    link: str
    numbers: bytes
    at: bytes
    much: bytes
    messages: int
    holding: bytes


class Archive:
    """The cases of one office; `lock` is held by whoever moves cases."""

    def __init__(
        self, office: Office, lock: AbstractContextManager[Any], *, most: int = MOST
    ) -> None:
        """Know only which words are usual, from our own samples."""
        self.office, self._lock, self._most = office, lock, most
        self._held: tuple[Stock, list[int]] = (Stock(), [])
        self._read = 0  # rows of the cases that were looked at
        self._rarity = Rarity()
        for _, text in samples():
            self._rarity.learn(_told("", text))

    def __len__(self) -> int:
        """Count the cases."""
        return len(self._held[1])

    def find(self, title: str, text: str, *, most: int = 5, least: float = ALIKE) -> list[Found]:
        """Return the numbers of cases that sound like a text and how much, the likeliest first."""
        stock, numbers = self._held
        seen = vector(_told(title, text), self._rarity)
        found = stock.find(seen, most=most)
        return [(numbers[one.case], one.likeness) for one in found if one.likeness >= least]

    def renew(self, stopped: Callable[[], bool] = bool) -> int:
        """Read what came since, until all is read or `stopped` says so; return how many it was."""
        count = 0
        while not stopped():
            with self._lock:
                rows = self.office.cases.rows
                fresh = rows["seq"][self._read : self._read + PART].tolist()
                cases = [(number, self.office.memory.log[number].record) for number in fresh]
            if not fresh:
                break
            for number, case in cases:
                assert isinstance(case, Case), "a number of a case is that of its opening"
                self._add(number, case)
            self._read += len(fresh)
            count += len(fresh)
        return count

    def dump(self) -> bytes:
        """Return what was read, as bytes."""
        stock, numbers = self._held
        at, much = stock.rows()
        last = numbers[-1] if numbers else -1
        link = self.office.memory.log[last].prev if numbers else ""
        held = np.array(numbers, np.uint32)
        rarity = self._rarity
        return msgspec.msgpack.encode(
            _Kept(FORM, self._read, link, held.tobytes(), at.tobytes(), much.tobytes(),
                  rarity.messages, rarity.holding.tobytes())
        )  # fmt: skip

    def load(self, kept: bytes) -> None:
        """Take up what `dump` gave.

        Raises:
            ValueError: it is not whole, or of another log.
        """
        try:
            told = msgspec.msgpack.decode(kept, type=_Kept)
            numbers = np.frombuffer(told.numbers, np.uint32).tolist()
            at = np.frombuffer(told.at, np.int32).reshape(-1, HEAVIEST)
            much = np.frombuffer(told.much, np.float16).reshape(-1, HEAVIEST)
            holding = np.frombuffer(told.holding, np.int32).copy()
        except (msgspec.MsgspecError, ValueError) as wrong:
            raise ValueError(f"the archive of cases is not whole: {wrong}") from wrong
        rarity, rows = Rarity(), self.office.cases.rows["seq"]
        fits = told.form == FORM and len(numbers) == len(at) == len(much)
        if not fits or len(holding) != len(rarity.holding) or told.read > len(rows):
            raise ValueError("the archive of cases is of another form or of another log")
        last = numbers[-1] if numbers else -1
        if numbers and (last not in self.office.cases or self._link(last) != told.link):
            raise ValueError("the archive of cases is of another log")
        rarity.messages, rarity.holding = told.messages, holding
        self._rarity, self._read = rarity, told.read
        self._held = (Stock.of(at, much), numbers)

    def _link(self, number: int) -> str:
        return self.office.memory.log[number].prev

    def _add(self, number: int, case: Case) -> None:
        if case.parent >= 0 or not case.text:  # parts of a case are no news
            return
        families = _told(case.title, case.text)
        self._rarity.learn(families)
        seen: Vector = vector(families, self._rarity)
        stock, numbers = self._held
        numbers.append(number)  # before it can be found
        stock.add(seen)
        if len(stock) > self._most:
            oldest = max(1, self._most // 10)
            self._held = (stock.without(oldest), numbers[oldest:])
        elif stock.due:
            self._held = (stock.settled(), numbers)


def _told(title: str, text: str) -> Counted:
    return told(title, text, words(title), words(text), letters=LETTERS)
