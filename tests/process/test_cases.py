"""An application is a case of the kernel: one life cycle, and one clock for its deadlines."""

from datetime import timedelta

import pytest
from casework import KIND, NOW, Matter, as_case, by_the_table, drawn, one_life, processes
from drawn import BLOCKS, MOVES, Block, Drawing, move
from hypothesis import HealthCheck, given, settings
from process_office import Office as Pretend

from mindu.base.records import Move, Table
from mindu.brain.cases import Role, State
from mindu.brain.casework.board import boards
from mindu.brain.casework.office import Wish
from mindu.brain.casework.refusals import Denied
from mindu.brain.casework.rights import Officer
from mindu.brain.casework.rounds import due, retime, sweep
from mindu.brain.folds.models import Unfit
from mindu.engines.process import Stuck, check, read
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.happenings import (
    AnyHappening,
    Extend,
    HandOver,
    Migrate,
    Resume,
    Return,
    Start,
    Suspend,
    Urge,
    Void,
    Withdraw,
)  # fmt: skip


def test_an_application_walks_the_one_table_and_its_tasks_lie_with_units() -> None:
    matter = Matter()
    assert matter.stands() is State.RECEIVED
    matter.done("accept")
    assert matter.stands() is State.HANDLING
    assert matter.stands("health") is State.FORWARDED
    take = HandOver(wait=matter.wait("health"), to="Lin", by="Lin", why="claimed 领取")
    matter.does(take, by="Lin")
    assert matter.stands("health") is State.SIGNED
    matter.done("health").done("police")
    assert matter.stands() is State.FINAL_REVIEW
    matter.done("deliver")
    assert matter.stands() is State.CLOSED
    assert matter.told(matter.number) == ["accept", "work", "deliver", "conclude"]
    assert matter.told(matter.part("health")) == ["sign", "conclude"]
    assert [b.unit for b in boards(matter.office, matter.now)] == ["health", "police", "window"]
    by_the_table(matter.processes)


def test_each_part_runs_on_its_own_promise_and_the_ladder_warns_of_it() -> None:
    matter = Matter().done("accept")
    clock = matter.processes.course.clock(matter.instance, NOW, "health")
    assert clock is not None
    assert clock.unit == "health"
    assert due(matter.office, NOW + timedelta(days=1, hours=4)), "nobody has read it for a day"
    late = NOW + timedelta(days=4, hours=1)
    told = [e.record for e in sweep(matter.office, late) if isinstance(e.record, Move)]
    assert {(r.args["dial"], r.args["level"]) for r in told} >= {("whole", "red")}
    clock = matter.processes.course.clock(matter.instance, late, "health")
    assert clock is not None
    assert clock.late
    matter.done("health", days=4, hours=1)
    (board,) = [b for b in boards(matter.office, matter.now) if b.unit == "health"]
    assert board.share("on_time") == 0.0, "it was done too late"


def test_a_clock_that_was_stopped_gives_its_time_back_to_every_part() -> None:
    matter = Matter().done("accept")
    before = matter.office.cases.dial(matter.part("police"), "whole").due
    matter.does(Suspend(by="clerk", why="a paper is missing"))
    assert {matter.stands(), matter.stands("health"), matter.stands("police")} == {State.WAITING}
    assert not due(matter.office, NOW + timedelta(days=60)), "who waits is not warned"
    assert not sweep(matter.office, NOW + timedelta(days=60))
    matter.does(Resume(by="applicant", why="here it is"), days=7)
    after = matter.office.cases.dial(matter.part("police"), "whole").due
    assert after - before == 7 * 86_400, "a week has its five working days, wherever it begins"
    assert matter.stands() is State.HANDLING


def test_what_goes_back_to_the_applicant_stops_the_whole_and_is_taken_up_again() -> None:
    matter = Matter().done("accept")
    back = Return(wait=matter.wait("health"), to="", by="clerk", why="mend it")
    matter.does(back)
    assert matter.stands() is State.WAITING
    assert matter.stands("health") is State.VOID
    matter.done("start", days=3)
    assert matter.stands() is State.RECEIVED, "it is accepted anew"
    matter.done("accept")
    assert matter.stands("health") is State.FORWARDED
    by_the_table(matter.processes)


def test_who_takes_back_what_was_done_goes_on_with_the_time_that_was_left() -> None:
    matter = Matter().done("accept")
    first = matter.office.cases.dial(matter.part("police"), "whole")
    matter.done("police", days=1)
    matter.does(Withdraw(node="police", by="clerk", why="a slip"), days=1)
    again = matter.office.cases.dial(matter.part("police"), "whole")
    assert again.began == first.began, "the promise is not made anew"
    assert again.due - first.due == 86_400


def test_time_is_added_once_by_the_case_and_never_by_the_drawing() -> None:
    matter = Matter().done("accept")
    wait = matter.wait("health")
    before = matter.office.cases.dial(matter.number, "whole").due
    matter.does(Extend(wait=wait, days=5, by="chief", why="an expert is heard"), by="chief")
    assert matter.office.cases.dial(matter.part("health"), "whole").term == "3wd+5wd"
    assert matter.office.cases.dial(matter.number, "whole").due > before
    with pytest.raises(Stuck, match="extended before"):
        matter.does(Extend(wait=wait, days=1, by="chief", why="more"))
    with pytest.raises(Stuck, match="1 to 10 working days"):
        matter.does(Extend(wait=matter.wait("police"), days=11, by="chief", why="more"))
    assert matter.processes.state(matter.instance).step == 3, "what is refused is not written"


@pytest.mark.parametrize(("status", "by", "ends"), [
    ("void", "clerk", State.VOID), ("withdrawn", "applicant", State.WITHDRAWN),
])  # fmt: skip
def test_a_case_that_is_void_or_withdrawn_is_so_in_all_its_parts(
    status: str, by: str, ends: State
) -> None:
    matter = Matter().done("accept").does(Suspend(by="clerk", why="wait"))
    matter.does(Void(by=by, why="no more", status=status), by=by)
    assert {matter.stands(), matter.stands("health"), matter.stands("police")} == {ends}


def test_who_is_urged_has_it_on_the_case() -> None:
    matter = Matter().done("accept").does(Urge(by="applicant", why="please"))
    assert int(matter.office.cases.row(matter.part("health"))["urged"]) == 1


def test_nobody_moves_a_case_past_its_process() -> None:
    matter = Matter().done("accept")
    lin = Officer("Lin", unit="health", roles=(Role.OFFICER,), areas=("*",))
    with pytest.raises(Denied, match="its process moves it"):
        matter.office.act(matter.part("health"), Wish(name="sign"), lin, now=NOW)


def test_a_new_calendar_moves_the_deadline_of_an_application_as_of_any_case() -> None:
    matter = Matter().done("accept")
    before = matter.office.cases.dial(matter.number, "whole").due
    off = ("2026-03-05", "2026-03-05", "off", "test", "a notice")
    laid = Table(("first", "last", "what", "name", "source"), (off,), "test")
    matter.office.lay("holidays", laid, by="office", now=NOW)
    assert retime(matter.office, now=NOW, note="a day off")
    assert matter.office.cases.dial(matter.number, "whole").due > before


def test_a_part_keeps_its_clock_when_the_drawing_gives_its_task_another_name() -> None:
    matter = Matter().done("accept")
    part = matter.part("health")
    newer = drawn()
    text = write(newer).replace(b'"health"', b'"clinic"').replace(b"health_to", b"clinic_to")
    text = text.replace(b"split_to_health", b"split_to_clinic")
    key = matter.processes.publish(text, by="modeller", now=NOW).key
    flows = {"split_to_health": "split_to_clinic", "health_to_join": "clinic_to_join"}
    matter.does(Migrate(to=key, nodes={"health": "clinic"}, flows=flows, by="c", why="renamed"))
    assert matter.part("clinic") == part
    assert matter.stands("clinic") is State.FORWARDED


def test_a_drawing_says_which_case_it_is_and_what_it_promises() -> None:
    definition = drawn()
    assert read(write(definition)).bodies == definition.bodies
    assert read(write(definition)).nodes == definition.nodes
    for wrong, says in (
        (b'value="3wd"', "is no term"), (b'value="deliver"', "stage"), (b'name="case"', "a term"),
    ):  # fmt: skip
        text = write(definition).replace(
            wrong,
            wrong.replace(b"3wd", b"soon").replace(b"deliver", b"later").replace(b"case", b"x"),
        )
        assert any(says in problem.en for problem in check(read(text))), wrong
    with pytest.raises(Unfit, match="no kind of case 'other'"):
        processes().publish(write(definition).replace(b'"matter"', b'"other"'), by="m", now=NOW)


class Followed(Pretend):
    """A pretend office whose steps go through the log, so that its case follows."""

    def __init__(self, block: Block) -> None:
        definition = as_case(Drawing(block).definition())
        super().__init__(definition)
        self.real = processes()
        self.real.publish(write(definition), by="modeller", now=self.now)
        self.instance = -1

    def start(self, **variables: object) -> "Followed":  # type: ignore[explicit-override]
        assert not variables
        self.instance, moved = self.real.start(
            "any", Start(applicant="applicant"), by="applicant", now=self.now
        )
        self._took(moved)
        return self

    def does(self, happening: AnyHappening) -> "Followed":  # type: ignore[explicit-override]
        self._took(self.real.step(self.instance, happening, by="clerk", now=self.now))
        one_life(self.real, self.instance)
        return self


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(BLOCKS, MOVES)
def test_whatever_is_drawn_and_done_case_and_tokens_live_one_life(
    block: Block, moves: list[tuple[int, int, int]]
) -> None:
    office = Followed(block)
    office.start()
    for kind, which, where in moves:
        if office.state.status != "running":
            break
        happening = move(office, kind, which, where)
        try:
            if happening is not None:
                office.does(happening)
        except Stuck:
            continue
    by_the_table(office.real)
    assert KIND.mover == "process"
