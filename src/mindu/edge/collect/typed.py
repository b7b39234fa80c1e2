"""Typed: what PostgreSQL sends of a column whose type it knows is read straight into ours."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from mindu.data.arrays import Ints
from mindu.data.collect.declare import Kept
from mindu.edge.collect.blocks import columns
from mindu.edge.collect.lines import END, Form

MOST_MISSES = 3  # blocks that were not what their types say; then all are read as words
_WORDS = pa.string()
_INTS = {20: pa.int64(), 21: pa.int64(), 23: pa.int64()}
_NUMBERS = dict.fromkeys((20, 21, 23, 700, 701, 1700), pa.float64())
_OURS: dict[Kept, dict[int, Any]] = {  # by the server's number of the type
    "whole": _INTS,
    "number": _NUMBERS,
    "truth": {16: pa.bool_()},
    "day": {1082: pa.date32()},
    "moment": {1114: pa.timestamp("us"), 1184: pa.timestamp("us", "UTC")},
}


def types(wanted: Sequence[Kept], theirs: Sequence[int]) -> tuple[Any, ...]:
    """Return how each column is read: in our type where theirs always fits, else as words."""
    return tuple(
        _OURS.get(of, {}).get(kind, _WORDS) for of, kind in zip(wanted, theirs, strict=True)
    )


class Typed:
    """Reads blocks of COPY's text; a block that is not what its types say is read as words."""

    def __init__(self, names: Sequence[str], kinds: Sequence[Any]) -> None:
        """Read columns of these names and Arrow types."""
        self._form = Form(tuple(names), many_lines=True)
        self._kinds = dict(zip(names, kinds, strict=True))
        self._misses = 0 if any(kind != _WORDS for kind in kinds) else MOST_MISSES

    def table(self, body: memoryview, count: int) -> tuple[pa.Table, Callable[[Ints], pa.Table]]:
        """Return rows, and what returns some of them in the server's own words."""
        told = np.frombuffer(body, np.uint8)
        one_line = int(np.count_nonzero(told == END)) == count
        form = self._form._replace(many_lines=not one_line)

        def written(rows: Ints) -> pa.Table:
            if not one_line:
                return columns(body, form, np.arange(count), [])[0].take(pa.array(rows))
            ends = np.flatnonzero(told == END) + 1
            starts = np.append(0, ends[:-1])
            lines = b"".join(body[starts[i] : ends[i]] for i in rows.tolist())
            return columns(lines, form, np.arange(len(rows)), [])[0]

        if self._misses < MOST_MISSES:
            try:
                return self._read(body, form), written
            except pa.ArrowInvalid:  # infinity, a year of five digits, 1.0 for a whole number
                self._misses += 1
        return columns(body, form, np.arange(count), [])[0], written

    def _read(self, body: memoryview, form: Form) -> pa.Table:
        return pacsv.read_csv(
            pa.BufferReader(body),
            pacsv.ReadOptions(
                use_threads=False, column_names=form.names, block_size=len(body) + 64
            ),
            pacsv.ParseOptions(newlines_in_values=form.many_lines, ignore_empty_lines=False),
            pacsv.ConvertOptions(
                column_types=self._kinds, check_utf8=False, strings_can_be_null=True,
                null_values=[""], quoted_strings_can_be_null=False,
                true_values=["t"], false_values=["f"],
            ),
        )  # fmt: skip
