"""A licence stands as long as the approval that it was issued upon, also after a crash."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers import on_server
from services_desk import NOW, SHOP, open_nodes
from services_desk import hall as over
from services_people import Hall

from mindu.apps.services.counter import Counter
from mindu.apps.services.licences.book import Licences
from mindu.apps.services.licences.kinds import KINDS
from mindu.apps.services.licences.rows import Row
from mindu.apps.services.licences.status import Status
from mindu.apps.services.materials import Materials
from mindu.apps.services.numbers import instance_of
from mindu.console.steps.lately import Lately
from mindu.data.log import Log
from mindu.engines.process import Stuck
from mindu.engines.process.happenings import Complete, Return, Suspend, Void, Withdraw

FOOD = next(item for item, kind in KINDS.items() if kind.code == "SP")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def applied(hall: Hall) -> int:
    return instance_of(hall.counter.hand_in("applicant", "restaurant", SHOP, hall.time))


def decides(hall: Hall, case: int, node: str, *, yes: bool = True, result: str = "") -> None:
    wait = next(w for w in hall.counter.processes.state(case).waits if w.node == node)
    told = Complete(wait=wait.id, by="Wu", yes=yes, vars={"approved": yes, "result": result})
    hall.counter.processes.step(case, told, by="Wu", now=hall.time)


def until(hall: Hall, case: int, node: str) -> None:
    """Approve everything until a step is open."""
    while node not in (nodes := open_nodes(hall.counter, case)):
        decides(hall, case, nodes[0])


def returns(hall: Hall, case: int, node: str, to: str) -> None:
    wait = next(w for w in hall.counter.processes.state(case).waits if w.node == node)
    told = Return(wait=wait.id, to=to, by="Lin", why="the kitchen was rebuilt")
    hall.counter.processes.step(case, told, by="Lin", now=hall.time)


def issued(hall: Hall, case: int) -> Row:
    hall.site.look()
    return hall.site.licences.row(f"SP{case:08d}")


def says(hall: Hall, case: int) -> str:
    found = hall.counter.progress(hall.counter.number(case), hall.time, by="applicant")
    return next(part.status for part in found.parts if part.item == FOOD)


def listed(hall: Hall, row: Row) -> str:
    """Return how a check without a network finds a licence."""
    text = hall.site.licences.present(row.number, ["number"], to="a guest", now=hall.time)
    status = hall.site.licences.check(text, hall.time, by="a guest").shown.status
    return "" if status is None else status.name.lower()


def given_out(hall: Hall) -> tuple[int, Row]:
    case = applied(hall)
    until(hall, case, "deliver")
    row = issued(hall, case)
    assert (row.status, says(hall, case)) == (Status.VALID, "approved")
    return case, row


def test_a_return_suspends_the_licence_at_once_and_a_new_approval_restores_it(hall: Hall) -> None:
    case, _ = given_out(hall)
    returns(hall, case, "deliver", FOOD)
    row = issued(hall, case)
    assert (row.status, row.cause) == (Status.SUSPENDED, "undone")
    assert row.why == "the kitchen was rebuilt"
    assert listed(hall, row) == "suspended"
    assert says(hall, case) == "again"
    with pytest.raises(ValueError, match="being decided again"):
        hall.site.licences.set(row.number, Status.VALID, "please", by="Wu", now=hall.time)
    until(hall, case, FOOD)
    decides(hall, case, FOOD)
    row = issued(hall, case)
    assert (row.status, row.cause, says(hall, case)) == (Status.VALID, "again", "approved")
    assert listed(hall, row) == "valid"


def test_a_refusal_after_a_return_revokes_it_with_the_reason(hall: Hall) -> None:
    case, _ = given_out(hall)
    returns(hall, case, "deliver", FOOD)
    hall.site.look()
    decides(hall, case, FOOD, yes=False, result="no water")
    row = issued(hall, case)
    assert (row.status, row.cause, row.why) == (Status.REVOKED, "refused", "no water")
    assert says(hall, case) == "refused"
    until(hall, case, "deliver")
    returns(hall, case, "deliver", FOOD)
    decides(hall, case, FOOD)
    hall.site.look()
    assert issued(hall, case).status is Status.REVOKED, "what was revoked stays so"
    assert hall.site.licences.row(f"{row.number}-2").status is Status.VALID


def test_taking_a_step_back_suspends_its_licence(hall: Hall) -> None:
    case = applied(hall)
    until(hall, case, FOOD)
    decides(hall, case, FOOD)
    assert issued(hall, case).status is Status.VALID
    back = Withdraw(node=FOOD, by="Wu", why="the wrong case")
    hall.counter.processes.step(case, back, by="Wu", now=hall.time)
    row = issued(hall, case)
    assert (row.status, row.why, says(hall, case)) == (Status.SUSPENDED, "the wrong case", "again")


@pytest.mark.parametrize(("status", "by"), [("void", "Lin"), ("withdrawn", "applicant")])
def test_a_void_or_withdrawn_application_revokes_its_licence(
    hall: Hall, status: str, by: str
) -> None:
    case, _ = given_out(hall)
    hall.counter.processes.step(case, Void(status=status, by=by, why="over"), by=by, now=hall.time)
    row = issued(hall, case)
    assert (row.status, row.cause, row.why) == (Status.REVOKED, "taken", "over")
    found = hall.counter.progress(hall.counter.number(case), hall.time, by="applicant")
    assert {part.status for part in found.parts} == {"void"}


def test_while_its_clock_stands_no_part_promises_a_day(hall: Hall) -> None:
    case = applied(hall)
    until(hall, case, FOOD)
    number = hall.counter.number(case)
    assert any(part.due for part in hall.counter.progress(number, hall.time).parts)
    stop = Suspend(by="Lin", why="an expert looks", kind="special")
    hall.counter.processes.step(case, stop, by="Lin", now=hall.time)
    assert not any(part.due for part in hall.counter.progress(number, hall.time).parts)


def test_what_was_taken_back_is_not_offered_to_be_taken_back_again(hall: Hall) -> None:
    case = applied(hall)
    until(hall, case, FOOD)
    decides(hall, case, FOOD)
    lately = Lately(hall.counter.processes)
    assert FOOD in [step.node for step in lately.of("Wu")]
    back = Withdraw(node=FOOD, by="Wu", why="the wrong case")
    hall.counter.processes.step(case, back, by="Wu", now=hall.time)
    assert FOOD not in [step.node for step in lately.of("Wu")]


def test_an_application_mended_since_gets_a_new_licence_for_the_old_one(hall: Hall) -> None:
    case, _ = given_out(hall)
    returns(hall, case, "deliver", "")
    assert issued(hall, case).status is Status.SUSPENDED
    told = {**SHOP, "shop_name": "七巷鱼丸"}
    given_ = hall.counter.taken("applicant", "restaurant", told, hall.time)
    wait = hall.counter.processes.state(case).waits[0]
    mended = Complete(wait=wait.id, by="applicant", vars=given_)
    hall.counter.processes.step(case, mended, by="applicant", now=hall.time)
    until(hall, case, "deliver")
    old = issued(hall, case)
    assert (old.status, old.cause) == (Status.REVOKED, "replaced")
    assert "七巷鱼丸" in hall.site.licences.held(f"{old.number}-2").claims.values()


def test_what_an_officer_suspended_is_not_restored_by_a_new_approval(hall: Hall) -> None:
    case, row = given_out(hall)
    hall.site.licences.set(row.number, Status.SUSPENDED, "a complaint", by="Wu", now=hall.time)
    returns(hall, case, "deliver", FOOD)
    hall.site.look()
    decides(hall, case, FOOD)
    row = issued(hall, case)
    assert (row.status, row.why) == (Status.SUSPENDED, "a complaint")


def killed(folder: Path, before: str, after: str) -> Hall:
    """Return a hall over what lies on the disk at this moment, as a kill would leave it."""
    shutil.copytree(folder / before, folder / after)
    return Hall(folder / after)


def test_who_dies_between_undoing_and_suspending_catches_up_at_the_next_look(
    tmp_path: Path,
) -> None:
    first = Hall(tmp_path / "first")
    case, _ = given_out(first)
    returns(first, case, "deliver", FOOD)
    second = killed(tmp_path, "first", "second")  # nobody looked
    row = issued(second, case)
    assert (row.status, row.cause, row.why) == (
        Status.SUSPENDED, "undone", "the kitchen was rebuilt")  # fmt: skip
    decides(second, case, FOOD)
    third = killed(tmp_path, "second", "third")
    assert issued(third, case).status is Status.VALID


def test_what_fell_and_was_given_again_unseen_is_told_so(tmp_path: Path) -> None:
    first = Hall(tmp_path / "first")
    case, _ = given_out(first)
    returns(first, case, "deliver", FOOD)
    decides(first, case, FOOD)
    row = issued(killed(tmp_path, "first", "second"), case)
    assert (row.status, row.cause) == (Status.VALID, "again")


MOVES = st.lists(st.tuples(st.sampled_from("yyynrrwv"), st.integers(0, 9), st.booleans()),
                 max_size=14)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_after_any_moves_a_licence_is_valid_only_where_its_approval_stands(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int, bool]]
) -> None:
    hall = Hall(tmp_path_factory.mktemp("hall"))
    case = applied(hall)
    until(hall, case, FOOD)
    decides(hall, case, FOOD)
    for kind, which, looks in [*moves, ("-", 0, True)]:
        moved(hall, case, kind, which)
        if not looks:
            continue
        hall.site.look()
        valid = [row for row in hall.site.licences.every()
                 if row.item == FOOD and row.status is Status.VALID]  # fmt: skip
        assert len(valid) == (says(hall, case) == "approved")


def moved(hall: Hall, case: int, kind: str, which: int) -> None:
    """Try a move; one that is refused changes nothing."""
    processes = hall.counter.processes
    state = processes.state(case)
    tasks = [w for w in state.waits if w.kind == "task" and w.node not in {"start", "deliver"}]
    if state.status != "running" or (kind in "yn" and not tasks):
        return
    visits = ["", *state.frames[0].visits]
    tasks = tasks or [w for w in state.waits if w.kind == "task"]
    wait = tasks[which % len(tasks)]
    try:
        if kind in "yn" and wait.node != "accept":
            decides(hall, case, wait.node, yes=kind == "y")
        elif kind == "r":
            returns(hall, case, wait.node, visits[which % len(visits)])
        elif kind == "w":
            back = Withdraw(node=visits[which % len(visits)], by="Wu", why="a slip")
            processes.step(case, back, by="Wu", now=hall.time)
        elif kind == "v" and which == 0:
            processes.step(case, Void(by="Lin", why="over"), by="Lin", now=NOW)
        elif wait.node == "accept":
            decides(hall, case, "accept")
    except Stuck:
        return


def test_on_a_server_a_licence_follows_too_also_after_a_restart() -> None:
    with on_server() as where:
        log = Log.open(where)
        counter = over(log)
        case = instance_of(counter.hand_in("applicant", "restaurant", SHOP, NOW))
        while "deliver" not in (nodes := open_nodes(counter, case)):
            counter.decide(case, nodes[0], by="Wu", approved=True, result="", now=NOW)
        book_of(counter).look(NOW)
        wait = next(w for w in counter.processes.state(case).waits if w.node == "deliver")
        back = Return(wait=wait.id, to=FOOD, by="Lin", why="the kitchen was rebuilt")
        counter.processes.step(case, back, by="Lin", now=NOW)
        log.close()
        log = Log.open(where)
        counter = over(log)
        book = book_of(counter)
        book.look(NOW)
        row = book.row(f"SP{case:08d}")
        assert (row.status, row.why) == (Status.SUSPENDED, "the kitchen was rebuilt")
        counter.decide(case, FOOD, by="Wu", approved=False, result="no water", now=NOW)
        book.look(NOW)
        assert book.row(row.number).status is Status.REVOKED
        log.close()


def book_of(counter: Counter) -> Licences:
    materials = Materials(counter.vault, counter.processes)
    return Licences(counter, materials, b"s" * 32, "http://localhost")
