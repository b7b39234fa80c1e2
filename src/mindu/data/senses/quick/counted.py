"""Kernels that let rows count: what was heard last, which numbers were seen, and the account."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mindu.base.kernels import kernel
from mindu.data.arrays import Bytes, Floats, Ints
from mindu.data.senses.columns import Columns
from mindu.data.senses.frame import Frame
from mindu.data.senses.intake import PLANNED, Counted
from mindu.data.senses.now import AHEAD, NEVER, WINDOW, Now
from mindu.data.senses.quick.judged import Heard
from mindu.data.senses.registry import Registry
from mindu.perceive.declare import Stage
from mindu.perceive.quality import Quality

Column = Any  # one of numbers, of any kind
_LATE, _PLANNED = int(Quality.LATE), PLANNED
_NO_INTS = np.zeros(0, np.int64)
_U = np.uint64
_NONE, _ONE = _U(0), _U(1)


class Newest(NamedTuple):
    """Of every series: the second its newest reading arrived at, and how good it is."""

    arrived: NDArray[np.uint32]
    quality: Bytes


class Rows(NamedTuple):
    """Rows sorted by (series, at); `seq` is empty where none is told."""

    series: Ints
    at: Ints
    value: Floats
    quality: Bytes
    seq: Ints


class Owners(NamedTuple):
    """Which device a series is of, and the stage of each device."""

    device: NDArray[np.int32]
    stage: Bytes


def heard_of(held: Columns) -> Heard:
    """Return the columns of `Now` as kernels take them."""
    return Heard(*[held[name] for name in Heard._fields])


@kernel
def fold(rows: Rows, heard: Heard, newest: Newest, arrived: int) -> None:
    """Take rows in that are not late; of those that are news, the newest counts."""
    current, last = -1, NEVER
    since, second = 0.0, np.uint32(max(0, arrived // 1000))
    for i in range(len(rows.series)):
        s, at, value = rows.series[i], rows.at[i], rows.value[i]
        if s != current:
            current, since = s, np.float64(heard.changed[s])
            last = heard.at[s] if heard.at[s] <= arrived + AHEAD else NEVER
        if at <= last or rows.quality[i] & _LATE:
            continue
        before = heard.value[s]
        since = since if value == before else at / 1000.0
        heard.before[s], heard.value[s], heard.at[s] = before, value, at
        heard.changed[s] = np.uint32(since)
        newest.quality[s], newest.arrived[s] = rows.quality[i], second


@kernel
def look(rows: Rows, heard: Heard, owners: Owners, device: Ints, late: Ints) -> int:
    """Tell the device of each row, and whether it is late; change nothing.

    Returns how many rows are of devices that nobody heard before, -1 where a number repeats.
    """
    planned = 0
    for i in range(len(rows.series)):
        s = rows.series[i]
        device[i], late[i] = owners.device[s], (rows.quality[i] & _LATE) != 0
        planned += owners.stage[device[i]] == _PLANNED
        if len(rows.seq) > 0 and rows.seq[i] >= 0:
            behind = heard.seq[s] - rows.seq[i]
            if 0 <= behind < WINDOW and (heard.seen[s] >> _U(behind)) & _ONE == _ONE:
                return -1
    return planned


@kernel
def note(series: Ints, seq: Ints, heard: Heard, first: int) -> int:
    """Remember the numbers of one series, whose rows begin at `first`; return where they end."""
    s, end, top = series[first], first, np.int64(-1)
    while end < len(series) and series[end] == s:
        top = max(top, seq[end])
        end += 1
    if top < 0:
        return end
    held = heard.seq[s]
    anew = top <= 1 and held - top >= WINDOW
    high = top if anew else max(top, held)
    move = WINDOW if held < 0 or anew else high - held
    bits = heard.seen[s] << _U(move) if move < WINDOW else _NONE
    for i in range(first, end):
        if seq[i] >= 0 and high - seq[i] < WINDOW:
            bits |= _ONE << _U(high - seq[i])
    heard.seen[s], heard.seq[s] = bits, high
    return end


@kernel
def note_all(series: Ints, seq: Ints, heard: Heard) -> None:
    """Remember numbers, none of which was seen before."""
    at = 0
    while at < len(seq):
        at = note(series, seq, heard, at)


@kernel
def tally(counts: NDArray[np.uint32], places: NDArray[np.int32], pages: tuple[int, int],
          device: Ints, code: Ints) -> bool:  # fmt: skip
    """Count each row once; say False, and count nothing, where a device has no page yet."""
    first, bits = pages
    for i in range(len(device)):
        page = (device[i] >> bits) - first
        if page < 0 or page >= len(places) or places[page] < 0:
            return False
    mask = (1 << bits) - 1
    for i in range(len(device)):
        place = np.int64(places[(device[i] >> bits) - first])
        counts[code[i], (place << bits) + (device[i] & mask)] += np.uint32(1)
    return True


def count(frame: Frame, registry: Registry, now: Now) -> Counted | None:
    """Let the rows of a frame count as heard; None, and nothing is changed, where one repeats."""
    seq = _NO_INTS if frame.seq is None else frame.seq
    rows = Rows(*map(_open, (frame.series, frame.at, frame.value, frame.quality, seq)))
    device, late = np.empty((2, len(frame)), np.int64)
    heard = heard_of(now.columns)
    owners = Owners(registry.series["device"], registry.devices["stage"])
    planned = look(rows, heard, owners, device, late)
    if planned < 0:
        return None
    if planned:
        new = device[registry.devices["stage"][device] == PLANNED]
        registry.stage(new, Stage.ACTIVE, now=frame.arrived)
    note_all(rows.series, rows.seq, heard)
    fold(rows, heard, Newest(now.columns["arrived"], now.columns["quality"]), frame.arrived)
    return device, late


def _open(column: Column) -> Column:
    """Return a column in one piece that is open to writing, as kernels take them."""
    return column if column.flags.c_contiguous and column.flags.writeable else column.copy()
