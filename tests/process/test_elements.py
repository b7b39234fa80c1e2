"""What BPMN draws, run: events, compensation, loops and the gateways that decide late."""

from process_office import Office

from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Choose
from mindu.engines.process.model import Loop, Trigger


def frame(draft: Draft, *line: str) -> None:
    draft.node("start", "start")
    draft.node("end", "end")
    draft.line("start", *line, "end")


def test_what_was_booked_is_taken_back_in_reverse_order() -> None:
    draft = Draft("trip")
    for name in ("flight", "hotel"):
        draft.node(name, "task")
        undo = draft.node(f"cancel_{name}", "user", compensates=True)
        draft.event(f"back_{name}", "boundary", Trigger(kind="compensation"), attached=name,
                    handler=undo)  # fmt: skip
    draft.node("pay", "user")
    draft.event("undo", "throw", Trigger(kind="compensation"))
    frame(draft, "flight", "hotel", "pay", "undo")
    office = Office(draft.definition()).start().done("pay")
    assert office.open() == ["cancel_hotel"]
    office.done("cancel_hotel")
    assert office.open() == ["cancel_flight"]
    assert office.done("cancel_flight").state.status == "ended"


def test_an_error_inside_ends_the_inside_and_goes_its_drawn_way() -> None:
    draft = Draft("outer")
    draft.node("inside", "sub")
    draft.body("inside", parent="outer")
    draft.node("in", "start", body="inside")
    draft.node("split", "parallel", body="inside")
    draft.node("work", "user", body="inside")
    draft.node("look", "user", body="inside")
    draft.event("broken", "end", Trigger(kind="error", name="BAD"), body="inside")
    draft.line("in", "split", "work", "broken")
    draft.line("split", "look")
    draft.event("caught", "boundary", Trigger(kind="error", name="BAD"), attached="inside")
    draft.node("mend", "user")
    frame(draft, "inside")
    draft.line("caught", "mend", "end")
    office = Office(draft.definition()).start().done("work")
    assert office.open() == ["mend"]
    assert office.done("mend").state.status == "ended"


def test_an_event_sub_process_takes_over_or_runs_beside() -> None:
    for interrupting, left in ((True, ["answer"]), (False, ["answer", "work"])):
        draft = Draft("asked")
        draft.node("work", "user")
        draft.node("raise", "user")
        draft.event("tell", "throw", Trigger(kind="escalation", name="HELP"))
        draft.node("beside", "sub")
        draft.body("beside", parent="asked", kind="event")
        draft.event("heard", "start", Trigger(kind="escalation", name="HELP"), body="beside",
                    interrupting=interrupting)  # fmt: skip
        draft.node("answer", "user", body="beside")
        draft.line("heard", "answer")
        draft.node("split", "parallel")
        frame(draft, "split", "work")
        draft.line("split", "raise", "tell")
        office = Office(draft.definition()).start().done("raise")
        assert office.open() == left
        for node in left:
            office.done(node)
        assert office.state.status == "ended"


def test_an_inclusive_join_waits_for_those_that_were_sent_and_no_others() -> None:
    draft = Draft("some")
    draft.node("fork", "inclusive")
    draft.node("join", "inclusive")
    for name, limit in (("a", 1), ("b", 2), ("c", 3)):
        draft.node(name, "user")
        draft.flow("fork", name, when=f"amount >= {limit}")
        draft.line(name, "join")
    draft.node("last", "user")
    frame(draft, "fork")
    del draft.flows["fork_to_end"]
    draft.line("join", "last", "end")
    office = Office(draft.definition()).start(amount=2)
    assert office.open() == ["a", "b"]
    assert office.done("a").open() == ["b"]
    assert office.done("b").open() == ["last"]


def test_a_complex_join_goes_on_with_two_of_three_and_takes_the_third_in() -> None:
    draft = Draft("two")
    draft.node("split", "parallel")
    draft.node("join", "complex", condition="activationCount >= 2")
    for name in ("a", "b", "c"):
        draft.node(name, "user")
        draft.line("split", name, "join")
    draft.node("last", "user")
    draft.node("start", "start")
    draft.node("end", "end")
    draft.line("start", "split")
    draft.line("join", "last", "end")
    office = Office(draft.definition()).start().done("a")
    assert office.done("b").open() == ["c", "last"]
    assert office.done("c").open() == ["last"]
    assert office.done("last").state.status == "ended"


def test_a_loop_over_a_list_ends_when_enough_have_said_yes() -> None:
    loop = Loop(kind="parallel", collection="people", element="who", output="votes",
                output_element="approved", until="numberOfCompletedInstances >= 2")  # fmt: skip
    draft = Draft("vote")
    draft.node("sign", "user", loop=loop, assignee="=who")
    draft.node("last", "user")
    frame(draft, "sign", "last")
    office = Office(draft.definition()).start(people=["li", "wang", "chen"])
    assert len(office.open()) == 3
    office.done("sign", who="wang", yes=True).done("sign", who="li", yes=False)
    assert office.open() == ["last"]
    assert office.variables["votes"] == [False, True, None]


def test_a_gateway_without_conditions_asks_a_person_and_terminate_ends_all() -> None:
    draft = Draft("ask")
    draft.node("which", "exclusive")
    draft.node("left", "user")
    draft.event("stop", "end", Trigger(kind="terminate"))
    draft.node("split", "parallel")
    draft.node("other", "user")
    frame(draft, "split", "which", "left")
    draft.line("split", "other")
    draft.line("which", "stop")
    office = Office(draft.definition()).start()
    wait = office.wait("which")
    office.does(Choose(wait=wait.id, by="clerk", flows=("which_to_stop",)))
    assert office.state.status == "ended"
