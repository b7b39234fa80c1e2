"""One record a person: joined, explained, shown to whom it is about, decided, undone, erased."""

import json
from pathlib import Path
from typing import Any

import pytest
from registers_town import ANNA, BEN, HOTLINE, feed, said, source, town

from mindu.cli.data.verbs import run as data
from mindu.cli.register.verbs import run as register
from mindu.data.gateway.mine import Page
from mindu.data.log import Log
from mindu.data.registers import store
from mindu.data.registers.own import own
from mindu.data.vault import Vault
from mindu.edge.data.own_page import page


def values(told: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    (own,) = told
    return {one["name"]: one["value"] for one in own["held"]}


def subject(capsys: pytest.CaptureFixture[str], city: list[str], code: str = ANNA) -> str:
    told: Any = said(capsys, "mine", code, *city)[1]
    return str(told[0]["subject"])


@pytest.fixture
def built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    city = town(tmp_path)
    code, told = said(capsys, "build", "person", *city)
    build = told[0]["build"]  # type: ignore[index]
    assert (code, build["records"], build["subjects"]) == (0, 5, 2)
    return city


def test_each_value_says_where_it_is_from_and_why_it_was_taken(
    built: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told: Any = said(capsys, "mine", ANNA, *built)[1]
    held = values(told)
    assert (held["name"], held["id_number"]) == ("陈英燕", ANNA), "the police has the last word"
    assert held["phone"] == HOTLINE[0][6], "the newest phone is taken"
    assert held["address"] == "晋安区福新路8号"
    phone = next(one for one in told[0]["held"] if one["name"] == "phone")
    assert phone["source"] == "hotline"
    assert "2026-03-01" in phone["says"]["zh"]
    assert "时间最新" in phone["says"]["zh"]
    assert told[0]["records"] == ["clinic", "hotline", "police"]
    assert said(capsys, "mine", "350102199003079999", *built)[1] == []
    assert register(["mine", ANNA, "--lang", "zh", *built]) == 0
    assert "姓名: 陈英燕" in capsys.readouterr().out


def test_the_own_page_shows_each_value_with_a_form_against_it(
    built: list[str], tmp_path: Path
) -> None:
    assert built
    vault = Vault(tmp_path / "city" / "vault")
    held = own(tmp_path / "city" / "registers", vault, vault.subject(ANNA))
    vault.close()
    for zh, words in ((True, "人口基础库"), (False, "Persons")):
        told = page(Page([], None), [], held, zh=zh)
        assert words in told
        assert "陈英燕" in told
        assert '<input type=hidden name=dataset value="hotline">' in told
        assert "person.phone: </textarea>" in told


def test_nothing_personal_lies_open_and_no_reference_no_data(
    built: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (ANNA, BEN, "陈英燕", "陈瑛燕", "林本", "13911111111", "五四路")
    kept = [p for p in (tmp_path / "city").rglob("*") if p.is_file()]
    assert not [
        (path.name, word) for path in kept for word in words if word.encode() in path.read_bytes()
    ]
    assert data(["catalog", "register_person", "--json", *built]) == 0
    told = json.loads(capsys.readouterr().out)
    grades = {one["name"]: (one["grade"], one["sealed"]) for one in told["fields"]}
    assert grades["id_number"] == (3, True)
    assert (told["subject"], told["owner"], told["department"]) == (
        "id_number",
        "",
        "350100-police",
    )
    sql = ["sql", "SELECT count(*) AS n FROM register_person", "--by", "wei", *built]
    assert data([*sql, "--department", "350100-yjj"]) == 1, "no purpose, no reference, no data"
    assert data(["lineage", "register_person", "--field", "phone", "--json", *built]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {tuple(one["edge"][2:4]) for one in found} == {
        ("police", "phone"), ("clinic", "phone"), ("hotline", "phone"),
    }  # fmt: skip


def test_a_split_holds_until_it_is_undone_and_names_stay(
    built: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "city" / "registers" / "person"
    rows = store.table(place, "records").to_pylist()
    (record,) = [row["record"] for row in rows if row["source"] == "hotline"]
    anna = subject(capsys, built)
    code, told = said(capsys, "split", "person", anna, record[:8], "--note", "另有其人", *built)
    assert (code, told["build"]["subjects"]) == (0, 3)  # type: ignore[index]
    after: Any = said(capsys, "mine", ANNA, *built)[1]
    assert sorted(one["subject"] == anna for one in after) == [False, True]
    kept = next(one for one in after if one["subject"] == anna)
    assert {one["value"] for one in kept["held"] if one["name"] == "phone"} == {"13800000001"}
    assert any("13911111111 → 13800000001" in one["zh"] for one in kept["changes"])
    undone = said(capsys, "undo", "person", told["entry"], "--note", "查实为同一人", *built)[1]  # type: ignore[index]
    assert undone["build"]["subjects"] == 2  # type: ignore[index]
    assert subject(capsys, built) == anna
    assert said(capsys, "undo", "person", told["entry"], "--note", "x", *built)[0] == 2  # type: ignore[index]
    assert said(capsys, "split", "person", anna, "ffffffff", "--note", "x", *built)[0] == 2


def test_a_paper_is_tied_to_the_file_of_its_holder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = ["--data", str(tmp_path / "city")]
    code = "91350102M000100Y43"
    day, long, short = "2026-01-01", "福建海天餐饮有限公司", "海天餐饮有限责任公司"
    firms = [
        {"row": "1", "seen": day, "name": "福州闽榕物流有限公司", "credit_code": code},
        {"row": "2", "seen": day, "name": long, "credit_code": ""},
    ]
    papers = [
        {"row": "1", "seen": day, "number": "A1", "holder": "", "holder_code": code},
        {"row": "2", "seen": day, "number": "B2", "holder": short, "holder_code": ""},
        {"row": "3", "seen": day, "number": "C3", "holder": "无此公司", "holder_code": ""},
    ]
    told = source(tmp_path, "market", firms, subject="credit_code", department="350100-scj")
    more = source(tmp_path, "permits", papers, subject="holder_code", department="350100-scj")
    (tmp_path / "s.toml").write_text(f"{told}\n{more}", encoding="utf-8")
    feeds = feed("enterprise", "market", ("name", "credit_code"), 1)
    feeds += feed("licence", "permits", ("number", "holder", "holder_code"), 1)
    (tmp_path / "f.toml").write_text(feeds, encoding="utf-8")
    assert data(["source", "add", str(tmp_path / "s.toml"), *city]) == 0
    assert data(["pull", *city]) == 0
    assert register(["feed", str(tmp_path / "f.toml"), *city]) == 0
    assert register(["build", *city]) == 0
    home = tmp_path / "city" / "registers"
    rows = store.table(home / "enterprise", "subjects").to_pylist()
    firm = {row["name"]: row["subject"] for row in rows}
    rows = store.table(home / "licence", "subjects").to_pylist()
    held = {row["number"]: row["held_by"] for row in rows}
    assert held == {"A1": firm["福州闽榕物流有限公司"], "B2": firm[long], "C3": None}
    mine: Any = said(capsys, "mine", code, *city)[1]
    assert [one["register"] for one in mine] == ["enterprise", "licence"]


def test_an_erased_person_is_gone_at_the_sources_too_and_the_log_verifies(
    built: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "city"
    told: Any = said(
        capsys, "erase", "person", subject(capsys, built), "--why", "本人申请", *built
    )[1]
    assert len(told["certificates"]) >= 1
    assert told["build"]["subjects"] == 1
    assert said(capsys, "mine", ANNA, *built)[1] == []
    assert data(["pull", *built]) == 0
    again: Any = said(capsys, "build", "person", *built)[1]
    assert again[0]["build"]["empty"] >= 1, "what the sources send again is withheld"
    assert said(capsys, "mine", ANNA, *built)[1] == []
    assert values(said(capsys, "mine", BEN, *built)[1])["name"] == "林本"
    vault = Vault(folder / "vault")
    assert vault.held(vault.subject(ANNA)) == ("", 0)
    vault.close()
    with Log.read(str(folder / "city.mindu")) as log:
        log.verify()
        (*_, last) = (entry.record for entry in log if entry.about.startswith("subject:"))
        assert getattr(last, "name", "") == "erased"


def test_who_was_erased_is_let_in_again_for_a_reason_that_the_log_keeps(
    built: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    erased = ("erase", "person", subject(capsys, built), "--why", "本人申请", *built)
    certificates = said(capsys, *erased)[1]["certificates"]  # type: ignore[index]
    assert data(["admit", BEN, "--why", "误删", *built]) == 2, "who was not erased"
    assert data(["admit", ANNA, "--why", " ", *built]) == 2, "no reason"
    assert data(["admit", ANNA, "--why", "本人书面申请恢复", "--by", "lin", *built]) == 0
    assert said(capsys, "mine", ANNA, *built)[1] == [], "what was erased stays so"
    assert data(["pull", "--full", *built]) == 0
    assert said(capsys, "build", "person", *built)[0] == 0
    assert values(said(capsys, "mine", ANNA, *built)[1])["name"] == "陈英燕"
    with Log.read(str(tmp_path / "city" / "city.mindu")) as log:
        log.verify()
        told = [entry for entry in log if getattr(entry.record, "name", "") == "admitted"]
        assert len(told) == len(certificates)
        assert {(entry.by, len(entry.because)) for entry in told} == {("lin", 1)}
    assert data(["admit", ANNA, "--why", "again", *built]) == 2


def test_a_correction_goes_to_the_source_that_a_value_came_from(
    built: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("correct", ANNA, "person", "phone", "13911111111 不是我的号码", *built)
    code, told = said(capsys, *words)
    assert (code, told["owner"]) == (0, "350100-hotline")  # type: ignore[index]
    answer = ["settle", str(told["case"]), "--answer", "已更正", "--by", "lin"]  # type: ignore[index]
    assert data([*answer, "--department", "350100-hotline", *built]) == 0
    assert said(capsys, "correct", ANNA, "person", "shoe", "x", *built)[0] == 2


def test_a_changed_file_is_noticed_and_what_cannot_be_is_told(
    built: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "status", *built)[0] == 0
    place = tmp_path / "city" / "registers" / "person" / "000001" / "origins.parquet"
    place.write_bytes(place.read_bytes() + b" ")
    code, told = said(capsys, "status", *built)
    assert (code, told[0]["broken"]) == (1, ["origins"])  # type: ignore[index]
    for words in (["build", "place"], ["review", "nobody"], ["review", "credit"]):
        assert said(capsys, *words, *built)[0] == 2, words
    bad = tmp_path / "bad.toml"
    for body in (
        '[[feed]]\nregister = "person"\nsource = "police"\n[feed.fields]\nshoe = "row"\n',
        '[[feed]]\nregister = "pets"\nsource = "police"\n[feed.fields]\nname = "name"\n',
        '[[feed]]\nregister = "person"\nsource = "nobody"\n[feed.fields]\nname = "name"\n',
    ):
        bad.write_text(body, encoding="utf-8")
        assert said(capsys, "feed", bad, *built)[0] == 2
