"""The hotline's, the firms', the desk's and the services' pages: held to what the console is."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from everywhere import held, in_full
from playwright.sync_api import Page
from services_desk import CHILD, NOW, hall
from starlette.applications import Starlette
from watched import Opener, Watched

import house
from mindu.apps.services.rating import Ratings
from mindu.apps.services.web import apply
from mindu.apps.services.web.doors import application
from mindu.apps.services.web.site import Site
from mindu.base.records import Table
from mindu.brain.casework import rights
from mindu.edge.counter import web
from mindu.edge.desk import doors

SECRET = "a secret of the tests"  # noqa: S105 - of the tests alone
BOTH = pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
TOLD = {"zh": "五四路的路灯三天不亮了", "en": "The lamp at the corner has been dark for three days"}

SAID = {*TOLD.values(), *(str(v) for v in CHILD.values())}  # what people told, as they told it


@dataclass(frozen=True)
class Doors:
    """Doors of another room of the house, served."""

    url: str
    enter: str = ""


@pytest.fixture(scope="module")
def hotline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    desk = house.counter(Path(tmp_path_factory.mktemp("hotline")))
    token = sha256(SECRET.encode()).hexdigest()
    rows = (("anna", "Anna", "centre", "operator dispatcher", "3501", "", token),)
    roster = Table(rights.COLUMNS, rows, "the tests")
    desk.office.lay("roster", roster, by="tests", now=house.NOON)
    routes = [*web.routes(desk, house.KIND), *doors.routes(desk, house.KIND)]
    with house.served(Starlette(routes=routes)) as root:
        yield Doors(f"{root}/")


@pytest.fixture(scope="module")
def services() -> Iterator[Doors]:
    counter = hall()
    ratings = Ratings(counter)
    ratings.open(NOW)
    names = iter(f"applicant{n}" for n in range(99))
    site = Site(counter, ratings, lambda: NOW, lambda: next(names), b"secret")
    with house.served(application(site, apply.routes(site))) as root:
        yield Doors(f"{root}/")


def looked(watched: Watched, axe: str, lang: str, theme: str, wrong: dict[str, object]) -> None:
    """Hold the page that is open to it all, and remember what is wrong under its address."""
    found = held(watched, axe, lang, theme, SAID)
    if found:
        wrong[watched.page.url.removeprefix(watched.url)] = found


def tell(page: Page, lang: str) -> None:
    page.select_option("#service", "lamp")
    page.fill("#text", TOLD[lang])
    page.locator("form button").last.click()
    page.wait_for_selector(".code")


@BOTH
def test_a_caller_is_left_outside_of_nothing(
    opened: Opener, hotline: Doors, axe: str, lang: str, theme: str
) -> None:
    watched, wrong = opened(at=hotline), dict[str, object]()
    page = watched.go(f"/?lang={lang}&service=flooding")
    looked(watched, axe, lang, theme, wrong)
    tell(page, lang)
    looked(watched, axe, lang, theme, wrong)
    code = page.locator(".code").inner_text()
    for path in (f"/status?lang={lang}", f"/status?lang={lang}&code={code}"):
        watched.go(path)
        looked(watched, axe, lang, theme, wrong)
    assert not wrong, in_full(wrong)
    watched.clean()


@BOTH
def test_an_agent_is_left_outside_of_nothing(
    opened: Opener, hotline: Doors, axe: str, lang: str, theme: str
) -> None:
    watched, wrong = opened(at=hotline), dict[str, object]()
    page = watched.go(f"/?lang={lang}")
    tell(page, lang)
    watched.go(f"/desk?lang={lang}")
    looked(watched, axe, lang, theme, wrong)
    page.fill("[name=officer]", "anna")
    page.fill("[name=secret]", SECRET)
    page.keyboard.press("Enter")
    page.wait_for_selector("#call-text")
    page.fill("#call-text", TOLD[lang])
    page.wait_for_timeout(600)
    looked(watched, axe, lang, theme, wrong)
    page.locator("table a").first.click()
    page.wait_for_selector("details")
    looked(watched, axe, lang, theme, wrong)
    watched.go(f"/desk/board?lang={lang}")
    looked(watched, axe, lang, theme, wrong)
    assert not wrong, in_full(wrong)
    watched.clean()


@BOTH
def test_an_applicant_is_left_outside_of_nothing(
    opened: Opener, services: Doors, axe: str, lang: str, theme: str
) -> None:
    watched, wrong = opened(at=services), dict[str, object]()
    page = watched.go(f"/?lang={lang}")
    looked(watched, axe, lang, theme, wrong)
    page.locator("dt a").first.click()
    page.wait_for_selector("form")
    for _ in range(20):  # pages of questions
        if not page.locator("[name=_go]").count():
            break
        looked(watched, axe, lang, theme, wrong)
        page.locator("[name=_go]").first.click()  # nothing is answered: its errors show
        page.wait_for_load_state()
        if page.locator("#summary").count():
            looked(watched, axe, lang, theme, wrong)
            answer(page)
            page.locator("[name=_go]").first.click()
            page.wait_for_load_state()
            assert not page.locator("#summary").count(), page.locator("#summary").inner_text()
    looked(watched, axe, lang, theme, wrong)
    for path in (f"/progress?lang={lang}&number=none", f"/ratings?lang={lang}"):
        watched.go(path)
        looked(watched, axe, lang, theme, wrong)
    assert not wrong, in_full(wrong)
    watched.clean()


def answer(page: Page) -> None:
    """Answer what is asked here, as the child's parents would."""
    for name, value in CHILD.items():
        field = page.locator(f"[name={name}]")
        if not field.count():
            continue
        kind = field.first.get_attribute("type")
        if kind in {"radio", "checkbox"}:
            said = {True: "true", False: "false"}.get(value, value) if kind == "radio" else "true"
            page.locator(f"[name={name}][value={said}]").check()
        else:
            field.fill(str(value))
