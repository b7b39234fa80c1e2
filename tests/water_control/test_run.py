"""`mindu water run` on SWMM files: exact keys, null where a model cannot have a plan."""

import json
from pathlib import Path

import pytest

from mindu.cli.water import run

TOWN = """[OPTIONS]
FLOW_UNITS CMS
FLOW_ROUTING DYNWAVE
START_DATE 07/27/2023
START_TIME 00:00:00
END_DATE 07/27/2023
END_TIME 04:00:00
ROUTING_STEP 10
[RAINGAGES]
RG INTENSITY 0:10 1.0 TIMESERIES RAIN
[SUBCATCHMENTS]
S RG R0 60 70 800 1 0
[SUBAREAS]
S 0.013 0.15 1.5 4 25 OUTLET
[INFILTRATION]
S 60 6 4 7 0
[JUNCTIONS]
R0 0.4 3.0 0.8 0 0
R1 0.2 3.0 1.0 0 0
[OUTFALLS]
SEA 0.0 FIXED 2.2 NO
TOP 3.0 FREE NO
[STORAGE]
LAKE 1.0 3.0 0.8 FUNCTIONAL 20000 0 0 0 0
[CONDUITS]
C R0 R1 300 0.025 0 0 0
[PUMPS]
P R1 TOP PC OFF 0 0
[ORIFICES]
G LAKE R0 SIDE 0 0.65 NO 0
S R1 SEA SIDE 0 0.65 NO 0
[XSECTIONS]
C TRAPEZOIDAL 3 8 1 1
G RECT_CLOSED 1.0 1.5 0 0
S RECT_CLOSED 2.0 3.0 0 0
[CURVES]
PC PUMP4 0.2 0
PC 0.5 1.5
PC 5.0 3.0
[TIMESERIES]
RAIN 0:00 0
RAIN 1:00 60
RAIN 2:00 20
RAIN 2:30 0
"""
QUICK = ("--json", "--quiet", "--rollouts", "14", "--every", "60", "--horizon", "2", "--seed", "4")


def written(folder: Path, text: str) -> str:
    path = folder / "town.inp"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_all_plans_of_a_tidal_town_with_a_wrong_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", written(tmp_path, TOWN), *QUICK, "--mismatch", "--noise", "0.02"]) == 0
    report = json.loads(capsys.readouterr().out)
    plans = report["plans"]
    assert set(plans) == {
        *("nothing", "own_rules", "static", "equal_filling", "prepared", "mindu", "foresight")
    }
    assert plans["own_rules"] is None
    hand = min(plans[p]["flood_m3"] for p in ("static", "equal_filling", "prepared"))
    assert plans["mindu"]["flood_m3"] <= 1.05 * hand + 1.0
    assert plans["mindu"]["flood_m3"] <= plans["nothing"]["flood_m3"]
    assert report["infeasible"] == 0
    assert set(report["decision_s"]) == {"p50", "p95"}
    assert report["controllable"] == ["P", "G", "S"]
    assert report["failures"] == []


def test_a_town_without_machines_has_only_doing_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TOWN.split("[PUMPS]", maxsplit=1)[0] + "C2 R1 SEA 50 0.025 0 0 0\n"
    text += "[XSECTIONS]\nC TRAPEZOIDAL 3 8 1 1\nC2 TRAPEZOIDAL 3 8 1 1\n[TIMESERIES]"
    text += TOWN.split("[TIMESERIES]", maxsplit=1)[1]
    text = text.replace("LAKE 1.0 3.0 0.8 FUNCTIONAL 20000 0 0 0 0\n", "").replace(
        "[STORAGE]\n", ""
    )
    assert run(["run", written(tmp_path, text), *QUICK]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [name for name, plan in report["plans"].items() if plan] == ["nothing"]
    assert "nothing in this network can be set" in report["notes"][-1]


def test_wrong_wishes_end_with_a_word_and_not_with_a_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = written(tmp_path, TOWN)
    assert run(["run", town, "--plans", "magic"]) == 2
    assert "no such plan" in capsys.readouterr().err
    assert run(["run", str(tmp_path / "absent.inp")]) == 2
    rain = tmp_path / "rain.csv"
    rain.write_text("time,rain\n0,1\n5,lots\n", encoding="utf-8")
    assert run(["run", town, "--rain", str(rain)]) == 2
    assert "rain.csv line 3, column 'rain'" in capsys.readouterr().err


def test_trouble_is_json_for_a_script_and_people_read_their_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = written(tmp_path, TOWN.replace("FLOW_UNITS CMS", "FLOW_UNITS FURLONGS"))
    assert run(["run", wrong, "--json", "--lang", "zh"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert "[OPTIONS] 第 2 行：流量单位 'FURLONGS' 不存在" in told["error"]
    assert told["mend"].startswith("见 ")
    town = written(tmp_path, TOWN)
    plain = ["run", town, "--quiet", "--hours", "0.5", "--plans", "nothing,own_rules"]
    assert run([*plain, "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "内涝水量 m3" in said
    assert "模型自带规则  此模型无法采用" in said
