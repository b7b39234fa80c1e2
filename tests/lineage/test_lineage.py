"""Where a field comes from, through joins, CTEs and several tables; and the same told to others."""

import json
from pathlib import Path

import pytest

from mindu.base.records import Event, Judgement
from mindu.cli.data.verbs import run
from mindu.data.lineage.trace import Edge, back, derived, onward
from mindu.data.log import Log

TABLES = {"calls": ["id", "area", "opened"], "areas": ["code", "name", "people"]}
SQL = """
WITH busy AS (SELECT area, count(id) AS n, max(opened) AS last FROM calls GROUP BY area)
SELECT a.name, b.n * 1000.0 / a.people AS rate, b.last FROM busy b JOIN areas a ON a.code = b.area
"""


def test_each_column_is_traced_through_a_query() -> None:
    told = derived("rates", SQL, TABLES)
    assert told.edges == (
        Edge("rates", "*", "areas", "code", "used"), Edge("rates", "*", "calls", "area", "used"),
        Edge("rates", "last", "calls", "opened", "made"), Edge("rates", "name", "areas", "name"),
        Edge("rates", "rate", "areas", "people", "made"),
        Edge("rates", "rate", "calls", "id", "made"),
    )  # fmt: skip


def test_the_way_goes_back_over_tables_and_on() -> None:
    first = derived("rates", SQL, TABLES)
    tables = {**TABLES, "rates": ["name", "rate", "last"]}
    second = derived("top", "SELECT name AS who, rate FROM rates WHERE rate > 1", tables)
    edges = [*first.edges, *second.edges]
    way = [(s.deep, s.edge.of_table, s.edge.of_field) for s in back(edges, "top", "rate")]
    assert way == [
        (0, "rates", "rate"), (0, "rates", "rate"), (1, "areas", "people"), (1, "calls", "id"),
        (1, "areas", "code"), (1, "calls", "area"),
    ]  # fmt: skip
    on = {(s.edge.of_table, s.edge.of_field) for s in onward(edges, "areas", "name")}
    assert on == {("rates", "name"), ("top", "who")}
    rows = {(s.edge.of_table, s.edge.of_field) for s in onward(edges, "areas", "code")}
    assert rows >= {("rates", "*"), ("top", "who"), ("top", "rate")}, "it decides which rows"
    loop = [Edge("a", "x", "b", "x"), Edge("b", "x", "a", "x")]
    assert len(back(loop, "a")) == 2


def test_a_star_and_a_union_are_traced() -> None:
    told = derived("all_names", "SELECT * FROM areas UNION ALL SELECT * FROM areas", TABLES)
    assert {edge.of_field for edge in told.edges} == {"code", "name", "people"}


def test_fields_that_are_only_joined_filtered_or_grouped_leave_their_own_edge() -> None:
    sql = """
        WITH both AS (SELECT code AS place, people FROM areas UNION ALL SELECT area, id FROM calls)
        SELECT count(*) AS n FROM both JOIN calls c ON c.area = both.place AND c.opened > 1
        WHERE both.people > 5 AND c.id IN (SELECT id FROM calls WHERE opened < 9)
    """
    used = {(e.of_table, e.of_field) for e in derived("x", sql, TABLES).edges if e.how == "used"}
    assert used == {
        ("areas", "code"), ("areas", "people"), ("calls", "area"), ("calls", "id"),
        ("calls", "opened"),
    }  # fmt: skip
    assert derived("y", "SELECT name FROM areas", TABLES).edges == (
        Edge("y", "name", "areas", "name"),
    )


@pytest.mark.parametrize(
    "sql", ["DROP TABLE calls", "SELECT 1; SELECT 2", "SELEC x", "SELECT nope FROM calls",
            "SELECT * FROM secrets", "SELECT * FROM read_csv('/etc/passwd')"],
)  # fmt: skip
def test_what_cannot_be_traced_is_refused(sql: str) -> None:
    with pytest.raises(ValueError, match=r"SELECT|SQL|traced|does not know"):
        derived("x", sql, TABLES)


DECLARED = """
[[source]]
name = "pumps"
every = "1d"
[source.read]
is = "csv"
path = "pumps.csv"
[[source.columns]]
name = "id"
of = "whole"
[[source.columns]]
name = "m3"
of = "number"
"""


def test_declared_told_and_asked_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path / "city"), "--json"]
    (tmp_path / "pumps.csv").write_text("id,m3\n1,5\n2,50\n")
    (tmp_path / "p.toml").write_text(DECLARED)
    (tmp_path / "q.sql").write_text("SELECT id, m3 * 2 AS twice FROM pumps")
    (tmp_path / "r.toml").write_text(
        '[[rule]]\nname = "young"\nof = "fresh"\nfield = "m3"\nwithin = "1d"\n'
    )
    for words in (["source", "add", str(tmp_path / "p.toml")], ["pull"]):
        assert run([*words, *data]) == 0
    events = tmp_path / "events.ndjson"
    capsys.readouterr()
    assert run(["lineage", "doubled", "--sql", str(tmp_path / "q.sql"), "--events", str(events),
                *data]) == 0  # fmt: skip
    way = json.loads(capsys.readouterr().out)
    assert [step["edge"] for step in way] == [
        ["doubled", "id", "pumps", "id", "same"], ["doubled", "twice", "pumps", "m3", "made"],
    ]  # fmt: skip
    pull, derive = map(json.loads, events.read_text(encoding="utf-8").splitlines())
    assert pull["outputs"][0]["name"] == "pumps"
    facet = derive["outputs"][0]["facets"]["columnLineage"]["fields"]
    assert facet["twice"]["inputFields"][0]["field"] == "m3"
    assert run(["catalog", "doubled", *data]) == 0
    assert json.loads(capsys.readouterr().out)["grade"] == 2
    assert run(["quality", "pumps", "--rules", str(tmp_path / "r.toml"), "--log", *data]) == 1
    with Log.read(str(tmp_path / "city" / "city.mindu")) as log:
        (judged,) = [entry for entry in log if isinstance(entry.record, Judgement)]
        pulled = [entry.record for entry in log.why(judged.seq) if entry.seq != judged.seq]
    assert isinstance(pulled[0], Event)
    assert (pulled[0].name, pulled[0].args["stored"]) == ("pulled", 2)
