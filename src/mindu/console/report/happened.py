"""What happened in a night, before any judging: the highest readings, marks passed, what befell."""

from datetime import datetime
from html import escape

from mindu.base.records import Event
from mindu.console.kept.heard import Heard
from mindu.console.look import Look
from mindu.console.pages.draw import LEVELS
from mindu.console.report.paper import of, table, word
from mindu.console.report.parts import title
from mindu.console.words import clock, number, term

MOST = 12  # rows of what was highest, and of places that passed a mark
BEGAN = "night"  # the event that only says which night this is


def happened(look: Look) -> str:
    """Tell the highest of everything heard, the places that passed a mark, and what befell."""
    return "".join((_highest(look), _passed(look), _befell(look)))


def _highest(look: Look) -> str:
    best: dict[str, tuple[float, datetime, str, str]] = {}
    for (about, prop), heard in look.board.readings.items():
        value, at = _peak(heard)
        if prop not in best or value > best[prop][0]:
            best[prop] = (value, at, about, heard.unit)
    rows = [
        (
            escape(term(prop, look.lang)),
            f"{number(value)} {escape(unit)}",
            title(look, about),
            clock(at, look.feed.zone),
        )
        for prop, (value, at, about, unit) in sorted(best.items())
    ]
    return table(look, ("what", "highest", "where", "when"), rows[:MOST])


def _passed(look: Look) -> str:
    """List the places whose level passed a mark, those furthest over it first."""
    found = []
    for (about, prop), heard in look.board.readings.items():
        place = look.board.places.get(about)
        if place is None or prop not in LEVELS:
            continue
        value, at = _peak(heard)
        # A level to be kept is no mark of danger.
        over = [
            (mark, name) for name, mark in place.marks if 0.0 < mark < value and "keep" not in name
        ]
        if over:
            mark, name = max(over)
            found.append((value - mark, about, value, mark, name, at))
    rows = [
        (
            title(look, about),
            f"{number(value)} m",
            f"{escape(term(name, look.lang))} {number(mark)} m",
            clock(at, look.feed.zone),
        )
        for _, about, value, mark, name, at in sorted(found, reverse=True)
    ]
    return f"<h3>{word('passed', look.lang)}</h3>" + table(
        look, ("where", "highest", "mark", "when"), rows[:MOST]
    )


def _befell(look: Look) -> str:
    """List what was heard to happen: news have no cause in the log."""
    rows = []
    for entry in of(look, Event):
        assert isinstance(entry.record, Event)
        if entry.because or entry.record.name == BEGAN or "fail" in entry.record.name:
            continue
        what = escape(term(entry.record.name, look.lang))
        rows.append((clock(entry.at, look.feed.zone), title(look, entry.about), what))
    return f"<h3>{word('befell', look.lang)}</h3>" + table(look, ("when", "where", "what"), rows)


def _peak(heard: Heard) -> tuple[float, datetime]:
    at, value = max(heard, key=lambda point: point[1])
    return value, at
