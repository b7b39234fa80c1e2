"""Odd by its shape: the newest window is held against every window that the series had of late.

How far a window lies from the most like of those before it (a left discord of the matrix profile,
Yeh et al. 2016) is a distance of z-normalised windows: neither level nor size counts, only shape.
Dots of the newest window with all others are carried on from reading to reading, so one costs some
passes over the past that is kept (`PAST` windows), whatever came before. A window that hardly moves
is not blown up to a shape of its noise: what moves less than a tenth of the series counts as still.
"""

from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mindu.engines.outlook.grid import Floats, Ints

PAST = 16  # windows that are kept
LEAST, MOST = 8, 512  # readings of a window
WARM = 4  # windows before anything is called odd
STILL = 0.1  # of the spread of the past: below it a window is still
USUAL, ODD, PACE = 0.99, 1.5, 0.05  # as of other detectors: a quantile of its own past, and beyond
QUIET = 1e-9
NEAR = 0.05  # distance that is always usual, as a share of the largest
ONCE = 16_384  # values that are worked on at once: what a processor's cache holds
AGAIN = 256  # readings after which dots are worked out anew: rounding errors must not add up


class Shapes:
    """The detectors of many series of one window, by slot."""

    def __init__(self, window: int) -> None:
        """Start with no series; `window` in readings."""
        if not LEAST <= window <= MOST:
            raise ValueError(f"a shape is of {LEAST} to {MOST} readings, not {window}")
        self.window = window
        self.past = PAST * window
        self._many = self.past - window + 1  # windows that are held at once
        self._value = np.zeros((0, self.past))
        self._dots = np.zeros((0, self._many))
        self._mean, self._energy = np.zeros((0, self._many)), np.zeros((0, self._many))
        self._zero, self._usual = np.zeros(0), np.zeros(0)
        self._count = np.zeros(0, np.int64)

    def __len__(self) -> int:
        """Count the slots."""
        return len(self._count)

    @property
    def nbytes(self) -> int:
        """Bytes that all slots take."""
        wide = self._value.nbytes + self._dots.nbytes + self._mean.nbytes + self._energy.nbytes
        return wide + self._zero.nbytes + self._usual.nbytes + self._count.nbytes

    @property
    def bytes_each(self) -> int:
        """Bytes that one slot takes."""
        return 8 * (self.past + 3 * self._many + 3)

    def reach(self, slots: int) -> None:
        """Make room for so many series."""
        more = slots - len(self)
        if more > 0:
            for name in ("_value", "_dots", "_mean", "_energy"):
                held = getattr(self, name)
                setattr(self, name, np.concatenate([held, np.zeros((more, held.shape[1]))]))
            self._zero = np.concatenate([self._zero, np.zeros(more)])
            self._usual = np.concatenate([self._usual, np.full(more, NEAR)])
            self._count = np.concatenate([self._count, np.zeros(more, np.int64)])

    def dump(self) -> dict[str, bytes]:
        """Return the state: dots and sums follow from the values."""
        names = ("value", "zero", "usual", "count")
        return {name: getattr(self, f"_{name}").tobytes() for name in names}

    def load(self, told: Mapping[str, bytes]) -> None:
        """Take up a state that `dump` gave.

        Raises:
            ValueError: it is none of such windows.
        """
        self._value = np.frombuffer(told["value"]).reshape(-1, self.past).copy()
        self._zero, self._usual = (np.frombuffer(told[n]).copy() for n in ("zero", "usual"))
        self._count = np.frombuffer(told["count"], np.int64).copy()
        shape = len(self._count), self._many
        self._dots, self._mean, self._energy = (np.zeros(shape) for _ in range(3))
        for slot in range(len(self._count)):
            self._anew(slot)

    def _anew(self, slot: int) -> None:
        """Work out from the values what is else carried on."""
        held = sliding_window_view(self._value[slot], self.window)
        self._mean[slot], self._energy[slot] = held.mean(axis=1), held.var(axis=1)
        self._dots[slot] = held @ held[-1]

    def feed(self, slot: Ints, value: Floats) -> Floats:
        """Take one reading of each of these series, each slot once; a score above 1 is odd."""
        some = max(1, ONCE // self.past)
        parts = [slice(i, i + some) for i in range(0, len(slot), some)]
        return np.concatenate([np.zeros(0), *(self._feed(slot[it], value[it]) for it in parts)])

    def _feed(self, slot: Ints, value: Floats) -> Floats:
        count = self._count[slot]
        self._zero[slot] = np.where(count == 0, value, self._zero[slot])
        self._carry(slot, value - self._zero[slot])
        self._count[slot] = count = count + 1
        found = self._far(slot, count)
        warm, ready = count >= (WARM - 1) * self.window, count >= WARM * self.window
        usual = np.maximum(self._usual[slot], NEAR)
        score = np.where(ready, found / (ODD * usual), 0.0)
        step = PACE * usual * ((found > usual) - (1 - USUAL))
        moved = np.where(ready, usual + step, np.maximum(usual, found))  # first the largest
        told = np.where(warm & (score <= 1), np.maximum(moved, NEAR), self._usual[slot])
        self._usual[slot] = told
        return np.asarray(score)

    def _carry(self, slot: Ints, value: Floats) -> None:
        """Let the newest value in, and carry the dots and sums of windows on."""
        wide, before = self.window, self._value[slot]
        after = np.concatenate([before[:, 1:], value[:, None]], axis=1)
        first = before[:, -wide][:, None]
        dots = self._dots[slot] - before[:, : self._many] * first
        self._dots[slot] = dots + after[:, wide - 1 :] * value[:, None]
        newest = after[:, -wide:]
        for held, told in (
            (self._mean, newest.mean(axis=1)),
            (self._energy, newest.var(axis=1)),
        ):
            held[slot] = np.concatenate([held[slot][:, 1:], told[:, None]], axis=1)
        self._value[slot] = after
        for it in slot[(self._count[slot] % AGAIN) == AGAIN - 1].tolist():
            self._anew(it)

    def _far(self, slot: Ints, count: Ints) -> Floats:
        """Return how far the newest window is from the most like before it, 0 to about 1."""
        wide = self.window
        mean, energy = self._mean[slot], self._energy[slot]
        first = int(max(self.past - count.max(initial=0), 0))
        still = STILL * STILL * self._value[slot][:, first:].var(axis=1)
        floor = np.maximum(energy, np.maximum(still, QUIET)[:, None])
        size = 1 / np.sqrt(floor)
        alike = self._dots[slot] / wide - mean * mean[:, -1:]
        square = energy / floor + (energy / floor)[:, -1:] - 2 * alike * size * size[:, -1:]
        square[:, self._many - wide // 2 :] = np.inf  # what overlaps by half is itself
        if (count < self.past).any():
            square[np.arange(self._many) < (self.past - count)[:, None]] = np.inf
        nearest = square.min(axis=1)
        found = np.sqrt(np.maximum(nearest, 0.0)) / 2
        return np.asarray(np.where(np.isfinite(nearest), found, 0.0))


def shape_scores(value: Floats, window: int) -> Floats:
    """Return how odd the shape of the newest window was at each step; above 1 is odd."""
    shapes, slot = Shapes(window), np.zeros(1, np.int64)
    shapes.reach(1)
    return np.array([shapes.feed(slot, value[i : i + 1])[0] for i in range(len(value))])


def cycle(value: Floats) -> int:
    """Return after how many steps values repeat: the first peak of what they have in common.

    0 where nothing repeats: no lag at which at least half of the spread comes again.
    """
    many = len(value)
    told = value - value.mean() if many else value
    power = float(told @ told)
    if many < 4 * LEAST or power <= QUIET:
        return 0
    size = 1 << (2 * many - 1).bit_length()
    whole = np.fft.irfft(np.abs(np.fft.rfft(told, size)) ** 2, size)[: many // 4]
    common = whole / (power * (1 - np.arange(len(whole)) / many))
    below = np.flatnonzero(common < 0)
    if not len(below):
        return 0
    start = max(int(below[0]), LEAST)
    best = start + int(np.argmax(common[start:])) if start < len(common) else 0
    if not best or common[best] < 0.5:
        return 0
    peaks = np.flatnonzero((common[1:-1] >= common[:-2]) & (common[1:-1] > common[2:])) + 1
    fit = peaks[(peaks >= start) & (common[peaks] >= 0.9 * common[best])]
    lag = int(fit[0]) if len(fit) else best
    return lag if LEAST <= lag <= MOST else 0
