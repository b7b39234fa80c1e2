"""The door: which reader reads a declared source."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mindu.data.collect import declare as d
from mindu.data.collect.declare import Source
from mindu.data.collect.part import Broken, Reader
from mindu.edge.collect.delimited import Delimited
from mindu.edge.collect.documents import Columns, Documents, Features
from mindu.edge.collect.mariadb import MariaRows
from mindu.edge.collect.own import Matters, Readings
from mindu.edge.collect.postgres import Stream
from mindu.edge.collect.tables import SqliteRows, Tables
from mindu.edge.collect.web import Pages
from mindu.edge.collect.workbook import Workbook


def reader(source: Source, base: Path, state: Path) -> Reader:
    """Return what reads a source: files lie under `base`, our own data under `state`.

    Raises:
        Broken: the declaration holds a secret, which belongs into the environment.
    """
    found: Reader = _MADE[type(source.read)](source, source.read, base, state)
    return found


def _postgres(source: Source, read: d.Postgres, _base: Path, _state: Path) -> Reader:
    dsn = read.dsn.lower()
    if "password" in dsn or ("://" in dsn and ":" in dsn.split("://")[1].split("@")[0]
                             and "@" in dsn):  # fmt: skip
        raise Broken("take the password out of `dsn`; name a variable in `password_env`")
    return Stream(source, read)


def _sqlite(source: Source, read: d.Sqlite, base: Path, _state: Path) -> Reader:
    there = d.Sqlite(path=str(base / read.path), table=read.table, query=read.query)
    return Tables(source, there, SqliteRows(there))


_MADE: dict[type, Callable[[Source, Any, Path, Path], Reader]] = {
    d.Csv: lambda _, read, base, __: Delimited(read, base / read.path),
    d.Excel: lambda _, read, base, __: Workbook(read, base / read.path),
    d.Document: lambda source, read, base, _: Documents(source, base / read.path, read.pointer),
    d.Parquet: lambda source, read, base, _: Columns(source, base / read.path),
    d.GeoJson: lambda source, read, base, _: Features(source, base / read.path),
    d.Postgres: _postgres,
    d.Sqlite: _sqlite,
    d.MariaDb: lambda source, read, _, __: Tables(source, read, MariaRows(read)),
    d.Web: lambda source, read, _, __: Pages(source, read),
    d.Series: lambda _, read, __, state: Readings(read, state / (read.folder or "senses")),
    d.Cases: lambda source, read, _, state: Matters(source, read, state / (read.folder or ".")),
}  # fmt: skip
