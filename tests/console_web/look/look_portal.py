"""The open portal behind the console's door: held to what the console is held to."""

from collections.abc import Iterator
from typing import cast

import pytest
from everywhere import held, in_full
from night import stormy
from opening_house import BENCHES, HEALTH, LIN, NOON, PATIENTS, PUMPS, WATER, pumps
from portal_house import Desk
from starlette.routing import Mount
from watched import Opener, Served, Watched

from mindu.brain.opening.check import Proposal
from mindu.cli.data.open.house import SCRIPT, SHEETS
from mindu.console.beside import Beside
from mindu.console.server import serving
from mindu.edge.portal.doors import application
from mindu.edge.portal.portal import NAME

BOTH = pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])
ASKED = {"zh": "泵站水位的历史数据", "en": "Levels of the pumps, by hour"}
WROTE = {
    *ASKED.values(), *pumps()["name"].to_pylist(), WATER, HEALTH, "Office",
    *(word for one in (PUMPS, PATIENTS, BENCHES) for word in (one.theme, one.owner)),
}  # fmt: skip
DRAWN = ("md-portal-chart .drawing svg", "md-portal-map canvas")  # once they come into sight
PAGES = {
    "/": "main",
    "/?q=none": "main",
    "/d/pumps": "md-portal-map",
    "/d/pumps?by=name&of=level": "main figure",
    "/plan": "main",
    "/api": "main",
    "/requests": "main form",
    "/keys": "main form",
    "/d/nothing": "[role=alert]",
}


@pytest.fixture(scope="module")
def portal() -> Desk:
    desk = Desk()
    rows = [
        ("patients", "就诊", "Patients", HEALTH, "2026-12-31", ""),
        ("pumps", "泵站", "Pumps", WATER, "2026-06-30", ""),
        ("benches", "公园座椅", "Benches", WATER, "2026-03-31", ""),
    ]
    desk.openings.plan(rows, LIN, now=NOON)
    desk.portal.sheets, desk.portal.script = SHEETS, SCRIPT
    return desk


@pytest.fixture(scope="module")
def desk(portal: Desk) -> Iterator[Served]:
    routes = [Mount("/open", app=application(portal.portal))]
    room = Beside(title=NAME, path="/open/", routes=routes)
    with serving(stormy(), beside=[room]) as desk:
        yield cast("Served", desk)


def looked(watched: Watched, axe: str, lang: str, theme: str, wrong: dict[str, object]) -> None:
    """Hold the page that is open to it all, and remember what is wrong under its address."""
    if found := held(watched, axe, lang, theme, WROTE):
        wrong[watched.page.url.removeprefix(watched.url)] = found


@BOTH
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_portal_leaves_nobody_outside(
    opened: Opener, axe: str, path: str, lang: str, theme: str
) -> None:
    watched = opened()
    page = watched.go(f"/open{path}{'&' if '?' in path else '?'}lang={lang}", PAGES[path])
    for drawn in DRAWN:
        if page.locator(drawn.split()[0]).count():
            page.locator(drawn.split()[0]).scroll_into_view_if_needed()
            page.wait_for_selector(drawn)
    left = held(watched, axe, lang, theme, WROTE)
    assert not left, in_full(left)
    watched.clean()


@BOTH
def test_who_asks_votes_and_takes_a_key_is_left_outside_of_nothing(
    opened: Opener, axe: str, lang: str, theme: str
) -> None:
    watched, wrong = opened(), dict[str, object]()
    page = watched.go(f"/open/requests?lang={lang}")
    page.fill("[name=title]", ASKED[lang])
    page.locator("main form button").last.click()
    page.wait_for_selector("[role=status]")
    looked(watched, axe, lang, theme, wrong)
    watched.go(f"/open/requests?lang={lang}", "ul.sets li")
    looked(watched, axe, lang, theme, wrong)
    watched.go(f"/open/keys?lang={lang}")
    page.fill("[name=label]", ASKED[lang])
    page.locator("main form button").first.click()
    page.wait_for_selector(".secret")
    looked(watched, axe, lang, theme, wrong)
    assert not wrong, in_full(wrong)
    watched.clean()


def test_a_closed_table_says_why_in_words(opened: Opener, portal: Desk, axe: str) -> None:
    portal.openings.open("benches", Proposal(facilities=("where", "call")), LIN, now=NOON)
    portal.openings.close("benches", "merged 已合并", LIN, now=NOON)
    watched = opened()
    watched.go("/open/d/benches?lang=en", "[role=alert]")
    said = watched.page.locator("[role=alert]").inner_text()
    assert "merged" in said
    left = held(watched, axe, "en", "light", {said})
    assert not left, in_full(left)
    watched.clean()
