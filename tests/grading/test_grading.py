"""Grades by rules and by values, the policy that they call for, and erasing with a certificate."""

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from people import MAKERS

from mindu.base.records import Event, Words
from mindu.brain.stewards.grading import graded, kept, policy, regraded
from mindu.cli.data.verbs import run
from mindu.data.catalog.dataset import Dataset, Field, Grade
from mindu.data.erasure import erase
from mindu.data.grants.policies import read
from mindu.data.log import Log
from mindu.data.vault import Vault

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def dataset(*fields: tuple[str, str], grade: Grade = Grade.INTERNAL) -> Dataset:
    told = tuple(Field(name, "text", Words(name, zh)) for name, zh in fields)
    return Dataset(
        name="people", title=Words("people", "人口"), owner="局", department="1", theme="",
        fields=told, grade=grade, cycle="daily", licence="", basis="", stored="collect:people",
    )  # fmt: skip


def values(count: int = 300) -> dict[str, list[str]]:
    dice = Random(5)
    return {kind: [make(dice) for _ in range(count)] for kind, make in MAKERS.items()}


def test_values_and_rules_raise_the_grade_and_say_why() -> None:
    plain = dataset(("id", "证号"), ("name", "姓名"), ("note", "备注"), ("firm", "单位代码"))
    found = graded(plain, {**values(), "note": ["无"] * 50, "firm": values()["credit"]})
    told = {field.name: (field.grade, field.kind) for field in found.dataset.fields}
    assert told == {
        "id": (Grade.SENSITIVE, "id"), "name": (Grade.SENSITIVE, "name"),
        "note": (Grade.OPEN, ""), "firm": (Grade.OPEN, "credit"),
    }  # fmt: skip
    assert (found.dataset.grade, found.dataset.subject) == (Grade.SENSITIVE, "id")
    ill = graded(dataset(("c1", "诊断结果")), {})
    assert (ill.dataset.grade, ill.findings[0].rule) == (Grade.SECRET, "病历")


def test_no_grade_is_ever_lowered() -> None:
    secret = dataset(("note", "备注"), grade=Grade.SECRET)
    assert graded(secret, {}).dataset.grade == Grade.SECRET
    found = graded(dataset(("id", "证号")), values()).dataset
    again = regraded(dataset(("id", "证号")), kept(found))
    assert again == found
    assert regraded(secret, kept(dataset(("note", "备注")))).grade == Grade.SECRET


def test_the_policy_that_a_grade_calls_for_is_one_that_can_be_laid() -> None:
    found = graded(dataset(("id", "证号"), ("salary", "工资")), values()).dataset
    (told,) = read(policy(found))
    assert dict(told.duties.masks) == {"id": "middle", "salary": "hide"}
    assert policy(dataset(("note", "备注"))) == ""


def test_erasing_destroys_the_key_and_the_log_still_verifies(tmp_path: Path) -> None:
    vault, path = Vault(tmp_path / "vault"), str(tmp_path / "city.mindu")
    subject = vault.subject("13800138000")
    vault.put(subject, "phone", "13800138000")
    vault.put(subject, "name", "陈志强")
    with Log.open(path) as log:
        log.append(Event("called", {"caller": subject}), at=NOW, about="case:1", by="door")
        told = erase(vault, log, subject, now=NOW, by="li", why="本人申请,个保法第四十七条")
        assert (told.args["values"], told.args["left"]) == (2, 0)
        with pytest.raises(KeyError, match="or no longer"):
            erase(vault, log, subject, now=NOW, by="li", why="again")
        before = [*log]
    assert vault.get(subject, "phone") is None
    with Log.open(path) as log:
        log.verify()
        assert [*log] == before
        assert [entry.record.name for entry in log if isinstance(entry.record, Event)] == [
            "called", "erasing", "erased",
        ]  # fmt: skip
    vault.close()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert b"13800138000" not in file.read_bytes()
            assert "陈志强".encode() not in file.read_bytes()


DECLARED = """
[[source]]
name = "residents"
[source.read]
is = "csv"
path = "residents.csv"
[[source.columns]]
name = "who"
heading = "姓名"
[[source.columns]]
name = "tel"
heading = "联系电话"
"""


def test_a_source_is_graded_from_the_command_line_without_a_value_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path / "city"), "--json"]
    held = values(50)
    rows = [f"{who},{tel}" for who, tel in zip(held["name"], held["phone"], strict=True)]
    (tmp_path / "residents.csv").write_text("\n".join(["姓名,联系电话", *rows, ""]), "utf-8")
    (tmp_path / "r.toml").write_text(DECLARED, encoding="utf-8")
    for words in (["source", "add", str(tmp_path / "r.toml")], ["pull"]):
        assert run([*words, *data]) == 0
    capsys.readouterr()
    assert run(["grade", "residents", *data]) == 0
    out = capsys.readouterr().out
    assert json.loads(out)["grade"] == 3
    assert not any(secret in out for secret in (*held["name"], *held["phone"]))
    assert run(["catalog", "residents", *data]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [field["kind"] for field in told["fields"]] == ["name", "phone"]
    assert run(["grade", "residents", "--policy", *data]) == 0
    assert "who:initial" in capsys.readouterr().out


def test_erasing_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vault = Vault(tmp_path / "vault")
    vault.put("s1", "phone", "1")
    vault.close()
    Log.open(str(tmp_path / "city.mindu")).close()
    data = ["--data", str(tmp_path), "--json"]
    assert run(["erase", "s1", "--why", "on request", *data]) == 0
    assert json.loads(capsys.readouterr().out)["values"] == 1
    assert run(["erase", "s1", "--why", "on request", *data]) == 2
