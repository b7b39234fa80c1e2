"""Values in their order, each once, with how often it stands there."""

from typing import Any

import numpy as np
import numpy.typing as npt

from mindu.base.kernels import kernel


@kernel
def once(told: npt.NDArray[Any], seen: npt.NDArray[Any], count: npt.NDArray[np.int64]) -> int:
    """Write down every value of a sorted array once, and how often; return how many there are."""
    many = -1
    for at in range(len(told)):
        if at == 0 or told[at] != told[at - 1]:
            many += 1
            seen[many], count[many] = told[at], 0
        count[many] += 1
    return many + 1
