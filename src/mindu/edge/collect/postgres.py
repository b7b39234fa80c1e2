"""PostgreSQL by COPY: one stream, read as fast as we store and one part ahead."""

import os
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import numpy as np
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import DiagnosticField, ExecStatus

from mindu.data.collect.declare import Postgres, Source
from mindu.data.collect.part import Broken, Cursor, Part
from mindu.edge.collect.objects import headings
from mindu.edge.collect.order import ordered, reached
from mindu.edge.collect.typed import Typed, types

STEP = 4 << 20  # bytes a part
_SESSION = (
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; "
    "SET default_transaction_read_only = on; SET extra_float_digits = 1"
)
_STAMP = 1114  # the type of a timestamp without zone


class Stream:
    """One table or query."""

    def __init__(self, source: Source, read: Postgres) -> None:
        """Read it with the rights of the user that is named."""
        self._source, self._read = source, read

    def parts(self, cursor: Cursor, mark: str) -> Generator[Part, None, None]:
        """Yield rows beyond the cursor and the mark, in the order of the column that grows.

        Raises:
            Broken: the server does not answer, refuses, or died half-way.
        """
        try:
            with closing(_connected(self._read)) as link:
                link.execute(_SESSION)
                yield from self._rows(link, cursor, mark)
        except psycopg.Error as wrong:
            raise _broken(_code(wrong)) from None

    def _rows(self, link: "psycopg.Connection[Any]", cursor: Cursor, mark: str) -> Iterator[Part]:
        source, names = self._source, headings(self._source)
        kinds = self._kinds(link)
        typed = Typed(names, types([column.of for column in source.columns], kinds))
        by = [names.index(name) for name in ordered(source)]
        row = int(cursor.get("row", 0))
        for body, count in _copied(link, self._query(link, kinds, cursor, mark)):
            table, written = typed.table(body, count)
            if table.num_rows != count:
                raise Broken("PostgreSQL: a row was cut; pull it again")
            numbers = row + 1 + np.arange(count)
            row += count
            last = written(np.array([count - 1])) if source.key else None
            going = {} if last is None else reached(row, [last.column(i)[0].as_py() for i in by])
            yield Part(table, numbers, [], count, going, written)

    def _kinds(self, link: "psycopg.Connection[Any]") -> list[int]:
        """Return the server's number of each column's type."""
        told = sql.SQL(", ").join(map(sql.Identifier, headings(self._source)))
        with link.cursor() as asked:
            asked.execute(sql.SQL("SELECT {} FROM {} LIMIT 0").format(told, self._base()))
            return [column.type_code for column in asked.description or ()]

    def _base(self) -> sql.Composable:
        read = self._read
        if read.query:
            return sql.SQL("({}) AS q").format(sql.SQL(read.query.rstrip("; \n")))
        return sql.Identifier(*read.table.split("."))

    def _query(
        self, link: "psycopg.Connection[Any]", kinds: list[int], cursor: Cursor, mark: str
    ) -> bytes:
        told = sql.SQL(", ").join(map(sql.Identifier, headings(self._source)))
        whole: list[sql.Composable] = [sql.SQL("SELECT {} FROM {}").format(told, self._base())]
        by = [sql.Identifier(name) for name in ordered(self._source)]
        if by and "last" in cursor:
            whole.append(_beyond(by, cursor))
        elif by and mark:
            sign = sql.SQL(">=" if self._source.key else ">")
            floor = sql.Literal(self._floor(kinds, mark))
            whole.append(sql.SQL("WHERE {} {} {}").format(by[0], sign, floor))
        if by:
            whole.append(sql.SQL("ORDER BY {}").format(sql.SQL(", ").join(by)))
        copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(sql.SQL(" ").join(whole))
        return copy.as_bytes(link)

    def _floor(self, kinds: list[int], mark: str) -> str:
        """Return a mark in the words of the server: an instant as its column has it."""
        source = self._source
        if source.column(source.since).of != "moment":
            return mark
        kind = kinds[headings(source).index(ordered(source)[0])]
        zone = timedelta(minutes=source.zone if kind == _STAMP else 0)
        when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(mark)) + zone
        return when.strftime("%Y-%m-%d %H:%M:%S.%f")


def _beyond(by: list[sql.Identifier], cursor: Cursor) -> sql.Composable:
    """Return the rows behind the one that a cursor names."""
    last = sql.Literal(str(cursor["last"]))
    if len(by) == 1:
        return sql.SQL("WHERE {} > {}").format(by[0], last)
    then = sql.Literal(str(cursor["then"]))
    told = sql.SQL("WHERE {0} >= {1} AND ({0} > {1} OR {2} > {3})")
    return told.format(by[0], last, by[1], then)


def _copied(link: "psycopg.Connection[Any]", query: bytes) -> Iterator[tuple[memoryview, int]]:
    """Yield what COPY sends, some megabytes and rows at a time; each message is one row."""
    wire = link.pgconn
    told = wire.exec_(query)
    if told.status != ExecStatus.COPY_OUT:
        raise _broken(told.error_field(DiagnosticField.SQLSTATE))
    rows, size, count = BytesIO(), 0, 0  # a million objects that wait would cost more than COPY
    while True:
        length, row = wire.get_copy_data(0)
        if length <= 0:
            break
        rows.write(row)
        size += length
        count += 1
        if size >= STEP:
            yield rows.getbuffer(), count
            rows, size, count = BytesIO(), 0, 0
    ended = wire.get_result()
    if ended is None or ended.status != ExecStatus.COMMAND_OK:
        raise _broken(ended.error_field(DiagnosticField.SQLSTATE) if ended else None)
    wire.get_result()  # the wire is free for the next command
    if count:
        yield rows.getbuffer(), count


def _connected(read: Postgres) -> "psycopg.Connection[Any]":
    password = os.environ.get(read.password_env) if read.password_env else None
    dsn = make_conninfo(read.dsn, connect_timeout=10, application_name="mindu collect",
                        **({"password": password} if password else {}))  # fmt: skip
    return psycopg.connect(dsn, autocommit=True)


def _code(wrong: psycopg.Error) -> bytes | None:
    """Return the class of an error; a server that refuses at the door tells it in words only."""
    if wrong.sqlstate is not None:
        return wrong.sqlstate.encode()
    words = str(wrong)
    if "does not exist" in words and "database" in words:
        return b"3D000"
    return b"28000" if "authentication failed" in words else None


def _broken(told: bytes | None) -> Broken:
    """Return what an error class means and how to mend it, without the server's own words."""
    code = (told or b"no answer").decode()
    found = (said for start, said in _SAID.items() if code.startswith(start))
    return Broken(f"PostgreSQL: {next(found, 'the server refused; its log says why')} ({code})")


_SAID = {
    "no answer": "nobody answers; check host, port and user, and pull again to go on",
    "08": "the connection was cut; pull again to go on",
    "57P": "the server ended the connection; pull again to go on",
    "28": "user or password is refused; check `dsn` and `password_env`",
    "3D": "there is no such database; mend `dsn`",
    "42P01": "there is no such table; mend `table` or `query`",
    "42703": "a declared column is not there; mend `columns`",
    "42501": "the user may not read it; ask for SELECT on it",
    "42601": "the query is no SQL; mend `query`",
    "22": "a value has another type than the query says; mend `query`",
    "57014": "it took too long and was cancelled",
}
