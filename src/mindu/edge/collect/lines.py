"""Lines: where records of delimited text start and end, and which quotes stand where none may."""

import csv
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mindu.data.arrays import Ints, Truths

MOST_RECORD = 1 << 20  # bytes
QUOTE, END, RETURN, NUL = 34, 10, 13, 0
_MARK = bytes([QUOTE])
Octets = NDArray[np.uint8]


class Form(NamedTuple):
    """How a text is written."""

    names: tuple[str, ...]
    delimiter: str = ","
    encoding: str = "utf-8"
    many_lines: bool = False


class Lines(NamedTuple):
    """A block taken apart into records."""

    block: bytes
    told: Octets
    start: Ints
    end: Ints  # of each record, before its line end
    number: Ints  # of its first line, in the file
    height: int  # lines of the block

    def line(self, i: int) -> bytes:
        """Return one record."""
        return self.block[self.start[i] : self.end[i]]

    @property
    def blank(self) -> Truths:
        """Which records hold nothing."""
        lengths = self.end - self.start
        first = self.told[np.minimum(self.start, len(self.told) - 1)]
        empty: Truths = (lengths == 0) | ((lengths == 1) & (first == RETURN))
        return empty


def taken_apart(block: bytes, form: Form, first: int) -> Lines:
    """Return where the records of a block start and end; `first` is the number of its first line.

    A quoted field may hold line ends if the form says so and every quote stands where it may.
    """
    told = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(told == END)
    if len(told) and (not len(ends) or ends[-1] != len(told) - 1):
        ends = np.append(ends, len(told))
    count, number = len(ends), np.arange(len(ends))
    if form.many_lines:
        quotes = np.flatnonzero(told == QUOTE)
        if len(quotes) % 2 == 0 and not amiss(told, quotes, np.arange(len(quotes)), form).any():
            whole = np.searchsorted(quotes, ends) % 2 == 0
            number = np.append(0, np.flatnonzero(whole)[:-1] + 1) if whole.any() else number
            ends = ends[whole]
    starts = np.append(0, ends[:-1] + 1) if len(ends) else ends
    return Lines(block, told, starts.astype(np.int64), ends.astype(np.int64), first + number, count)


def amiss(told: Octets, quotes: Ints, ordinal: Ints, form: Form) -> Truths:
    """Say which quotes stand where RFC 4180 has none; `ordinal` counts them in their record."""
    edges = np.array([ord(form.delimiter), END, RETURN, QUOTE], np.uint8)
    before = np.where(quotes > 0, told[np.maximum(quotes - 1, 0)], END)
    after = np.where(quotes + 1 < len(told), told[np.minimum(quotes + 1, len(told) - 1)], END)
    beside = np.where(ordinal % 2 == 0, before, after)
    found: Truths = ~np.isin(beside, edges)
    return found


def last_end(block: bytes, form: Form) -> int:
    """Return where the last whole record of a block ends; 0 if none does."""
    if not form.many_lines or _MARK not in block:
        return block.rfind(b"\n") + 1
    told = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(told == END)
    whole = np.searchsorted(np.flatnonzero(told == QUOTE), ends) % 2 == 0
    if whole.any():
        return int(ends[whole][-1]) + 1
    return block.rfind(b"\n") + 1 if len(block) > MOST_RECORD else 0


def fields(line: bytes, form: Form) -> Sequence[str]:
    """Return the fields of one line."""
    return next(csv.reader([line.decode(form.encoding, "replace")], delimiter=form.delimiter), [])


def meant(text: str, form: Form) -> str | None:
    """Return a line with all quotes where they should be; None if nobody knows what it means."""
    try:
        (told,) = csv.reader([text], delimiter=form.delimiter, strict=True)
    except (csv.Error, ValueError):
        return None
    quoted = ['"' + field.replace('"', '""') + '"' if field else "" for field in told]
    return form.delimiter.join(quoted)
