"""Derived tables are stored in the order they need and known to the gateway; cells stay cells."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mindu.cli.data.verbs import run
from mindu.data.vault import CELL, Vault

ANNA = "350102199003070020"
DECLARED = """
[[source]]
name = "residents"
subject = "code"
department = "350100-gaj"
[source.read]
is = "csv"
path = "residents.csv"
[[source.columns]]
name = "code"
personal = true
[[source.columns]]
name = "name"
personal = true
[[source.columns]]
name = "area"
[[source.columns]]
name = "seen"
of = "day"
"""


@pytest.fixture
def city(tmp_path: Path) -> list[str]:
    rows = (
        f"code,name,area,seen\n{ANNA},陈安娜,鼓楼,2026-01-02\n,林本,台江,2026-01-03\nx,王一,台江,\n"
    )
    (tmp_path / "residents.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "s.toml").write_text(DECLARED, encoding="utf-8")
    data = ["--data", str(tmp_path / "city")]
    assert run(["source", "add", str(tmp_path / "s.toml"), *data]) == 0
    assert run(["pull", *data]) == 0
    return data


def declare(tmp_path: Path, name: str, sql: str, city: list[str]) -> int:
    (tmp_path / f"{name}.sql").write_text(sql, encoding="utf-8")
    return run(["lineage", name, "--sql", str(tmp_path / f"{name}.sql"), *city])


def test_a_derived_table_is_stored_after_those_it_reads_and_typed_by_what_came(
    city: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = "SELECT area, count(seen) AS n, max(seen) AS last FROM residents GROUP BY area"
    assert declare(tmp_path, "zcounts", counts, city) == 0
    assert declare(tmp_path, "busy", "SELECT area, n * 1.5 AS load FROM zcounts", city) == 0
    capsys.readouterr()
    assert run(["derive", "--json", *city]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told == [{"name": "zcounts", "rows": 2}, {"name": "busy", "rows": 2}]
    lake = tmp_path / "city" / "lake"
    rows = sorted(pq.read_table(lake / "busy.parquet").to_pylist(), key=str)
    assert rows == [{"area": "台江", "load": 1.5}, {"area": "鼓楼", "load": 1.5}]
    assert run(["catalog", "zcounts", "--json", *city]) == 0
    held = json.loads(capsys.readouterr().out)
    assert [(f["name"], f["type"]) for f in held["fields"]] == [
        ("area", "text"), ("last", "day"), ("n", "whole"),
    ]  # fmt: skip
    assert (held["grade"], held["stored"]) == (3, "file:zcounts.parquet")
    ask = ["sql", "SELECT n FROM zcounts", "--by", "wei", "--department", "350100-yjj", *city]
    assert run(ask) == 1, "no purpose, no reference, no data"
    assert "no such dataset" not in capsys.readouterr().err


def test_a_sealed_field_is_taken_as_it_is_or_not_at_all(
    city: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert declare(tmp_path, "people", "SELECT code AS id, name, area FROM residents", city) == 0
    assert run(["derive", "people", *city]) == 0
    table = pq.read_table(tmp_path / "city" / "lake" / "people.parquet")
    assert all(value.startswith(CELL) for value in table["name"].to_pylist())
    vault = Vault(tmp_path / "city" / "vault")
    assert vault.unseal(table["name"].to_pylist()) == ["陈安娜", "林本", "王一"]
    assert table["_who"].to_pylist()[0] == vault.subject(ANNA)
    vault.erase(vault.subject(ANNA))
    assert vault.unseal(table["name"].to_pylist())[0] is None, "erasure reaches what was derived"
    vault.close()
    assert declare(tmp_path, "initials", "SELECT left(name, 1) AS n FROM residents", city) == 0
    capsys.readouterr()
    assert run(["derive", "initials", *city]) == 2
    assert "is sealed" in capsys.readouterr().err


def test_a_new_query_drops_what_the_old_one_came_to(city: list[str], tmp_path: Path) -> None:
    assert declare(tmp_path, "areas", "SELECT area FROM residents", city) == 0
    assert run(["derive", "areas", *city]) == 0
    assert (tmp_path / "city" / "lake" / "areas.json").exists()
    assert declare(tmp_path, "areas", "SELECT area AS district FROM residents", city) == 0
    assert not (tmp_path / "city" / "lake" / "areas.json").exists()
    assert run(["derive", "nothing", *city]) == 2


def test_a_pull_makes_the_tables_anew_that_rest_on_it_in_their_order(
    city: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake, rows = tmp_path / "city" / "lake", tmp_path / "residents.csv"
    counts = "SELECT area, count(seen) AS n FROM residents GROUP BY area"
    joined = "SELECT a.area FROM residents a JOIN zcounts z ON a.area = z.area"
    tables = {"zcounts": counts, "busy": "SELECT area, n * 2 AS load FROM zcounts", "both": joined}
    for name, sql in tables.items():
        assert declare(tmp_path, name, sql, city) == 0
    assert run(["derive", "busy", "both", *city]) == 0, "what is only joined is made before too"
    assert declare(tmp_path, "later", "SELECT area FROM residents", city) == 0
    rows.write_text(rows.read_text(encoding="utf-8") + "y,李二,台江,2026-01-04\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["pull", *city]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if line.endswith(" rows")]
    assert sorted(told[-3:]) == ["both: 4 rows", "busy: 2 rows", "zcounts: 2 rows"]
    assert told[-3:].index("zcounts: 2 rows") == 0
    load = {r["area"]: r["load"] for r in pq.read_table(lake / "busy.parquet").to_pylist()}
    assert load == {"鼓楼": 2, "台江": 4}
    assert not (lake / "later.parquet").exists(), "it was never asked for"
    before = (lake / "busy.parquet").stat().st_mtime_ns
    (lake.parent / "derived" / "both.pulls").write_text('{"residents":1}', encoding="utf-8")
    assert run(["pull", "--due", *city]) == 0, "what was cut off is made at the next look"
    assert (lake / "busy.parquet").stat().st_mtime_ns == before
    assert (lake.parent / "derived" / "both.pulls").read_text("utf-8") == '{"residents":2}'
