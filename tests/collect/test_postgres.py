"""A live PostgreSQL: full and incremental, cut off half-way, refused in words."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg
import pytest
from psycopg import sql
from sources import faults, pulled, rows

from mindu.data.collect.declare import Column, Postgres, Source
from mindu.data.collect.part import Broken
from mindu.data.collect.pull import pull
from mindu.data.collect.store import Holding, Pull, files
from mindu.edge.collect.door import reader

DSN = os.environ.get("MINDU_TEST_POSTGRES", "host=127.0.0.1 dbname=test user=postgres")
COLUMNS = (
    Column(name="id", of="whole", required=True),
    Column(name="name", most=20),
    Column(name="level", of="number", low=0),
    Column(name="seen", of="moment"),
    Column(name="wet", of="truth"),
    Column(name="day", of="day"),
)


@pytest.fixture
def table() -> Iterator[str]:
    """Make a table of 50,000 rows, one in a thousand broken."""
    name = f"collect_{os.getpid()}"
    with psycopg.connect(DSN, autocommit=True) as db:
        db.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))
        db.execute(sql.SQL(
            "CREATE TABLE {} AS SELECT g AS id, 'st, \"' || g || E'\\n站' AS name, "
            "CASE WHEN g % 1000 = 7 THEN -1 ELSE g / 8.0 END AS level, "
            "timestamptz '2026-05-01 00:00+08' + g * interval '1 second' AS seen, "
            "g % 2 = 0 AS wet, date '2026-05-01' + g % 30 AS day FROM generate_series(1, 50000) g"
        ).format(sql.Identifier(name)))  # fmt: skip
        db.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (id)").format(sql.Identifier(name)))
        yield name
        db.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))


def gauges(table: str, **more: object) -> Source:
    read = Postgres(dsn=DSN, table=table)
    told = {"name": "gauges", "read": read, "columns": COLUMNS, "key": "id", **more}
    return Source(**told)  # type: ignore[arg-type]


def test_a_table_comes_whole(table: str, tmp_path: Path) -> None:
    done = pulled(tmp_path / "held", gauges(table))
    assert (done.account.received, done.account.quarantined) == (50_000, 50)
    assert faults(tmp_path / "held")[0].shape == "-9"
    first = rows(tmp_path / "held")[0]
    when = round(datetime(2026, 4, 30, 16, 0, 1, tzinfo=UTC).timestamp() * 1000)
    assert first[:5] == (1, 'st, "1\n站', 0.125, when, False)


def test_news_come_by_time_and_replace_by_key(table: str, tmp_path: Path) -> None:
    source = gauges(table, since="seen", mode="incremental")
    pulled(tmp_path / "held", source)
    with psycopg.connect(DSN, autocommit=True) as db:
        name = sql.Identifier(table)
        db.execute(
            sql.SQL("UPDATE {} SET level = 99, seen = '2026-06-01 00:00+08' WHERE id = 5").format(
                name
            )
        )
        db.execute(
            sql.SQL("INSERT INTO {} VALUES(50001, '新', 1, '2026-06-02 00:00+08')").format(name)
        )
    done = pulled(tmp_path / "held", source)
    assert (done.account.received, done.account.stored, done.replaced) == (3, 3, 2)
    told = {row[0]: row for row in rows(tmp_path / "held")}
    assert (len(told), told[5][2], told[50_001][1]) == (50_001 - 50, 99.0, "新")


def test_a_server_that_ends_the_line_half_way_loses_nothing(table: str, tmp_path: Path) -> None:
    source = gauges(table)
    cut: list[Pull] = []

    def see(told: Pull) -> None:
        cut.append(told)
        if len(cut) == 1:
            with psycopg.connect(DSN, autocommit=True) as db:
                db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = 'mindu collect'"
                )

    with psycopg.connect(DSN, autocommit=True) as db:  # so much that the wire cannot hold it
        wide = sql.SQL("UPDATE {} SET name = name || repeat('x', 2000) WHERE id > 20000")
        db.execute(wide.format(sql.Identifier(table)))
    patient = msgspec.structs.replace(
        source, columns=(COLUMNS[0], Column(name="name"), *COLUMNS[2:])
    )
    holding = Holding(tmp_path / "held", patient)
    try:
        with pytest.raises(Broken, match="pull again to go on"):
            pull(holding, reader(patient, Path(), Path()), lambda: 1, see=see, batch=1_000)
    finally:
        holding.close()
    assert files(tmp_path / "held") == []
    assert 0 < cut[-1].account.received < 50_000
    done = pulled(tmp_path / "held", patient)
    assert (done.resumed, done.account.received) == (1, 50_000)
    assert len(rows(tmp_path / "held", "SELECT DISTINCT id")) == 49_950


REFUSED = {
    "no table": ({"table": "nowhere"}, "no such table"),
    "no database": ({"dsn": DSN.replace("dbname=test", "dbname=nowhere")}, "no such database"),
    "no server": ({"dsn": "host=127.0.0.1 port=1"}, "nobody answers"),
    "no query": ({"table": "", "query": "SELEKT 1"}, "is no SQL"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_told_in_words(case: str, tmp_path: Path) -> None:
    more, told = REFUSED[case]
    read = Postgres(**{"dsn": DSN, "table": "x", **more})
    with pytest.raises(Broken, match=told):
        pulled(tmp_path / "held", gauges("x", read=read))


def test_a_column_that_is_not_there_is_told(table: str, tmp_path: Path) -> None:
    source = gauges(table, columns=(*COLUMNS, Column(name="gone")))
    with pytest.raises(Broken, match="a declared column is not there"):
        pulled(tmp_path / "held", source)


@pytest.mark.parametrize("dsn", ["host=a password=x", "postgresql://u:p@h/d"])
def test_no_secret_lies_in_a_declaration(dsn: str) -> None:
    with pytest.raises(Broken, match="take the password out"):
        reader(gauges("x", read=Postgres(dsn=dsn, table="x")), Path(), Path())


def test_the_source_is_read_and_never_written(table: str, tmp_path: Path) -> None:
    query = f"WITH gone AS (DELETE FROM {table} RETURNING *) SELECT * FROM gone"  # noqa: S608
    source = gauges(table, read=Postgres(dsn=DSN, query=query))
    with pytest.raises(Broken):
        pulled(tmp_path / "held", source)
    assert pulled(tmp_path / "more", gauges(table)).account.received == 50_000
