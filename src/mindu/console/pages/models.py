"""The modeller's pages: models, a draft, a version with its cases, two versions side by side."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from mindu.base.records import Words
from mindu.console.ask import Ask, Bad, missing, wrong
from mindu.console.contract.common import Role, Seen
from mindu.console.contract.models.table import DRAWS, PUBLISHES
from mindu.console.contract.models.trying import Decided, Tried, Try, TryStep
from mindu.console.contract.models.watching import Carry
from mindu.console.modelling.carrying import previewed
from mindu.console.modelling.checking import checked, decides
from mindu.console.modelling.comparing import compared
from mindu.console.modelling.deciding import decided, model_of
from mindu.console.modelling.modelling import DRAFT, Modelling
from mindu.console.modelling.publishing import proposals
from mindu.console.modelling.reading import drawing
from mindu.console.modelling.samples import came
from mindu.console.modelling.trial import tried
from mindu.console.modelling.watching import watched
from mindu.console.pages.page import Page

OBJECT = Words('a JSON object like {"area": 420}', 'JSON 对象,如 {"area": 420}')
LONG = 8_000  # characters of a case or of its steps in an address
PAGE, START = Words("page", "页面"), Words("Start at `/models`.", "请从建模页开始。")
Make = Callable[[Modelling, Ask, Seen], Page]


def listed(desk: Modelling, ask: Ask, _seen: Seen) -> Page:
    """Show what is published, drawn and proposed."""
    versions = desk.versions()
    page, after = ask.page(versions)
    shows = {
        "found": {"items": page, "next": after, "total": len(versions)},
        "drafts": desk.drafts.listed(),
        "proposals": [one for one in proposals(desk) if one.state == "waiting"],
    }
    return _page("models.html", "nav_models", shows)


def draft(desk: Modelling, ask: Ask, _seen: Seen) -> Page:
    """Show a draft: what is wrong with it, the drawing as a list, a trial, its samples."""
    one = desk.drafts.get(ask.text("id"), ask.whole("revision", 0))
    told = checked(one.text)
    ready = not told.flaws and bool(one.samples)
    shows = {
        "draft": one,
        "checked": told,
        "newest": [desk.models.newest[k] for n in told.names
                   if (k := f"{told.kind}:{n}") in desk.models.newest][:1],
        "samples": came(desk.models, one.text, one.samples, desk.now()).items if ready else (),
        "samples_json": msgspec.json.encode(one.samples).decode(),
        **trial(desk, one.text, ask),
    }  # fmt: skip
    return _page("model_draft.html", one.name, shows)


def version(desk: Modelling, ask: Ask, seen: Seen) -> Page:
    """Show a version, and the cases that run on it node by node."""
    key = ask.text("key")
    one, text = desk.version(key), desk.published(key).text.decode("utf-8", "replace")
    others = [v for v in desk.versions() if v.kind == one.kind and set(v.names) & set(one.names)]
    shows = {
        "version": one,
        "checked": checked(text),
        "others": [v for v in others if v.key != key],
        "watched": watched(desk, ask, seen) if one.kind == "bpmn" else None,
        **trial(desk, text, ask),
    }
    return _page("model_version.html", f"{one.names[0]} #{one.number}", shows)


def compare(desk: Modelling, ask: Ask, seen: Seen) -> Page:
    """Show two versions side by side, and what differs in words."""
    told = compared(desk, ask.text("old"), ask.text("new"), seen)
    kind = "dmn" if decides(told.new_text) else "bpmn"
    return _page("model_compare.html", "m_compare", {"differ": told, "kind": kind})


def carry(desk: Modelling, ask: Ask, _seen: Seen) -> Page:
    """Show what would come of carrying cases over."""
    told = Carry(
        old=ask.text("old"), new=ask.text("new"), nodes=mapping(ask.text("nodes", most=LONG))
    )
    shows = {"wanted": told, "seen": previewed(desk, told), "nodes": ask.text("nodes", most=LONG)}
    return _page("model_carry.html", "m_carry", shows)


def trial(desk: Modelling, text: str, ask: Ask) -> dict[str, Any]:
    """Return a trial as the address asks for it; what cannot be tried is told on the page."""
    given, steps = ask.text("given", most=LONG), ask.text("steps", most=LONG)
    shows: dict[str, Any] = {"given": given, "steps": steps, "tried": None, "ruled": None,
                             "of": ask.text("of"), "no_trial": None}  # fmt: skip
    if not given:
        return shows
    try:
        told = _tried(desk, text, ask.text("of"), _given(given), steps)
    except Bad as no:
        return shows | {"no_trial": no}
    return shows | ({"tried": told} if isinstance(told, Tried) else {"ruled": told})


def _tried(
    desk: Modelling, text: str, of: str, given: dict[str, Any], steps: str
) -> Tried | Decided:
    if decides(text):
        return decided(model_of(text), of, given, desk.now())
    told = Try(process=of, vars=given, steps=tuple(_step(one) for one in steps.split() if one))
    return tried(desk.models, drawing(text), told, desk.now())


def _step(told: str) -> TryStep:
    """Read a step as an address tells it: `3`, `3:y`, `3:n` or `3:>flow`."""
    number, _, said = told.partition(":")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise wrong("steps", "numbers of waits", "等待事项编号")
    if said.startswith(">"):
        return TryStep(wait=int(number), flows=(said[1:],))
    return TryStep(wait=int(number), yes={"y": True, "n": False}.get(said))


def _given(told: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(told, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as no:
        raise wrong("given", OBJECT.en, OBJECT.zh) from no


def mapping(told: str) -> dict[str, str]:
    """Read a mapping of nodes, one a line: `old = new`."""
    pairs = (line.partition("=") for line in told.splitlines() if line.strip())
    return {old.strip(): new.strip() for old, _, new in pairs}


def _page(template: str, title: str, shows: Mapping[str, Any]) -> Page:
    return Page(name="models", template=template, title=title, shows={"DRAFT": DRAFT, **shows})


ROOMS: Mapping[str, tuple[Role, Make]] = {
    "": ("viewer", listed),
    "draft": (DRAWS, draft),
    "version": ("viewer", version),
    "compare": ("viewer", compare),
    "carry": (PUBLISHES, carry),
}


def room(rest: str) -> tuple[Role, Make]:
    """Return who may see a page of the modeller, and how it is made.

    Raises:
        Bad: there is no such page.
    """
    if rest not in ROOMS:
        raise missing(PAGE, START)
    return ROOMS[rest]
