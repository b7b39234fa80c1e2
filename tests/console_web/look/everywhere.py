"""What every page is held to, wherever it is served: one list of what is wrong, empty when good."""

from collections.abc import Collection, Sequence
from pprint import pformat

from checks import clickable, faults, sideways, unmarked, untranslated
from playwright.sync_api import Page, ViewportSize
from walk import walk
from watched import Watched

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
OTHER = {"light": "dark", "dark": "light"}


def held(
    watched: Watched,
    axe: str,
    lang: str,
    theme: str,
    told: Collection[str] = (),
    *,
    theirs: Sequence[str] = (),
) -> dict[str, object]:
    """Return what is wrong with the page that is open: in both themes, narrow and large, by key.

    What people `told` stays in their own language; what libraries draw is `theirs`.
    """
    page = watched.page
    wrong: dict[str, object] = {
        "axe": faults(page, axe, theirs),
        "hears a click, is no control": clickable(page),
        "not translated": untranslated(page, lang, told),
        "severity": unmarked(page),
    }
    walked = walk(page, theirs)
    wrong["focus unseen"] = walked["dull"]
    wrong["never reached by Tab"] = walked["missed"]
    _dress(page, OTHER[theme])
    wrong[f"axe, {OTHER[theme]}"] = faults(page, axe, theirs)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wrong["wider than the window at 200 % text, px"] = sideways(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(PHONE)
    wrong["wider than the window at 320 px, px"] = sideways(page)
    wrong["axe, 320 px"] = faults(page, axe, theirs)
    page.set_viewport_size(DESK)
    return {what: found for what, found in wrong.items() if found}


def in_full(wrong: object) -> str:
    """Return what is wrong so that a person can read all of it."""
    return pformat(wrong, width=160)


def _dress(page: Page, theme: str) -> None:
    """Change the theme: by the page's own word, and by the machine's wish."""
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.evaluate("(t) => { document.documentElement.dataset.theme = t; }", theme)
