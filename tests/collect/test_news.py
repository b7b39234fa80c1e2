"""A table that grows is asked for what may be news, in whatever way it writes its times."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest
from maria import asking, port
from sources import cut_off, pulled, rows

from mindu.data.collect.declare import Column, Kept, MariaDb, Source, Sqlite
from mindu.edge.collect.tables import SqliteRows, Tables

OLD, NEW = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 9, 3, 4, 5, tzinfo=UTC)
HERE = timedelta(hours=8)
WRITTEN: dict[str, Callable[[datetime], int | str]] = {
    "ISO": lambda at: (at + HERE).strftime("%Y-%m-%d %H:%M:%S"),
    "ISO with T and zone": lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "slashes": lambda at: f"{at + HERE:%Y}/{(at + HERE).month}/{(at + HERE).day} 8:00",
    "Chinese": lambda at: (at + HERE).strftime("%Y年%m月%d日 %H时%M分"),
    "a blank before it": lambda at: f" {at + HERE:%Y-%m-%d %H:%M}",
    "full width": lambda at: f"{at + HERE:%Y-%m-%d}".translate(
        {i + 48: i + 0xFF10 for i in range(10)}
    ),
    "digits": lambda at: (at + HERE).strftime("%Y%m%d%H%M%S"),
    "a short number": lambda at: int((at + HERE).strftime("%Y%m%d")),
    "a number to the minute": lambda at: int((at + HERE).strftime("%Y%m%d%H%M")),
    "a number": lambda at: int((at + HERE).strftime("%Y%m%d%H%M%S")),
    "epoch": lambda at: round(at.timestamp() * 1000),
    "epoch in words": lambda at: str(round(at.timestamp() * 1000)),
}
SHARP = {"ISO", "ISO with T and zone", "epoch", "epoch in words"}  # else a year comes again
NEVER = {"epoch": "day", "epoch in words": "day", "a number to the minute": "moment"}
MARIA: dict[str, Callable[[datetime], int | str]] = {
    "DATETIME": lambda at: (at + HERE).strftime("%Y-%m-%d %H:%M:%S"),
    "TIMESTAMP": lambda at: (at + HERE).strftime("%Y-%m-%d %H:%M:%S"),
    "DATE": lambda at: f"{at + HERE:%Y-%m-%d}",
    "BIGINT": lambda at: round(at.timestamp() * 1000),
    "VARCHAR(40)": lambda at: f"{at + HERE:%Y-%m-%dT%H:%M}",
}


def grown(read: Sqlite | MariaDb, of: Kept = "moment", key: str = "id") -> Source:
    columns = (Column(name="id", of="whole"), Column(name="at", of=of))
    return Source(name="grown", read=read, columns=columns, key=key, since="at",
                  mode="incremental")  # fmt: skip


@pytest.mark.parametrize("kind", ["", "TEXT", "DATETIME", "INTEGER"])
@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize("of", ["moment", "day"])
def test_news_come_in_any_spelling_and_the_old_stays_where_it_is(
    way: str, kind: str, of: Kept, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    if NEVER.get(way) == of:
        return
    with apsw.Connection(str(path)) as db:
        db.execute(f"CREATE TABLE grown(id INTEGER, at {kind})")
        plain, odd = WRITTEN["ISO"], WRITTEN[way]
        old = [(i, odd(OLD - timedelta(hours=i))) for i in range(2_000)]
        db.executemany("INSERT INTO grown VALUES(?, ?)", [*old, (3_000, plain(OLD))])
    source = grown(Sqlite(path=str(path), table="grown"), of)
    assert pulled(tmp_path / "held", source).account.stored == 2_001
    with apsw.Connection(str(path)) as db:
        news = [(5_000, plain(NEW)), (5_001, odd(NEW)), (5_002, odd(NEW + timedelta(days=40)))]
        db.executemany("INSERT INTO grown VALUES(?, ?)", news)
    done = pulled(tmp_path / "held", source)
    told = {row[0] for row in rows(tmp_path / "held", "SELECT id")}
    assert told == {*range(2_000), 3_000, 5_000, 5_001, 5_002}
    assert done.account.whole
    if way in SHARP:
        assert done.account.received < 150, "the whole table was read"


def test_an_index_is_used(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with apsw.Connection(str(path)) as db:
        db.execute("CREATE TABLE grown(id INTEGER, at DATETIME); CREATE INDEX i ON grown(at)")
    read = Sqlite(path=str(path), table="grown")
    asked = Tables(grown(read), read, SqliteRows(read))._query({}, "1777593600000")
    with apsw.Connection(str(path)) as db:
        bound: Any = tuple(asked.values)
        plan = " ".join(str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {asked.query}",
                                                          bound))  # fmt: skip
    assert ("SEARCH grown USING INDEX i" in plan, "SCAN" in plan) == (True, False), plan


def test_whole_numbers_in_a_column_of_words_are_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with apsw.Connection(str(path)) as db:
        db.execute("CREATE TABLE grown(id INTEGER, at TEXT)")
        db.executemany("INSERT INTO grown VALUES(?, ?)", [(i, str(i)) for i in range(990, 1_000)])
    source = grown(Sqlite(path=str(path), table="grown"), "whole")
    pulled(tmp_path / "held", source)
    with apsw.Connection(str(path)) as db:
        db.execute("INSERT INTO grown VALUES(1000, '1000')")
    pulled(tmp_path / "held", source)
    assert rows(tmp_path / "held", "SELECT max(id)") == [(1_000,)]


@pytest.mark.parametrize("key", ["", "id"])
def test_rows_of_one_time_are_told_apart_where_a_pull_was_cut_off(key: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with apsw.Connection(str(path)) as db:
        db.execute("CREATE TABLE grown(id INTEGER, at TEXT)")
        days = [(i, f"2026-05-0{1 + i // 60_000}") for i in range(90_000)]
        db.executemany("INSERT INTO grown VALUES(?, ?)", days)
    done = cut_off(tmp_path / "held", grown(Sqlite(path=str(path), table="grown"), key=key))
    assert (done.account.received, done.resumed) == (90_000, 1 if key else 0)
    assert rows(tmp_path / "held", "SELECT count(*), count(DISTINCT id)") == [(90_000, 90_000)]


@pytest.fixture
def maria() -> Iterator[Any]:
    with asking() as cursor:
        yield cursor


@pytest.mark.parametrize("kind", MARIA)
def test_mariadb_is_asked_in_the_type_of_its_column(
    kind: str,
    maria: Any,  # noqa: ANN401 - a library without types
    tmp_path: Path,
) -> None:
    name = f"grown_{os.getpid()}"
    maria.execute(f"CREATE TABLE {name} (id INT, at {kind} NULL)")
    try:
        old = [(i, MARIA[kind](OLD - timedelta(hours=i))) for i in range(2_000)]
        maria.executemany(f"INSERT INTO {name} VALUES (%s, %s)", old)  # noqa: S608
        query = f"SELECT * FROM {name} WHERE id NOT LIKE '%x'"  # noqa: S608
        source = grown(MariaDb(port=port(), user="root", database="test", query=query))
        assert pulled(tmp_path / "held", source).account.stored == 2_000
        maria.execute(f"INSERT INTO {name} VALUES (%s, %s)", (9_000, MARIA[kind](NEW)))  # noqa: S608
        done = pulled(tmp_path / "held", source)
    finally:
        maria.execute(f"DROP TABLE {name}")
    assert rows(tmp_path / "held", "SELECT max(id), count(*)") == [(9_000, 2_001)]
    assert done.account.received < 150, "the whole table was read"
