"""Huge drawings, FEEL that never ends and clocks that jump: a clear refusal, the case stays."""

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from mindu.brain.memory import Memory
from mindu.brain.processes.runs import Processes
from mindu.data.log import Log
from mindu.engines.process import Stuck, check, read
from mindu.engines.process.bpmn.read import MOST
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.core.work import MOST_MOVES
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Complete, Resume, Start, Suspend
from mindu.engines.process.model import Timer, Trigger

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BOUND_S = 60.0  # CPU seconds for the largest drawing, many times what it takes
FOREVER = "sum(for i in 1..1000000, j in 1..1000000 return i * j) > 0"


def office(draft: Draft) -> Processes:
    processes = Processes(Memory(Log.open(":memory:"), {}, seed=0))
    processes.publish(write(draft.definition()), by="modeller", now=NOW)
    return processes


def row(kind: str, count: int, **told: str) -> Draft:
    """Draw so many nodes of a kind one behind the other."""
    draft = Draft("row")
    draft.node("start", "start")
    names = [draft.node(f"n{number}", kind, **told) for number in range(count)]
    draft.node("end", "end")
    draft.line("start", *names, "end")
    return draft


def test_a_drawing_of_ten_thousand_nodes_is_read_checked_and_run() -> None:
    began = process_time()
    text = write(row("user", MOST - 2).definition())
    definition = read(text)
    assert len(definition.nodes) == MOST
    assert check(definition) == ()
    processes = Processes(Memory(Log.open(":memory:"), {}, seed=0))
    processes.publish(text, by="modeller", now=NOW)
    case, _ = processes.start("row", Start(), by="desk", now=NOW)
    for step in range(3):
        (wait,) = processes.state(case).waits
        assert wait.node == f"n{step}"
        processes.step(case, Complete(wait=wait.id, by="clerk"), by="clerk", now=NOW)
    assert process_time() - began < BOUND_S


def test_more_things_done_in_one_step_than_are_bounded_are_refused_and_nothing_is_written() -> None:
    processes = office(row("script", MOST_MOVES, script="1 + 1", result="two"))
    known = len(processes.memory.log)
    with pytest.raises(Stuck, match="more than 5000 moves in one step") as no:
        processes.start("row", Start(), by="desk", now=NOW)
    assert "流程在空转" in no.value.zh
    assert len(processes.memory.log) == known


def test_a_condition_that_runs_for_ever_stops_the_step_and_names_the_gateway() -> None:
    draft = Draft("choice")
    draft.node("start", "start")
    draft.node("ask", "user")
    draft.node("which", "exclusive", name="Which way")
    draft.node("end", "end")
    draft.node("other", "end")
    draft.line("start", "ask", "which")
    draft.flow("which", "end", when=FOREVER)
    draft.flow("which", "other", when="true")
    processes = office(draft)
    case, _ = processes.start("choice", Start(), by="desk", now=NOW)
    before = processes.state(case)
    began, done = process_time(), Complete(wait=before.waits[0].id, by="clerk")
    with pytest.raises(Stuck, match="Which way") as no:
        processes.step(case, done, by="clerk", now=NOW)
    assert process_time() - began < BOUND_S
    assert "steps" in no.value.en
    assert processes.state(case) == before, "the case stays where it was"


def waiting() -> tuple[Processes, int]:
    draft = Draft("later")
    draft.node("start", "start")
    day = Trigger(kind="timer", timer=Timer("duration", "P1D"))
    draft.event("day", "catch", day)
    draft.node("task", "user")
    draft.node("end", "end")
    draft.line("start", "day", "task", "end")
    processes = office(draft)
    return processes, processes.start("later", Start(), by="desk", now=NOW)[0]


def test_a_clock_that_jumps_back_rings_nothing_early_and_nothing_twice() -> None:
    processes, case = waiting()
    assert processes.ring(NOW - 400 * DAY) == 0
    assert processes.ring(NOW + DAY) == 1
    assert processes.ring(NOW - DAY) == 0
    assert processes.ring(NOW + 2 * DAY) == 0
    (wait,) = processes.state(case).waits
    assert wait.node == "task"


def test_a_clock_that_went_back_while_a_case_was_suspended_gives_no_time_and_takes_none() -> None:
    processes, case = waiting()
    (wait,) = processes.state(case).waits
    stop = Suspend(by="clerk", why="补正")
    processes.step(case, stop, by="clerk", now=NOW + timedelta(hours=1))
    goes = Resume(by="clerk", why="已补正")
    processes.step(case, goes, by="clerk", now=NOW - 10 * DAY)
    (after,) = processes.state(case).waits
    assert after.due == wait.due, "a deadline never comes nearer by a clock's mistake"
    assert processes.ring(NOW + DAY) == 1
