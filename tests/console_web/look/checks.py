"""What a page is held to beyond what axe sees: each check returns what is wrong, in words."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NATIVE = "a, button, input, select, textarea, summary, label, option, dialog, form"
# Drawings take a click as a short cut; the time slider and the lists do the same by key.
DRAWN = ".drawing, .drawing *, .maplibregl-map, .maplibregl-map *, [role=option]"
TEXTS = """() => {
  const APART = "bdi, code, pre, kbd, script, [lang]:not(html), .mono, [hidden]";
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement;
    if (!e || e.closest(APART) || !e.checkVisibility()) continue;
    const t = n.textContent.trim();
    if (t) found.push(t);
  }
  return found;
}"""
HEARS = """([native, drawn]) => [...document.querySelectorAll("[data-heard-click]")]
  .filter((e) => !e.matches(native) && !e.matches(drawn)).map((e) => e.outerHTML.slice(0, 120))"""
SHAPES = """() => {
  const shapes = new Map(), bad = [];
  for (const m of document.querySelectorAll("svg.mk")) {
    const level = ["crit", "warn", "watch", "info"].find((c) => m.classList.contains(c));
    const word = m.getAttribute("aria-label") || m.parentElement.textContent.trim();
    const shape = m.querySelector("path")?.getAttribute("d");
    if (level && !word) bad.push(`no word: ${m.outerHTML.slice(0, 80)}`);
    if (!level || !shape) continue;
    if (!shapes.has(shape)) shapes.set(shape, new Set());
    shapes.get(shape).add(level);
  }
  for (const [shape, levels] of shapes) if (levels.size > 1) bad.push(`two levels: ${shape}`);
  return bad;
}"""
SENTENCE = re.compile(r"(?:[A-Za-z]{2,} ){2,}[A-Za-z]{2,}")
HAN = re.compile(r"[\u4e00-\u9fff]")
RAW = re.compile(r"the twin died")  # what a failing engine said, as it said it
TOLD = re.compile(r"审图号|值班员|示意|[陈林王]")  # names of people and marks that stay as they are


def faults(page: Page, axe: str, theirs: Sequence[str] = ()) -> list[str]:
    """Run axe with every rule of WCAG 2.2 AA and best practice; what others draw is `theirs`."""
    page.evaluate(axe)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    where = {"exclude": [[one] for one in theirs]} if theirs else {}
    told: Any = page.evaluate("([w, o]) => axe.run(w.exclude ? w : document, o)", [where, options])
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary'][:250]}"
        for v in told["violations"]
    ]


def clickable(page: Page) -> list[str]:
    """Find what hears a click and is no native control."""
    found: list[str] = page.evaluate(HEARS, [NATIVE, DRAWN])
    return found


def untranslated(page: Page, lang: str, told: Collection[str] = ()) -> list[str]:
    """Find sentences of the other language; what people told stays in theirs."""
    texts: list[str] = [t for t in page.evaluate(TEXTS) if t not in told]
    if lang == "zh":
        return [t for t in texts if SENTENCE.search(t) and not HAN.search(t) and not RAW.search(t)]
    for words in sorted(told, key=len, reverse=True):
        texts = [t.replace(words, "") for t in texts]
    return [t for t in texts if HAN.search(TOLD.sub("", t))]


def sideways(page: Page) -> int:
    """Return how many px the page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return max(0, wide)


def unmarked(page: Page) -> list[str]:
    """Find marks of severity without a word, or two levels of one shape."""
    found: list[str] = page.evaluate(SHAPES)
    return found
