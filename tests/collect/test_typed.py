"""What PostgreSQL says by type is what it says in words; what no type holds is still told."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources import cut_off, faults, pulled, rows

from mindu.data.collect.declare import Column, Postgres, Source
from mindu.data.collect.starts import Pattern
from mindu.edge.collect.typed import types

DSN = os.environ.get("MINDU_TEST_POSTGRES", "host=127.0.0.1 dbname=test user=postgres")
NAME = f"typed_{os.getpid()}"
OF = {
    "id": ("bigint", "whole"), "small": ("smallint", "whole"), "exact": ("numeric", "number"),
    "near": ("double precision", "number"), "count": ("numeric", "whole"),
    "wet": ("boolean", "truth"), "day": ("date", "day"), "at": ("timestamp", "moment"),
    "seen": ("timestamptz", "moment"), "name": ("text", "text"),
}  # fmt: skip
COLUMNS = tuple(Column(name=name, of=of, low=0 if name == "exact" else None)  # type: ignore[arg-type]
                for name, (_, of) in OF.items())  # fmt: skip
PLAIN = (1, -3, "12.50", 1e-7, "12", True, "2026-05-01", "2026-05-01 08:00:00.5",
         "2026-05-01 08:00:00+08", 'a, "b"\n站')  # fmt: skip
ODD = {
    "nothing at all": (2, *[None] * 9),
    "no number": (2, 1, "NaN", "Infinity", "1", False, *[None] * 4),
    "too low": (2, 1, "-7.250", 1.0, "1", None, None, None, None, ""),
    "without end": (2, 1, "1", 1.0, "1", None, "infinity", "infinity", "-infinity", "x"),
    "long before": (2, 1, "1", 1.0, "1", None, "0044-03-15 BC", "0044-03-15 BC", None, "x"),
    "far ahead": (2, 1, "1", 1.0, "1", None, "12026-01-01", "12026-01-01", None, "x"),
    "half of a whole": (2, 1, "1", 1.0, "1.5", None, None, None, None, "=cmd()"),
}


@pytest.fixture(scope="module")
def server() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(DSN, autocommit=True) as db:
        told = ", ".join(f"{name} {kind}" for name, (kind, _) in OF.items())
        db.execute(f"CREATE TABLE {NAME} ({told})")
        yield db
        db.execute(f"DROP TABLE {NAME}")


@pytest.mark.parametrize("case", ODD)
def test_a_table_says_the_same_by_type_and_in_words(
    case: str, server: "psycopg.Connection[tuple[object, ...]]", tmp_path: Path
) -> None:
    server.execute(f"TRUNCATE {NAME}")
    marks = ", ".join(["%s"] * len(OF))
    for row in (PLAIN, ODD[case]):
        server.execute(f"INSERT INTO {NAME} VALUES ({marks})", row)  # noqa: S608
    words = ", ".join(f"{name}::text" for name in OF)
    read = {
        "typed": Postgres(dsn=DSN, table=NAME),
        "words": Postgres(dsn=DSN, query=f"SELECT {words} FROM {NAME}"),  # noqa: S608
    }
    told = {}
    for way, one in read.items():
        source = Source(name="gauges", read=one, columns=COLUMNS, broken=1)
        done = pulled(tmp_path / way, source)
        assert done.account.whole
        told[way] = (done.account, rows(tmp_path / way), faults(tmp_path / way))
    if case == "without end":  # a text says "infinity", and so does a day: neither is one
        assert told["typed"][0].quarantined == 1
    assert told["typed"] == told["words"]


def test_a_type_that_may_not_fit_is_read_in_words() -> None:
    assert types(["whole", "number", "moment", "text"], [1700, 1700, 1082, 23]) == (
        pa.string(), pa.float64(), pa.string(), pa.string(),
    )  # fmt: skip


@given(st.lists(st.one_of(st.none(), st.text(alphabet="=+-@ \t\0a(!合计总注:：站x", max_size=6))))
def test_looking_at_two_bytes_first_misses_no_match(words: list[str | None]) -> None:
    for text, signs in ((r"^[\s\x00]*(=|[@+\-]\s*[a-z]+\s*[(!])", "=@+-"),
                        (r"^\s*(合\s*计|总\s*计|注\s*[:：])", "合总注")):  # fmt: skip
        column = pa.array(["whole", *words], pa.string()).slice(1)
        whole = pc.fill_null(pc.match_substring_regex(column, text), fill_value=False)
        assert Pattern(text, signs).matches(column).to_pylist() == whole.to_pylist()


@pytest.mark.parametrize("key", ["", "id"])
def test_a_pull_that_was_cut_off_brings_no_row_twice_and_leaves_none(
    key: str, server: "psycopg.Connection[tuple[object, ...]]", tmp_path: Path
) -> None:
    """All rows of a day have one time: only the key tells where the pull was cut off."""
    server.execute(f"TRUNCATE {NAME}")
    server.execute(
        f"INSERT INTO {NAME} (id, at, name) SELECT g, timestamp '2026-05-01' + g / 60000 * "  # noqa: S608
        "interval '1 day', repeat('x', 90) FROM generate_series(1, 100000) g"
    )
    read = Postgres(dsn=DSN, table=NAME)
    source = Source(name="gauges", read=read, columns=(COLUMNS[0], *COLUMNS[7:]), key=key,
                    since="at", mode="incremental")  # fmt: skip
    done = cut_off(tmp_path / "held", source)
    assert (done.account.received, done.resumed) == (100_000, 1 if key else 0)
    assert rows(tmp_path / "held", "SELECT count(*), count(DISTINCT id)") == [(100_000, 100_000)]
