"""From published totals to five-minute rain: the totals are honoured to the hundredth of a mm.

Depths are counted in hundredths of a millimetre, so that sums are exact. The series has one peak
and falls off on both sides; then the wettest hour lies within the wettest three, and those within
the wettest six, and each holds exactly what was published for it.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import log10, sqrt

STEP_MIN = 5
PER_H = 60 // STEP_MIN
SPANS_H = (1, 3, 6)
AFTER_H = 2
CLEAR, ROUND = 2.0, 1.5  # hundredths of a mm: so far apart, rounding cannot change the ranks
EARLY = 0.4  # share of the rain's length before its peak
A, C, B, N = 2136.312, 0.700, 7.576, 0.711  # L/(s hm2), 1, min, 1: see dbj-2003 in storms.toml
TO_MM_H = 0.36  # mm/h per L/(s hm2)


def _falling(total: int, steps: int, spread: float) -> list[int]:
    """Return `steps` whole numbers that fall evenly about their mean and sum to `total`."""
    mean = total / steps
    wish = [mean + spread * (1.0 - 2.0 * k / (steps - 1)) for k in range(steps)]
    floor = [int(w) for w in wish]
    return [f + (k < total - sum(floor)) for k, f in enumerate(floor)]


def ranked(most_mm: Sequence[float], after_mm: float = 0.0) -> list[int]:
    """Return depths per five minutes, wettest first, from most rain in 1, 3 and 6 h.

    Raises:
        ValueError: the totals do not belong to a storm with one peak.
    """
    sums = [round(100 * mm) for mm in most_mm]
    parts = [b - a for a, b in zip([0, *sums[:-1]], sums, strict=True)]
    steps = [PER_H * (b - a) for a, b in zip((0, *SPANS_H[:-1]), SPANS_H, strict=True)]
    tail = round(100 * after_mm)
    means = [p / n for p, n in zip(parts, steps, strict=True)] + [tail / (AFTER_H * PER_H)]
    if any(b > a - CLEAR and a > 0.0 for a, b in pairwise(means)):
        raise ValueError(
            f"{list(most_mm)} mm in {SPANS_H} h, then {after_mm}: later rain is heavier"
        )
    edges = [sqrt(a * b) for a, b in pairwise(means[:3])] + [means[3]]
    found: list[int] = []
    above = 1.6 * means[0]
    for k, (part, n) in enumerate(zip(parts, steps, strict=True)):
        spread = max(min(above - means[k], means[k] - edges[k]) - ROUND, 0.0)
        found += _falling(part, n, spread)
        above = edges[k]
    return found + _falling(tail, AFTER_H * PER_H, 0.0)


def peaked(depths: Sequence[int], peak_min: float) -> list[int]:
    """Lay ranked depths about a peak: the wettest stand together, whatever the span."""
    before = round(peak_min / STEP_MIN)
    left: list[int] = []
    right: list[int] = []
    for k, depth in enumerate(depths):
        early = int((k + 1) * EARLY) > int(k * EARLY)
        (left if early and len(left) < before else right).append(depth)
    return [0] * (before - len(left)) + left[::-1] + right


def chicago(years: float, minutes: int = 180) -> list[int]:
    """Return a Chicago storm (Keifer and Chu 1957) of that return period, its peak at 0.4."""
    rate = A * (1.0 + C * log10(years)) * TO_MM_H
    peak, found = EARLY * minutes, []
    for k in range(0, minutes, STEP_MIN):
        t = k + STEP_MIN / 2.0
        x = (peak - t) / EARLY if t < peak else (t - peak) / (1.0 - EARLY)
        mm_h = rate * ((1.0 - N) * x + B) / (x + B) ** (N + 1.0)
        found.append(round(100.0 * mm_h * STEP_MIN / 60.0))
    return found


def shared(depths: Sequence[int], share: float, later_min: float) -> list[int]:
    """Return a share of another gauge's rain, falling so much later."""
    shift = round(later_min / STEP_MIN)
    n = len(depths)
    return [round(share * depths[k - shift]) if 0 <= k - shift < n else 0 for k in range(n)]


def most(depths: Sequence[int], hours: float) -> float:
    """Return the most rain within so many hours, mm."""
    n = round(hours * PER_H)
    padded = [*depths, *[0] * n]
    return max(sum(padded[k : k + n]) for k in range(len(depths))) / 100.0
