"""Whatever moves are tried in whatever order, what must hold of cases holds."""

import os
import signal
from datetime import timedelta
from random import Random

import pytest
from street import ABOUT, EVERYBODY, HOUR, KIND, NOON, PATH, office, told

from mindu.base.records import Case, Move, Value
from mindu.brain.case_rows import IS_DONE
from mindu.brain.cases import DONE, STATES, TABLE, State, steps_from
from mindu.brain.casework.office import Office, Wish
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import CALLER, MACHINE
from mindu.brain.casework.rounds import feed_back, split, sweep
from mindu.brain.folds.cases import Cases
from mindu.brain.memory import Memory
from mindu.data.fold import rebuilt
from mindu.data.log import Log

ACTORS = (*EVERYBODY, MACHINE, CALLER)


def wish(dice: Random, name: str, others: list[int]) -> Wish:
    args: dict[str, Value] = {**ABOUT}
    args |= {"certificate": 1.0, "group": "lamps", "days": float(dice.randint(0, 12))}
    args |= {"basis": "a line", "into": float(dice.choice(others)), "agency": "110"}
    args |= {"solved": dice.random() < 0.5, "satisfied": float(dice.randint(0, 6)), "right": True}
    args |= {"dial": dice.choice(["step", "whole"]), "level": "yellow", "parts": 2.0}
    unit = dice.choice(["lamps", "roads"])
    if dice.random() < 0.3:
        args["helpers"] = dice.choice(["roads", "lamps"])
    return Wish(name=name, unit=unit if "unit" in TABLE[name].needs else "", note="n", args=args)


def live(desk: Office, seed: int, turns: int = 120) -> int:
    """Try random moves, mostly such as the table has; return how many were made."""
    dice, now, made = Random(seed), NOON, 0
    numbers = [told(desk, now) for _ in range(4)]
    for _ in range(turns):
        now += timedelta(minutes=dice.choice((0, 5, 90, 1500)))
        number = dice.choice(numbers)
        steps = list(steps_from(desk.cases.state(number)))
        step = dice.choice(steps if dice.random() < 0.9 else list(TABLE.values()))
        if step.name == "warn":
            sweep(desk, now)
            continue
        able = [a for a in ACTORS if step.roles & set(a.roles)]
        officer = dice.choice(able if dice.random() < 0.9 else ACTORS)
        try:
            if step.name == "split":
                seen = int(desk.cases.row(number)["moves"])
                parts = [("lamps", "a"), ("roads", "b")]
                split(desk, number, parts, officer, seen=seen, now=now)
                numbers += desk.cases.link(number).children
            elif step.name == "feed_back":
                feed_back(desk, number, wish(dice, step.name, numbers), officer, now=now)
            else:
                desk.act(number, wish(dice, step.name, numbers), officer, now=now)
            made += 1
        except Refusal:
            continue
    return made


@pytest.mark.parametrize("seed", range(16))
def test_what_must_hold_holds_after_any_moves(seed: int) -> None:
    desk = office()
    assert live(desk, seed) > 20
    cases, log = desk.cases, desk.memory.log
    for number in cases:
        row = cases.row(number)
        state = STATES[int(row["state"])]
        assert (row["master"] >= 0) == (state is State.MERGED)
        if state in DONE:
            assert row["step"]["due"] == 0, "what is over has no deadline"
        if state is State.WAITING:
            assert row["wait"] > 0
        link = cases.link(number)
        callers = 1 + sum(int(cases.row(child)["callers"]) for child in link.merged)
        assert row["callers"] == callers, "the master keeps every caller"
        for which in ("step", "whole"):
            dial = row[which]
            if dial["due"] and dial["yellow"]:
                assert dial["yellow"] <= dial["orange"] <= dial["due"] <= dial["purple"]
    every_move_was_in_the_table(log)
    assert rebuilt(log, Cases).dump() == cases.dump(), "the fold is what the log says"


def every_move_was_in_the_table(log: Log) -> None:
    state: dict[str, str] = {}
    warned: set[tuple[str, object, object, int]] = set()
    began: dict[tuple[str, object], int] = {}
    for entry in log:
        record = entry.record
        if isinstance(record, Case):
            state[entry.about] = State.RECEIVED
            began |= {(entry.about, "step"): record.step.began}
            began |= {(entry.about, "whole"): record.whole.began}
        if not isinstance(record, Move):
            continue
        assert State(state[entry.about]) in TABLE[record.name].of, entry
        state[entry.about] = record.to
        if record.name != "merge":
            for clock, dial in (("step", record.step), ("whole", record.whole)):
                if dial is not None:
                    began[entry.about, clock] = dial.began
        if record.name == "warn":
            which = record.args["dial"]
            key = (entry.about, which, record.args["level"], began[entry.about, which])
            assert key not in warned, "a level is told once"
            warned.add(key)


def test_a_state_kept_and_taken_up_again_goes_on_alike() -> None:
    desk = office()
    live(desk, 7)
    again = Cases()
    again.load(desk.cases.dump())
    assert again.dump() == desk.cases.dump()
    assert list(again) == list(desk.cases)
    with pytest.raises(ValueError, match="no _State"):
        again.load(b"nonsense")


def die_at(path: str, turn: int) -> None:
    """Live in a process of its own, and be killed between a move and the disk."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, "it died of something else"
        return
    try:
        desk = office(Log.open(path))
        number = told(desk)
        desk.memory.log.commit()
        for at, (officer, wanted) in enumerate(PATH):
            desk.act(number, wanted, officer, now=NOON)
            if at == turn:
                os.kill(os.getpid(), signal.SIGKILL)
            desk.memory.log.commit()
    finally:
        os._exit(1)


@pytest.mark.parametrize("turn", range(12))
def test_a_brain_killed_at_any_move_goes_on_where_the_log_ends(place: str, turn: int) -> None:
    path = place
    die_at(path, turn)
    with Log.open(path) as log:
        desk = Office(Memory(log, {}, seed=0), {KIND.name: KIND})
        number = next(iter(desk.cases))
        assert desk.cases.row(number)["moves"] == turn, "what was committed is kept, no more"
        log.verify()
        finish(desk, number, turn)
        assert desk.cases.state(number) is State.CLOSED


def finish(desk: Office, number: int, turn: int) -> None:
    for officer, wanted in PATH[turn:]:
        desk.act(number, wanted, officer, now=NOON + HOUR)


def test_ends_are_ends() -> None:
    assert [str(s) for s, over in zip(STATES, IS_DONE, strict=True) if over] == [
        "rejected", "closed", "merged", "external", "void", "withdrawn",
    ]  # fmt: skip
