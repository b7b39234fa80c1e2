"""What a step came to is told only while the step stands completed, whatever is moved."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from drawn import BLOCKS, MOVES, Block, Drawing, move
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from process_office import Office

from mindu.engines.process import Definition, Frame, Round, State, Stuck, dump, load
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import (
    AnyHappening,
    Complete,
    Countersign,
    Done,
    Migrate,
    Return,
    Undid,
    Void,
    Withdraw,
)

VISITS = Frame.__struct_fields__.index("visits")


class Oracle:
    """Knows from the drawing alone what stands; it has never seen how the engine undoes."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.told: list[tuple[str, int]] = []  # who came to what, oldest first

    def took(self, happening: AnyHappening, before: State, after: State) -> None:
        wait = next((w for w in before.waits if w.id == getattr(happening, "wait", 0)), None)
        node, token = ("", 0) if wait is None else (wait.node, wait.token)
        signing = any(t.id == token and t.node == node and t.rounds for t in after.tokens)
        if isinstance(happening, Complete | Done):
            if node in self.drawing.within and not signing:
                self.told.append((node, after.step))
        elif isinstance(happening, Return) and happening.direct:
            ends = {happening.to, node} & self.drawing.within.keys()
            self.fall(lambda one: any(self.drawing.is_in(one, end) for end in ends))
        elif isinstance(happening, Return) and happening.to:
            self.fall(lambda one: self.drawing.rests_on(one, happening.to))
        elif isinstance(happening, Return | Void):
            self.fall(lambda _: True)
        elif isinstance(happening, Withdraw) and happening.node in self.drawing.within:
            self.fall(lambda one: self.drawing.rests_on(one, happening.node))

    def fall(self, falls: Callable[[str], bool]) -> None:
        self.told = [(node, value) for node, value in self.told if not falls(node)]

    def holds(self, variables: dict[str, Any]) -> None:
        said = {name: value for name, value in variables.items()
                if name == "last" or name.startswith("of_")}  # fmt: skip
        expected = {f"of_{node}": value for node, value in self.told}
        if self.told:
            expected["last"] = self.told[-1][1]
        assert said == expected


@example(("user", []), [(0, 0, 0), (4, 0, 0), (4, 0, 0), (0, 0, 0), (4, 0, 0)], "")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(BLOCKS, MOVES, st.sampled_from(["", "void"]))
def test_an_outcome_is_told_only_where_its_step_stands_completed(
    block: Block, moves: list[tuple[int, int, int]], ends: str
) -> None:
    drawing = Drawing(block)
    office, oracle = Office(drawing.definition()).start(), Oracle(drawing)
    for kind, which, where in moves:
        if office.state.status != "running":
            break
        happening = move(office, kind, which, where)
        if isinstance(happening, Complete | Done):
            happening = replace(happening, vars={"value": office.state.step + 1})
        tried(office, oracle, happening)
    if ends and office.state.status == "running":
        tried(office, oracle, Void(by="clerk", why="it was a mistake"))
        assert office.state.undone == tuple(sorted(office.state.undone))


def tried(office: Office, oracle: Oracle, happening: AnyHappening | None) -> None:
    """Try a move; what is told afterwards is what stands."""
    before = office.state
    try:
        if happening is None:
            return
        office.does(happening)
    except Stuck:
        return
    oracle.took(happening, before, office.state)
    state = office.state
    oracle.holds(state.frames[0].vars if state.frames else state.left)
    in_turns = {token.node for token in state.tokens}  # done when its last turn is
    standing = {node for node, _ in oracle.told} - in_turns
    assert not standing & set(state.undone), "what is undone does not stand"


def in_a_row(*names: str, last: str = "") -> Definition:
    """Draw tasks one after the other; each writes what it came to. The last may lead back."""
    draft = Draft("row")
    for name in names:
        draft.node(name, "user", outputs=(("approved", f"{name}_approved"),
                                          ("result", f"{name}_result")))  # fmt: skip
    draft.node("start", "start")
    draft.node("end", "end")
    if last:
        draft.node("way", "exclusive")
        draft.line("start", *names, "way")
        draft.nodes["way"]["default"] = draft.flow("way", "end")
        draft.flow("way", last, when=f"{names[-1]}_approved = false")
    else:
        draft.line("start", *names, "end")
    return draft.definition()


def returned(office: Office, node: str, to: str, *, direct: bool = False) -> Office:
    wait = office.wait(node)
    return office.does(Return(by="clerk", why="look again", wait=wait.id, to=to, direct=direct))


def test_a_return_takes_back_what_came_after_and_tells_which_steps() -> None:
    office = Office(in_a_row("first", "second", "third")).start()
    office.done("first", yes=True, result="good").done("second", yes=False, result="bad")
    returned(office, "third", "second")
    assert office.variables == {"first_approved": True, "first_result": "good"}
    assert office.state.undone == ("second",)
    assert office.moved is not None
    undid = [one for one in office.moved.effects if isinstance(one, Undid)]
    assert undid == [Undid(nodes=("second",), names=("second_approved", "second_result"))]
    office.done("second", yes=True)
    assert not office.state.undone
    assert office.variables["second_approved"] is True


def test_what_waits_for_the_applicant_is_not_returned_to_the_applicant_once_more() -> None:
    office = Office(in_a_row("first", "second", "third")).start().done("first", yes=True)
    returned(office, "second", "", direct=True)
    with pytest.raises(Stuck, match="it is with the applicant already"):
        returned(office, "start", "", direct=True)
    office.done("start")
    assert [wait.node for wait in office.state.waits] == ["second"]
    assert office.variables["first_approved"] is True


def test_what_lies_between_stands_when_it_comes_straight_back() -> None:
    office = Office(in_a_row("first", "second", "third")).start()
    office.done("first", yes=True).done("second", yes=True)
    returned(office, "third", "first", direct=True)
    assert "first_approved" not in office.variables
    assert office.variables["second_approved"] is True
    with pytest.raises(Stuck, match="cannot go back there"):
        returned(office, "first", "second")  # nobody skips what is to be done again
    office.done("first", yes=False)
    assert office.open() == ["third"]
    assert office.variables["first_approved"] is False


def test_of_a_case_from_before_writes_were_kept_what_is_drawn_is_taken_back() -> None:
    office = Office(in_a_row("first", "second", "third")).start()
    office.done("first", yes=True, result="good").done("second", yes=True, result="fine")
    told = json.loads(dump(office.state))
    told.pop("writes")
    for frame in told["frames"]:
        visits = frame[VISITS]
        frame[VISITS] = {node: visit[:4] for node, visit in visits.items()}  # no turns were counted
    assert office.moved is not None
    office.moved = replace(office.moved, state=load(json.dumps(told).encode()))
    returned(office, "third", "second")
    assert office.variables == {"first_approved": True, "first_result": "good"}
    assert office.state.undone == ("second",)


def test_a_case_that_goes_round_for_ever_does_not_grow_and_can_still_go_back() -> None:
    office = Office(in_a_row("first", "second", last="first")).start()
    sizes = []
    for turn in range(400):
        office.done("first", yes=True, result=f"{turn}").done("second", yes=False)
        sizes.append(len(office.state.writes))
    assert max(sizes) < 70
    office.done("first", yes=True, result="the last")
    returned(office, "second", "first")
    assert office.variables["first_result"] == "399"
    returned(office, "first", "")
    assert office.variables == {}, "the applicant begins with what was there at the beginning"


def test_under_a_drawing_without_a_step_its_outcome_is_told_no_more() -> None:
    old, new = in_a_row("first", "second", "third"), in_a_row("first", "third")
    office = Office(old)
    key = office.shelf.add(new, "newer")
    office.start().done("first", yes=True).done("second", yes=True)
    office.does(Migrate(by="clerk", why="a new law", to=key))
    assert set(office.variables) == {"first_approved", "first_result"}
    assert office.state.undone == ("second",)


def test_a_step_keeps_its_outcome_under_its_new_name() -> None:
    old, new = in_a_row("first", "second", "third"), in_a_row("first", "again", "third")
    office = Office(old)
    key = office.shelf.add(new, "newer")
    office.start().done("first", yes=True).done("second", yes=True)
    office.does(Migrate(by="clerk", why="a new law", to=key, nodes={"second": "again"}))
    assert office.variables["second_approved"] is True
    returned(office, "third", "again")
    assert "second_approved" not in office.variables
    assert office.state.undone == ("again",)


def test_what_signers_wrote_is_told_of_no_other_step() -> None:
    office = Office(in_a_row("first", "second", "third")).start()
    both = Round(("Wu", "Zhou"), "veto")
    office.does(Countersign(by="clerk", why="both", wait=office.wait("first").id, round=both))
    office.done("first", "Wu", yes=True, result="mine").done("first", "Zhou", yes=False)
    assert office.variables == {"first_approved": False, "first_result": "mine"}
    office.done("second", yes=True)
    assert office.variables["second_result"] is None


def test_what_a_signer_wrote_falls_with_the_step() -> None:
    office = Office(in_a_row("first", "second", "third")).start()
    office.done("first", yes=True)
    both = Round(("Wu", "Zhou"), "all")
    office.does(Countersign(by="clerk", why="both", wait=office.wait("second").id, round=both))
    office.done("second", "Wu", yes=True, result="mine")
    returned(office, "second", "first")
    assert office.variables == {}
    assert office.state.undone == ("first",), "one of two signers decided nothing"


def test_a_void_case_leaves_no_outcome() -> None:
    office = Office(in_a_row("first", "second")).start(area=3)
    office.done("first", yes=True)
    office.does(Void(by="clerk", why="a mistake"))
    assert office.state.left == {"area": 3}
    assert office.state.undone == ("first",)
