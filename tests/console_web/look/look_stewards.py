"""The stewards' pages behind the console's door: by phone, by key, in both languages."""

from collections.abc import Iterator
from typing import cast

import pytest
from everywhere import held, in_full
from look_portal import WROTE, portal
from night import stormy
from opening_house import NOON, lay, patients
from portal_house import Desk
from starlette.routing import Mount
from watched import Opener, Served, Watched

from mindu.cli.data.open.within import AtDoor
from mindu.console.beside import Beside
from mindu.console.server import serving
from mindu.edge.portal.doors import application
from mindu.edge.portal.held import Stewards
from mindu.edge.portal.portal import NAME

__all__ = ["portal"]
BOTH = pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
PAGES = ("", "?q=none", "/d/pumps", "/d/patients", "/plan", "/requests/{n}", "/d/nothing")
TITLE = "Hourly levels 逐时水位"


@pytest.fixture(scope="module")
def desk(portal: Desk) -> Iterator[Served]:
    door = AtDoor()
    portal.portal.stewards = Stewards(who=door)
    routes = [Mount("/open", app=application(portal.portal))]
    with serving(stormy(), beside=[Beside(title=NAME, path="/open/", routes=routes)]) as desk:
        door.desk = desk.desk
        yield cast("Served", desk)


def words(portal: Desk) -> set[str]:
    """Return what stands on the pages as somebody wrote it, in one language alone."""
    fields = [f for one in portal.openings.declared.values() for f in one.fields]
    names = (
        {f.name for f in fields} | {f.grade.name for f in fields} | set(portal.openings.declared)
    )
    return {*WROTE, *names, TITLE, "steward", "公园座椅", "泵站", "就诊"}


def looked(watched: Watched, axe: str, lang: str, theme: str, wrote: set[str]) -> None:
    left = held(watched, axe, lang, theme, wrote)
    assert not left, in_full(left)


@BOTH
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_stewards_leaves_nobody_outside(
    opened: Opener, portal: Desk, axe: str, path: str, lang: str, theme: str
) -> None:
    if not portal.requests.numbers():
        portal.requests.ask(TITLE, "", voter="somebody", now=NOON)
    watched, where = opened(role="steward"), path.format(n=portal.requests.numbers()[0])
    watched.go(f"/open/steward{where}{'&' if '?' in where else '?'}lang={lang}")
    looked(watched, axe, lang, theme, words(portal))
    watched.clean()


@BOTH
def test_who_is_no_steward_is_told_where_to_sign_in(
    opened: Opener, portal: Desk, axe: str, lang: str, theme: str
) -> None:
    watched = opened()
    watched.go(f"/open/steward?lang={lang}", "[role=alert]")
    looked(watched, axe, lang, theme, words(portal))


@BOTH
def test_a_table_is_checked_opened_and_closed_by_key_alone(
    opened: Opener, portal: Desk, axe: str, lang: str, theme: str
) -> None:
    lay(portal.pool.folder, "patients", patients(lonely=0))
    watched = opened(role="steward", size=(360, 740))
    page = watched.go(f"/open/steward/d/patients?lang={lang}")
    for value, verb in (("check", "check"), ("open", "open")):
        page.locator(f"button[value={value}]").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=status], [role=alert]")
        assert page.locator("[role=alert]").count() == 0, verb
        looked(watched, axe, lang, theme, words(portal))
    assert portal.memory.opened.get("patients") is not None
    page.locator("[name=why]").focus()
    page.keyboard.type("recount 重新统计")
    page.locator("button[value=close]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    assert portal.memory.opened.get("patients") is None
    looked(watched, axe, lang, theme, {*words(portal), "recount 重新统计"})
    watched.clean()
