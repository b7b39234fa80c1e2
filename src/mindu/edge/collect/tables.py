"""SQLite and MariaDB: rows by a cursor that reads ahead no further than one part."""

import importlib
import os
from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

import apsw
import numpy as np
import pyarrow as pa

from mindu.data.collect.declare import MariaDb, Source, Sqlite
from mindu.data.collect.part import Broken, Cursor, Part, texts
from mindu.edge.collect.objects import STEP, headings


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


class Tables:
    """One table or query of such a database."""

    def __init__(self, source: Source, read: Sqlite | MariaDb, base: Rows) -> None:
        """Read it."""
        self._source, self._read, self._base = source, read, base

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield rows beyond the cursor, in the order of the column that grows, else as they lie."""
        by = self._source.since if self._source.mode == "incremental" else self._source.key
        names = headings(self._source)
        place = [c.name for c in self._source.columns].index(by) if by else -1
        query, values = self._query(by, cursor, mark)
        found = self._base.rows(query, values)
        row = int(cursor.get("row", 0)) if by else 0
        while some := list(islice(found, STEP)):
            columns = zip(*some, strict=True)
            told = [texts(column, len(some)) for column in columns]
            last = some[-1][place] if by else None
            going: Cursor = {"row": row + len(some), "last": _plain(last)} if by else {}
            numbers = row + 1 + np.arange(len(some))
            row += len(some)
            yield Part(pa.table(dict(zip(names, told, strict=True))), numbers, [], len(some), going)

    def _query(self, by: str, cursor: Cursor, mark: str) -> tuple[str, Sequence[object]]:
        base = self._base
        told = ", ".join(self._quoted(name) for name in headings(self._source))
        read = self._read
        table = f"({read.query.rstrip('; ')}) AS q" if read.query else self._quoted(read.table)
        query = f"SELECT {told} FROM {table}"  # noqa: S608 - names are quoted, the query is declared
        if not by:
            return query, ()
        column = self._source.column(by)
        name = self._quoted(column.heading or column.name)
        order = f" ORDER BY {name}"
        if "last" in cursor:
            return f"{query} WHERE {name} > {base.mark}{order}", (cursor["last"],)
        if mark and column.of in {"whole", "text"}:  # times are compared by the sieve alone
            value: object = int(mark) if column.of == "whole" else mark
            return f"{query} WHERE {name} >= {base.mark}{order}", (value,)
        return query + order, ()

    def _quoted(self, name: str) -> str:
        sign = self._base.quote
        return sign + name.replace(sign, sign * 2) + sign


def _plain(value: object) -> int | str:
    return value if isinstance(value, int) else str(value)


class SqliteRows:
    """An SQLite file, opened for reading only."""

    mark, quote = "?", '"'

    def __init__(self, read: Sqlite) -> None:
        """Read this file."""
        self._path = read.path

    def rows(self, query: str, values: Sequence[object]) -> Iterator[Sequence[object]]:
        """Yield rows."""
        try:
            link = apsw.Connection(self._path, flags=apsw.SQLITE_OPEN_READONLY)
            try:
                yield from link.execute(query, tuple(values))
            finally:
                link.close()
        except apsw.CantOpenError as wrong:
            raise Broken(f"{self._path} is not there, or is no SQLite file") from wrong
        except apsw.Error as wrong:
            raise Broken(f"SQLite: {type(wrong).__name__}; check table and columns") from None


class MariaRows:
    """MariaDB or MySQL through PyMySQL: unbuffered, so that memory stays flat."""

    mark, quote = "%s", "`"

    def __init__(self, read: MariaDb) -> None:
        """Read with the rights of the user that is named."""
        self._read = read

    def rows(self, query: str, values: Sequence[object]) -> Iterator[Sequence[object]]:
        """Yield rows."""
        driver = _driver()
        told = self._read
        password = os.environ.get(told.password_env, "") if told.password_env else ""
        try:
            link = driver.connect(
                host=told.host, port=told.port, user=told.user, password=password,
                database=told.database, charset="utf8mb4", connect_timeout=10,
                cursorclass=driver.cursors.SSCursor,
            )  # fmt: skip
            try:
                with link.cursor() as cursor:
                    cursor.execute(query, tuple(values))
                    yield from cursor
            finally:
                link.close()
        except driver.MySQLError as wrong:
            code = wrong.args[0] if wrong.args and isinstance(wrong.args[0], int) else "?"
            raise Broken(f"MariaDB: error {code}; check the declaration, then pull again") from None


def _driver() -> Any:  # noqa: ANN401 - an optional library
    try:
        return importlib.import_module("pymysql")
    except ImportError as wrong:
        raise Broken("MariaDB needs its driver: pip install 'mindu[mariadb]'") from wrong
