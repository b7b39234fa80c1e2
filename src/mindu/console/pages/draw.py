"""Drawings of a page: the fan of one channel and the map, as SVG that needs no script."""

from collections.abc import Sequence
from datetime import UTC, datetime

from markupsafe import Markup

from mindu.base.records import Forecast
from mindu.console.atlas import Sheet, atlas
from mindu.console.contract.ahead import Futures, Track
from mindu.console.look import Look
from mindu.console.plots import Fan, fan
from mindu.console.words import number, shown, term

POINTS = 144  # readings drawn: twelve hours at five minutes
LEVELS = frozenset({"level", "depth", "head", "stage"})


def channel(look: Look, about: str, prop: str) -> Markup:
    """Draw one property of one thing: what was heard, and what is expected."""
    place = look.board.places.get(about)
    entry = look.board.forecasts.get((about, prop))
    ahead = entry.record if entry and isinstance(entry.record, Forecast) else None
    heard = look.board.readings.get((about, prop))
    seen = [heard[i] for i in range(max(len(heard) - POINTS, 0), len(heard))] if heard else []
    unit = shown((heard.unit if heard else "") or (ahead.unit if ahead else ""))
    called = term(prop, look.lang)
    last = f"{number(seen[-1][1])} {unit}" if seen else "–"
    show = Fan(
        title=f"{look.title(about)} {called}: {last}",
        unit=unit,
        now=look.pulse.now,
        zone=look.feed.zone,
        seen=seen,
        ahead=ahead,
        made=entry.at if entry else None,
        marks=[(term(n, look.lang), v) for n, v in (place.marks if place else ()) if v]
        if prop in LEVELS
        else (),
    )
    return Markup(fan(show))  # noqa: S704 - drawn and escaped by us


def evidence(look: Look, title: str, points: list[tuple[float, float]], unit: str) -> Markup:
    """Draw the readings that a judgement rested on."""
    seen = [(datetime.fromtimestamp(at, UTC), value) for at, value in points]
    now = seen[-1][0] if seen else look.pulse.now
    return Markup(fan(Fan(title=title, unit=unit, now=now, zone=look.feed.zone, seen=seen)))  # noqa: S704


def city(look: Look, chosen: str = "") -> Markup:
    """Draw every thing that has a place, as links; anew only when one moves or grows worse."""
    board, grave = look.board, look.severities()

    def drawn() -> Sheet:
        return atlas(list(board.places.values()), grave, lang=look.lang, tail=look.tail)

    sheet = board.ready.take(("atlas", look.lang, look.tail), (board.placings, grave), drawn)
    return Markup(sheet.with_ring(chosen))  # noqa: S704 - drawn and escaped by us


def futures(
    look: Look, title: str, was: list[tuple[float, float]], changed: list[tuple[float, float]]
) -> Markup:
    """Draw one channel in both futures."""
    seen, other = (
        [(datetime.fromtimestamp(at, UTC), value) for at, value in rows] for rows in (was, changed)
    )
    now = seen[0][0] if seen else look.pulse.now
    show = Fan(title=title, unit="", now=now, zone=look.feed.zone, seen=seen, other=other)
    return Markup(fan(show))  # noqa: S704 - drawn and escaped by us


def both(look: Look, tracks: Sequence[Track], most: int) -> list[tuple[str, str, Markup]]:
    """Draw the channels that differ most between two futures, of each property its own in turn."""

    def drawn(track: Track) -> Markup:
        title = f"{look.title(track.about)} {term(track.prop, look.lang)}"
        return futures(look, title, list(track.was), list(track.changed))

    return [(track.about, track.prop, drawn(track)) for track in apart(tracks)[:most]]


def beside(one: Futures, other: Futures) -> Futures:
    """Lay the changed futures of two looks ahead side by side, where both know a channel."""
    changed = {(track.about, track.prop): track.changed for track in other.tracks}
    told = {track: changed.get((track.about, track.prop)) for track in one.tracks}
    return Futures(
        at=one.at,
        until=one.until,
        tracks=tuple(
            Track(about=it.about, prop=it.prop, unit=it.unit, was=it.changed, changed=line)
            for it, line in told.items()
            if line is not None
        ),
        was=one.changed,
        changed=other.changed,
        totals={
            name: (pair[1], other.totals[name][1])
            for name, pair in one.totals.items()
            if name in other.totals
        },
    )


def apart(tracks: Sequence[Track]) -> list[Track]:
    """Order channels by how far their peaks part, the first of each property before any second.

    Properties have units of their own: rain in mm/h would crowd out every level in metres.
    """
    ranked: list[tuple[int, int, Track]] = []
    for prop in {track.prop for track in tracks}:
        own = sorted((t for t in tracks if t.prop == prop), key=lambda t: -_parted(t))
        ranked += [(rank, -len(own), track) for rank, track in enumerate(own)]
    return [track for *_, track in sorted(ranked, key=lambda it: (*it[:2], it[2].prop))]


def _parted(track: Track) -> float:
    peaks = [max((v for _, v in line), default=0.0) for line in (track.was, track.changed)]
    return abs(peaks[1] - peaks[0])
