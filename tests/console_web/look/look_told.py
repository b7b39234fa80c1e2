"""Beside the straight way: who acts for another, takes a consent back, reads what was undone."""

from datetime import timedelta

from hall_read import Doors, Reader, doors, identity, reader
from services_desk import ELDER, SHOP
from services_people import Hall

from mindu.apps.services.numbers import instance_of
from mindu.console.identity.delegated import Wish
from mindu.engines.process.happenings import AnyHappening, Complete, Return, Void, Withdraw

__all__ = ["doors", "reader"]

WHY = "重复申请"


def test_who_acts_for_another_and_meets_what_is_beyond_it_is_left_outside_of_nothing(
    reader: Reader, doors: Doors
) -> None:
    hall, told = doors.hall, delegated(doors.hall)
    case = handed_in(hall, "elder", "allowance")
    hall.approve_all(case)
    reader.watched.go("/sign-in?then=/mine")
    reader.signs_in("son", "person")
    reader.look()
    reader.page.check(f"[name=acting][value='{told}']")
    reader.press("[name=answer][value=yes]")
    for path in ("/mine", "/", "/materials", "/consents", "/receipts", "/restaurant/"):
        reader.look(path)
    assert "林依嬷" in reader.page.locator("main").inner_text()
    number = hall.counter.number(case)
    for path in ("/allowance/person", "/licences", f"/progress?number={number}"):
        reader.look(path)
    assert number in reader.page.locator("main").inner_text()
    reader.clean()


def test_who_gives_a_consent_and_takes_it_back_is_left_outside_of_nothing(
    reader: Reader, doors: Doors
) -> None:
    applicant(reader)
    reader.look("/consents")
    soon = f"{doors.hall.time + timedelta(days=30):%Y-%m-%d}"
    for do, until in (("let", "soon"), ("let", soon), ("back", "")):
        reader.page.select_option("[name=use]", "household|公安|newborn/household")
        reader.page.check(f"[name=do][value={do}]")
        reader.page.fill("[name=until]", until)
        reader.press("main form button")
        reader.look()
    reader.clean()


def test_whose_case_came_back_or_was_voided_reads_why_and_is_left_outside_of_nothing(
    reader: Reader, doors: Doors
) -> None:
    hall = doors.hall
    back, over = (handed_in(hall, "son", "restaurant") for _ in range(2))
    moved(hall, back, Return(wait=waits(hall, back), by="Lin", why=WHY))
    moved(hall, over, Void(by="Lin", why=WHY))
    applicant(reader)
    for case in (back, over, undone(hall)):
        reader.look(f"/progress?number={hall.counter.number(case)}")
        assert (WHY in reader.page.locator("main").inner_text()) == (case in {back, over})
    reader.clean()


def test_an_officer_who_decides_again_or_puts_a_rating_right_is_left_outside_of_nothing(
    reader: Reader, doors: Doors
) -> None:
    hall = doors.hall
    again, rated = undone(hall), handed_in(hall, "son", "restaurant")
    hall.approve_all(rated)
    number = hall.counter.number(rated)
    bad = hall.site.ratings.rate(number, 1, WHY, by=identity(hall, "son"), now=hall.time)
    assert bad is not None
    reader.watched.go("/desk/")
    reader.signs_in("Lin", "staff")
    if reader.page.locator("[name=answer]").count():
        reader.press("[name=answer][value=yes]")
    reader.look("/desk/")
    for case, says in ((again, {"zh": "重新办理", "en": "Decided again"}),
                       (bad, {"zh": "非常不满意", "en": "very dissatisfied"})):  # fmt: skip
        path = f"/desk/{case}/{waits(hall, case)}"
        reader.look(path)
        reader.press("form:has([value=claim]) button")
        reader.look(path)
        assert says[reader.lang] in reader.page.locator("main").inner_text()
    reader.clean()


def applicant(reader: Reader) -> None:
    """Sign the son in, for himself."""
    reader.watched.go("/sign-in?then=/mine")
    reader.signs_in("son", "person")
    if reader.page.locator("[name=answer]").count():
        reader.press("[name=answer][value=yes]")


def handed_in(hall: Hall, who: str, package: str) -> int:
    told = ELDER if package == "allowance" else SHOP
    return instance_of(hall.counter.hand_in(identity(hall, who), package, told, hall.time))


def waits(hall: Hall, case: int) -> int:
    """Return the open step of a case."""
    return next(w.id for w in hall.counter.processes.state(case).waits if w.kind == "task")


def moved(hall: Hall, case: int, what: AnyHappening) -> None:
    hall.counter.processes.step(case, what, by="Lin", now=hall.time)


def undone(hall: Hall) -> int:
    """Return a case whose acceptance was taken back."""
    case = handed_in(hall, "son", "restaurant")
    told = {"accepted": True, "approved": True}
    moved(hall, case, Complete(wait=waits(hall, case), by="Lin", vars=told))
    moved(hall, case, Withdraw(by="Lin", why=WHY, node="accept"))
    return case


def delegated(hall: Hall) -> str:
    """Let the son act for his mother in the allowance; both said yes by their sessions."""
    house, now = hall.provider, hall.time
    elder, son = house.citizens.named("elder"), house.citizens.named("son")
    assert elder is not None
    assert son is not None
    mother, child = (
        house.signed.session(house.signed.open(who, ("pwd", "ctid-sim"), now), now)
        for who in (elder, son)
    )
    assert mother is not None
    assert child is not None
    wish = Wish(relation="child", may=("apply", "follow", "collect"), matters=("allowance",),
                until=now + timedelta(days=30))  # fmt: skip
    return house.delegations.accept(
        child, house.delegations.offer(mother, son, wish, now).id, now
    ).id
