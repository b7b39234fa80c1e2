"""Rules held against rows; scores and trends; what is stale or odd is said; a dispute is mended."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mindu.base.records import Event, Judgement, Words
from mindu.brain.cases import Role, State
from mindu.brain.casework.office import Office
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import Officer
from mindu.brain.memory import Memory
from mindu.brain.sharing import objections
from mindu.brain.sharing.kinds import KINDS
from mindu.brain.stewards.quality import Objection, dispute, evaluate, judgements
from mindu.cli.data.verbs import run
from mindu.data.catalog.dataset import Dataset, Field, Grade
from mindu.data.log import Log
from mindu.data.quality import rules
from mindu.data.quality.audit import Look, audit, profile
from mindu.data.quality.rules import Report, Rule, plausible
from mindu.data.quality.score import keep, kept, scores

DAY = 86_400_000
NOW = 1_780_000_000_000
NOON = datetime(2026, 9, 16, 4, tzinfo=UTC)
LIN = Officer("lin", "Lin", "350100", (Role.OFFICER,), ("*",))


def table(folder: Path, **columns: list[object]) -> list[str]:
    count = len(next(iter(columns.values())))
    path = folder / "t.parquet"
    pq.write_table(pa.table({"_row": pa.array(range(2, 2 + count)), **columns}), path)
    return [str(path)]


RULES = {
    "complete": (Rule(name="r", of="complete", field="a"), 2, (3, 4)),
    "low": (Rule(name="r", of="valid", field="n", low=0), 1, (4,)),
    "high": (Rule(name="r", of="valid", field="n", high=2), 1, (5,)),
    "among": (Rule(name="r", of="valid", field="a", among=("x", " ")), 1, (5,)),
    "pattern": (Rule(name="r", of="valid", field="a", pattern="x+"), 2, (4, 5)),
    "unique": (Rule(name="r", of="unique", field="k"), 2, (2, 3)),
    "consistent": (Rule(name="r", of="consistent", field="n", sign="<=", other="k"), 1, (5,)),
}


@pytest.mark.parametrize("case", RULES)
def test_a_rule_names_the_rows_that_break_it(case: str, tmp_path: Path) -> None:
    rule, broken, rows = RULES[case]
    files = table(tmp_path, a=["x", None, " ", "y"], n=[1, 2, -1, 3], k=[5, 5, 6, 2])
    (told,) = audit("t", files, [rule], [], Look(NOW)).results
    assert (told.checked, told.broken, told.rows, told.held) == (4, broken, rows, False)


def test_a_quote_in_a_name_or_value_is_only_a_name_or_value(tmp_path: Path) -> None:
    files = table(tmp_path, a=["x', (SELECT 1)) --", "y"])
    rule = Rule(name="r", of="valid", field="a", among=("x', (SELECT 1)) --",))
    assert audit("t", files, [rule], [], Look(NOW)).results[0].broken == 1
    with pytest.raises(ValueError, match="t has no field"):
        audit("t", files, [Rule(name="r", of="complete", field='a" OR "a')], [], Look(NOW))


def test_what_is_late_or_unlike_before_is_said(tmp_path: Path) -> None:
    files = table(tmp_path, at=[NOW - 3 * DAY, NOW - 2 * DAY], v=[50.0, 70.0])
    told = [
        Rule(name="fresh", of="fresh", field="at", within="1d"),
        Rule(name="pulled", of="fresh", within="1d"),
        Rule(name="volume", of="plausible"), Rule(name="mean", of="plausible", field="v"),
    ]  # fmt: skip
    past = [
        Report(dataset="t", at=i, pull=i, rows=1000 + i, results=(), means={"v": 60.0 + i})
        for i in range(6)
    ]
    report = audit("t", files, told, past, Look(NOW, 7, NOW - DAY // 2))
    assert {r.rule: r.held for r in report.results} == {
        "fresh": False, "pulled": True, "volume": False, "mean": True,
    }  # fmt: skip
    stale, odd = judgements(report)
    assert (stale.finding, odd.finding) == ("data_stale", "data_odd")
    assert (stale.evidence[0].value, odd.evidence[0].value) == (2 * 86_400, 2)
    assert "48.0 h" in stale.says.zh
    assert "陈旧" in stale.says.zh
    assert audit("t", files, told[2:3], past[:3], Look(NOW)).results[0].held  # too little past


def test_plausible_bears_noise_and_sees_a_break() -> None:
    past = [1000.0, 1010.0, 990.0, 1005.0, 40.0, 1002.0]
    assert plausible(1080.0, past)
    assert not plausible(0.0, past)
    assert not plausible(2000.0, past)


def test_a_table_that_never_came_is_late_and_empty() -> None:
    told = [Rule(name="c", of="complete", field="a"), Rule(name="f", of="fresh", within="1d")]
    report = audit("t", [], told, [], Look(NOW))
    assert (report.rows, [one.held for one in report.results]) == (0, [False])
    assert "never" in judgements(report)[0].says.en


def test_departments_are_scored_lowest_first_with_their_trend(tmp_path: Path) -> None:
    files = table(tmp_path, a=["x", None, "y", "z"])
    rule = Rule(name="r", of="complete", field="a", least=0.9)
    good = Rule(name="r", of="complete", field="_row")
    for i in range(3):
        keep(tmp_path / "q", audit("t", files, [good], [], Look(NOW + i)))
    keep(tmp_path / "q", audit("t", files, [rule], [], Look(NOW + 9)))
    audits = {"t": kept(tmp_path / "q"), "u": kept(tmp_path / "q")[:1], "none": []}
    first, second = scores(audits, {"t": "water", "u": "roads"})
    assert (first.department, first.score, first.trend, first.broken) == ("water", 75.0, -25.0, 1)
    assert (second.department, second.score, second.trend) == ("roads", 100.0, 0.0)


def test_a_profile_tells_no_word_of_anybody(tmp_path: Path) -> None:
    files = table(tmp_path, name=["陈志强", "林海燕", None], age=[30, 40, 50])
    name, age = profile(files)
    assert (name.missing, name.longest, name.low, name.high) == (1, 3, None, None)
    assert (age.low, age.high, age.mean) == (30, 50, 40.0)


def test_a_dispute_is_put_right_and_evaluated(tmp_path: Path) -> None:
    log = Log.open(str(tmp_path / "city.mindu"))
    office = Office(Memory(log, {}, seed=0), KINDS)
    calls = Dataset(
        name="t", title=Words("t", "表"), owner="局", department="350100", theme="",
        fields=(Field("a", "text", Words("a", "甲")),), grade=Grade.OPEN, cycle="daily",
        licence="", basis="", stored="collect:t",
    )  # fmt: skip
    rule = Rule(name="r", of="complete", field="a")
    bad = audit("t", table(tmp_path, a=["x", None]), [rule], [], Look(NOW, 1))
    case = dispute(office, calls, bad, Objection("r", "第3行缺失", "wei"), now=NOON)
    with pytest.raises(Refusal, match="no rule is called x"):
        dispute(office, calls, bad, Objection("x", "?", "wei"), now=NOON)
    assert office.cases.state(case.seq) == State.FORWARDED
    with pytest.raises(Refusal, match="pull the source again"):
        evaluate(office, case.seq, bad, by="wei", now=NOON)
    objections.answer(office, case.seq, "已补录", LIN, now=NOON)
    assert office.cases.state(case.seq) == State.CLOSED
    good = audit("t", table(tmp_path, a=["x", "y"]), [rule], [], Look(NOW, 2))
    told = evaluate(office, case.seq, good, by="wei", now=NOON)
    assert isinstance(told.record, Event)
    assert (told.record.args["before"], told.record.args["after"]) == (0.5, 1.0)
    assert told.record.args["mended"] is True
    assert case.seq in {entry.seq for entry in log.why(told.seq)}
    with pytest.raises(Refusal, match="r holds in t"):
        dispute(office, calls, good, Objection("r", "?", "wei"), now=NOON)
    log.close()


DECLARED = """
[[source]]
name = "pumps"
department = "350100"
key = "id"
[source.read]
is = "csv"
path = "pumps.csv"
[[source.columns]]
name = "id"
of = "whole"
required = true
[[source.columns]]
name = "m3"
of = "number"
"""
MORE = '[[rule]]\nname = "sane"\nof = "valid"\nfield = "m3"\nhigh = 100\nleast = 0.9\n'


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path / "city"), "--json"]
    (tmp_path / "pumps.csv").write_text("id,m3\n1,5\n2,500\n2,7\n")
    (tmp_path / "p.toml").write_text(DECLARED)
    (tmp_path / "r.toml").write_text(MORE)
    for words in (["source", "add", str(tmp_path / "p.toml")], ["pull"]):
        assert run([*words, *data]) == 0
    capsys.readouterr()
    assert run(["quality", "pumps", "--rules", str(tmp_path / "r.toml"), "--log", *data]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    broken = {one["rule"]: one["rows"] for one in told["results"] if not one["held"]}
    assert broken == {"id_unique": [3, 4], "sane": [3]}
    assert run(["quality", "--scores", *data]) == 0
    assert json.loads(capsys.readouterr().out)[0]["department"] == "350100"
    assert run(["quality", "pumps", "--profile", *data]) == 0
    assert json.loads(capsys.readouterr().out)["pumps"][1]["high"] == 500
    assert run(["dispute", "pumps", "sane", "第3行的 13800138000 不对", *data]) == 0
    case = json.loads(capsys.readouterr().out)["entry"]
    assert run(["dispute", "pumps", "sane", "", "--evaluate", str(case), *data]) == 1
    assert "pull the source again" in capsys.readouterr().out
    with Log.read(str(tmp_path / "city" / "city.mindu")) as log:
        assert "13800138000" not in str(log[case])
        assert not [e for e in log if isinstance(e.record, Judgement)]  # nothing late, nothing odd


@pytest.mark.parametrize(
    "body", ["", "[[rule]]\nname='a'\nof='fresh'", "[[rule]]\nname='a'\nof='valid'", "x = 1",
             "[[rule]]\nname='a'\nof='valid'\nfield='b'\npattern='('"],
)  # fmt: skip
def test_rules_that_are_none_are_refused(body: str) -> None:
    with pytest.raises(ValueError, match=r"rule|span|field|pattern|read"):
        rules.read(body.encode())
