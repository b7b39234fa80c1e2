"""Signals, conditions, links, the first of several events, cancelled transactions, called parts."""

from datetime import UTC, datetime, timedelta

from process_office import Office

from mindu.brain.memory import Memory
from mindu.brain.processes.runs import Processes
from mindu.data.log import Log
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Got, Rang, Set, Start
from mindu.engines.process.model import Loop, Timer, Trigger

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def frame(draft: Draft, *line: str) -> None:
    draft.node("start", "start")
    draft.node("end", "end")
    draft.line("start", *line, "end")


def test_a_signal_is_heard_by_every_case_that_waits_and_begins_those_drawn_for_it() -> None:
    waits = Draft("waits")
    waits.event("heard", "catch", Trigger(kind="signal", name="typhoon"))
    waits.node("shut", "user")
    frame(waits, "heard", "shut")
    begins = Draft("begins")
    begins.event("on", "start", Trigger(kind="signal", name="typhoon"))
    begins.node("patrol", "user")
    begins.node("end", "end")
    begins.line("on", "patrol", "end")
    tells = Draft("tells")
    tells.event("tell", "throw", Trigger(kind="signal", name="typhoon"))
    frame(tells, "tell")
    office = Processes(Memory(Log.open(":memory:"), {}, seed=0))
    for draft in (waits, begins, tells):
        office.publish(write(draft.definition()), by="modeller", now=NOW)
    cases = [office.start("waits", Start(), by="desk", now=NOW)[0] for _ in range(2)]
    office.start("tells", Start(), by="desk", now=NOW)
    for case in cases:
        assert [w.node for w in office.state(case).waits] == ["shut"]
    assert [wait.node for _, wait in office.instances.all_of("task")].count("patrol") == 1
    assert office.signal("typhoon", {}, by="desk", now=NOW) == 1, "it begins anew; nobody waits"


def level(metres: float) -> Set:
    return Set(vars={"level": metres}, by="gauge", why="read")


def test_a_condition_is_waited_for_until_a_variable_makes_it_true() -> None:
    draft = Draft("level")
    draft.event("high", "catch", Trigger(kind="conditional", condition="level > 4.8"))
    draft.node("close", "user")
    draft.event("higher", "boundary", Trigger(kind="conditional", condition="level > 5.2"),
                attached="close")  # fmt: skip
    draft.node("leave", "user")
    frame(draft, "high", "close")
    draft.line("higher", "leave", "end")
    office = Office(draft.definition()).start(level=4.0)
    assert office.open() == ["high"]
    assert office.does(level(4.5)).open() == ["high"]
    assert office.does(level(4.9)).open() == ["close", "higher"]
    assert office.does(level(5.3)).open() == ["leave"], "it takes the task away"


def test_a_link_goes_on_where_it_is_drawn() -> None:
    draft = Draft("pages")
    draft.event("over", "throw", Trigger(kind="link", name="A"))
    draft.event("here", "catch", Trigger(kind="link", name="A"))
    draft.node("work", "user")
    draft.node("start", "start")
    draft.node("end", "end")
    draft.line("start", "over")
    draft.line("here", "work", "end")
    office = Office(draft.definition()).start()
    assert office.open() == ["work"]
    assert office.done("work").state.status == "ended"


def test_the_first_of_several_events_wins_and_the_others_are_waited_for_no_more() -> None:
    def drawn() -> Office:
        draft = Draft("first")
        draft.node("which", "event")
        reply = Trigger(kind="message", name="reply", key="number")
        draft.event("reply", "catch", reply)
        draft.event("late", "catch", Trigger(kind="timer", timer=Timer("duration", "P3D")))
        for name, event in (("read", "reply"), ("remind", "late")):
            draft.node(name, "user")
            draft.line("which", event, name)
        draft.node("start", "start")
        draft.node("end", "end")
        draft.line("start", "which")
        draft.line("read", "end")
        draft.line("remind", "end")
        return Office(draft.definition()).start(number="7")

    office = drawn()
    assert office.wait("reply").key == "7"
    office.does(Got(wait=office.wait("reply").id, vars={"said": "yes"}))
    assert office.open() == ["read"]
    assert office.variables["said"] == "yes"
    office = drawn()
    office.now += timedelta(days=4)
    assert office.does(Rang(wait=office.wait("late").id)).open() == ["remind"]


def test_a_cancelled_transaction_takes_back_what_was_done_and_goes_its_way() -> None:
    draft = Draft("buy")
    draft.node("pay", "sub")
    draft.body("pay", parent="buy", kind="transaction")
    draft.node("in", "start", body="pay")
    draft.node("charge", "task", body="pay")
    draft.node("refund", "user", body="pay", compensates=True)
    draft.event("undo", "boundary", Trigger(kind="compensation"), attached="charge",
                handler="refund", body="pay")  # fmt: skip
    draft.node("check", "user", body="pay")
    draft.event("no", "end", Trigger(kind="cancel"), body="pay")
    draft.line("in", "charge", "check", "no")
    draft.event("cancelled", "boundary", Trigger(kind="cancel"), attached="pay")
    draft.node("tell", "user")
    frame(draft, "pay")
    draft.line("cancelled", "tell", "end")
    office = Office(draft.definition()).start().done("check")
    assert office.open() == ["refund"], "first what was done is taken back"
    assert office.done("refund").open() == ["tell"]


def test_a_called_process_gives_back_its_results_and_a_loop_runs_until_it_is_good() -> None:
    called = Draft("part")
    called.node("sum", "script", script="a + b", result="total")
    frame(called, "sum")
    draft = Draft("whole")
    draft.node("call", "call", called="part")
    draft.node("more", "script", script="total + 10", result="total",
               loop=Loop(kind="standard", until="total < 50"))  # fmt: skip
    draft.node("look", "user")
    frame(draft, "call", "more", "look")
    office = Office(called.definition(), draft.definition()).start(a=2, b=3)
    assert office.open() == ["look"]
    assert office.variables["total"] == 55
