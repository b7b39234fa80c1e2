"""What is odd in one series: off its season by more than its own noise, or moved for good.

Both tests are causal: what is said of a reading rests on those before it only.
"""

from bisect import insort
from typing import NamedTuple

import numpy as np

from mindu.engines.outlook.grid import Floats, even, period
from mindu.engines.outlook.shape import shape_scores

REFERENCE = 0.005  # weight of a new value in the level that moves are held against
SLOW = 0.02  # weight of a new residual in the running scale
SEASON = 0.25  # weight of a new value in its place of the season
CLIP = 6.0  # noises beyond which a residual no longer widens the scale
WARM, FEW = 150, 100  # steps before anything is called odd, or far
STEPS = 5  # steps that being off its season is smoothed over
USUAL, ODD = 0.99, 1.5  # the quantile of the past, and how far above it is odd
MOST = 1e6
SLACK, LIMIT = 0.75, 12.0  # of the two-sided sum of residuals (CUSUM), in noises
QUIET = 1e-9


class Odd(NamedTuple):
    """What is said of each step of a grid. `at`: epoch s."""

    at: Floats
    value: Floats
    expected: Floats
    score: Floats  # above 1 is odd
    moved: Floats  # 1.0 where the level changed for good
    shape: Floats  # the part of the score that is told by the shape, 0 where none was asked for


def oddness(at: Floats, value: Floats, *, step: float | None = None, shape: int = 0) -> Odd:
    """Return how odd each step was when it came (epoch s, any unit).

    Two scores count, each against the largest of its own past but for one in a hundred, so heavy
    tails raise no alarm: what was off its season for five steps, and what is far from all before.
    With `shape`, also what the newest so many steps look like (`shape_scores`).
    """
    times, values, every = even(at, value, step)
    lag = period(values[: max(len(values) // 2, WARM)], every)
    expected, noise = _expected(values, lag)
    warm = max(WARM, lag)
    off = np.minimum(np.abs(values - expected) / noise, MOST)
    smooth = np.convolve(off, np.full(STEPS, 1 / STEPS))[: len(off)]
    score = np.maximum(_against_past(smooth, warm), _against_past(_far(values), warm)) / ODD
    looks = shape_scores(values, shape) if shape else np.zeros(len(values))
    moved = _moves(values, lag, warm)
    return Odd(times, values, expected, np.maximum(score, looks), moved, looks)


def _far(values: Floats) -> Floats:
    """Return how many standard deviations of all before each value lies from their mean."""
    count = np.arange(1, len(values) + 1)
    mean = np.cumsum(values) / count
    spread = np.sqrt(np.maximum(np.cumsum(values**2) / count - mean**2, QUIET))
    found = np.zeros(len(values))
    found[1:] = np.abs(values[1:] - mean[:-1]) / spread[:-1]
    found[:FEW] = 0.0
    return found


def _against_past(score: Floats, warm: int) -> Floats:
    """Return each score over what all but one in a hundred before it stayed below."""
    kept: list[float] = []
    found = np.zeros(len(score))
    for i, it in enumerate(score.tolist()):
        if i >= warm:
            found[i] = it / max(kept[int(USUAL * len(kept))], QUIET)
        insort(kept, it)
    return found


def _expected(values: Floats, lag: int) -> tuple[Floats, Floats]:
    """Return, step by step, what was expected and how noisy that has been.

    The season says how the value differs from the running level; each place of it learns slowly.
    """
    expected, noise = np.empty(len(values)), np.empty(len(values))
    season = np.full(max(lag, 1), np.nan)
    level, scale = (float(values[0]) if len(values) else 0.0), QUIET
    for i, value in enumerate(values.tolist()):
        place = i % lag if lag else 0
        usual = season[place] if lag and np.isfinite(season[place]) else 0.0
        expected[i] = level + usual
        noise[i] = max(scale, QUIET)
        off = abs(value - expected[i])
        weight = max(SLOW, 1.0 / (i + 1))
        scale += weight * (1.4826 * min(off, CLIP * max(scale, off / (i + 1))) - scale)
        if lag:
            known = np.isfinite(season[place])
            season[place] = usual + SEASON * (value - level - usual) if known else value - level
        level += (0.1 if lag else 0.5) * (value - level - (usual if lag else 0.0))
    return expected, noise


def _moves(values: Floats, lag: int, warm: int) -> Floats:
    """Mark where values lean to one side for so long that the level has moved.

    Of a season, what differs from one before counts. The reference learns slowly, and begins
    anew where a move was marked.
    """
    told = values.copy()
    if lag:
        told[lag:], told[:lag] = values[lag:] - values[:-lag], 0.0
    found = np.zeros(len(told))
    level, scale, up, down = (float(told[0]) if len(told) else 0.0), QUIET, 0.0, 0.0
    for i, value in enumerate(told.tolist()):
        off = value - level
        score = min(max(off / max(scale, QUIET), -CLIP), CLIP)
        weight = max(REFERENCE, 1.0 / (i + 1))
        if i >= warm:
            up, down = max(0.0, up + score - SLACK), max(0.0, down - score - SLACK)
            if max(up, down) > LIMIT:
                found[i], up, down, level = 1.0, 0.0, 0.0, value
                continue
            off = score * scale
        level += weight * off
        scale += weight * (1.25 * abs(off) - scale)
    return found
