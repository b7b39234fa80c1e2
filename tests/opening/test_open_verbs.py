"""The verbs of the portal: opened from the command line, also while it serves, answered, closed."""

import json
from pathlib import Path

import msgspec
import pytest
from opening_house import BENCHES, HEALTH, PATIENTS, PUMPS, WATER, benches, lay, patients, pumps

from mindu.cli.data.open.house import opened
from mindu.cli.data.open.orders import taken
from mindu.cli.verbs import run
from mindu.data.log import Log

LIN = ("--by", "lin", "--department", WATER)
WEI = ("--by", "wei", "--department", HEALTH)


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


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Line:
    (tmp_path / "lake").mkdir()
    tables = ((PUMPS, pumps()), (PATIENTS, patients()), (BENCHES, benches()))
    for dataset, table in tables:
        lay(tmp_path / "lake", dataset.name, table)
        (tmp_path / "lake" / f"{dataset.name}.json").write_bytes(msgspec.json.encode(dataset))
    return Line(tmp_path, capsys)


def test_a_table_is_checked_opened_planned_and_closed(line: Line) -> None:
    told = line("open", "patients", "--fields", "district,age", *WEI, "--check", code=1)
    assert "3 of 63 rows" in str(told["flaws"])
    no = line("open", "patients", "--fields", "district,age", *WEI, code=1)
    assert "3 of 63 rows" in str(no["error"])
    assert line("open", "pumps", *LIN)["rows"] == 40
    plan = line.folder / "plan.csv"
    plan.write_text(
        "dataset,title_zh,title_en,department,due,note\n"
        f"pumps,泵站,Pumps,{WATER},2020-12-31,\nbenches,座椅,Benches,{WATER},2020-12-31,\n",
        encoding="utf-8",
    )
    late = line("plan", str(plan), *LIN, code=1)
    assert [one["state"] for one in late["plan"]] == ["late", "open"]  # type: ignore[attr-defined]
    line("close", "pumps", "--why", "wrong gauges", *LIN)
    no = line("close", "pumps", "--why", "again", *LIN, code=1)
    assert "was closed: wrong gauges" in str(no["error"])
    assert "pumps" in str(line("open", "pumps", *WEI, code=1)["error"])


def test_a_request_is_answered_beside_the_process_that_serves(line: Line) -> None:
    with opened(line.folder) as held, taken(held):
        now = held.portal.gateway.clock.now()
        number = held.portal.requests.ask("泵站 水位", "", voter="v", now=now)
        listed = line("wishes")["requests"]
        assert isinstance(listed, list)
        (one,) = listed
        assert (one["case"], one["holder"], one["votes"]) == (number, WATER, 1)
        line("open", "pumps", *LIN, "--answers", str(number))
        told = held.portal.requests.get(number, now)
        assert told is not None
        assert (told.done, told.opened) == (True, "pumps")
        assert "who answers signs" in str(line("wishes", str(number), code=1)["error"])
        assert line("void", "key-nobody", code=1) == {"void": False}
    assert (line.folder / "open.mindu").exists()
    assert not (line.folder / "city.mindu").exists(), "the city's own log is not needed"


def test_the_portals_log_is_verified_beside_the_citys(line: Line) -> None:
    line("open", "pumps", *LIN)
    Log.open(str(line.folder / "city.mindu")).close()
    assert run(["verify", "--data", str(line.folder), "--json"]) == 0
    told = json.loads(line.capsys.readouterr().out)
    assert told["portal"]["entries"] >= 2
    body = (line.folder / "open.mindu").read_bytes()
    assert b"dataset_opened" in body
    (line.folder / "open.mindu").write_bytes(body.replace(b"dataset_opened", b"dataset_opeNed"))
    assert run(["verify", "--data", str(line.folder), "--json"]) == 1
    assert "the log open" in json.loads(line.capsys.readouterr().out)["wrong"]


def test_a_plan_that_cannot_be_read_says_how_it_should_look(line: Line) -> None:
    plan = line.folder / "plan.csv"
    plan.write_text("what,when\n")
    assert "the first line names dataset" in str(line("plan", str(plan), *LIN, code=2)["error"])
