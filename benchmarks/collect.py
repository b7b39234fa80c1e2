"""Collection: rows a second from CSV and PostgreSQL, against COPY in the same run, and memory.

The CSV has eight columns, quoted commas, and one row in a thousand broken. COPY is drained by the
same driver into nothing in turn with each pull; the best of each counts, by the wall and by our own
processor time (the server's is the same for both).
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import psycopg

from benchmarks.figure import Figure
from mindu.data.collect.declare import Column, Csv, Postgres, Source
from mindu.data.collect.part import Account
from mindu.data.collect.pull import pull
from mindu.data.collect.store import Holding
from mindu.edge.collect.door import reader

DSN = os.environ.get("MINDU_TEST_POSTGRES", "host=127.0.0.1 dbname=test user=postgres")
ROWS = 1_000_000
MANY = 10_000_000
TABLE = f"bench_collect_{os.getpid()}"
COLUMNS = (
    Column(name="id", of="whole", required=True),
    Column(name="name"),
    Column(name="at", of="moment"),
    Column(name="level", of="number", low=0),
    Column(name="flow", of="number"),
    Column(name="area"),
    Column(name="note"),
    Column(name="wet", of="truth"),
)
Took = tuple[float, float]  # seconds by the wall and of our processor
_PEAK = """
import resource, sys
from pathlib import Path
from benchmarks.collect import DSN, pulled
from mindu.data.collect.declare import Csv, Postgres
told = sys.argv[1]
read = Postgres(dsn=DSN, query=told) if told.startswith("SELECT") else Csv(path=told)
done = pulled(Path(sys.argv[2]), read)
assert done[2].whole
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def figures() -> Iterator[Figure]:
    """Measure all of it."""
    with TemporaryDirectory() as folder:
        base = Path(folder)
        yield from _csv(base)
        yield from _memory(base)
        yield from _postgres(base)


def written(path: Path, rows: int) -> Path:
    """Write the CSV."""
    with path.open("w", encoding="utf-8") as file:
        file.write("id,name,at,level,flow,area,note,wet\n")
        for i in range(rows):
            level = "坏" if i % 1000 == 7 else f"{i % 5000 / 10:.1f}"
            extra = ",x" if i % 5000 == 3 else ""
            day = f"2026-05-{1 + i % 28:02d} {i % 24:02d}:{i % 60:02d}:00"
            file.write(
                f'{i},测站{i % 977}号,{day},{level},{i % 31 / 7:.3f},鼓楼区,"正常, 无",1{extra}\n'
            )
    return path


def pulled(folder: Path, read: Csv | Postgres, key: str = "") -> tuple[float, float, Account]:
    """Pull once; return seconds by the wall and of processor, and the account."""
    source = Source(name="bench", read=read, columns=COLUMNS, key=key)
    holding = Holding(folder, source)
    began, busy = perf_counter(), process_time()
    done = pull(holding, reader(source, Path(), Path()), lambda: 1)
    took = perf_counter() - began, process_time() - busy
    holding.close()
    return *took, done.account


def _csv(base: Path) -> Iterator[Figure]:
    path = written(base / "one.csv", ROWS)
    runs = [pulled(base / f"csv{i}", Csv(path=str(path))) for i in range(3)]
    wall, busy = ROWS / min(run[0] for run in runs), ROWS / min(run[1] for run in runs)
    yield Figure(
        name="CSV with broken rows, 1 M rows, stored durably", value=round(wall), unit="rows/s",
        peer=None, goal=">= 200 k", holds=wall >= 200_000,
    )  # fmt: skip
    yield Figure(
        name="the same, by processor time", value=round(busy), unit="rows/cpu-s", peer=None,
        goal="", holds=None,
    )  # fmt: skip


def _memory(base: Path) -> Iterator[Figure]:
    many = written(base / "many.csv", MANY)
    asked = ("CSV", str(base / "one.csv"), str(many)), ("PostgreSQL", _rows(ROWS), _rows(MANY))
    for name, *told in asked:
        peaks = []
        for i, one in enumerate(told):
            command = [sys.executable, "-c", _PEAK, one, str(base / f"peak-{name}-{i}")]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            peaks.append(float(done.stdout))
        ratio = peaks[1] / peaks[0]
        yield Figure(
            name=f"{name}: peak memory, 10 M rows against 1 M", value=round(ratio, 3), unit="x",
            peer=f"{peaks[0]:.0f} MB at 1 M rows, {peaks[1]:.0f} MB at 10 M", goal="<= 1.15",
            holds=ratio <= 1.15,
        )  # fmt: skip


def _rows(count: int) -> str:
    return (
        "SELECT g AS id, '测站' || g % 977 || '号' AS name, "  # noqa: S608 - numbers of ours
        "timestamp '2026-05-01' + g * interval '1 second' AS at, (g % 5000) / 10.0 AS level, "
        "g % 31 / 7.0 AS flow, '鼓楼区' AS area, '正常, 无' AS note, true AS wet "
        f"FROM generate_series(1, {count}) g"
    )


def _postgres(base: Path) -> Iterator[Figure]:
    raw: list[Took] = []
    pulls: dict[str, list[Took]] = {"": [], "id": []}
    with psycopg.connect(DSN, autocommit=True) as db:
        db.execute(f"DROP TABLE IF EXISTS {TABLE}")
        db.execute(f"CREATE TABLE {TABLE} AS {_rows(ROWS)}")
        db.execute(f"ALTER TABLE {TABLE} ADD PRIMARY KEY (id)")
        db.execute(f"VACUUM ANALYZE {TABLE}")
        try:
            for i in range(5):
                raw.append(_drained(db))
                for key, took in pulls.items():
                    read = Postgres(dsn=DSN, table=TABLE)
                    took.append(pulled(base / f"pg{key}{i}", read, key)[:2])
        finally:
            db.execute(f"DROP TABLE {TABLE}")
    for which, sort in enumerate(("wall", "processor")):
        least = min(took[which] for took in raw)
        for key, name in (("", "no key"), ("id", "by key, so that it can go on")):
            share = least / min(took[which] for took in pulls[key])
            yield Figure(
                name=f"PostgreSQL, 1 M rows, {name}: share of raw COPY TO by the {sort}",
                value=round(share, 2), unit="x",
                peer=f"{ROWS / least:,.0f} rows/s drained by COPY alone",
                goal=">= 0.6", holds=share >= 0.6,
            )  # fmt: skip


def _drained(db: "psycopg.Connection[tuple[object, ...]]") -> Took:
    began, busy = perf_counter(), process_time()
    with db.cursor().copy(f"COPY {TABLE} TO STDOUT (FORMAT csv)") as copy:
        for _ in copy:
            pass
    return perf_counter() - began, process_time() - busy
