"""SQLite and MariaDB: rows by a cursor, and of a table that grows only what may be news."""

from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

import apsw
import numpy as np
import pyarrow as pa

from mindu.data.collect.declare import Column, MariaDb, Source, Sqlite
from mindu.data.collect.part import Broken, Cursor, Part, texts
from mindu.edge.collect.objects import STEP, headings
from mindu.edge.collect.order import Asked, Floor, beyond, ordered, reached


class Rows(Protocol):
    """A database that answers a query row by row."""

    mark: str  # how a value is put into a query
    quote: str  # how a name is quoted

    def rows(self, query: str, values: Sequence[object]) -> Iterator[Sequence[object]]:
        """Yield rows.

        Raises:
            Broken: the database does not answer, or refuses.
        """
        ...

    def news(self, table: str, name: str, column: Column, floor: Floor) -> Asked:
        """Return a condition that holds for all rows from a mark on, and for as few others as can.

        The sieve has the last word on what is news, so a row too many does no harm.
        """
        ...


class Tables:
    """One table or query of such a database."""

    def __init__(self, source: Source, read: Sqlite | MariaDb, base: Rows) -> None:
        """Read it."""
        self._source, self._read, self._base = source, read, base

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield rows beyond the cursor, in the order of the column that grows, else as they lie."""
        names = headings(self._source)
        places = [names.index(name) for name in ordered(self._source)]
        found = self._base.rows(*self._query(cursor, mark))
        row = int(cursor.get("row", 0))
        while some := list(islice(found, STEP)):
            columns = zip(*some, strict=True)
            told = [texts(column, len(some)) for column in columns]
            numbers = row + 1 + np.arange(len(some))
            row += len(some)
            last = [some[-1][i] for i in places] if self._source.key else []
            table = pa.table(dict(zip(names, told, strict=True)))
            yield Part(table, numbers, [], len(some), reached(row, last))

    def _query(self, cursor: Cursor, mark: str) -> Asked:
        source, base, read = self._source, self._base, self._read
        told = ", ".join(self._quoted(name) for name in headings(source))
        table = f"({read.query.rstrip('; ')}) AS q" if read.query else self._quoted(read.table)
        query = f"SELECT {told} FROM {table}"  # noqa: S608 - names are quoted, the query is declared
        by = [self._quoted(name) for name in ordered(source)]
        if not by:
            return Asked(query, ())
        order = " ORDER BY " + ", ".join(by)
        if "last" in cursor:
            asked = beyond(by, base.mark, cursor)
        elif mark:
            floor = Floor(mark, source.column(source.since).of, source.zone)
            asked = base.news(table, by[0], source.column(source.since), floor)
            order = f" ORDER BY +{', '.join(by)}"  # an index is for finding the news, not the order
        else:
            return Asked(query + order, ())
        return Asked(f"{query} WHERE {asked.query}{order}", asked.values)

    def _quoted(self, name: str) -> str:
        sign = self._base.quote
        return sign + name.replace(sign, sign * 2) + sign


class SqliteRows:
    """An SQLite file, opened for reading only."""

    mark, quote = "?", '"'

    def __init__(self, read: Sqlite) -> None:
        """Read this file."""
        self._path = read.path

    def rows(self, query: str, values: Sequence[object]) -> Iterator[Sequence[object]]:
        """Yield rows."""
        bound: Any = tuple(values)
        try:
            link = apsw.Connection(self._path, flags=apsw.SQLITE_OPEN_READONLY)
            try:
                yield from link.execute(query, bound)
            finally:
                link.close()
        except apsw.CantOpenError as wrong:
            raise Broken(f"{self._path} is not there, or is no SQLite file") from wrong
        except apsw.Error as wrong:
            raise Broken(f"SQLite: {type(wrong).__name__}; check table and columns") from None

    def news(self, table: str, name: str, column: Column, floor: Floor) -> Asked:
        """Return a condition of ranges, so that an index on the column is used.

        A column may hold numbers and words side by side: numbers come before all words there.
        """
        del table
        if column.of == "text":
            return Asked(f"({name} >= ? OR {name} < '')", (floor.mark,))
        if not floor.early:
            number = floor.number if column.of in {"whole", "number"} else None
            return Asked(f"({name} >= ? OR {name} >= '')", (number,)) if number is not None \
                else Asked("1", ())  # fmt: skip
        ranges = [f"{name} >= ?", f"({name} >= '' AND {name} < ?)", f"({name} >= ? AND {name} < ?)"]
        words = (floor.early, "/\uffff", floor.millis, "2-")  # none is a number to SQLite but one
        numbers = f"({name} BETWEEN ? AND ? AND typeof({name}) <> 'text')"
        ranges += [numbers] * (len(floor.spans) // 2)
        return Asked(f"({' OR '.join(ranges)})", (*words, *floor.spans))
