"""Lessons, the moments worth going back to, and the apps by tiers."""

from typing import get_args

from mindu.base.records import Entry, Event, Judgement, Lesson, Severity, Trial, Words
from mindu.brain.manifest import Tier
from mindu.console.answers.why import node
from mindu.console.contract.learning import (
    AppsOut,
    LessonOut,
    Lessons,
    Moment,
    Moments,
    TierRow,
)
from mindu.console.declared import Declared
from mindu.console.look import Look
from mindu.console.tell import says

TIERS: tuple[str, ...] = get_args(Tier)
MOMENTS = 60
LISTED = 200  # lessons


def lessons(look: Look) -> Lessons:
    """Return what was learned, the newest first."""
    back = {c for e in look.board.lessons for c in e.because if _takes_back(e)}
    items = tuple(_lesson(look, e, back) for e in reversed(look.board.lessons))
    return Lessons(seen=look.seen, items=items[:LISTED])


def moments(look: Look) -> Moments:
    """Return where one may go back to: what turned grave, what was done, what failed."""
    entries = look.board.entries
    told: list[Moment] = []
    worst: dict[str, int] = {}
    for entry in entries.values():
        if not look.plans(entry) and _notable(entry, worst):
            severity = int(getattr(entry.record, "severity", 0))
            told.append(
                Moment(seq=entry.seq, at=entry.at, says=says(entry.record), severity=severity)
            )
    first, last = next(iter(entries.values()), None), entries.get(look.board.seq)
    return Moments(
        seen=look.seen,
        first=first.at if first else None,
        last=last.at if last else None,
        items=tuple(told[-MOMENTS:]),
        nights=tuple(look.feed.nights.listed()) if look.feed.nights else (),
    )


def apps(look: Look) -> AppsOut:
    """Return the apps by tiers, with what came of them so far."""
    return AppsOut(tiers=TIERS, rows=tuple(_tier(look, own) for own in look.feed.city.apps))


def _tier(look: Look, own: Declared) -> TierRow:
    app, said = own.app, own.said
    cards = [s for by, s in look.board.cards.items() if by.startswith(f"{app.name}.")]
    title = said.title if said else {}
    return TierRow(
        app=app.name,
        title=Words(title.get("en", app.name), title.get("zh", app.name)),
        tier=app.tier or (said.tier if said else "bronze"),
        judges=len(app.loops),
        acts=sum(loop.act is not None for loop in app.loops),
        learns=sum(loop.learn is not None for loop in app.loops),
        projects=len(app.projections),
        plan=said.plan if said else "",
        hits=sum(c.hits for c in cards),
        misses=sum(c.misses for c in cards),
        false_alarms=sum(c.false_alarms for c in cards),
        kept=sum(c.kept for c in cards),
        broken=sum(c.broken for c in cards),
    )


def _lesson(look: Look, entry: Entry, back: set[int]) -> LessonOut:
    it, told = entry.record, node(look, entry)
    if isinstance(it, Lesson):
        gone = entry.seq in back
        return LessonOut(
            node=told, param=it.param, was=it.was, value=it.value, taken=True, taken_back=gone
        )
    assert isinstance(it, Trial)
    return LessonOut(
        node=told, param=it.model, was=it.champion_error, value=it.error, taken=it.taken,
        taken_back=False,
    )  # fmt: skip


def _takes_back(entry: Entry) -> bool:
    return isinstance(entry.record, Lesson) and "." not in entry.by


def _notable(entry: Entry, worst: dict[str, int]) -> bool:
    """Say whether an entry is worth going back to: first time so grave, a deed, a failure."""
    record = entry.record
    if isinstance(record, Judgement):
        grave = int(record.severity)
        news = grave > worst.get(entry.about, 0) and grave >= Severity.ORANGE
        worst[entry.about] = grave
        return news
    if isinstance(record, Event):
        return "fail" in record.name or record.name == "undone"
    return type(record).__name__ in {"Action", "Lesson"}
