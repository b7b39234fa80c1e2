"""Sift: each row of a part is stored in our types, known already, or set aside with a reason."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mindu.data.arrays import Ints
from mindu.data.collect.cast import TYPES, cast
from mindu.data.collect.declare import Column, Source
from mindu.data.collect.headings import factor, match
from mindu.data.collect.part import Account, Fault, Part, shape, word
from mindu.data.collect.starts import Pattern, lying

PULL, ROW = "_pull", "_row"  # where each stored row came from
WHO = "_who"  # the vault's name of whom a row is about, where a source has personal columns
_FORMULA = Pattern(r"^[\s\x00]*(=|[@+\-]\s*[A-Za-z_]+\s*[(!|])", "=@+-")
_TOTAL = Pattern(
    r"^\s*(合\s*计|总\s*计|小\s*计|注\s*[:：]|备注\s*[:：]|说明\s*[:：]|填表|制表|单位\s*[:：])",
    "合总小注备说填制单",
)
Truth = NDArray[np.bool_]
Mark = int | float | str | date | None


class Sealer(Protocol):
    """Names subjects and seals what is about them: the vault."""

    def subject(self, told: str) -> str:
        """Return the vault's name of a subject."""
        ...

    def seal(
        self, subjects: Sequence[str], columns: Sequence[Sequence[str | None]]
    ) -> list[list[str | None]]:
        """Return columns as cells."""
        ...


class Sifted(NamedTuple):
    """What became of a part."""

    table: pa.Table
    faults: list[Fault]
    account: Account


def schema(source: Source) -> pa.Schema:
    """Return the columns of a source as they are stored."""
    fields = [
        pa.field(column.name, pa.string() if column.personal else TYPES[column.of])
        for column in source.columns
    ]
    who = [pa.field(WHO, pa.string())] if source.sealed else []
    return pa.schema([pa.field(PULL, pa.int32()), pa.field(ROW, pa.int64()), *fields, *who])


class Sieve:
    """Sifts the parts of one pull; `mark` is the greatest value of `since` so far, as a word."""

    def __init__(
        self, source: Source, pull: int, floor: str, mark: str, seal: Sealer | None = None
    ) -> None:
        """Begin; rows whose `since` is not beyond `floor` are known already.

        Raises:
            ValueError: a column is personal and nobody seals it.
        """
        if source.sealed and seal is None:
            raise ValueError(f"{source.name} has personal columns: they need the city's vault")
        self._seal = seal
        self._source, self._pull = source, pull
        self._floor = _unworded(floor, source)
        self._high = _unworded(mark or floor, source)
        self._schema = schema(source)
        self._places: dict[str, tuple[int, str]] = {}
        self._headings: list[str] = []

    @property
    def mark(self) -> str:
        """How far the rows that were sifted reach."""
        high = self._high
        if high is None:
            return ""
        return high.isoformat() if isinstance(high, date) else str(high)

    def sift(self, part: Part) -> Sifted:
        """Sort the rows of one part.

        Raises:
            ValueError: a required column is not there.
        """
        headings = list(part.table.column_names)
        if headings != self._headings:
            self._places = match(self._source.columns, headings)
            self._headings = headings
        count = part.table.num_rows
        assert part.received == count + len(part.broken), "rows were lost while they were read"
        wrong = _Wrong(count)
        first = min(place for place, _ in self._places.values())
        _no_row(_given(part, first), self._source.columns[0], wrong)
        ready = [self._one(part, column, wrong) for column in self._source.columns]
        known = self._known(ready, wrong)
        good = np.flatnonzero((wrong.column < 0) & ~known)
        places = {name: place for name, (place, _) in self._places.items()}
        faults = [*part.broken, *wrong.faults(part, self._source.columns, places)]
        account = Account(
            received=part.received,
            stored=len(good),
            quarantined=len(faults),
            known=int(known.sum()),
        )
        assert account.whole, "rows were lost while they were sifted"
        return Sifted(self._stored(ready, part.row, good), faults, account)

    def _one(self, part: Part, column: Column, wrong: "_Wrong") -> Any:  # noqa: ANN401 - Arrow's
        """Return the column in our type and unit; tell of every rule that a value breaks."""
        place, unit = self._places.get(column.name, (-1, ""))
        nothing = pa.nulls(part.table.num_rows, pa.string())
        given = _given(part, place) if place >= 0 else nothing
        found, bad = cast(given, column.of, self._source.zone)
        wrong.tell(column, "type", bad)
        if column.of == "text":
            _text_rules(found, column, wrong)
        if column.of == "number":
            wrong.tell(column, "type", pc.invert(pc.is_finite(found)))
        if unit:
            times, more = factor(unit, column.unit) or (1.0, 0.0)
            found = pc.add(pc.multiply(found.cast(pa.float64()), times), more)
            found = found if column.of == "number" else pc.round(found).cast(TYPES[column.of])
        if column.low is not None:
            wrong.tell(column, "low", pc.less(found, column.low))
        if column.high is not None:
            wrong.tell(column, "high", pc.greater(found, column.high))
        if column.required:
            wrong.tell(column, "required", pc.is_null(found))
        return found

    def _known(self, ready: Sequence[Any], wrong: "_Wrong") -> Truth:
        """Say which rows are no news, and move the mark."""
        source = self._source
        known = np.zeros(len(wrong.column), bool)
        if not source.since or not len(known):
            return known
        place = [column.name for column in source.columns].index(source.since)
        told = ready[place]
        wrong.tell(source.columns[place], "required", pc.is_null(told))
        if self._floor is not None:
            floor = pa.scalar(self._floor, told.type)
            older = pc.less(told, floor) if source.key else pc.less_equal(told, floor)
            known = pc.fill_null(older, fill_value=False).to_numpy(zero_copy_only=False)
            known = known & (wrong.column < 0)
        high = pc.max(told.filter(pa.array((wrong.column < 0) & ~known))).as_py()
        if high is not None and (self._high is None or high > self._high):
            self._high = high
        return known

    def _stored(self, ready: Sequence[Any], rows: Ints, good: Ints) -> pa.Table:
        whole = len(good) == len(rows)
        where = pa.array(good)
        kept = ready if whole else [column.take(where) for column in ready]
        pull = pa.array(np.full(len(good), self._pull, np.int32))
        told = pa.array(rows if whole else rows[good], pa.int64())
        if self._seal is not None and self._source.sealed:
            kept = sealed(self._source, kept, f"{self._pull}", told.to_pylist(), self._seal)
        return pa.Table.from_arrays([pull, told, *kept], schema=self._schema)


def sealed(
    source: Source, columns: Sequence[Any], pull: str, rows: Sequence[int], seal: Sealer
) -> list[Any]:
    """Return the columns with the personal ones as cells, and whom each row is about behind them.

    A row that names nobody is sealed under a key of its own, which nobody can ask for.
    """
    names = [column.name for column in source.columns]
    about = columns[names.index(source.subject)].to_pylist()
    told = [None if one is None else seal.subject(word(one) or "") or None for one in about]
    keys = [
        one or seal.subject(f"{source.name}#{pull}#{row}")
        for one, row in zip(told, rows, strict=True)
    ]
    places = [names.index(name) for name in source.sealed]
    plain = [[word(value) for value in columns[place].to_pylist()] for place in places]
    found = list(columns)
    for place, cells in zip(places, seal.seal(keys, plain), strict=True):
        found[place] = pa.array(cells, pa.string())
    return [*found, pa.array(told, pa.string())]


class _Wrong:
    """The first fault of each row of a part, by column and rule."""

    def __init__(self, count: int) -> None:
        self.column = np.full(count, -1, np.int32)
        self._names: list[tuple[str, str]] = []

    def tell(self, column: Column, rule: str, mask: Any) -> None:  # noqa: ANN401 - Arrow's
        """Tell that these rows break a rule in a column."""
        bad = pc.fill_null(mask, fill_value=False)
        if not pc.any(bad).as_py():
            return
        fresh = bad.to_numpy(zero_copy_only=False) & (self.column < 0)
        self.column[fresh] = len(self._names)
        self._names.append((column.name, rule))

    def faults(self, part: Part, columns: Sequence[Column], places: dict[str, int]) -> list[Fault]:
        """Return one fault for each row that is set aside."""
        bad = np.flatnonzero(self.column >= 0)
        if not len(bad):
            return []
        told = part.written(bad) if part.written else part.table.take(pa.array(bad))
        values = {
            column.name: told.column(places[column.name])
            for column in columns
            if column.name in places
        }
        found = []
        for i, (row, kind) in enumerate(
            zip(part.row[bad].tolist(), self.column[bad].tolist(), strict=True)
        ):
            name, rule = self._names[kind]
            value = values[name][i].as_py() if name in values else None
            found.append(Fault(row, name, rule, shape(value)))
        return found


def _given(part: Part, place: int) -> Any:  # noqa: ANN401 - Arrow's
    column = part.table.column(place)
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks) \
        if column.num_chunks else pa.array([], column.type)  # fmt: skip


def _no_row(first: Any, column: Column, wrong: _Wrong) -> None:  # noqa: ANN401 - Arrow's
    """Set aside the lines of totals and notes that people put under a table."""
    if pa.types.is_string(first.type):
        wrong.tell(column, "no_row", _TOTAL.matches(first))


def _text_rules(found: Any, column: Column, wrong: _Wrong) -> None:  # noqa: ANN401 - Arrow's
    start, _ = lying(found)
    if len(found) and int(np.diff(start).max()) > column.most:  # in bytes: signs are never more
        wrong.tell(column, "too_long", pc.greater(pc.utf8_length(found), column.most))
    if column.formulas == "refuse":
        wrong.tell(column, "formula", _FORMULA.matches(found))
    if column.pattern:
        bad = pc.invert(pc.match_substring_regex(found, f"^(?:{column.pattern})$"))
        wrong.tell(column, "pattern", bad)
    if column.among:
        allowed = pc.is_in(found, value_set=pa.array(column.among), skip_nulls=True)
        wrong.tell(column, "among", pc.and_(pc.invert(allowed), pc.is_valid(found)))
    if column.required:
        wrong.tell(column, "required", pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(found)), 0))


def _unworded(told: str, source: Source) -> Mark:
    """Return the value that a mark was written from."""
    if not told or not source.since:
        return None
    of = source.column(source.since).of
    if of in {"whole", "moment"}:
        return int(told)
    if of == "number":
        return float(told)
    return date.fromisoformat(told) if of == "day" else told
