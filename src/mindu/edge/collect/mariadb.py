"""MariaDB and MySQL through PyMySQL: unbuffered, so that memory stays flat."""

import importlib
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from mindu.data.collect.declare import Column, MariaDb
from mindu.data.collect.part import Broken
from mindu.edge.collect.order import Asked, Floor

_NUMBERS = {0, 1, 2, 3, 4, 5, 8, 9, 246}  # the server's numbers of its types
_MARK = "\x01"  # no query holds this sign; its percent signs stay what they are
_DAYS, _INSTANTS = {10, 14}, {7, 12}


class MariaRows:
    """One database, with the rights of the user that is named."""

    mark, quote = _MARK, "`"

    def __init__(self, read: MariaDb) -> None:
        """Read it."""
        self._read = read

    def rows(self, query: str, values: Sequence[object]) -> Iterator[Sequence[object]]:
        """Yield rows."""
        for _, row in self._told(query, values):
            if row is not None:
                yield row

    def news(self, table: str, name: str, column: Column, floor: Floor) -> Asked:
        """Return a condition in the type that the server's column has."""
        probe = f"SELECT {name} FROM {table} LIMIT 0"  # noqa: S608 - quoted, or declared
        kind = next(self._told(probe, ()))[0]
        told = Asked("TRUE", ())
        if column.of == "text":
            told = Asked(f"{_bytes(name)} >= {_MARK}", (floor.mark,))
        elif column.of in {"whole", "number"}:
            if kind in _NUMBERS:
                told = Asked(f"{name} >= {_MARK}", (floor.number,))
        elif kind in _INSTANTS | _DAYS:
            told = Asked(
                f"{name} >= {_MARK}", (floor.local[:10] if kind in _DAYS else floor.local,)
            )
        elif floor.early and kind in _NUMBERS:
            spans = [f"{name} BETWEEN {_MARK} AND {_MARK}"] * (len(floor.spans) // 2)
            told = Asked(f"({' OR '.join(spans)})", floor.spans)
        elif floor.early:
            word = _bytes(name)
            ranges = f"({word} >= {_MARK} OR {word} < '0' OR ({word} >= {_MARK} AND {word} < '2'))"
            told = Asked(ranges, (floor.early, floor.millis))
        return told

    def _told(self, query: str, values: Sequence[object]) -> Iterator[tuple[int, Any]]:
        """Yield the type of the first column alone, and then with each row."""
        driver, told = _driver(), self._read
        password = os.environ.get(told.password_env, "") if told.password_env else ""
        try:
            link = driver.connect(
                host=told.host, port=told.port, user=told.user, password=password,
                database=told.database, charset="utf8mb4", connect_timeout=10,
                cursorclass=driver.cursors.SSCursor,
            )  # fmt: skip
            with closing(link), link.cursor() as cursor:
                cursor.execute(query.replace("%", "%%").replace(_MARK, "%s"), tuple(values))
                kind = int(cursor.description[0][1])
                yield kind, None
                for row in cursor:
                    yield kind, row
        except driver.MySQLError as wrong:
            code = wrong.args[0] if wrong.args and isinstance(wrong.args[0], int) else "?"
            raise Broken(f"MariaDB: error {code}; check the declaration, then pull again") from None


def _bytes(name: str) -> str:
    """Return a word as its bytes: words are ordered by them here, whatever a collation says."""
    return f"CAST(CONVERT({name} USING utf8mb4) AS BINARY)"


def _driver() -> Any:  # noqa: ANN401 - an optional library
    try:
        return importlib.import_module("pymysql")
    except ImportError as wrong:
        raise Broken("MariaDB needs its driver: pip install 'mindu[mariadb]'") from wrong
