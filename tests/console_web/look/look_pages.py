"""Every page, in both languages, light and dark, narrow and large: nobody is left outside."""

from collections.abc import Iterator
from typing import cast

import pytest
from checks import faults, untranslated
from everywhere import held, in_full
from looked import CALLED
from night import Night, stormy
from watched import Opener, Served
from whole_night import whole

from mindu.console.server import serving

READY = ":not([hidden])"
PAGES = {
    "/situation?thing=J2": "md-map[data-drawn]",
    "/alerts": f"md-alerts .view{READY}",
    "/look-ahead": "md-ahead form input[type=range]",
    "/look-ahead?job=rain&beside=gate": "md-beside h3",
    "/approvals": f"md-approvals .view{READY}",
    "/approvals?state=sent": "main",
    "/replay": "md-time button",
    "/data": "main table",
    "/learning": f"md-scores .view{READY}",
    "/why/11": f"md-why .view{READY}",
    "/thing/J2": f"md-chart .view{READY}",
    "/account": "main form",
    "/report": "main",
    "/situation?at=8": "md-map[data-drawn]",
    "/nowhere": "main",
}
PUBLIC = {
    "/status": "main",
    "/warnings": "main",
    "/decisions": "main",
    "/score-cards": "main",
    "/accessibility": "main",
    "/sign-in": "main form",
    "/alerts": "main form",  # asks to sign in
    "/first": "main form",
}
CONSOLE = (
    "situation",
    "alerts",
    "look-ahead",
    "approvals",
    "replay",
    "data",
    "learning",
    "account",
)
ROLES = {
    "viewer": ("zh", "dark"),
    "operator": ("en", "light"),
    "approver": ("zh", "light"),
    "steward": ("en", "dark"),
}
in_both = pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return whole(tmp_path_factory.mktemp("maps"))


@pytest.mark.parametrize("path", PAGES)
@in_both
def test_a_page_leaves_nobody_outside(
    opened: Opener, axe: str, path: str, lang: str, theme: str
) -> None:
    watched = opened(owner=True)
    page = watched.go(f"{path}{'&' if '?' in path else '?'}lang={lang}&theme={theme}", PAGES[path])
    page.wait_for_timeout(300)
    left = held(watched, axe, lang, theme, CALLED)
    assert not left, in_full(left)
    watched.clean()


@pytest.fixture(scope="module")
def living() -> Iterator[Served]:
    """Serve the same night as a real city: guests see what is public and no more."""
    night = stormy()
    night.mode = "live"
    with serving(night) as desk:
        yield cast("Served", desk)


@pytest.mark.parametrize("path", PUBLIC)
@in_both
def test_a_guest_of_a_real_city_is_left_outside_of_nothing_public(
    opened: Opener, living: Served, axe: str, path: str, lang: str, theme: str
) -> None:
    watched = opened(at=living)
    key = f"&{living.enter.partition('?')[2]}" if path == "/first" else ""
    watched.go(f"{path}?lang={lang}&theme={theme}{key}", PUBLIC[path])
    left = held(watched, axe, lang, theme)
    assert not left, in_full(left)
    watched.clean()


@pytest.mark.parametrize("path", PUBLIC)
def test_a_guest_is_not_told_that_a_line_is_lost_that_guests_do_not_have(
    opened: Opener, living: Served, path: str
) -> None:
    watched = opened(at=living)
    key = f"&{living.enter.partition('?')[2]}" if path == "/first" else ""
    page = watched.go(f"{path}?lang=en{key}", PUBLIC[path])
    page.wait_for_timeout(700)
    assert page.locator("md-clock .lost, .toast.bad").count() == 0


@pytest.mark.parametrize("role", ROLES)
def test_each_role_finds_its_pages_whole_and_no_control_that_it_may_not_use(
    opened: Opener, axe: str, role: str
) -> None:
    lang, theme = ROLES[role]
    watched = opened(role=role)
    wrong: dict[str, object] = {}
    for name in CONSOLE:
        page = watched.go(f"/{name}?lang={lang}&theme={theme}", "main")
        page.wait_for_timeout(700)
        other = [text for text in untranslated(page, lang) if text not in CALLED]
        wrong[name] = faults(page, axe) + other
    page = watched.go(f"/alerts?lang={lang}", f"md-alerts .view{READY}")
    cares = page.locator("md-alerts .do button").count()
    page = watched.go(f"/approvals?lang={lang}", f"md-approvals .view{READY}")
    decides = page.locator("md-approvals [data-yes]").count()
    assert not {name: found for name, found in wrong.items() if found}
    assert bool(cares) == (role != "viewer")
    assert bool(decides) == (role in {"approver", "steward"})
    watched.clean()


@in_both
def test_what_opens_over_a_page_leaves_nobody_outside(
    opened: Opener, axe: str, lang: str, theme: str
) -> None:
    watched = opened(owner=True)
    page = watched.go(f"/alerts?lang={lang}&theme={theme}", f"md-alerts .view{READY}")
    wrong: dict[str, object] = {}

    def over(what: str) -> None:
        page.wait_for_selector("dialog[open]")
        wrong[what] = faults(page, axe) + untranslated(page, lang)
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog[open]", state="detached")

    page.locator("main").focus()
    page.keyboard.press("Control+k")
    over("palette")
    page.keyboard.press("?")
    over("keys")
    page.locator("md-alerts .do button").first.click()
    over("acknowledge")
    watched.go(f"/approvals?lang={lang}", "md-approvals .view article.ask")
    page.locator("[data-yes]").first.click()
    over("approve")
    assert not {what: found for what, found in wrong.items() if found}
    watched.clean()


def test_the_policy_is_sent_with_every_page(opened: Opener) -> None:
    watched = opened(owner=True)
    for path in (*PAGES, *PUBLIC):
        answer = watched.page.goto(watched.url.rstrip("/") + path)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        for lax in ("unsafe-eval", "script-src 'self' 'unsafe-inline'", "blob: ", "*"):
            assert lax not in policy.split("img-src")[0], path
