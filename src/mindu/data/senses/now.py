"""What was heard last of every series, in columns; late readings never turn it back."""

import numpy as np

from mindu.data.arrays import Bytes, Floats, Ints, Truths
from mindu.data.senses.columns import Columns
from mindu.perceive.quality import Past, Quality

NEVER = np.iinfo(np.int64).min // 2  # ms; before any time, and no overflow when subtracted
AHEAD = 60_000  # ms that a sender's clock may run ahead; its reading is marked
WINDOW = 64  # sequence numbers below the highest that are remembered one by one
_SHAPE = {
    "at": ("i8", NEVER), "value": ("f8", np.nan), "before": ("f4", np.nan), "changed": ("u4", 0),
    "arrived": ("u4", 0), "quality": ("u1", 0), "seq": ("i8", -1), "seen": ("u8", 0),
}  # fmt: skip


class Now:
    """The last value, its time and quality, and the sequence numbers seen, of every series."""

    def __init__(self) -> None:
        """Start with no series."""
        self.columns = Columns(_SHAPE)

    def reach(self, series: int) -> None:
        """Make room for so many series."""
        if series > len(self.columns):
            self.columns.add(series - len(self.columns))

    def heard(self, series: Ints, arrived: int) -> Ints:
        """Return when each was heard last (epoch ms), `NEVER` where that is still to come.

        What a wrong clock has put into the future must not make later news old.
        """
        at: Ints = self.columns["at"][series]
        wrong = at > arrived + AHEAD
        return np.where(wrong, NEVER, at) if wrong.any() else at

    def past(self, series: Ints) -> Past:
        """Return what was heard of these series before, times in epoch s."""
        c = self.columns
        at = c["at"][series]
        heard = np.where(at == NEVER, -np.inf, at / 1000.0)
        before, changed = c["before"][series].astype(float), c["changed"][series].astype(float)
        return Past(c["value"][series], heard, before, changed)

    def amend(
        self, series: int, at: int, value: float | None, before: tuple[int, float, int] | None
    ) -> None:
        """Let a correction of the newest reading count; one taken back gives way to `before`."""
        c = self.columns
        if series >= len(c) or c["at"][series] != at:
            return
        then, told, quality = before or (NEVER, np.nan, 0)
        if value is None:
            c["at"][series], c["quality"][series] = then, quality
        c["value"][series] = told if value is None else value

    @np.errstate(over="ignore")  # of what is beyond its width the value before is infinite
    def fold(self, series: Ints, at: Ints, value: Floats, quality: Bytes, arrived: int) -> None:
        """Take in rows sorted by (series, at); of those that are news, the newest counts."""
        c = self.columns
        news = at > self.heard(series, arrived)
        if not news.all():
            series, at, value, quality = series[news], at[news], value[news], quality[news]
        if not len(series):
            return
        if len(series) == 1 or (series[1:] > series[:-1]).all():
            self._once(series, at, value)
            c["quality"][series], c["arrived"][series] = quality, max(0, arrived // 1000)
            return
        start = np.append(True, series[1:] != series[:-1])
        last = np.flatnonzero(np.append(start[1:], True))
        prev, changed = self._before(series, at, value, start)
        s = series[last]
        c["before"][s], c["changed"][s] = prev[last], changed[last]
        c["at"][s], c["value"][s], c["quality"][s] = at[last], value[last], quality[last]
        c["arrived"][s] = max(0, arrived // 1000)

    def _once(self, series: Ints, at: Ints, value: Floats) -> None:
        """Take in one row for each of these series."""
        c = self.columns
        held, changed = c["value"], c["changed"]
        prev = held[series]
        moved = value != prev
        c["before"][series] = prev
        changed[series[moved]] = at[moved] / 1000.0
        held[series], c["at"][series] = value, at

    def _before(
        self, series: Ints, at: Ints, value: Floats, start: np.typing.NDArray[np.bool_]
    ) -> tuple[Floats, Floats]:
        """Return, row by row, the value before it, and since when (s) its value stands."""
        past = self.past(series)
        prev = np.where(start, past.value, np.append(np.nan, value[:-1]))
        return prev, standing(at, value, prev, start, past)

    def walk(self, series: Ints, at: Ints, value: Floats) -> Past:
        """Return for rows sorted by (series, at) what was heard before each, in their turn."""
        past = self.past(series)
        start = np.append(True, series[1:] != series[:-1])[: len(series)]
        if start.all():
            return past
        heard = np.where(start, past.heard, np.append(-np.inf, at[:-1] / 1000.0))
        prev = np.where(start, past.value, np.append(np.nan, value[:-1]))
        second = np.append(False, start[:-1]) & ~start
        older = np.where(second, np.append(np.nan, past.value[:-1]), np.append([0, 0], value)[:-2])
        changed = np.append(0.0, standing(at, value, prev, start, past)[:-1])
        return Past(
            prev, heard, np.where(start, past.before, older), np.where(start, past.changed, changed)
        )

    # -- sequence numbers ------------------------------------------------------------------

    def seen(self, series: Ints, seq: Ints) -> np.typing.NDArray[np.bool_]:
        """Say which sequence numbers were seen before; those below the window are not known."""
        c = self.columns
        behind = c["seq"][series] - seq
        inside = (seq >= 0) & (behind >= 0) & (behind < WINDOW)
        bit = c["seen"][series] >> np.where(inside, behind, 0).astype(np.uint64)
        found: np.typing.NDArray[np.bool_] = inside & ((bit & np.uint64(1)) == 1)
        return found

    def note(self, series: Ints, seq: Ints) -> None:
        """Remember sequence numbers of rows sorted by series and time.

        A number that was seen and is stored all the same, or 0 or 1 after a gap, starts anew.
        """
        told = seq >= 0
        series, seq = series[told], seq[told]
        if not len(series):
            return
        c = self.columns
        again = self.seen(series, seq)
        if again.any():
            started, rest = np.unique(series[again]), _since(again, series)
            c["seq"][started], c["seen"][started] = -1, 0
            series, seq = series[rest], seq[rest]
        if len(series) == 1 or (series[1:] > series[:-1]).all():
            self._next(series, seq)
            return
        starts = np.flatnonzero(np.append(True, series[1:] != series[:-1]))
        s = series[starts]
        top = np.maximum.reduceat(seq, starts)
        anew = (top <= 1) & (c["seq"][s] - top >= WINDOW)
        high = np.where(anew, top, np.maximum(top, c["seq"][s]))
        move = np.where(c["seq"][s] < 0, WINDOW, high - c["seq"][s])
        kept = np.where(
            anew | (move >= WINDOW),
            np.uint64(0),
            c["seen"][s] << np.minimum(np.maximum(move, 0), WINDOW - 1).astype(np.uint64),
        )
        lengths = np.diff(np.append(starts, len(seq)))
        behind = np.repeat(high, lengths) - seq
        bits = np.where(
            behind < WINDOW, np.uint64(1) << np.minimum(behind, 63).astype(np.uint64), np.uint64(0)
        )
        c["seen"][s] = kept | np.bitwise_or.reduceat(bits, starts)
        c["seq"][s] = high

    def _next(self, series: Ints, seq: Ints) -> None:
        """Remember one number for each of these series."""
        high, seen = self.columns["seq"], self.columns["seen"]
        held = high[series]
        step = seq - held
        on = (held >= 0) & (step > 0) & (step < WINDOW)
        if on.all():
            seen[series] = (seen[series] << step.astype(np.uint64)) | np.uint64(1)
            high[series] = seq
            return
        back = (held >= 0) & (step <= 0) & (step > -WINDOW)
        anew = ~on & ~back & ((step > 0) | (held < 0) | (seq <= 1))
        bits, old = np.abs(step).astype(np.uint64), seen[series]
        shift = np.minimum(bits, np.uint64(WINDOW - 1))
        one = np.uint64(1)
        told = np.where(on, (old << shift) | one, np.where(back, old | (one << shift), old))
        seen[series] = np.where(anew, one, told)
        high[series] = np.where(on | anew, seq, held)


def _since(again: Truths, series: Ints) -> Truths:
    """Say which rows come from the first such row of their series on, or have none."""
    starts = np.flatnonzero(np.append(True, series[1:] != series[:-1]))
    lengths = np.diff(np.append(starts, len(series)))
    upto = np.cumsum(again)
    before: Ints = np.repeat(upto[starts] - again[starts], lengths)
    has = np.repeat(np.logical_or.reduceat(again, starts), lengths)
    found: Truths = (upto > before) | ~has
    return found


def standing(
    at: Ints, value: Floats, prev: Floats, start: np.typing.NDArray[np.bool_], past: Past
) -> Floats:
    """Return since when (epoch s) the value of each row stands, rows sorted by (series, at)."""
    same = value == prev
    since = np.where(same, past.changed, at / 1000.0)
    anchor = np.maximum.accumulate(np.where(start | ~same, np.arange(len(at)), 0))
    found: Floats = since[anchor]
    return found


LATE = np.uint8(Quality.LATE)
