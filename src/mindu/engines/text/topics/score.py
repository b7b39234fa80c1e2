"""Score: how well topics were told, by the measures that people quote."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


def f1_of(right: Whole, said: Whole, topics: Sequence[str]) -> dict[str, float]:
    """Return each topic's F1, the harmonic mean of precision and recall (0 when never right)."""
    told = {}
    for at, topic in enumerate(topics):
        hits = int(((right == at) & (said == at)).sum())
        counted = int((right == at).sum() + (said == at).sum())
        told[topic] = round(2 * hits / counted, 4) if counted else 0.0
    return told
