"""The kinds of column that the data floor is made of."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Truths = NDArray[np.bool_]


_FALSE = b"\x00"


def every(truths: Truths) -> bool:
    """Say whether all are true; on the short columns of a tick many times faster than `.all()`."""
    return _FALSE not in truths.tobytes()


def some(truths: NDArray[np.bool_] | Bytes) -> bool:
    """Say whether any is true, or not zero."""
    return int(np.count_nonzero(truths)) > 0
