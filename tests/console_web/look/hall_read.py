"""The hall, served, and somebody who reads its pages in one language: what its looks share."""

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

PEOPLE = {"elder": "林依嬷", "son": "陈明"}
OFFICES = ("window", "市场监管", "supervision")
WROTE = {
    *PEOPLE.values(), *OFFICES, "、".join(OFFICES), "林晓", "网证模拟", "重复申请",
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


def identity(hall: Hall, account: str) -> str:
    """Return the name under which the hall knows somebody who signed up."""
    found, way = hall.provider.citizens.named(account), hall.site.signs_in
    assert found is not None
    assert isinstance(way, Inside)
    return hall.provider.sub(found.id, way.client)


def licence(hall: Hall) -> str:
    """Return the number of a licence that was just issued to the son."""
    sub = identity(hall, "son")
    case = instance_of(hall.counter.hand_in(sub, "restaurant", SHOP, hall.time))
    hall.approve_all(case)
    return f"SP{case:08d}"
