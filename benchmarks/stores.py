"""The two stores: entries durable a second on SQLite and on PostgreSQL, in turn, in one run.

Both write the same entries through the same log. By the wall and by our own processor time; the
server's processor is not ours to count, its disk is the same. `MINDU_TEST_POSTGRES` names another.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from benchmarks.figure import Figure
from mindu.base.records import Event, Judgement, Severity, Words
from mindu.data.log import Log

DSN = os.environ.get("MINDU_TEST_POSTGRES", "host=127.0.0.1 dbname=test user=postgres")
START = datetime(2026, 1, 1, tzinfo=UTC)
GROUPS = ((1_000, 50_000), (100, 10_000), (1, 400))  # entries of one commit, entries in all
TURNS = 3
RECORDS = (
    Event("opened", {"to": 0.5, "by": "duty"}),
    Judgement("high", Severity.ORANGE, Words("North reach is rising.", "北段水位上涨。"), 0.8),
)
Took = tuple[float, float]  # seconds by the wall and of our processor


def figures() -> Iterator[Figure]:
    """Measure writing in groups, and a check of the whole."""
    for group, count in GROUPS:
        yield from _told(f"entries in groups of {group:,}, each group durable", _both(group, count))


def _both(group: int, count: int) -> dict[str, list[float]]:
    """Return entries a second on both stores: best by the wall, then best by the processor."""
    took: dict[str, list[Took]] = {"SQLite": [], "PostgreSQL": []}
    with TemporaryDirectory() as folder, psycopg.connect(DSN, autocommit=True) as db:
        for turn in range(TURNS):
            name = f"bench{os.getpid()}.{group}.{turn}"
            took["SQLite"].append(_written(str(Path(folder) / f"{name}.mindu"), group, count))
            try:
                took["PostgreSQL"].append(_written(f"{_url()}#{name}", group, count))
            finally:
                gone = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name))
                db.execute(gone)
    return {store: [count / min(told) for told in zip(*every, strict=True)]
            for store, every in took.items()}  # fmt: skip


def _written(where: str, group: int, count: int) -> Took:
    with Log.open(where) as log:
        began, busy = perf_counter(), process_time()
        for number in range(count):
            record = RECORDS[number % len(RECORDS)]
            log.append(record, at=START, about=f"gauge:{number % 97}", by="bench")
            if (number + 1) % group == 0:
                log.commit()
        took = perf_counter() - began, process_time() - busy
        assert log.durable == count, "each group is on disk"
    return took


def _told(name: str, rates: dict[str, list[float]]) -> Iterator[Figure]:
    for which, unit in enumerate(("entries/s", "entries/cpu-s")):
        ours, peer = rates["PostgreSQL"][which], rates["SQLite"][which]
        yield Figure(
            name=f"PostgreSQL: {name}", value=round(ours), unit=unit,
            peer=f"SQLite {peer:,.0f} in the same run: {ours / peer:.2f} x", goal="", holds=None,
        )  # fmt: skip


def _url() -> str:
    told = {k: quote(str(v), safe="") for k, v in conninfo_to_dict(DSN).items()}
    secret = f":{told['password']}" if "password" in told else ""
    host = f"{told.get('host', '127.0.0.1')}:{told.get('port', 5432)}"
    return f"postgresql://{told.get('user', '')}{secret}@{host}/{told.get('dbname', 'postgres')}"
