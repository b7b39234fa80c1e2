"""A reader is one part ahead and no further; what it raises is raised where it belongs."""

from collections.abc import Generator

import numpy as np
import pyarrow as pa

from mindu.data.collect.ahead import ahead
from mindu.data.collect.part import Broken, Part


class Counted:
    """A reader that counts what it was asked for, and breaks where it was told."""

    def __init__(self, count: int, breaks: int = -1) -> None:
        self.begun, self.closed, self._count, self._breaks = 0, False, count, breaks

    def parts(self) -> Generator[Part, None, None]:
        try:
            for i in range(self._count):
                if i == self._breaks:
                    raise Broken("the line was cut")
                self.begun += 1
                yield Part(pa.table({"a": ["x"]}), np.array([i]), [], 1, {"row": i})
        finally:
            self.closed = True


def test_parts_come_in_their_order_and_none_is_lost() -> None:
    read = Counted(50)
    with ahead(read.parts()) as parts:
        assert [part.cursor["row"] for part in parts] == list(range(50))
    assert read.closed


def test_a_reader_waits_for_whoever_stores() -> None:
    read = Counted(50)
    with ahead(read.parts()) as parts:
        for i, _ in enumerate(parts):
            assert read.begun <= i + 3, "one stored, one waiting, one in its hands"
    assert read.begun == 50


def told(read: Counted, most: int) -> list[int | float | str]:
    """Return what a reader gave until so many came, or it broke."""
    seen: list[int | float | str] = []
    with ahead(read.parts()) as parts:
        try:
            for part in parts:
                seen.append(part.cursor["row"])
                if len(seen) == most:
                    break
        except Broken as wrong:
            seen.append(str(wrong))
    return seen


def test_what_a_reader_raises_comes_after_all_it_gave() -> None:
    read = Counted(9, breaks=4)
    assert told(read, 9) == [0, 1, 2, 3, "the line was cut"]
    assert read.closed


def test_leaving_early_closes_the_reader() -> None:
    read = Counted(1_000)
    assert told(read, 1) == [0]
    assert (read.closed, read.begun < 10) == (True, True)
