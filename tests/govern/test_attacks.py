"""No attack gets a masked value, a row that is not the asker's, a small group, or a file."""

from collections.abc import Iterator
from itertools import combinations, count, pairwise
from pathlib import Path

import duckdb
import pytest
from attacks import HARMLESS, REFUSED
from gateway_house import LEAKS, LEAKS_OF_GROUPS, LONELY, asking, gateway, text

from mindu.base.records import Receipt
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.patience import FAILURES
from mindu.data.gateway.plan import tables
from mindu.data.gateway.pool import Limits

NUMBERS = count()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    made = gateway(tmp_path_factory.mktemp("lake"))
    yield made
    made.pool.close()


def user() -> str:
    return f"user{next(NUMBERS)}"  # each its own, so that patience does not run out


def last(door: Gateway) -> Receipt:
    record = door.book.log[-1].record
    assert isinstance(record, Receipt)
    return record


@pytest.mark.parametrize("sql", REFUSED)
def test_it_is_refused_and_the_no_is_receipted(door: Gateway, sql: str) -> None:
    with pytest.raises(Refused) as no:
        door.query(asking(sql, user()))
    assert not LEAKS.search(f"{no.value.says.en} {no.value.says.zh}".replace(sql, ""))
    assert no.value.says.zh
    assert not last(door).allowed


@pytest.mark.parametrize("sql", HARMLESS)
def test_it_runs_and_tells_nothing(door: Gateway, sql: str) -> None:
    try:
        answer = door.query(asking(sql, user()))
    except Refused as no:
        pytest.fail(f"this does no harm and must run: {no}")
    said = text(answer)
    marks = LEAKS_OF_GROUPS if "grouped" in sql else LEAKS
    assert not marks.search(said), said[:300]
    assert last(door).allowed
    assert last(door).rows == answer.rows.num_rows


def test_the_suite_is_as_long_as_it_claims() -> None:
    assert len(set(REFUSED)) + len(set(HARMLESS)) >= 200


def test_no_difference_of_two_answers_comes_below_a_group(door: Gateway) -> None:
    """Sums over every set of groups: the lonely caller's minutes stand between no two of them."""
    sums = {}
    topics = ("t0", "t1", "t2", "t3", "rare")
    for size in range(len(topics) + 1):
        for chosen in combinations(topics, size):
            among = ", ".join(f"'{topic}'" for topic in chosen) or "''"
            sql = (
                "SELECT coalesce(sum(minutes), 0) AS s, count(*) AS n FROM grouped "
                f"WHERE district = '350102' AND topic IN ({among})"
            )
            sums[chosen] = door.query(asking(sql, user())).rows.to_pylist()[0]
    for one, other in combinations(sums.values(), 2):
        assert abs(abs(one["s"] - other["s"]) - LONELY) > 0.01
        assert abs(one["n"] - other["n"]) != 1
    whole = door.query(asking("SELECT sum(minutes) AS s FROM grouped WHERE district='350102'"))
    assert whole.rows.to_pylist()[0]["s"] == sums["t0", "t1", "t2", "t3"]["s"]


def test_an_error_tells_the_same_whatever_the_rows_hold(door: Gateway) -> None:
    """Rows of other districts decide whether a cast fails; nobody can see whether it did."""
    said = set()
    for value in ("350103", "350999"):
        sql = (
            f"SELECT count(*) AS n FROM calls WHERE CAST(CASE WHEN district = '{value}' "
            "THEN topic ELSE '1' END AS INT) + 9223372036854775807 > 0"
        )
        said.add(text(door.query(asking(sql, user()))))
    assert len(said) == 1


def test_who_fails_again_and_again_is_stopped_for_the_hour(door: Gateway) -> None:
    name = user()
    for _ in range(FAILURES):
        with pytest.raises(Refused, match="no such dataset"):
            door.query(asking("SELECT * FROM ghosts", name))
    with pytest.raises(Refused, match="failed within the hour"):
        door.query(asking("SELECT * FROM stations", name))


def test_a_function_that_an_upgrade_adds_is_refused_until_somebody_allows_it() -> None:
    told = duckdb.connect().execute(
        "SELECT DISTINCT function_name, function_type FROM duckdb_functions()"
    )
    ran = set()
    for name, _kind in told.fetchall():
        if not name.isidentifier() or not name.isascii():
            continue
        try:
            tables(f"SELECT {name}(id) FROM stations")
        except Refused:
            continue
        ran.add(name)
    allowed = {
        "abs", "avg", "ceil", "ceiling", "concat", "count", "count_star", "date_trunc", "datetrunc",
        "day", "floor", "greatest", "least", "left", "len", "length", "lcase", "lower", "max",
        "mean", "median", "min", "month", "quantile", "quantile_cont", "quantile_disc", "right",
        "ltrim", "rtrim",
        "round", "stddev", "stddev_pop", "stddev_samp", "substr", "substring", "sum", "trim",
        "ucase", "upper", "var_pop", "var_samp", "variance", "year", "char_length",
        "character_length", "strlen", "nullif", "coalesce", "lag", "lead", "rank", "row_number",
        "dense_rank",
    }  # fmt: skip
    assert ran <= allowed, f"look at these before they are let in: {sorted(ran - allowed)}"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT count(*) FROM calls a, calls b, calls c, calls d, calls e", "took"),
        (
            "SELECT a.phone FROM calls a, calls b, calls c, calls d ORDER BY a.phone || d.phone",
            "took",
        ),
        ("SELECT " + "(" * 500 + "1" + ")" * 500 + " FROM stations", "nested|no SQL|big"),
        ("SELECT " + "+".join(["level"] * 3000) + " FROM stations", "big|nested|no SQL"),
        ("SELECT " + ", ".join(["id"] * 10_000) + " FROM stations", "20000 characters"),
    ],
)
def test_a_bomb_is_contained_and_the_gateway_goes_on(tmp_path: Path, sql: str, said: str) -> None:
    tight = Limits(seconds=1.5, memory=200 << 20, space=3 << 30, threads=1, children=1)
    door = gateway(tmp_path, limits=tight)
    with pytest.raises(Refused, match=said):
        door.query(asking(sql))
    assert door.query(asking("SELECT * FROM stations", "next")).rows.num_rows == 2
    door.pool.close()


def test_a_doubling_text_is_stopped_by_the_wall(tmp_path: Path) -> None:
    names = [f"a{i}" for i in range(34)]
    steps = ", ".join(f"{b} AS (SELECT x || x AS x FROM {a})" for a, b in pairwise(names))
    sql = f"WITH a0 AS (SELECT id AS x FROM stations), {steps} SELECT length(x) FROM {names[-1]}"
    door = gateway(tmp_path)
    with pytest.raises(Refused, match=r"took|big|nested"):
        door.query(asking(sql))
    assert door.query(asking("SELECT * FROM stations", "next")).rows.num_rows == 2
    door.pool.close()
