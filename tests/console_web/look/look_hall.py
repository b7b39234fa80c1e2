"""Identity, licences and the staff's desk in a browser: held to what the console is held to."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from everywhere import held, in_full
from playwright.sync_api import Page
from services_desk import ELDER, SHOP
from services_office import officer
from services_people import GOOD, Hall
from watched import Opener, Watched

import house
from mindu.apps.services.numbers import instance_of
from mindu.console.identity.inside import Inside

BOTH = pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
PEOPLE = {"elder": "林依嬷", "son": "陈明"}
OFFICES = ("window", "市场监管")
WROTE = {
    *PEOPLE.values(), *OFFICES, "、".join(OFFICES), "林晓", "网证模拟",
    *(str(value) for told in (SHOP, ELDER) for value in told.values()),
}  # fmt: skip


@dataclass(frozen=True)
class Doors:
    """The hall, served: its pages, and what stands behind them."""

    url: str
    hall: Hall
    enter: str = ""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        url = f"http://localhost:{door.getsockname()[1]}"
        hall = Hall(tmp_path_factory.mktemp("hall"), url)
        for account, name in PEOPLE.items():
            hall.person(account, name)
        officer(hall, "Lin", "operator", *OFFICES)
        with house.served(hall.app, door):
            yield Doors(f"{url}/", hall)


@dataclass
class Reader:
    """One browser that speaks one language, and all that is wrong with what it saw."""

    watched: Watched
    axe: str
    lang: str
    theme: str
    wrong: dict[str, object]

    @property
    def page(self) -> Page:
        return self.watched.page

    def look(self, path: str = "", until: str = "main") -> None:
        """Hold a page, or the one that is open, to it all."""
        if path:
            self.watched.go(f"{path}{'&' if '?' in path else '?'}lang={self.lang}", until)
        found = held(self.watched, self.axe, self.lang, self.theme, WROTE)
        if found:
            self.wrong[self.page.url.removeprefix(self.watched.url)] = found

    def press(self, button: str) -> None:
        """Press a button and wait for the page that comes."""
        with self.page.expect_navigation():
            self.page.locator(button).first.click()

    def signs_in(self, name: str, kind: str) -> None:
        """Tell the open sign-in page who this is; agree where that is asked."""
        self.page.check(f"[name=kind][value={kind}]")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", GOOD)
        self.press("form[action$='/password'] button")

    def clean(self) -> None:
        assert not self.wrong, in_full(self.wrong)
        self.watched.clean()


@pytest.fixture(params=[("zh", "light"), ("en", "dark")], ids=("zh", "en"))
def reader(request: pytest.FixtureRequest, opened: Opener, doors: Doors, axe: str) -> Reader:
    lang, theme = request.param
    doors.hall.later(minutes=30)  # nobody comes too often
    watched = opened(at=doors)
    watched.page.set_extra_http_headers({"accept-language": lang})
    return Reader(watched, axe, lang, theme, {})


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


def licence(hall: Hall) -> str:
    """Return the number of a licence that was just issued to the son."""
    son, way = hall.provider.citizens.named("son"), hall.site.signs_in
    assert son is not None
    assert isinstance(way, Inside)
    sub = hall.provider.sub(son.id, way.client)
    case = instance_of(hall.counter.hand_in(sub, "restaurant", SHOP, hall.time))
    hall.approve_all(case)
    return f"SP{case:08d}"


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
