"""The modeller in a browser: drawn and saved, faults and cases shown on it, nobody left out."""

import re
from collections.abc import Iterator
from typing import cast

import pytest
from checks import untranslated
from drawings import NOW, allowance, permit
from everywhere import held, in_full
from night import stormy
from playwright.sync_api import Page, expect
from stage import session
from test_modelling_cases import busy
from watched import Opener, Served, Watched

from mindu.console.contract.models.modelling import SaveDraft
from mindu.console.modelling.modelling import Modelling
from mindu.console.server import Serving, serving

DRAWN = "md-diagram .canvas svg .djs-element"
TABLE = "md-diagram .tjs-container"
# What the libraries draw is theirs; what we write around it is held to everything.
THEIRS = (".djs-container", ".dmn-js-parent")
BOTH_TONGUES = re.compile(r"[A-Za-z]")  # a name of a drawing says both: Accept 受理
in_both = pytest.mark.parametrize(("lang", "theme"), [("zh", "light"), ("en", "dark")])


@pytest.fixture(scope="module")
def desk() -> Iterator[Served]:
    night = stormy()
    night.modelling, _, _ = busy()
    broken = permit().replace("area &gt; 100", "area &gt;&gt; 1")
    for name, kind, text in (("broken", "bpmn", broken), ("rules", "dmn", allowance())):
        told = SaveDraft(name=name, kind=kind, text=text)  # type: ignore[arg-type]
        night.modelling.drafts.save(told, by="Lin", now=NOW)
    with serving(night) as desk:
        yield cast("Served", desk)


@pytest.fixture
def models(desk: Served) -> Modelling:
    found = cast("Serving", desk).desk.feed.modelling
    assert found is not None
    return found


def draft(models: Modelling, name: str) -> str:
    return next(one.id for one in models.drafts.listed() if one.name == name)


def old_and_new(models: Modelling) -> tuple[str, str]:
    old, new = sorted(models.versions(), key=lambda v: v.number)
    return old.key, new.key


def pages(models: Modelling) -> dict[str, str]:
    old, new = old_and_new(models)
    return {
        "/models": "main table",
        f"/models/draft?id={draft(models, 'broken')}": DRAWN,
        f"/models/draft?id={draft(models, 'rules')}&given=%7B%22age%22:83%7D": TABLE,
        f"/models/version?key={old}": DRAWN,
        f"/models/compare?old={old}&new={new}": DRAWN,
        f"/models/carry?old={old}&new={new}": "main table",
    }


@in_both
def test_every_page_of_the_modeller_leaves_nobody_outside(
    opened: Opener, models: Modelling, axe: str, lang: str, theme: str
) -> None:
    watched, wrong = opened(role="steward"), dict[str, object]()
    for path, until in pages(models).items():
        page = watched.go(f"{path}{'&' if '?' in path else '?'}lang={lang}&theme={theme}", until)
        page.wait_for_timeout(300)
        told = [text for text in untranslated(page, lang) if BOTH_TONGUES.search(text)]
        if found := held(watched, axe, lang, theme, told, theirs=THEIRS):
            wrong[path] = found
    assert not wrong, in_full(wrong)
    watched.clean()


def test_a_fault_stands_on_its_element_and_is_gone_once_mended(
    opened: Opener, models: Modelling
) -> None:
    named = draft(models, "broken")
    watched = opened(role="steward")
    page = watched.go(f"/models/draft?id={named}&lang=en", DRAWN)
    publish = page.locator("#publish")
    publish.focus()
    expect(publish).to_be_focused()
    expect(publish).to_have_accessible_description(re.compile("cannot be published yet"))
    page.get_by_label("Reason").fill("now")
    publish.press("Enter")
    expect(page).to_have_url(re.compile("/models/draft"))
    expect(page.locator(".djs-connection.flaw")).to_have_count(1)
    page.locator("#flaws button").click()
    condition = page.get_by_label("Condition (FEEL)")
    expect(condition).to_have_value("area >> 1")
    condition.fill("area > 100")
    condition.press("Tab")
    page.get_by_role("button", name="Save the draft").first.click()
    expect(page.locator("#flaws")).to_contain_text("Nothing keeps it from running")
    expect(page.locator(".djs-connection.flaw")).to_have_count(0)
    expect(publish).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator("#h-unfit")).to_be_hidden()
    assert "area &gt; 100" in models.drafts.get(named).text
    watched.clean()


def test_what_was_drawn_and_not_saved_survives_a_closed_tab_and_an_ended_session(
    opened: Opener, models: Modelling, desk: Served
) -> None:
    named = draft(models, "broken")
    watched = opened(role="operator")
    page = watched.go(f"/models/draft?id={named}&lang=en", DRAWN)
    drawn_anew(page, "Kept by the browser")
    until_kept(page)
    page.context.clear_cookies()
    page.get_by_role("button", name="Save the draft").first.click()
    expect(page.locator("md-diagram [role=status]")).to_contain_text("Sign in")
    again = watched_again(watched, desk)
    page = again.go(f"/models/draft?id={named}&lang=en", DRAWN)
    page.get_by_role("button", name="Take it").click()
    page.get_by_role("button", name="Save the draft").first.click()
    expect(page.locator(".toast")).to_contain_text("saved")
    assert "Kept by the browser" in models.drafts.get(named).text


def until_kept(page: Page) -> None:
    """Wait until the browser keeps what is unsaved; the policy lets nobody wait by a text."""
    for _ in range(200):
        if page.evaluate("Object.keys(localStorage).some((k) => k.startsWith('mindu.draft.'))"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the browser kept nothing")


def drawn_anew(page: Page, name: str) -> None:
    field = page.locator("md-diagram .details").get_by_label("Name")
    field.fill(name)
    field.press("Tab")


def watched_again(watched: Watched, desk: Served) -> Watched:
    """Sign in once more in the same browser."""
    cookie = {"name": "mindu", "value": session(desk, "operator"), "url": desk.url}
    watched.page.context.add_cookies([cookie])  # type: ignore[list-item]
    watched.page.on("dialog", lambda dialog: dialog.accept())
    return watched


def test_cases_and_their_heat_stand_on_the_nodes(opened: Opener, models: Modelling) -> None:
    old, _ = old_and_new(models)
    page = opened(role="viewer").go(f"/models/version?key={old}&lang=en", DRAWN)
    expect(page.locator(".canvas .badge", has_text="3").first).to_be_visible()
    expect(page.locator(".djs-shape[data-element-id=fire]")).to_have_class(re.compile("heat-"))


def test_differences_stand_on_both_drawings(opened: Opener, models: Modelling) -> None:
    old, new = old_and_new(models)
    page = opened(role="viewer").go(f"/models/compare?old={old}&new={new}&lang=en", DRAWN)
    before, after = page.locator("md-diagram").nth(0), page.locator("md-diagram").nth(1)
    expect(after.locator(".djs-shape.added[data-element-id=archive]")).to_have_count(1)
    expect(before.locator(".djs-connection.removed")).to_have_count(1)


def test_the_mark_of_bpmn_io_is_seen_whole_and_covered_by_nothing(
    opened: Opener, models: Modelling
) -> None:
    """Their licence asks for it."""
    old, _ = old_and_new(models)
    for path, until in (
        (f"/models/version?key={old}", DRAWN),
        (f"/models/draft?id={draft(models, 'rules')}", TABLE),
    ):
        page = opened(role="operator").go(f"{path}&theme=dark", until)
        mark = page.locator(".canvas .bjs-powered-by").first
        mark.scroll_into_view_if_needed()
        expect(mark).to_be_visible()
        seen = mark.evaluate(
            """(e) => { const b = e.getBoundingClientRect();
              const box = e.closest(".canvas").getBoundingClientRect();
              const top = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
              const inside = b.right <= box.right && b.bottom <= box.bottom;
              return [e.contains(top), inside, b.width]; }"""
        )
        assert seen[:2] == [True, True]
        assert seen[2] >= 50
        assert mark.get_attribute("href") == "http://bpmn.io"


@pytest.mark.parametrize(("lang", "said"), [("zh", "命中策略"), ("en", "Hit policy")])
def test_the_table_speaks_the_readers_language(
    opened: Opener, models: Modelling, lang: str, said: str
) -> None:
    page = opened(role="steward").go(
        f"/models/draft?id={draft(models, 'rules')}&lang={lang}", TABLE
    )
    expect(page.locator(".dmn-js-parent")).to_contain_text(said)
    shown = page.locator(".dmn-js-parent").inner_text()
    theirs = [w for w in ("Hit policy", "When", "Then", "Annotations", "View DRD") if w in shown]
    assert bool(theirs) == (lang == "en"), theirs
