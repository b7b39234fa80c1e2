"""`mindu data catalog` and `mindu data search`, as a person types them."""

import json
from pathlib import Path

import pytest

from mindu.cli.data.verbs import run

DECLARED = """
[[source]]
name = "gauges"
zh = "内河水位站"
owner = "市水系联排联调中心"
every = "1d"
[source.read]
is = "csv"
path = "gauges.csv"
[[source.columns]]
name = "level"
heading = "水位"
of = "number"
"""


def said(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, object]:
    code = run([*map(str, args), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_declared_source_is_listed_found_owed_and_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path / "city")]
    (tmp_path / "g.toml").write_text(DECLARED, encoding="utf-8")
    said(capsys, "source", "add", tmp_path / "g.toml", *data)
    code, found = said(capsys, "search", "内河", "水位", *data)
    assert (code, [one["name"] for one in found["datasets"]]) == (0, ["gauges"])  # type: ignore[index]
    assert said(capsys, "search", "不存在的词", *data)[0] == 1
    code, owed = said(capsys, "catalog", "--duties", *data)
    assert (code, owed[0]["dataset"], owed[0]["colour"]) == (1, "gauges", "red")  # type: ignore[index]
    (tmp_path / "g.toml").write_text(DECLARED.replace("市水系", "区水系"), encoding="utf-8")
    said(capsys, "source", "add", tmp_path / "g.toml", *data)
    told = said(capsys, "catalog", "gauges", "--versions", *data)[1]
    assert told[1]["changes"] == [  # type: ignore[index]
        {"where": "owner", "was": "市水系联排联调中心", "now": "区水系联排联调中心"}
    ]
    for name in ("all.ttl", "all.jsonld"):
        assert said(capsys, "catalog", "--export", tmp_path / name, *data)[0] == 0
        assert "gauges" in (tmp_path / name).read_text(encoding="utf-8")
    code, got = said(
        capsys, "catalog", "--harvest", tmp_path / "all.jsonld", "--portal", "other", *data
    )
    assert (code, got["datasets"] > 5) == (0, True)  # type: ignore[index]


def test_what_there_is_not_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    code, told = said(capsys, "catalog", "nobody", *data)
    assert (code, "no dataset is called 'nobody'" in told["error"]) == (2, True)  # type: ignore[index]
    (tmp_path / "x.json").write_text("{]")
    code, told = said(capsys, "catalog", "--harvest", tmp_path / "x.json", *data)
    assert (code, "is no JSON" in told["error"]) == (2, True)  # type: ignore[index]
