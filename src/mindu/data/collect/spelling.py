"""Spelling: how each column of a Parquet file is written, so that it is small and quickly made."""

from typing import Any

import numpy as np
import pyarrow as pa

SAMPLE = 4_096  # rows that tell whether a column says few things again and again
FEW = 0.9  # of the sample: where more of it are different, a dictionary is thrown away again
_DELTA = "DELTA_BINARY_PACKED"


def spelling(table: Any) -> dict[str, Any]:  # noqa: ANN401 - Arrow's
    """Return what `write_table` is told: dictionaries for what repeats, steps for what counts up.

    A column that never repeats costs twice where a dictionary of it is tried first.
    """
    step = max(1, table.num_rows // SAMPLE)
    sample = table.take(pa.array(np.arange(0, table.num_rows, step)[:SAMPLE]))
    often = [name for name in table.column_names if _repeats(sample.column(name))]
    steps = {
        field.name: _DELTA
        for field in table.schema
        if field.name not in often and pa.types.is_integer(field.type)
    }
    return {
        "compression": "zstd", "compression_level": 1,
        "use_dictionary": often or False, "column_encoding": steps or None,
    }  # fmt: skip


def _repeats(column: Any) -> bool:  # noqa: ANN401 - Arrow's
    return len(column) < SAMPLE or len(column.unique()) <= FEW * len(column)
