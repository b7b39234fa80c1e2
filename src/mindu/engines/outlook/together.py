"""What is odd in several series at once, though each alone is plausible."""

import numpy as np

from mindu.engines.outlook.grid import Floats

SLOW, WARM = 0.01, 100  # weight of a new row; rows before anything is odd
SHRUNK = 0.1  # share of the spread that is taken as independent, so that it can be inverted
CLIP = 10.0  # noises beyond which a row no longer widens the spread


def odd_together(rows: Floats) -> Floats:
    """Return for each row (steps x series) how far it lies from all before, in noises.

    The square of a Mahalanobis distance over running mean and spread, per series; causal.
    """
    steps, width = rows.shape
    mean, spread = rows[0].astype(float), np.eye(width)
    found = np.zeros(steps)
    for i in range(steps):
        off = rows[i] - mean
        own = np.diag(np.diag(spread))
        square = float(off @ np.linalg.solve((1 - SHRUNK) * spread + SHRUNK * own, off)) / width
        found[i] = np.sqrt(square) if i >= WARM else 0.0
        weight = max(SLOW, 1.0 / (i + 2))
        calm = min(1.0, CLIP / max(np.sqrt(square), 1e-9)) if i >= WARM else 1.0
        mean = mean + weight * calm * off
        spread = (1 - weight) * spread + weight * calm * calm * np.outer(off, off)
        spread[np.diag_indices(width)] += 1e-12
    return found
