"""Every page, in both languages, light and dark, narrow and large: nobody is left outside."""

import pytest
from checks import clickable, faults, sideways, unmarked, unseen_focus, untranslated
from watched import Opener

PAGES = {
    "/situation?thing=J2": "md-map[data-drawn]",
    "/alerts": "md-alerts .view:not([hidden])",
    "/look-ahead": "md-ahead, main",
    "/approvals": "md-approvals .view:not([hidden])",
    "/replay": "md-time button",
    "/data": "main table",
    "/learning": "md-scores .view:not([hidden])",
    "/why/11": "md-why .view:not([hidden])",
    "/thing/J2": "md-chart .view:not([hidden])",
    "/status": "main",
    "/warnings": "main",
    "/decisions": "main",
    "/score-cards": "main",
    "/accessibility": "main",
    "/sign-in": "main form",
}
STEPS = 60  # tab stops walked a page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("lang", "theme", "other"), [("zh", "light", "dark"), ("en", "dark", "light")]
)
def test_a_page_leaves_nobody_outside(
    opened: Opener, axe: str, path: str, lang: str, theme: str, other: str
) -> None:
    watched = opened(owner=path != "/sign-in")
    page = watched.go(f"{path}{'&' if '?' in path else '?'}lang={lang}&theme={theme}", PAGES[path])
    page.wait_for_timeout(300)
    wrong: dict[str, object] = {
        "axe": faults(page, axe),
        "hears a click, is no control": clickable(page),
        "not translated": untranslated(page, lang),
        "severity": unmarked(page),
        "focus unseen": unseen_focus(page, STEPS),
    }
    page.evaluate("(t) => { document.documentElement.dataset.theme = t; }", other)
    wrong[f"axe, {other}"] = faults(page, axe)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wrong["wider than the window at 200 % text, px"] = sideways(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 320, "height": 640})
    wrong["wider than the window at 320 px, px"] = sideways(page)
    left = {what: found for what, found in wrong.items() if found}
    assert not left, left
    watched.clean()


def test_the_policy_is_sent_with_every_page(opened: Opener) -> None:
    watched = opened()
    answer = watched.page.goto(watched.url + "situation")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    for lax in ("unsafe-eval", "script-src 'self' 'unsafe-inline'", "blob: ", "*"):
        assert lax not in policy.split("img-src")[0]
