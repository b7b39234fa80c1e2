"""What stands in the city: lists, one thing whole, and the dense positions for a map."""

import struct
from collections.abc import Mapping
from hashlib import sha256

import numpy as np

from mindu.base.records import Severity, Words
from mindu.console.answers.alerts import alert
from mindu.console.answers.deeds import approval
from mindu.console.ask import Ask, missing
from mindu.console.contract.things import ChannelInfo, Mark, Row, Rows, Thing, Value1
from mindu.console.look import Look
from mindu.console.place import Place
from mindu.console.words import terms

MOST = 5_000  # things a page
MAGIC = b"MDP1"
DEGREE = 1e6  # steps a degree: 0.1 m
FACTS = 60  # facts of one thing
ACTIONS = 20


def rows(look: Look, ask: Ask) -> Rows:
    """List the things asked for, the gravest first."""
    grave, counts = _grave(look)
    channels = channels_of(look)
    found = sorted(_asked(look, ask, grave), key=lambda p: (-grave.get(p.id, 0), p.kind, p.id))
    page, after = ask.page(found, most=MOST)
    items = tuple(row(look, p, grave.get(p.id, 0), counts.get(p.id, 0), channels) for p in page)
    return Rows(seen=look.seen, items=items, next=after, total=len(found))


def row(
    look: Look, place: Place, severity: int, alerts: int, channels: Mapping[str, list[str]]
) -> Row:
    """Return one thing as it stands in a list."""
    up, down = place.ends
    return Row(
        id=place.id,
        kind=place.kind,
        title=place.name,
        xy=place.xy,
        up=up,
        down=down,
        severity=int(severity),
        alerts=alerts,
        values=tuple(
            value for p in channels.get(place.id, ()) if (value := _value(look, place, p))
        ),
    )


def thing(look: Look, about: str) -> Thing:
    """Return one thing whole.

    Raises:
        Bad: nothing of that name stands in the city.
    """
    place = look.board.places.get(about)
    if place is None:
        raise missing(Words("thing", "物"), Words("`/api/v1/entities` lists them.", "见物的列表。"))
    held = [e for e in look.board.alerts(look.pulse.now) if e.about == about]
    mine = [e for e in look.board.actions.values() if e.about == about][-ACTIONS:]
    worst = max((e.record.severity for e in held if hasattr(e.record, "severity")), default=0)
    channels = channels_of(look, about)
    return Thing(
        seen=look.seen,
        row=row(look, place, worst, len(held), channels),
        facts=dict(list(place.facts.items())[:FACTS]),
        marks=marks(place),
        channels=tuple(_channel(look, about, prop) for prop in channels.get(about, ())),
        alerts=tuple(alert(look, e) for e in held),
        actions=tuple(approval(look, e) for e in reversed(mine)),
    )


def marks(place: Place | None) -> tuple[Mark, ...]:
    """Return the levels that matter of one thing."""
    told = place.marks if place else []
    return tuple(Mark(name=n, title=terms(n), value=v) for n, v in told if v)


def channels_of(look: Look, about: str = "") -> dict[str, list[str]]:
    """Return the properties heard or foretold of every thing, or of one."""
    found: dict[str, list[str]] = {}
    for thing_, prop in (*look.board.readings, *look.board.forecasts):
        if about in {"", thing_} and prop not in found.setdefault(thing_, []):
            found[thing_].append(prop)
    return found


def spots(look: Look, ask: Ask) -> list[Place]:
    """Return the things with a position, in the order of the dense points."""
    kind = ask.text("kind")
    return [p for p in look.board.places.values() if p.xy and kind in {"", p.kind}]


def points(look: Look, ask: Ask) -> tuple[bytes, str]:
    """Return the dense points, and the tag of the list that names them."""
    places, prop = spots(look, ask), ask.text("prop")
    grave, _ = _grave(look)
    xy = np.array([p.xy for p in places], np.float64).reshape(-1, 2)
    lon0, lat0 = (float(xy[:, 0].mean()), float(xy[:, 1].mean())) if len(xy) else (0.0, 0.0)
    step = np.rint((xy - (lon0, lat0)) * DEGREE).astype("<i4")
    value = np.full(len(places), np.nan, "<f4")
    for i, place in enumerate(places):
        heard = look.board.readings.get((place.id, prop)) if prop else None
        if heard:
            value[i] = heard.last[1]
    severity = np.array([int(grave.get(p.id, 0)) for p in places], np.uint8)
    head = MAGIC + struct.pack(
        "<IdddI", len(places), lon0, lat0, look.pulse.now.timestamp(), max(look.board.seq, 0)
    )
    columns = (step[:, 0].tobytes(), step[:, 1].tobytes(), value.tobytes(), severity.tobytes())
    return head + b"".join(columns), tag(places)


def tag(places: list[Place]) -> str:
    """Return a name for a list of things that changes with it."""
    return sha256("\n".join(p.id for p in places).encode()).hexdigest()[:16]


def _grave(look: Look) -> tuple[dict[str, Severity], dict[str, int]]:
    grave: dict[str, Severity] = {}
    counts: dict[str, int] = {}
    for entry in look.board.alerts(look.pulse.now):
        counts[entry.about] = counts.get(entry.about, 0) + 1
        severity = getattr(entry.record, "severity", Severity.BLUE)
        grave[entry.about] = max(severity, grave.get(entry.about, severity))
    return grave, counts


def _asked(look: Look, ask: Ask, grave: Mapping[str, Severity]) -> list[Place]:
    kind, q, box = ask.text("kind"), ask.text("q").casefold(), ask.box("box")
    least = ask.whole("severity", 0, high=4)
    found = [p for p in look.board.places.values() if kind in {"", p.kind}]
    if least:
        found = [p for p in found if grave.get(p.id, 0) >= least]
    if q:
        found = [p for p in found if q in f"{p.id} {p.name.en} {p.name.zh}".casefold()]
    return [p for p in found if _inside(p.xy, box)] if box else found


def _inside(xy: tuple[float, float] | None, box: tuple[float, float, float, float]) -> bool:
    return xy is not None and box[0] <= xy[0] <= box[2] and box[1] <= xy[1] <= box[3]


def _value(look: Look, place: Place, prop: str) -> Value1 | None:
    heard = look.board.readings.get((place.id, prop))
    if not heard:
        return None
    at, value = heard[-1]
    return Value1(prop=prop, value=value, unit=heard.unit, at=at)


def _channel(look: Look, about: str, prop: str) -> ChannelInfo:
    heard = look.board.readings.get((about, prop))
    ahead = look.board.forecasts.get((about, prop))
    at, value = heard[-1] if heard else (None, None)
    unit = heard.unit if heard else getattr(ahead.record if ahead else None, "unit", "")
    return ChannelInfo(
        prop=prop, title=terms(prop), unit=unit, value=value, at=at, forecast=ahead is not None
    )
