"""Seeded days: what must hold holds, what should happen happens, and a failure can be replayed."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from ponds.pond import APP
from ponds.pond.world import Ponds

from mindu.base.records import Action, Sending, Words
from mindu.sim.day import born
from mindu.sim.invariants import breaches
from mindu.sim.seeds import Tally, main, run

SEEDS = range(40)
TURNS = 96  # eight hours: the long days are those of `make storm-seeds`
HERE = Path(__file__).parents[1] / "brain"


def test_forty_days_of_the_ponds_hold_and_no_fault_sleeps() -> None:
    tally, found = Tally(), list[str]()
    for seed in SEEDS:
        day, broken = run(APP, seed, turns=TURNS)
        assert day is not None, broken
        tally.add(day)
        found += [f"seed {seed}: {line}" for line in broken]
    assert found == []
    assert tally.asleep(APP) == []


def test_the_same_seed_is_the_same_day() -> None:
    heads = {born(APP, 7).live(60, calm=12).brain.log.head for _ in range(2)}
    assert len(heads) == 1
    assert born(APP, 8).live(60, calm=12).brain.log.head not in heads


@pytest.mark.parametrize("hashseed", ["1", "99"])
def test_another_process_lives_the_same_day(hashseed: str) -> None:
    command = "-m mindu.sim.seeds --apps ponds --app pond --from 5 --seeds 1 --turns 60 --head"
    done = subprocess.run(
        [sys.executable, *command.split()],
        env={**os.environ, "PYTHONHASHSEED": hashseed, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=True,
    )
    day, _ = run(APP, 5, turns=60)
    assert day is not None
    assert done.stdout == f"pond 5 {day.brain.log.head}\n"


def test_a_breach_is_found_and_told_with_its_replay(capsys: pytest.CaptureFixture[str]) -> None:
    day = born(APP, 3).live(60, calm=12)
    log = day.brain.log
    now = day.clock.now()
    action = log.append(Action("open", "north:outlet", Words("x", "x")), at=now, about="north",
                        by="pond.brim")  # fmt: skip
    log.append(Sending(ok=True), at=now, about="north", by="pond.brim", because=(action.seq,))
    told = breaches(day)
    assert any("rests on no reading" in line for line in told)
    assert any("without a yes" in line for line in told)
    assert main(["--apps", "ponds", "--app", "pond", "--seeds", "1", "--turns", "20"]) == 0
    assert "pond: 1 seeds, 0 failed" in capsys.readouterr().err


def test_a_day_that_breaks_names_its_seed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sink(_dice: object) -> Ponds:
        raise RuntimeError("the pond sank")

    monkeypatch.setattr("ponds.pond.APP", replace(APP, world=sink))
    assert main(["--apps", "ponds", "--from", "17", "--seeds", "1"]) == 1
    told = capsys.readouterr().out
    assert "the pond sank" in told
    assert "replay: python -m mindu.sim.seeds --apps ponds --app pond --from 17 --seeds 1" in told


def test_an_unknown_package_or_app_is_told_in_words() -> None:
    with pytest.raises(SystemExit, match="no package"):
        main(["--apps", "nowhere"])
    with pytest.raises(SystemExit, match="no app"):
        main(["--apps", "ponds", "--app", "lake"])
