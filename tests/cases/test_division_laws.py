"""Divided, undone and answered in whatever order, or killed meanwhile: nobody is lost."""

import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf
from random import Random
from threading import Thread

import pytest
from street import ANNA, CHEN, FANG, JUDGE, KIND, LIN, NOON, ROADS, office, told, walk, who
from typing_extensions import override

from mindu.base.dial import Dial
from mindu.base.records import Case, Entry, Move, Value
from mindu.brain.cases import TABLE, State
from mindu.brain.casework.office import Office, Wish
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import Officer
from mindu.brain.casework.rounds import TOGETHER, split, sweep, undo_split
from mindu.brain.folds.cases import Cases
from mindu.brain.memory import Memory
from mindu.data.fold import rebuilt
from mindu.data.log import Log

HANDS = {"lamps": (LIN, CHEN), "roads": (ROADS, who("ran", "roads", "reviewer"))}
UNDO = Wish(name="undo_split", note="one unit can do both 一家即可")
ANSWERING = ("sign", "handle", "reply", "review", "pass", "feed_back")
NAMES = ("undo_split", "merge", "unmerge", "send_back", "ask_return", "grant_return", "forward",
         "gather", "split", *ANSWERING, *ANSWERING, *ANSWERING)  # fmt: skip
ENDS = {State.FED_BACK, State.CALL_BACK, State.CLOSED}
Seen = dict[int, tuple[State, str, Dial, Dial]]


def officers(desk: Office, number: int) -> list[Officer]:
    return [ANNA, FANG, JUDGE, *HANDS.get(desk.cases.said(number, "unit"), ())]


def tried(desk: Office, dice: Random, number: int, others: list[int], now: datetime) -> None:
    """Let somebody do something to a case, often to a part; a refusal changes nothing."""
    state = desk.cases.state(number)
    able = [name for name in NAMES if state in TABLE[name].of]
    name = dice.choice(able if able and dice.random() < 0.9 else NAMES)
    args: dict[str, Value] = {"into": float(dice.choice(others)), "days": 2.0, "basis": "x"}
    unit = dice.choice(["lamps", "roads"]) if name == "forward" else ""
    wish = Wish(name=name, note="n", unit=unit, args=args)
    hands = officers(desk, number)
    fit = [one for one in hands if TABLE[name].roles & set(one.roles)] or hands
    officer = dice.choice(fit if dice.random() < 0.9 else hands)
    if name == "split":
        parts = [("lamps", "a"), ("roads", "b"), ("lamps", "c")][: dice.choice((2, 3))]
        split(desk, number, parts, ANNA, seen=int(desk.cases.row(number)["moves"]), now=now)
    elif name in TOGETHER:
        TOGETHER[name](desk, number, wish, officer, now=now)
    else:
        desk.act(number, wish, officer, now=now)


def whose(desk: Office, number: int) -> int:
    """Return the case that a caller is answered with."""
    while (above := int(desk.cases.row(number)["master"])) >= 0:
        number = above
    return number


def live(desk: Office, seed: int, turns: int = 260) -> list[str]:
    """Live through random turns; return the names of the moves that were made."""
    dice, now = Random(seed), NOON
    callers = [walk(desk, told(desk, now - timedelta(hours=n)), "triage", now) for n in range(3)]
    due: dict[int, float] = {one: desk.cases.dial(one, "whole").due for one in callers}
    was: Seen = {}
    for _ in range(turns):
        now += timedelta(minutes=dice.choice((0, 5, 30)))
        every, before = list(desk.cases), len(desk.memory.log)
        number = dice.choice(callers if dice.random() < 0.4 else every)
        held = stand(desk, number)
        try:
            tried(desk, dice, number, every, now)
        except Refusal:
            assert len(desk.memory.log) == before, "what is refused writes nothing"
            continue
        made = [desk.memory.log[seq].record for seq in range(before, len(desk.memory.log))]
        names = [record.name for record in made if isinstance(record, Move)]
        if "split" in names:
            was[number] = held
        elif "undo_split" in names:
            state, unit, step, whole = stand(desk, number)
            assert (state, unit, step) == was[number][:3], "it stands where it stood"
            assert 0 < whole.due <= was[number][3].due, "no time is won; who joined may have less"
        for one in callers:
            lies = whose(desk, one)
            assert desk.cases.state(lies) is not State.VOID, "a caller is never lost"
            if desk.cases.state(lies) in ENDS:
                due[one] = inf  # who has the answer waits for none
            assert desk.cases.dial(lies, "whole").due <= due[one], "the earliest deadline is kept"
        if dice.random() < 0.05:
            sweep(desk, now)
    return [e.record.name for e in desk.memory.log if isinstance(e.record, Move)]


def stand(desk: Office, number: int) -> tuple[State, str, Dial, Dial]:
    cases = desk.cases
    clocks = (cases.dial(number, "step"), cases.dial(number, "whole"))
    return (cases.state(number), cases.said(number, "unit"), *clocks)


@pytest.mark.parametrize("seed", range(24))
def test_no_caller_is_lost_and_no_deadline_is_won_in_whatever_order(seed: int) -> None:
    desk = office()
    live(desk, seed)
    answered: dict[str, bool] = {}
    for entry in desk.memory.log:
        if isinstance(entry.record, Move):
            name, about = entry.record.name, entry.about
            assert not (name == "drop" and answered.get(about)), "what was answered does not end"
            answered[about] = (answered.get(about, False) or name == "reply") and (
                name != "send_back" or desk.cases.row(int(about[5:]))["answer"] > 0
            )
    assert rebuilt(desk.memory.log, Cases).dump() == desk.cases.dump()


def test_the_random_lives_divide_undo_and_answer_often_enough_to_prove_something() -> None:
    lives = [live(office(), seed) for seed in range(24)]
    for name, least in (("split", 100), ("undo_split", 50), ("reply", 50), ("gather", 2)):
        assert sum(did.count(name) for did in lives) > least, name


def killed(path: str, does: Callable[[Office, int], None]) -> None:
    """Divide in a process of its own and commit, then do something and be killed in it."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, "it died of something else"
        return
    try:
        desk = Dying(Memory(Log.open(path), {}, seed=0), {KIND.name: KIND})
        number = walk(desk, told(desk), "forward")
        split(desk, number, [("lamps", "a"), ("roads", "b")] * 4, ANNA, seen=4, now=NOON)
        desk.memory.log.commit()
        does(desk, number)
    finally:
        os._exit(1)


HURRY = 1.0  # s in which a thread that nothing holds has committed


class Dying(Office):
    """An office that is killed at one of its moves."""

    left = -1

    @override
    def act(self, number: int, wish: Wish, officer: Officer, *, now: datetime) -> Entry:
        if self.left == 0:
            hurry = Thread(target=self.memory.log.commit, daemon=True)
            hurry.start()  # another thread of the city, which would put the half of it on disk
            hurry.join(HURRY)
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return super().act(number, wish, officer, now=now)


@pytest.mark.parametrize("turn", range(10))
def test_a_brain_killed_while_it_undoes_a_division_has_undone_all_of_it_or_nothing(
    place: str, turn: int
) -> None:
    def undo(desk: Office, number: int) -> None:
        assert isinstance(desk, Dying)
        desk.left = turn  # the ninth move is that of the case itself
        undo_split(desk, number, UNDO, ANNA, now=NOON)
        desk.memory.log.commit()
        os.kill(os.getpid(), signal.SIGKILL)

    killed(place, undo)
    with Log.open(place) as log:
        desk = Office(Memory(log, {}, seed=0), {KIND.name: KIND})
        log.verify()
        number = next(entry.seq for entry in log if isinstance(entry.record, Case))
        states = {desk.cases.state(part) for part in desk.cases.link(number).children}
        if turn == 9:
            assert (desk.cases.state(number), states) == (State.FORWARDED, {State.VOID})
        else:
            assert (desk.cases.state(number), states) == (State.DIVIDED, {State.FORWARDED})
            undo_split(desk, number, UNDO, ANNA, now=NOON)
            assert desk.cases.state(number) is State.FORWARDED
