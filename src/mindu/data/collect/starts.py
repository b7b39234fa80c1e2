"""Starts: which words may match a pattern, told by their first two bytes, before it is tried."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mindu.data.arrays import Ints

BLANK = "\t\n\v\f\r \0"


class Pattern:
    """A pattern whose matches begin with one of some signs, after blanks or none.

    Nearly every word of a table begins otherwise; only the others are held against the pattern.
    """

    def __init__(self, pattern: str, signs: Iterable[str]) -> None:
        """Take the pattern, in RE2's words, and what may stand first of it."""
        self._pattern = pattern
        self._firsts, self._pairs = np.zeros(1 << 8, bool), np.zeros(1 << 16, bool)
        for sign in (*BLANK, *signs):
            told = sign.encode()
            first = told[0] << 8
            self._firsts[told[0]] = True
            self._pairs[first | told[1] if len(told) > 1 else slice(first, first + 256)] = True

    def matches(self, words: Any) -> Any:  # noqa: ANN401 - Arrow's
        """Return which words match, as a mask; nothing matches nowhere."""
        doubtful = self._doubtful(words)
        found = np.zeros(len(words), bool)
        if len(doubtful):
            told = pc.match_substring_regex(words.take(pa.array(doubtful)), self._pattern)
            found[doubtful] = pc.fill_null(told, fill_value=False).to_numpy(zero_copy_only=False)
        return pa.array(found)

    def _doubtful(self, words: Any) -> Ints:  # noqa: ANN401 - Arrow's
        start, signs = lying(words)
        if not len(signs):
            return np.zeros(0, np.int64)
        first = signs.take(start[:-1], mode="clip")
        found = np.flatnonzero(self._firsts[first])
        if len(found):
            pair = (first[found].astype(np.uint16) << 8) | signs.take(start[found] + 1, mode="clip")
            found = found[self._pairs[pair] & (start[found + 1] > start[found])]
        return found


def lying(words: Any) -> tuple[Any, Any]:  # noqa: ANN401 - Arrow's
    """Return where each word of a column starts, the end behind them (int32), and all bytes."""
    assert pa.types.is_string(words.type), "only words have bytes"
    _, offsets, data = words.buffers()
    if not len(words) or data is None:
        return np.zeros(len(words) + 1, np.int32), np.zeros(0, np.uint8)
    at = np.frombuffer(offsets, np.int32)[words.offset : words.offset + len(words) + 1]
    return at, np.frombuffer(data, np.uint8)
