"""A source as it is declared: where its rows lie, what its columns mean, and how it is pulled."""

import re
from datetime import timedelta
from typing import Literal

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

Kept = Literal["text", "whole", "number", "truth", "day", "moment"]
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
EVERY = re.compile(r"([1-9]\d{0,5})([mhdw])")
_SPANS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
MOST_SIGNS = 65_536  # of one text, where nothing else is declared
MOST_COLUMNS = 2_000
SEALABLE = ("text", "whole", "number", "day")


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column: what it is called there and here, of what type, in which bounds.

    `heading` is what the source calls it, where that is another word. A number whose heading
    there names another unit of the same quantity is turned into `unit`. `most` counts signs.
    A `moment` is kept as epoch ms; where the source says no zone, the source's own zone counts.
    A `personal` column lies sealed, each value under the key of the row's subject.
    """

    name: str
    of: Kept = "text"
    heading: str = ""
    unit: str = ""
    zh: str = ""
    en: str = ""
    required: bool = False
    low: float | None = None
    high: float | None = None
    most: int = MOST_SIGNS
    pattern: str = ""
    among: tuple[str, ...] = ()
    formulas: Literal["refuse", "keep"] = "refuse"
    personal: bool = False

    def __post_init__(self) -> None:
        """Refuse what no column can be."""
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} names no column: a-z, 0-9 and _, at most 63 signs")
        if self.personal and self.of not in SEALABLE:
            raise ValueError(f"{self.name}: personal is what is {', '.join(SEALABLE)}")
        if not 1 <= self.most <= 1 << 20:
            raise ValueError(f"{self.name}: a text may have 1 to {1 << 20} signs")
        if self.pattern:
            try:
                pc.match_substring_regex(pa.array([""]), self.pattern)
            except pa.ArrowInvalid as wrong:
                raise ValueError(f"{self.name}: the pattern is none: {wrong}") from wrong


class _Read(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="is"):
    """Where rows lie."""


class Csv(_Read, frozen=True, kw_only=True, tag="csv"):
    """Delimited text. `many_lines`: a quoted field may hold line ends."""

    path: str
    encoding: Literal["auto", "utf-8", "gb18030"] = "auto"
    delimiter: str = ","
    skip: int = 0  # lines before the headings
    many_lines: bool = False


class Excel(_Read, frozen=True, kw_only=True, tag="excel"):
    """A sheet of a workbook. `skip` rows stand before the `heads` rows of headings; -1: found."""

    path: str
    sheet: str = ""
    skip: int = -1
    heads: int = -1


class Document(_Read, frozen=True, kw_only=True, tag="json"):
    """A JSON list of objects (at `pointer`, as in RFC 6901), or one object a line."""

    path: str
    pointer: str = ""


class Parquet(_Read, frozen=True, kw_only=True, tag="parquet"):
    """A Parquet file."""

    path: str


class GeoJson(_Read, frozen=True, kw_only=True, tag="geojson"):
    """A feature collection: properties, `lon` and `lat` of points, `geometry` as text."""

    path: str


class Postgres(_Read, frozen=True, kw_only=True, tag="postgres"):
    """A table or query of PostgreSQL; the password is the value of an environment variable."""

    dsn: str
    table: str = ""
    query: str = ""
    password_env: str = ""


class MariaDb(_Read, frozen=True, kw_only=True, tag="mariadb"):
    """A table or query of MariaDB or MySQL."""

    host: str = "127.0.0.1"
    port: int = 3306
    user: str
    database: str
    table: str = ""
    query: str = ""
    password_env: str = ""


class Sqlite(_Read, frozen=True, kw_only=True, tag="sqlite"):
    """A table or query of an SQLite file."""

    path: str
    table: str = ""
    query: str = ""


class Web(_Read, frozen=True, kw_only=True, tag="http"):
    """JSON over HTTP. `next` points to the next page's address, else `page` counts pages up.

    `since` is the query parameter that carries how far we are, in incremental pulls.
    """

    url: str
    pointer: str = ""
    next: str = ""
    page: str = ""
    first: int = 1
    since: str = ""
    key_env: str = ""
    pages: int = 10_000


class Series(_Read, frozen=True, kw_only=True, tag="series"):
    """Our own readings of one property."""

    prop: str
    folder: str = ""


class Cases(_Read, frozen=True, kw_only=True, tag="cases"):
    """Our own cases, words masked, as the log holds them."""

    kind: str = ""
    folder: str = ""


Read = (
    Csv | Excel | Document | Parquet | GeoJson | Postgres | MariaDb | Sqlite | Web | Series | Cases
)  # fmt: skip


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source of rows.

    `since` names the column by which it grows (a key or a time), `key` the column that names a
    row: an incremental pull takes what lies beyond the last value and puts it in place of rows
    with the same key. `every` says when it is due: "15m", "6h", "1d", "1w". `broken` is the share
    of rows that may be broken before the pull stops, as the wrong file does. `subject` names the
    column that says whom a row is about: an identity number, a credit code, a phone.
    """

    name: str
    read: Read
    columns: tuple[Column, ...] = ()
    zh: str = ""
    en: str = ""
    owner: str = ""
    department: str = ""
    theme: str = ""
    licence: str = ""
    basis: str = ""
    mode: Literal["full", "incremental"] = "full"
    since: str = ""
    key: str = ""
    subject: str = ""
    every: str = ""
    zone: int = 480  # minutes east of Greenwich, where a time says no zone
    broken: float = 0.5

    def __post_init__(self) -> None:
        """Refuse what cannot be pulled."""
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} names no source: a-z, 0-9 and _, at most 63 signs")
        if len(self.columns) > MOST_COLUMNS:
            raise ValueError(f"{self.name}: {len(self.columns)} columns; {MOST_COLUMNS} at most")
        self._names_fit([column.name for column in self.columns])
        if self.mode == "incremental" and not self.since:
            raise ValueError(f"{self.name}: an incremental pull needs `since`, a column that grows")
        if self.every:
            span(self.every)
        if not -840 <= self.zone <= 840:
            raise ValueError(f"{self.name}: a zone lies between -840 and 840 minutes")

    def _names_fit(self, names: list[str]) -> None:
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: two columns have one name")
        for told in (self.since, self.key, self.subject):
            if told and told not in names:
                raise ValueError(f"{self.name}: no column is called {told!r}")
        sealed = {column.name for column in self.columns if column.personal}
        if sealed and not self.subject:
            raise ValueError(
                f"{self.name}: {min(sealed)} is personal; say by `subject` whom a row is about"
            )
        if self.since in sealed or (self.key in sealed and self.key != self.subject):
            raise ValueError(
                f"{self.name}: `since` is never personal, and `key` only if it is the subject"
            )

    @property
    def sealed(self) -> tuple[str, ...]:
        """The personal columns."""
        return tuple(column.name for column in self.columns if column.personal)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)


def span(every: str) -> timedelta:
    """Return the time between two pulls.

    Raises:
        ValueError: it is none.
    """
    told = EVERY.fullmatch(every)
    if told is None:
        raise ValueError(f"{every!r} is no span: say 15m, 6h, 1d or 1w")
    return timedelta(**{_SPANS[told[2]]: int(told[1])})


def read(body: bytes) -> tuple[Source, ...]:
    """Return the sources that a TOML file declares as `[[source]]`.

    Raises:
        ValueError: it declares none, or something that is none.
    """
    try:
        told = msgspec.toml.decode(body, type=dict[str, tuple[Source, ...]])
    except (msgspec.ValidationError, msgspec.DecodeError) as wrong:
        raise ValueError(f"the declaration cannot be read: {wrong}") from wrong
    sources = told.get("source", ())
    if set(told) != {"source"} or not sources:
        raise ValueError("declare each source under [[source]], and nothing else")
    return sources
