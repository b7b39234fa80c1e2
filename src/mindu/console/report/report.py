"""The report of a night: one file that a duty officer can read, print and keep."""

from base64 import b64encode
from datetime import datetime
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

from mindu.base.records import Decision, Judgement, Outcome, Settlement, Weighing
from mindu.console.feed import Feed
from mindu.console.look import Look
from mindu.console.report.chapters import done, judged, saved, wrong
from mindu.console.report.happened import happened
from mindu.console.report.measured import Measured
from mindu.console.report.paper import of, word
from mindu.console.report.parts import banner, fan, score, title
from mindu.console.words import moment, pick

FANS = 6
EXTRA = "main{display:block;max-width:60rem;margin:auto}td,th{text-align:left}h1{padding:16px}"


def report(feed: Feed, lang: str, measured: Measured | None = None) -> str:
    """Return the whole report as one HTML document without any outside part."""
    look = Look(feed=feed, board=feed.board, pulse=feed.pulse(), lang=lang)
    chapters = (
        ("short", _short(look)),
        ("happened", happened(look)),
        ("judged", judged(look)),
        ("done", done(look)),
        ("saved", saved(look, measured)),
        ("wrong", wrong(look)),
        ("places", _fans(look)),
        ("score", score(look)),
    )
    body = "".join(f"<section><h2>{word(k, lang)}</h2>{inside}</section>" for k, inside in chapters)
    name = escape(pick(feed.name, lang))
    tongue = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html><html lang="{tongue}" data-theme="light"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name} {word('title', lang)}</title><style>{sheet()}"
        f"</style></head><body><main><h1>{name} · {word('title', lang)}</h1>{body}"
        "</main></body></html>"
    )


def style() -> str:
    """Return the style that ships with the face."""
    return files("mindu.console").joinpath("face.css").read_text(encoding="utf-8")


def sheet() -> str:
    """Return what a report looks by: it carries this itself, for it is one file to be kept."""
    return f"{style()}{EXTRA}"


@cache
def print_of_sheet() -> str:
    """Return the digest by which a policy lets in this sheet and no other."""
    return f"sha256-{b64encode(sha256(sheet().encode()).digest()).decode('ascii')}"


def summary(feed: Feed) -> dict[str, float | int | str | None]:
    """Return the night as named numbers: for the command line and for machines."""
    entries = sorted(feed.board.entries.values(), key=lambda e: e.seq)
    decided = [e.record for e in entries if isinstance(e.record, Decision)]
    kept = [e.record for e in entries if isinstance(e.record, Outcome) and e.record.sent]
    hits = [
        e.record for e in entries if isinstance(e.record, Settlement) and e.record.verdict == "hit"
    ]
    leads = [h.lead.total_seconds() / 60 for h in hits if h.lead is not None]
    return {
        "from": entries[0].at.isoformat() if entries else None,
        "to": entries[-1].at.isoformat() if entries else None,
        "entries": feed.board.seq + 1,
        "readings": feed.board.count,
        "judgements": sum(isinstance(e.record, Judgement) for e in entries),
        "plans": sum(isinstance(e.record, Weighing) for e in entries),
        "actions": len(feed.board.actions),
        "confirmed": sum(d.confirmed for d in decided),
        "sent": len(feed.board.sendings),
        "kept": sum(o.kept for o in kept),
        "broken": sum(not o.kept for o in kept),
        "hits": len(hits),
        "mean_lead_min": round(sum(leads) / len(leads), 1) if leads else None,
    }


def _short(look: Look) -> str:
    told_ = summary(look.feed)
    zone = look.feed.zone
    first, last = (
        moment(datetime.fromisoformat(str(told_[k])), zone) if told_[k] else "–"
        for k in ("from", "to")
    )
    if look.lang == "zh":
        said = (
            f"{first} 至 {last}。读数 {told_['readings']} 条,判断 {told_['judgements']} 次,"
            f"比选 {told_['plans']} 次,提议 {told_['actions']} 项,批准 {told_['confirmed']} 项,"
            f"承诺兑现 {told_['kept']} 项、未兑现 {told_['broken']} 项。"
        )
    else:
        said = (
            f"{first} to {last}. {told_['readings']} readings, {told_['judgements']} judgements, "
            f"plans weighed {told_['plans']} times; {told_['actions']} actions proposed, "
            f"{told_['confirmed']} confirmed; {told_['kept']} promises kept, "
            f"{told_['broken']} broken."
        )
    return f"<p>{escape(said)}</p>{banner(look)}"


def _fans(look: Look) -> str:
    named: dict[str, int] = {}
    for entry in of(look, Judgement):
        assert isinstance(entry.record, Judgement)
        named[entry.about] = max(named.get(entry.about, 0), int(entry.record.severity))
    drawn: list[str] = []
    for about in sorted(named, key=lambda a: (-named[a], a)):
        props = sorted({prop for a, prop in look.board.readings if a == about})
        if about in look.board.places and props and len(drawn) < FANS:
            drawn.append(f"<h3>{title(look, about)}</h3>{fan(look, about, props[0])}")
    return "".join(drawn) or f"<p>{word('none', look.lang)}</p>"
