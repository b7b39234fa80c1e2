"""The kinds of column that the data floor is made of."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Truths = NDArray[np.bool_]


def every(truths: Truths) -> bool:
    """Say whether all are true; much faster than `.all()` on the short columns of one tick."""
    return int(np.count_nonzero(truths)) == truths.size
