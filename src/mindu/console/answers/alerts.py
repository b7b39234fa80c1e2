"""Alerts: what holds, sifted and sorted, with what people did about each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mindu.base.records import Entry, Judgement
from mindu.console.ask import Ask
from mindu.console.contract.alerts import Alert, Alerts
from mindu.console.kept.care import Care
from mindu.console.look import Look
from mindu.console.tell import verdict
from mindu.console.words import SEVERITY

STATES = ("open", "acked", "silenced", "all")
SORTS = ("severity", "newest", "oldest", "place")
Held = tuple[Entry, Judgement, Care]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which alerts are asked for; empty = any."""

    state: str
    severity: int
    kind: str
    loop: str
    owner: str
    about: str
    q: str


def alerts(look: Look, ask: Ask) -> Alerts:
    """List the alerts asked for, the gravest first."""
    held = _held(look)
    counts = {str(s): 0 for s in (4, 3, 2, 1)} | dict.fromkeys(("open", "acked", "silenced"), 0)
    for _, judged, care in held:
        counts[str(int(judged.severity))] += 1
        counts[care.state] += 1
    wanted = _wanted(ask)
    found = [it for it in held if _fits(look, it, wanted)]
    sort = ask.one_of("sort", SORTS, "severity")
    if sort != "severity":  # as they stand already
        found.sort(key=_SORT[sort] if sort != "place" else lambda it: look.title(it[0].about))
    page, after = ask.page(found)
    items = tuple(alert(look, entry) for entry, _, _ in page)
    return Alerts(seen=look.seen, items=items, next=after, total=len(found), counts=counts)


def alert(look: Look, entry: Entry) -> Alert:
    """Return one alert whole."""
    judged = entry.record
    assert isinstance(judged, Judgement)
    care = look.board.care(entry, look.pulse.now)
    place = look.board.places.get(entry.about)
    return Alert(
        seq=entry.seq,
        at=entry.at,
        about=entry.about,
        title=look.name(entry.about),
        kind=place.kind if place else "",
        loop=entry.by,
        finding=judged.finding,
        severity=int(judged.severity),
        word=SEVERITY[judged.severity][1],
        says=verdict(judged),
        confidence=judged.confidence,
        state=care.state,
        owner=(care.owned.to or care.owned.by) if care.owned else "",
        acked=care.acked,
        owned=care.owned,
        silenced=care.silenced,
        escalated=care.escalated,
    )


def in_force(look: Look) -> list[Entry]:
    """Return the alerts that a person has not silenced, the gravest first."""
    return [entry for entry, _, care in _held(look) if care.silenced is None]


def _held(look: Look) -> list[Held]:
    now, board = look.pulse.now, look.board
    return [
        (entry, entry.record, board.care(entry, now))
        for entry in board.alerts(now)
        if isinstance(entry.record, Judgement)
    ]


def _wanted(ask: Ask) -> Wanted:
    return Wanted(
        state=ask.one_of("state", STATES, "all"),
        severity=ask.whole("severity", 0, high=4),
        kind=ask.text("kind"),
        loop=ask.text("loop"),
        owner=ask.text("owner"),
        about=ask.text("about"),
        q=ask.text("q").casefold(),
    )


def _fits(look: Look, it: Held, wanted: Wanted) -> bool:
    entry, judged, care = it
    place = look.board.places.get(entry.about)
    owner = (care.owned.to or care.owned.by) if care.owned else ""
    q, told = wanted.q, verdict(judged)
    return (
        wanted.state in {"all", care.state}
        and int(judged.severity) >= wanted.severity
        and wanted.kind in {"", place.kind if place else ""}
        and wanted.loop in {"", entry.by}
        and wanted.owner in {"", owner}
        and wanted.about in {"", entry.about}
        and (not q or q in f"{told.en} {told.zh} {look.name(entry.about)}".casefold())
    )


_SORT: dict[str, Callable[[Held], Any]] = {
    "newest": lambda it: -it[0].seq,
    "oldest": lambda it: it[0].seq,
}
