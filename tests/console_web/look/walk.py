"""A walk by Tab over a page: every control is reached, and each shows that it has the focus."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

MOST = 240  # tab stops walked of one page; a longer list is walked by its own keys
# Hears every focus; notes who was reached and whether it shows.
HEAR = """(theirs) => {
  const seen = window.walked = { reached: new Set(), dull: [], steps: 0, round: false };
  const wide = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
  document.addEventListener("focusin", (event) => {
    const e = event.target, box = e.querySelector?.("rect");
    seen.steps += 1;
    seen.round = seen.reached.has(e);
    seen.reached.add(e);
    const inner = box ? parseFloat(getComputedStyle(box).strokeWidth) : 0;
    if (theirs && e.closest(theirs)) return;
    if (!wide(getComputedStyle(e)) && inner < 3) seen.dull.push(e.outerHTML.slice(0, 120));
  });
}"""
MISSED = """(theirs) => {
  const seen = window.walked;
  const stops = "a[href], button, input, select, textarea, summary, [tabindex]";
  const one = (e) => e.type === "radio" ? `${e.form?.action} ${e.name}` : null;
  const groups = new Set([...seen.reached].map(one).filter(Boolean));
  const shown = (e) => e.checkVisibility({ visibilityProperty: true });
  const ours = (e) => !theirs || !e.closest(theirs);
  const can = (e) => ours(e) && e.tabIndex >= 0 && !e.disabled && shown(e)
    && e.type !== "hidden" && !(one(e) && groups.has(one(e)));
  const all = [...document.querySelectorAll(stops)];
  const missed = all.filter((e) => can(e) && !seen.reached.has(e));
  return { dull: [...new Set(seen.dull)], steps: seen.steps,
    missed: missed.map((e) => e.outerHTML.slice(0, 120)) };
}"""


def walk(page: Page, theirs: Sequence[str] = ()) -> dict[str, Any]:
    """Walk a page from its top; return what of ours shows no focus, and what no Tab reaches."""
    others = ", ".join(theirs)
    page.evaluate("() => { document.activeElement?.blur(); getSelection()?.removeAllRanges(); }")
    page.evaluate(HEAR, others)
    for step in range(MOST):
        page.keyboard.press("Tab")
        if step % 20 == 19 and page.evaluate("window.walked.round"):
            break
    found: dict[str, Any] = page.evaluate(MISSED, others)
    if found["steps"] >= MOST:
        found["missed"] = []
    return found
