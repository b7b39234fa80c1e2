"""Order: by which columns a database is read, where a pull goes on, and what may be news."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from mindu.data.collect.declare import Kept, Source
from mindu.data.collect.part import Cursor

_MARGIN = timedelta(days=2)  # a time may name any zone: no two lie further apart
_LENGTHS = (8, 12, 13, 14)  # 20260501, 202605010830, epoch ms since 2001, 20260501083000


class Asked(NamedTuple):
    """SQL, or a part of it, and the values in it."""

    query: str
    values: Sequence[object]


class Floor(NamedTuple):
    """How far rows are known: `mark` as the sieve writes it, of a column of this type."""

    mark: str
    of: Kept
    zone: int  # minutes east, where a time says no zone

    @property
    def number(self) -> int | float:
        """The mark as a number."""
        return int(self.mark) if self.of in {"whole", "moment"} else float(self.mark)

    @property
    def when(self) -> datetime:
        """The mark as the clock there shows it; a day is its midnight."""
        if self.of == "day":
            return datetime.fromisoformat(self.mark).replace(tzinfo=UTC)
        there = timedelta(milliseconds=int(self.mark), minutes=self.zone)
        return datetime(1970, 1, 1, tzinfo=UTC) + there

    @property
    def local(self) -> str:
        """The mark as a time without zone."""
        return self.when.strftime("%Y-%m-%d %H:%M:%S.%f")

    @property
    def early(self) -> str:
        """The day from which on any way of writing it is no news; "" where nobody can say."""
        return self._early.isoformat() if self._can else ""

    @property
    def millis(self) -> str:
        """That day in epoch ms."""
        midnight = datetime.combine(self._early, datetime.min.time(), UTC)
        return str(round(midnight.timestamp() * 1000))

    @property
    def spans(self) -> tuple[int, ...]:
        """Low and high, in turn, of numbers that may be news: a day, a minute, ms, a second."""
        day = int(self._early.strftime("%Y%m%d"))
        low = (day, day * 10_000, int(self.millis), day * 1_000_000)
        return tuple(n for least, length in zip(low, _LENGTHS, strict=True)
                     for n in (least, 10**length - 1))  # fmt: skip

    @property
    def _early(self) -> date:
        return (self.when - _MARGIN).date()

    @property
    def _can(self) -> bool:
        return self.of in {"day", "moment"} and self._early.year > 2001


def ordered(source: Source) -> list[str]:
    """Return the headings by which rows are ordered: what grows, then the key; [] for no order.

    Only a key tells rows apart: without one, a pull that was cut off begins anew.
    """
    told = [source.since] if source.mode == "incremental" else []
    told += [source.key] if source.key and source.key not in told else []
    columns = (source.column(name) for name in told)
    return [column.heading or column.name for column in columns]


def reached(row: int, last: Sequence[object]) -> Cursor:
    """Return the place behind a row by its number and the values by which it is ordered.

    Nobody knows where a row without such a value lies: the pull would begin anew.
    """
    if not last or any(value is None or isinstance(value, bytes) for value in last):
        return {}
    values = [value if isinstance(value, int | float) else str(value) for value in last]
    return {"row": row, **dict(zip(("last", "then"), values, strict=False))}


def beyond(by: Sequence[str], mark: str, cursor: Cursor) -> Asked:
    """Return the condition of the rows behind a place; `mark` stands for a value."""
    last = cursor["last"]
    if len(by) == 1:
        return Asked(f"{by[0]} > {mark}", (last,))
    told = f"{by[0]} >= {mark} AND ({by[0]} > {mark} OR {by[1]} > {mark})"
    return Asked(told, (last, last, cursor["then"]))
