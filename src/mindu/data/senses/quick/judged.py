"""Kernels of the sift: which rows stand, which say again what was said, what is doubtful of each.

Each says for one row after the other what `sift`, `Now.walk` and `doubts` say for whole columns.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mindu.base.kernels import kernel
from mindu.data.arrays import Bytes, Floats, Ints
from mindu.data.senses.account import CODES
from mindu.data.senses.now import AHEAD, NEVER, WINDOW
from mindu.data.senses.sift import DEAF, LATE, STORED, TWICE
from mindu.perceive.quality import Quality
from mindu.perceive.said import NOW

_DEAF = DEAF
_NO_DEVICE, _NO_PROP = CODES["no such device"], CODES["no such property"]
_RESTING, _BARRED = CODES["not in service"], CODES["not this sender's device"]
_NO_NUMBER, _AHEAD, _OLD = (
    CODES[it] for it in ("not a number", "from the future", "too old")
)  # fmt: skip
_RANGE, _RATE, _STUCK = int(Quality.RANGE), int(Quality.RATE), int(Quality.STUCK)
_SPIKE, _GAP, _SKEW = int(Quality.SPIKE), int(Quality.GAP), int(Quality.SKEW)
_LATE = int(Quality.LATE)
UNTIMED, LIFTED = 1, 2
_U = np.uint64


class Known(NamedTuple):
    """What the register knows: of each device, and of each kind which property is where."""

    kind: NDArray[np.int16]
    first: NDArray[np.int32]
    stage: Bytes
    zero: NDArray[np.float32]
    slots: NDArray[np.int32]


class Heard(NamedTuple):
    """What was heard last of every series, as `Now` keeps it."""

    at: Ints
    value: Floats
    before: NDArray[np.float32]
    changed: NDArray[np.uint32]
    seq: Ints
    seen: NDArray[np.uint64]


class Told(NamedTuple):
    """Rows as they were received. The last four are empty where no row has one, or all the first.

    `source`: which source each row is of. `untimed`: which rows told no time.
    """

    series: Ints
    at: Ints
    value: Floats
    seq: Ints
    untimed: Bytes
    doubted: Bytes
    source: Ints


class Stored(NamedTuple):
    """Rows of a frame, and which row received each is."""

    series: Ints
    at: Ints
    value: Floats
    quality: Bytes
    seq: Ints
    source: Ints


class Limits(NamedTuple):
    """The bounds of declarations as columns, and which declaration a series has."""

    columns: Floats
    decl: NDArray[np.int32]


@kernel
def place(names: tuple[Ints, Ints], at: Ints, known: Known, series: Ints, code: Ints) -> int:
    """Find the series of each row, and refuse rows that have none or are not in service.

    Returns `UNTIMED` if some row told no time, `LIFTED` if some device does not stand at zero.
    """
    device, prop = names
    last, found = known.slots.shape[1] - 1, 0
    for i in range(len(device)):
        d, p = device[i], prop[i]
        series[i], code[i] = -1, _NO_DEVICE
        found |= UNTIMED if at[i] == NOW else 0
        if d < 0:
            continue
        found |= LIFTED if known.zero[d] != 0 else 0
        slot = known.slots[known.kind[d], min(p, last)] if p >= 0 else -1
        if slot >= 0:
            series[i] = np.int64(known.first[d]) + slot
        code[i] = _NO_PROP if slot < 0 else _RESTING if _DEAF[known.stage[d]] else STORED
    return found


@kernel
def screen(told: Told, code: Ints, barred: Bytes, times: tuple[int, int], good: Ints) -> int:
    """Refuse by the first reason that holds; return how many rows are good, and list them."""
    latest, oldest = times
    count = 0
    for i in range(len(code)):
        if len(barred) > 0 and barred[i]:
            code[i] = _BARRED
        if code[i] != STORED:
            continue
        if not np.isfinite(told.value[i]):
            code[i] = _NO_NUMBER
        elif told.at[i] > latest:
            code[i] = _AHEAD
        elif told.at[i] < oldest:
            code[i] = _OLD
        else:
            good[count] = i
            count += 1
    return count


@kernel
def again(told: Told, row: int, heard: Heard, last: int) -> bool:
    """Say whether a row repeats a sequence number; a sender that started again repeats none."""
    n, s = told.seq[row], told.series[row]
    high = heard.seq[s]
    behind = high - n
    if n < 0 or not 0 <= behind < WINDOW:
        return False
    if (heard.seen[s] >> _U(behind)) & _U(1) == _U(0):
        return False
    timed = told.at[row] > last and not (len(told.untimed) > 0 and told.untimed[row])
    return not (timed and (n < high or n <= 1))


@kernel
def judge(told: Told, good: Ints, heard: Heard, arrived: int, code: Ints) -> int:
    """Tell repeated and late rows (good ones, by series and time): how many are late.

    -1: numbers of one series do not grow, which is left to others; nothing is changed then.
    """
    for i in range(1, len(good) if len(told.seq) > 0 else 0):
        one, two = good[i - 1], good[i]
        if told.series[one] == told.series[two] and told.seq[two] <= told.seq[one]:
            return -1
    late = 0
    for i in range(len(good)):
        row = good[i]
        s, at = told.series[row], told.at[row]
        last = heard.at[s] if heard.at[s] <= arrived + AHEAD else NEVER
        twin = i > 0 and told.series[good[i - 1]] == s and told.at[good[i - 1]] == at
        if at == last or twin or (len(told.seq) > 0 and again(told, row, heard, last)):
            code[row] = TWICE
        elif at < last:
            code[row] = LATE
            late += 1
    return late


@kernel
def outside(value: float, limits: Limits, decl: int) -> int:
    """Mark what no property of that kind can be."""
    return _RANGE if value < limits.columns[0, decl] or value > limits.columns[1, decl] else 0


@kernel
def doubt(now: tuple[float, float], past: tuple[float, float, float, float], limits: Limits,
          decl: int) -> int:  # fmt: skip
    """Mark what breaks its bounds: (s, value) now; value, s, value before and since when (s)."""
    seconds, value = now
    before, when, older, since = past
    bound = limits.columns
    span, step = seconds - when, abs(value - before)
    found = outside(value, limits, decl)
    if span > 0:
        if step * 3600.0 > bound[2, decl] * span:
            found |= _RATE
        if step == 0 and seconds - since > bound[4, decl]:
            found |= _STUCK
        if step > bound[3, decl] and abs(value - older) > bound[3, decl]:
            found |= _SPIKE
    return found | _GAP if np.isfinite(span) and span > bound[5, decl] else found


@kernel
def put(told: Told, row: int, quality: int, stored: Stored, place: int) -> None:
    """Put a row into the frame."""
    stored.series[place], stored.at[place] = told.series[row], told.at[row]
    stored.value[place], stored.quality[place] = told.value[row], quality
    stored.source[place] = told.source[row] if len(told.source) > 0 else 0
    if len(told.seq) > 0:
        stored.seq[place] = told.seq[row]


@kernel
def weigh(
    told: Told, good: Ints, past: tuple[Heard, Limits], stored: Stored, code: Ints, arrived: int
) -> int:
    """Fill the frame with rows that are no repetition, each marked; return how many."""
    heard, limits = past
    count, current, bounded = 0, -1, limits.columns.shape[1] > 0
    before, when, older, since = np.nan, -np.inf, np.nan, 0.0
    for i in range(len(good)):
        row = good[i]
        if code[row] == TWICE:
            continue
        s, value, seconds = told.series[row], told.value[row], told.at[row] / 1000.0
        quality = int(told.doubted[row]) if len(told.doubted) > 0 else 0
        quality |= _SKEW if told.at[row] > arrived else 0
        if code[row] == LATE:
            quality |= _LATE | (outside(value, limits, limits.decl[s]) if bounded else 0)
            put(told, row, quality, stored, count)
            count += 1
            continue
        if s != current:
            current, before, older = s, heard.value[s], np.float64(heard.before[s])
            when = heard.at[s] / 1000.0 if heard.at[s] != NEVER else -np.inf
            since = np.float64(heard.changed[s])
        if bounded:
            then = (before, when, older, since)
            quality |= doubt((seconds, value), then, limits, limits.decl[s])
        since = since if value == before else seconds
        older, before, when = before, value, seconds
        put(told, row, quality, stored, count)
        count += 1
    return count


@kernel
def count_out(ends: Ints, code: Ints, outcomes: Ints) -> None:
    """Count the rows of each offer by outcome; the rows of offer i go up to `ends[i]`."""
    row = 0
    for offer in range(len(ends)):
        while row < ends[offer]:
            outcomes[offer, code[row]] += 1
            row += 1
