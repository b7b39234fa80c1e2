"""The verbs of `mindu data`: asked, granted, queried, proved, seen by its subject, revoked."""

import json
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from gateway_house import rows
from govern_house import CALLS, LAW, OTHER, OWNER

from mindu.cli.data import held
from mindu.cli.verbs import run
from mindu.data.collect.declare import Column, Csv, Source
from mindu.data.proof import alone


@pytest.fixture
def city(tmp_path: Path) -> Path:
    (tmp_path / "lake").mkdir()
    pq.write_table(rows(300), tmp_path / "lake" / "calls.parquet")
    (tmp_path / "lake" / "calls.json").write_bytes(msgspec.json.encode(CALLS))
    return tmp_path


class Line:
    """A command line over one folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, *words: str, code: int = 0) -> dict[str, object]:
        done = run(["data", *words, "--data", str(self.folder), "--json"])
        told = self.capsys.readouterr()
        assert done == code, told
        found: dict[str, object] = json.loads(told.out)
        return found


SIGNED = ("--by", "lin", "--department", OWNER)
ASKING = ("--by", "wei", "--department", OTHER, "--purpose", "flood", "--basis", LAW)


def test_from_a_request_to_a_proved_receipt_and_its_end(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = Line(city, capsys)
    asked = line(
        "ask", "calls", *ASKING, "--until", "2027-12-31", "--rows", "district = '350102'",
        "--mask", "phone:middle",
    )  # fmt: skip
    case = str(asked["case"])
    assert case in str(line("grant")["waiting"])
    agreement = str(line("grant", case, *SIGNED)["agreement"])
    sql = ("sql", "SELECT phone, caller FROM calls LIMIT 2", *ASKING)
    got = line(*sql, "--reference", f"agreement:{agreement}")
    assert [row["caller"] for row in got["rows"]] == [None, None]  # type: ignore[attr-defined]
    no = line(*sql, "--reference", "case:999", code=1)
    assert "case:999 is not known" in str(no["error"])
    receipt = str(got["receipt"])
    told = line("proof", receipt, str(city / "proof.json"))
    assert alone.main(["proof", str(city / "proof.json"), "mindu", str(told["key"])]) == 0
    notes = str(city / "checkpoints.jsonl")
    assert alone.main(["log", str(city / "city.mindu"), notes, "mindu", str(told["key"])]) == 0
    capsys.readouterr()
    found = line("uses", "SECRET0-0")["uses"]
    assert [use["receipt"] for use in found] == [int(receipt)]  # type: ignore[attr-defined]
    put = line("object", "SECRET0-0", "calls", "the topic is wrong", "--receipt", receipt)
    line("settle", str(put["case"]), "--answer", "put right", *SIGNED)
    held = line("uses", "SECRET0-0")["objections"]
    assert held[0]["answer"] == "put right"  # type: ignore[index]
    line("revoke", agreement, "--why", "over", *SIGNED)
    no = line(*sql, "--reference", f"agreement:{agreement}", code=1)
    assert "is not known, is over" in str(no["error"])
    assert run(["verify", "--data", str(city), "--json"]) == 0
    assert '"receipts":' in capsys.readouterr().out


def test_a_policy_that_does_not_parse_is_refused_with_its_reason(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = Line(city, capsys)
    text = city / "flood.cedar"
    text.write_text("permit (principal, action", encoding="utf-8")
    assert "this is no Cedar" in str(line("policy", "flood", str(text), code=2)["error"])
    text.write_text('@id("a") @purpose("flood") permit (principal, action, resource);')
    assert line("policy", "flood", str(text))["policies"] == 4
    assert line("policy")["texts"]


def test_what_a_source_brought_in_is_asked_by_the_same_gateway(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (city / "levels.csv").write_text(
        "station,level,at\ns1,1.5,2026-09-16 08:00:00\ns2,2.5,2026-09-16 09:00:00\n"
    )
    columns = (
        Column(name="station", heading="station"),
        Column(name="level", heading="level", of="number", unit="m"),
        Column(name="at", heading="at", of="moment"),
    )
    read = Csv(path=str(city / "levels.csv"))
    source = Source(name="levels", read=read, columns=columns, department=OWNER, owner="Water")
    held.keep(city, source)
    line = Line(city, capsys)
    assert run(["data", "pull", "levels", "--data", str(city), "--json"]) == 0
    capsys.readouterr()
    asked = line("ask", "levels", *ASKING, "--until", "2027-12-31")
    agreement = line("grant", str(asked["case"]), *SIGNED)["agreement"]
    told = line(
        "sql", "SELECT station, level, extract(hour FROM at) AS h FROM levels ORDER BY 1",
        *ASKING, "--reference", f"agreement:{agreement}",
    )  # fmt: skip
    assert told["rows"] == [
        {"station": "s1", "level": 1.5, "h": 0}, {"station": "s2", "level": 2.5, "h": 1},
    ]  # fmt: skip


def test_a_department_is_freed_for_other_groups_by_a_reason_that_the_log_keeps(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = Line(city, capsys)
    asked = line("ask", "calls", *ASKING, "--until", "2027-12-31", "--aggregate", "5 by district")
    agreement = line("grant", str(asked["case"]), *SIGNED)["agreement"]
    free = ("policy", "--regroup", "calls", "--department", OTHER, "--by", "lin")
    assert "was never given groups" in str(line(*free, "--why", "merged", code=2)["error"])
    sql = ("sql", "SELECT district, people FROM calls", *ASKING)
    assert line(*sql, "--reference", f"agreement:{agreement}")["rows"]
    assert "say why" in str(line(*free, code=2)["error"])
    assert int(str(line(*free, "--why", "districts were merged")["entry"])) > 0


def test_keys_are_made_and_taken_back(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = Line(city, capsys)
    assert len(str(line("key", "wei", "--department", OTHER)["key"])) > 20
    assert line("key", "wei", "--revoke") == {"revoked": True}
    assert line("key", "wei", "--revoke", code=1) == {"revoked": False}


def test_a_wrong_word_is_told_with_what_mends_it(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = Line(city, capsys)
    until = ("--until", "2027-12-31")
    assert "calls" in str(line("ask", "ghosts", *ASKING, *until, code=2)["mend"])
    assert "write field:how" in str(
        line("ask", "calls", *ASKING, *until, "--mask", "x", code=2)["error"]
    )
    assert "signed" in str(line("grant", "1", code=2)["error"])
    (city / "lake" / "bad.json").write_text("{}")
    assert "declares no dataset" in str(line("grant", code=2)["error"])
