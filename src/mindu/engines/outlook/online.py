"""Odd at every reading: many series at once, a few numbers each, the same cost for each reading.

Every series keeps its level, what each hour of the day adds to it, how noisy it is, and how far it
usually strays; each reading is held against those before it, then counts itself. What goes together
keeps a running mean and spread of its surprises, and is odd where they do not fit together
(squared Mahalanobis distance). `oddness` looks back more carefully; this never looks back.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mindu.engines.outlook.grid import Floats

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]
HOURS = 24
WARM = 150  # readings before anything is called odd
LEVEL, SEASON, SLOW, SMOOTH = 0.02, 0.05, 0.02, 0.2  # weights of a new reading
CLIP = 6.0  # noises beyond which a surprise teaches no more
USUAL, ODD, PACE = 0.99, 1.5, 0.05  # the quantile that usual surprises reach; odd is far above it
FIRST = 3.0  # noises that the quantile begins at
SLACK, LIMIT = 0.75, 14.0  # of the two-sided sum of surprises (CUSUM), in noises
QUIET = 1e-9
_TOGETHER = ("mean", "spread", "usual", "count")
_EACH = ("level", "scale", "stray", "usual", "far", "up", "down", "reach", "count")


class Heard(NamedTuple):
    """What is said of each reading."""

    expected: Floats
    surprise: Floats  # noises off what was expected
    score: Floats  # above 1 is odd
    moved: Truths  # the level changed for good


class Online:
    """The detectors of many series, by slot."""

    def __init__(self) -> None:
        """Start with no series."""
        self._of: dict[str, Floats] = {name: np.zeros(0) for name in _EACH}
        self._season = np.zeros((0, HOURS))

    def __len__(self) -> int:
        """Count the slots."""
        return len(self._season)

    @property
    def nbytes(self) -> int:
        """Bytes that all slots take."""
        return self._season.nbytes + sum(column.nbytes for column in self._of.values())

    def reach(self, slots: int) -> None:
        """Make room for so many series."""
        more = slots - len(self)
        if more > 0:
            self._of = {n: np.concatenate([c, np.zeros(more)]) for n, c in self._of.items()}
            for name, first in (("usual", FIRST), ("far", FIRST), ("reach", LIMIT)):
                self._of[name][-more:] = first
            self._season = np.concatenate([self._season, np.zeros((more, HOURS))])

    def dump(self) -> dict[str, bytes]:
        """Return the state."""
        return {**{n: c.tobytes() for n, c in self._of.items()}, "season": self._season.tobytes()}

    def load(self, told: Mapping[str, bytes]) -> None:
        """Take up a state that `dump` gave.

        Raises:
            ValueError: it is none of these detectors.
        """
        if told.keys() != {*_EACH, "season"}:
            raise ValueError("these are other detectors")
        self._of = {name: np.frombuffer(told[name]).copy() for name in _EACH}
        self._season = np.frombuffer(told["season"]).reshape(-1, HOURS).copy()

    def feed(self, slot: Ints, at: Floats, value: Floats) -> Heard:
        """Take one reading of each of these series (epoch s, any unit), each slot once."""
        of = {name: column[slot] for name, column in self._of.items()}
        hour = (at // 3600 % HOURS).astype(np.int64)
        season = self._season[slot, hour]
        expected = np.where(of["count"] == 0, value, of["level"]) + season
        off, noise = value - expected, np.maximum(of["scale"], QUIET)
        surprise = np.where(of["count"] < 2, 0.0, np.clip(off / noise, -1e6, 1e6))
        score, moved, told = _weighed(of, surprise)
        taught = np.where(of["count"] < 2, off, np.clip(off, -CLIP * noise, CLIP * noise))
        early = 1 / (of["count"] + 1)  # the first readings teach by their mean
        level = expected - season + np.maximum(LEVEL, early) * taught
        told["level"] = np.where(moved, value - season, level)
        pace = np.maximum(SLOW, early)
        told["scale"] = of["scale"] + pace * (1.25 * np.abs(taught) - of["scale"])
        told["count"] = of["count"] + 1
        for name, column in told.items():
            self._of[name][slot] = column
        self._season[slot, hour] += np.where(of["count"] > HOURS, SEASON, 0) * taught
        return Heard(expected, surprise, score, moved)


def _weighed(
    of: Mapping[str, Floats], surprise: Floats
) -> tuple[Floats, Truths, dict[str, Floats]]:
    """Return how odd surprises are, which levels moved, and what the past is from now on."""
    size, warm = np.abs(surprise), of["count"] >= WARM
    stray = of["stray"] + SMOOTH * (size - of["stray"])
    score = np.where(warm, np.maximum(stray / of["usual"], size / of["far"]) / ODD, 0.0)
    calm = score <= 1
    held = np.clip(surprise, -CLIP, CLIP)
    up = np.where(warm, np.maximum(0.0, of["up"] + held - SLACK), 0.0)
    down = np.where(warm, np.maximum(0.0, of["down"] - held - SLACK), 0.0)
    sums = np.maximum(up, down)
    moved = sums > ODD * of["reach"]
    return (
        score,
        moved,
        {
            "stray": np.where(moved, 0.0, stray),
            "usual": np.where(calm, _tracked(of["usual"], stray), of["usual"]),
            "far": np.where(calm, _tracked(of["far"], size), of["far"]),
            "reach": np.where(moved, of["reach"], np.maximum(_tracked(of["reach"], sums), LIMIT)),
            "up": np.where(moved, 0.0, up),
            "down": np.where(moved, 0.0, down),
        },
    )


def _tracked(usual: Floats, told: Floats) -> Floats:
    """Return a quantile that steps towards what is told (Robbins and Monro 1951)."""
    step: Floats = PACE * np.maximum(usual, 1.0) * ((told > usual) - (1 - USUAL))
    return np.maximum(usual + step, 1.0)


class Together:
    """What goes together: surprises of several series of one thing, by slot."""

    def __init__(self, width: int) -> None:
        """Weigh so many series at once."""
        self.width = width
        self._mean = np.zeros((0, width))
        self._spread = np.zeros((0, width, width))
        self._usual, self._count = np.zeros(0), np.zeros(0)

    def reach(self, slots: int) -> None:
        """Make room for so many things."""
        more = slots - len(self._mean)
        if more > 0:
            wide = np.broadcast_to(np.eye(self.width), (more, self.width, self.width))
            self._mean = np.concatenate([self._mean, np.zeros((more, self.width))])
            self._spread = np.concatenate([self._spread, wide])
            self._usual = np.concatenate([self._usual, np.full(more, FIRST)])
            self._count = np.concatenate([self._count, np.zeros(more)])

    def dump(self) -> dict[str, bytes]:
        """Return the state."""
        return {name: getattr(self, f"_{name}").tobytes() for name in _TOGETHER}

    def load(self, told: Mapping[str, bytes]) -> None:
        """Take up a state that `dump` gave.

        Raises:
            ValueError: it is none of so many series.
        """
        found = {name: np.frombuffer(told[name]).copy() for name in _TOGETHER}
        count, width = len(found["count"]), self.width
        self._mean = found["mean"].reshape(count, width)
        self._spread = found["spread"].reshape(count, width, width)
        self._usual, self._count = found["usual"], found["count"]

    def feed(self, slot: Ints, surprises: Floats) -> Floats:
        """Take the surprises of each thing (rows), each slot once; a score above 1 is odd."""
        told = np.clip(surprises, -4 * CLIP, 4 * CLIP)
        off = told - self._mean[slot]
        spread = self._spread[slot] + 1e-3 * np.eye(self.width)
        solved = np.linalg.solve(spread, off[..., None])[..., 0]
        far = np.sqrt(np.maximum((off * solved).sum(axis=1), 0.0))
        warm, usual = self._count[slot] >= WARM, self._usual[slot]
        score = np.where(warm, far / (ODD * np.maximum(usual, 1.0)), 0.0)
        weight = np.maximum(SLOW / 2, 1 / (self._count[slot] + 2))
        weight = np.where(score > 1, 0.0, weight)  # what does not fit teaches nothing
        self._mean[slot] += weight[:, None] * off
        outer = off[:, :, None] * off[:, None, :]
        self._spread[slot] += weight[:, None, None] * (outer - self._spread[slot])
        self._usual[slot] = _tracked(usual, np.where(score > 1, usual, far))
        self._count[slot] += 1
        return np.asarray(score)


def rounds(slot: Ints, most: int) -> "Sequence[Any]":
    """Return rows in turns in which each slot stands once: its newest `most`, oldest first."""
    order = np.argsort(slot, kind="stable")
    sorted_ = slot[order]
    ends = np.flatnonzero(np.append(sorted_[1:] != sorted_[:-1], True)[: len(sorted_)])
    starts = np.append(0, ends[:-1] + 1)[: len(ends)]
    back = np.repeat(ends, ends - starts + 1) - np.arange(len(sorted_))
    return [order[back == turn] for turn in range(min(most, int(back.max(initial=-1)) + 1))][::-1]
