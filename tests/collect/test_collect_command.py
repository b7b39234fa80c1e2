"""`mindu data source | pull | quarantine`, as a person types it, and what the paper shows of it."""

import json
import re
import shlex
from pathlib import Path

import pytest
from workbooks import workbook

from mindu.cli.data.verbs import parser, run

PAPERS = Path(__file__).parents[2] / "docs"
DECLARED = """
[[source]]
name = "gauges"
every = "1d"
since = "id"
[source.read]
is = "csv"
path = "gauges.csv"
[[source.columns]]
name = "id"
heading = "编号"
of = "whole"
required = true
[[source.columns]]
name = "phone"
heading = "电话"
pattern = "1[0-9]{10}"
"""


def said(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, object, str]:
    code = run([*map(str, args), "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out.splitlines()[-1]), told.err


def test_a_file_is_guessed_declared_pulled_and_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workbook(
        tmp_path / "泵站.xlsx", [["编号", "流量（立方米/秒）", "启用"], ["007", 2.5, "2026-05-01"]]
    )
    assert run(["source", "guess", str(path), "--name", "pumps"]) == 0
    told = capsys.readouterr().out
    (tmp_path / "pumps.toml").write_text(told, encoding="utf-8")
    data = ["--data", str(tmp_path / "city")]
    assert said(capsys, "source", "add", tmp_path / "pumps.toml", *data)[:2] == (0, ["pumps"])
    code, pulls, _ = said(capsys, "pull", "pumps", *data)
    assert (code, pulls[0]["account"]["stored"]) == (0, 1)  # type: ignore[index]
    listed = said(capsys, "source", "list", *data)[1][0]  # type: ignore[index]
    columns = listed["source"]["columns"]
    assert [(c["name"], c.get("of", "text"), c.get("unit", "")) for c in columns] == [
        ("c1", "text", ""), ("c2", "number", "立方米/秒"), ("c3", "day", ""),
    ]  # fmt: skip


def test_a_broken_row_is_shown_without_its_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "g.toml").write_text(DECLARED, encoding="utf-8")
    (tmp_path / "gauges.csv").write_text("编号,电话\n1,13800138000\n2,138-0013-8000\n", "utf-8")
    data = ["--data", str(tmp_path / "city")]
    said(capsys, "source", "add", tmp_path / "g.toml", *data)
    code, _, err = said(capsys, "pull", "--due", *data)
    assert code == 0
    found = run(["quarantine", "gauges", *data])
    out = capsys.readouterr().out
    assert (found, "3  phone  pattern  9{3}-9{4}-9{4}" in out) == (1, True)
    assert "8000" not in out + err
    assert said(capsys, "pull", "--due", *data)[1] == []  # not due for a day
    held = [p.read_bytes() for p in (tmp_path / "city" / "collect").rglob("*.json")]
    assert not any(b"138-0013" in body for body in held)


def test_what_cannot_be_pulled_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    code, told, _ = said(capsys, "pull", *data)
    assert (code, told["error"]) == (2, "No source is declared.")  # type: ignore[index]
    code, told, _ = said(capsys, "pull", "nobody", *data)
    assert "no source is called 'nobody'" in told["error"]  # type: ignore[index]
    (tmp_path / "g.toml").write_text(DECLARED, encoding="utf-8")
    said(capsys, "source", "add", tmp_path / "g.toml", *data)
    code, _, err = said(capsys, "pull", *data)
    assert (code, "is not there" in err) == (1, True)
    for wrong in ('name = "a b"', 'name = "g"\nevery = "1 day"', 'name = "g"\nsecret = 1'):
        body = f'[[source]]\n{wrong}\n[source.read]\nis = "csv"\npath = "x"\n'
        (tmp_path / "w.toml").write_text(body, encoding="utf-8")
        assert run(["source", "add", str(tmp_path / "w.toml"), *data]) == 2


def shown() -> list[str]:
    papers = (PAPERS / name for name in ("collect.md", "catalogue.md"))
    text = "".join(path.read_text(encoding="utf-8") for path in papers)
    found = re.findall(r"^mindu data ([a-z][^\n#]*)", text, re.MULTILINE)
    return sorted({line.strip() for line in found})


@pytest.mark.parametrize("line", shown())
def test_every_command_that_a_paper_shows_is_one_that_is_taken(line: str) -> None:
    words = shlex.split(line)
    parser(words[0]).parse_args(words)
