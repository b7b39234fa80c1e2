"""Identity, licences and the staff's desk in a browser: held to what the console is held to."""

from hall_read import Doors, Reader, doors, licence, reader
from services_desk import SHOP

from mindu.apps.services.numbers import instance_of

__all__ = ["doors", "reader"]


def test_who_signs_in_enrols_and_proves_who_they_are_is_left_outside_of_nothing(
    reader: Reader,
) -> None:
    for path in ("/id/enrol", "/id/enrol?kind=firm", "/id/check", "/id/nowhere", "/id/sign-in"):
        reader.look(path, "body")
    reader.page.fill("[name=name]", "elder")
    reader.page.fill("[name=password]", "wrong-orbit-quartz")
    reader.press("form[action$='/password'] button")
    reader.look()  # it says that nobody was let in
    reader.signs_in("elder", "person")
    reader.look()
    reader.press("form[action$='/prove'] button")
    reader.look()
    reader.page.check("[name=who][value=elder]")
    reader.press("form[action$='/pretend'] button")
    reader.look("/id/")
    reader.page.fill("[name=delegate]", "son")
    reader.page.locator("[name=may]").first.check()
    reader.press("form[action$='/offer'] button")
    reader.look()
    reader.clean()


def test_who_holds_a_licence_shows_it_and_whoever_checks_it_are_left_outside_of_nothing(
    reader: Reader, doors: Doors
) -> None:
    number = licence(doors.hall)
    reader.watched.go("/sign-in?then=/mine")
    reader.signs_in("son", "person")
    if reader.page.locator("[name=answer]").count():
        reader.look()
        reader.press("[name=answer][value=yes]")
    for path in ("/mine", "/materials", "/receipts", "/consents", "/licences"):
        reader.look(path)
    reader.look(f"/licences/{number}")
    reader.press("main form button")
    reader.look()  # nobody was named
    reader.page.fill("[name=to]", "Lin")
    reader.press("main form button")
    reader.page.wait_for_selector("main img")
    reader.look()
    code = reader.page.locator("dd").last.inner_text()
    for told in (code, "no licence at all"):
        reader.watched.go(f"/licences/check?lang={reader.lang}")
        reader.page.fill("[name=code]", told)
        reader.press("main form button")
        reader.look()
    reader.clean()


def test_an_officer_who_claims_and_decides_is_left_outside_of_nothing(
    reader: Reader, doors: Doors
) -> None:
    counter = doors.hall.counter
    case = instance_of(counter.hand_in("applicant", "restaurant", SHOP, doors.hall.time))
    wait = next(w for w in counter.processes.state(case).waits if w.kind == "task")
    path = f"/desk/{case}/{wait.id}"
    reader.watched.go("/desk/")
    reader.look()
    reader.signs_in("Lin", "staff")
    if reader.page.locator("[name=answer]").count():
        reader.press("[name=answer][value=yes]")
    reader.look("/desk/")
    reader.look(path)
    reader.press("form:has([value=claim]) button")
    reader.look(path)  # now with every move
    reader.page.eval_on_selector_all("details", "(all) => all.forEach((d) => { d.open = true; })")
    reader.look()
    reader.page.check("[name=approved][value=no]")
    reader.press("form:has([value=decide]) button")
    reader.look()  # a no wants a reason
    paper = licence(doors.hall)
    papers = ("/desk/papers", "/desk/papers?number=none", f"/desk/papers/{paper}")
    for path in (*papers, "/desk/999/9", "/desk/nowhere", "/nowhere"):
        reader.look(path)
    reader.clean()


def test_a_number_in_large_letters_is_no_wider_than_a_telephone(
    reader: Reader, doors: Doors
) -> None:
    counter = doors.hall.counter
    case = instance_of(counter.hand_in("applicant", "restaurant", SHOP, doors.hall.time))
    reader.look(f"/progress?number={counter.number(case)}&large=1")
    assert reader.page.locator("html.large").count() == 1
    reader.look("/newborn/")
    assert reader.page.locator("html.large").count() == 1, "the next page has them too"
    reader.clean()
