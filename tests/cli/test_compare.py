"""`mindu night compare`: the same short night with the brain and by the stations alone."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from mindu.apps.water.pretend import night_alone
from mindu.base.records import Words
from mindu.cli.live.alone import Came, afterwards
from mindu.cli.live.compare import shown
from mindu.cli.say import GOOD, USAGE
from mindu.cli.verbs import run
from mindu.engines.hydraulics.twin import open_twin

SHORT = ["night", "compare", "--city", "fuzhou-small", "--hours", "0.25", "--json"]


def test_a_short_night_is_lived_twice_and_both_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*SHORT, "--data", str(tmp_path)]) == GOOD
    out, progress = capsys.readouterr()
    told = json.loads(out)
    brain, alone = told["nights"]["brain"], told["nights"]["alone"]
    assert set(brain) == set(alone) == set(Came.__struct_fields__)
    assert brain["sent"] == brain["confirmed"] == brain["proposed"] > 0
    assert alone["sent"] == alone["proposed"] == 0
    assert brain["infeasible"] == alone["infeasible"] == 0
    assert brain["energy_kwh"] != alone["energy_kwh"]
    assert told["saved_m3"] == alone["flood_m3"] - brain["flood_m3"]
    rules = told["rules"]
    assert list(rules) == [
        "static",
        "nothing",
        "equal_filling",
        "prepared",
        "emptied",
        "ebbing",
        "cleared",
        "ajar",
        "opened",
    ]
    assert rules["static"] == alone
    assert len({one["energy_kwh"] for one in rules.values()}) > 2, "rules differ in what they do"
    floods = [one["flood_m3"] for one in rules.values()]
    assert told["regret_m3"] == max(brain["flood_m3"] - min(floods), 0.0)
    assert rules[told["best_rule"]]["flood_m3"] == min(floods)
    assert "alone, static: 100%" in progress
    assert "brain: 100%" in progress
    world, _ = night_alone(
        open_twin, city="fuzhou-small", storm=told["storm"], seed=1, rule="static"
    )
    world.step(timedelta(minutes=15))
    assert alone["pumped_m3"] == world.totals().pumped_m3
    world.close()
    assert run(["verify", "--data", str(tmp_path), "--json"]) == GOOD
    assert json.loads(capsys.readouterr().out)["head"] == told["head"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [(["--hours", "0"], "--hours"), (["--hours", "nan"], "--hours"), (["--city", "x"], "fuzhou")],
)
def test_a_night_that_cannot_be_lived_says_how_to_mend_it(
    wrong: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["night", "compare", *wrong]) == USAGE
    assert why in capsys.readouterr().err


@pytest.mark.parametrize(("lang", "word"), [("en", "promises kept"), ("zh", "承诺兑现")])
def test_people_read_a_table_in_their_language(lang: str, word: str) -> None:
    left = Came(flood_m3=400.0, rain_m3=9.0, outflow_m3=0.0, pumped_m3=0.0, energy_kwh=0.0)
    came = replace(left, flood_m3=100.0, kept=7)
    lines = shown(came, left, which=Words("the night", "此夜"), lang=lang).splitlines()
    assert next(line for line in lines if word in line).split()[-2:] == ["7", "0"]
    assert "75.0%" in lines[-1]


def test_regret_is_against_the_best_rule_known_afterwards() -> None:
    said = afterwards(100.0, {"static": 400.0, "prepared": 40.0}, "en")
    assert said.startswith("Flood under each hand rule, m3: prepared 40.0, static 400.")
    assert said.endswith("Regret against the best: 60.0 m3.")
    assert "遗憾:0.00 m3" in afterwards(10.0, {"static": 400.0}, "zh")
