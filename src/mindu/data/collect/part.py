"""What passes between a reader and the store: rows as they came, and what was wrong with some."""

import re
import unicodedata
from collections.abc import Callable, Generator
from typing import Any, NamedTuple, Protocol

import msgspec
import pyarrow as pa

from mindu.data.arrays import Ints

MOST_SHAPE = 48  # signs
Cursor = dict[str, int | float | str]
_RUNS = re.compile(r"(?s)(.)\1*")


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """Why a row was set aside: where, by which rule, and the value's shape, never the value."""

    row: int
    column: str
    rule: str
    shape: str = ""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows that were received."""

    received: int = 0
    stored: int = 0
    quarantined: int = 0
    known: int = 0  # lay before the place from which on rows are new

    @property
    def whole(self) -> bool:
        """Whether every row is accounted for."""
        return self.received == self.stored + self.quarantined + self.known

    def plus(self, other: "Account") -> "Account":
        """Return both together."""
        return Account(
            received=self.received + other.received,
            stored=self.stored + other.stored,
            quarantined=self.quarantined + other.quarantined,
            known=self.known + other.known,
        )


class Part(NamedTuple):
    """Some rows of a source, under the headings of the source.

    `received` counts rows on its own, so that a row lost between here and the store is noticed.
    `cursor` says where to go on after these rows. Where columns are of our types already,
    `written` returns some of the rows in the words of the source, for what is wrong with them.
    """

    table: pa.Table
    row: Ints  # each row's number in the source
    broken: list[Fault]
    received: int
    cursor: Cursor
    written: Callable[[Ints], pa.Table] | None = None


class Broken(OSError):  # noqa: N818 - it is told to a person
    """A source died half-way or cannot be read; says how to mend it, without any value."""


class Reader(Protocol):
    """Reads one source from a place on."""

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield rows after the cursor; `mark` is the last known value of `since`, "" for none.

        Raises:
            Broken: it cannot be read, or not further.
        """
        ...


def shape(value: object) -> str:
    """Return what a value looks like: 9 for digits, a and A for letters, 字 for Han; runs counted.

    >>> shape("陈先生 13800000000")
    '字{3} 9{11}'
    """
    if value is None:
        return "∅"
    text = str(value)
    signs = "".join(_sign(sign) for sign in text[:4096])
    parts = []
    for run in _RUNS.finditer(signs):
        sign, length = run[1], len(run[0])
        parts.append(sign if length == 1 else f"{sign}{{{length}}}")
    told = "".join(parts)[:MOST_SHAPE]
    return f"{told}… ({len(text)})" if len(text) > 4096 or len(told) == MOST_SHAPE else told


def _sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind[0] == "N":
        return "9"
    if kind[0] == "L":
        if sign.isascii():
            return "A" if kind == "Lu" else "a"
        return "字" if kind == "Lo" else "a"
    return "·" if kind[0] in "CM" else sign


def texts(values: Any, count: int) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a column of words from Python values; numbers as short as they can be."""
    assert len(values) == count
    told = [value if isinstance(value, str) else word(value) for value in values]
    return pa.array(told, pa.string())


def word(value: object) -> str | None:
    """Return a value as a word: numbers as short as they can be, days as ISO 8601 has them."""
    if value is None:
        return None
    told = str(value)
    if isinstance(value, bool):
        told = told.lower()
    elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        told = str(int(value))
    elif isinstance(value, bytes | bytearray | memoryview):
        told = bytes(value).hex()
    elif isinstance(value, list | dict):
        told = msgspec.json.encode(value).decode()
    return told
