"""Lists of things: each row worked out once and kept until a value or an alert of it changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from mindu.console.ask import Ask
from mindu.console.contract.things import Row, Rows, Value1
from mindu.console.kept.heard import Heard
from mindu.console.look import Look
from mindu.console.place import Place
from mindu.console.words import bare

IDS = 8_000  # characters of ids asked for at once
MOST = 5_000  # things a page
ASKED = ("kind", "q", "box", "severity", "limit", "after")

Channels = Mapping[str, Sequence[str]]
Sounds = Sequence[tuple[str, Heard]]  # what is heard of one thing: (property, readings)
Stamp = tuple[float, ...]


def rows(look: Look, ask: Ask) -> Rows:
    """List the things asked for, the gravest first."""
    board, stood = look.board, look.standing()
    if ask.text("ids", most=IDS):  # each asks for others: kept, they would be of no use again
        items, after, total = _page(look, ask)
        return Rows(seen=look.seen, items=items, next=after, total=total)
    key = ("listed", *(ask.text(name) for name in ASKED))
    stamp = (board.seq, board.placings, stood)
    items, after, total = board.ready.take(key, stamp, lambda: _page(look, ask))
    return Rows(seen=look.seen, items=items, next=after, total=total)


def _page(look: Look, ask: Ask) -> tuple[tuple[Row, ...], str | None, int]:
    found = _asked(look, ask)
    page, after = ask.page(found, most=MOST)
    return tuple(rows_of(look, page)), after, len(found)


def rows_of(look: Look, places: Iterable[Place]) -> list[Row]:
    """Return things as they stand in a list."""
    board, stood = look.board, look.standing()
    sounds = sounds_of(look)
    kept: dict[str, tuple[Stamp, Row]] = board.ready.take("rows", board.placings, dict)
    told = []
    for place in places:
        name = place.id
        heard = sounds.get(name, ())
        grave, count = stood.grave.get(name, 0), stood.counts.get(name, 0)
        stamp = (grave, count, *[one.stamp for _, one in heard])
        held = kept.get(name)
        if held is None or held[0] != stamp:
            held = kept[name] = (stamp, _row(place, grave, count, heard))
        told.append(held[1])
    return told


def channels_of(look: Look) -> Channels:
    """Return the properties heard or foretold of every thing."""
    board = look.board
    stamp = (len(board.readings), len(board.forecasts))
    return board.ready.take("channels", stamp, lambda: _channels(look))


def sounds_of(look: Look) -> Mapping[str, Sounds]:
    """Return what is heard of every thing."""
    board = look.board
    return board.ready.take("sounds", len(board.readings), lambda: _sounds(look))


def ordered(look: Look) -> list[Place]:
    """Return every thing by kind and name, the gravest first."""
    board, grave = look.board, look.standing().grave

    def by_name() -> list[Place]:
        return sorted(board.places.values(), key=lambda p: (p.kind, p.id))

    every = board.ready.take("places", board.placings, by_name)
    first = sorted((p for p in every if p.id in grave), key=lambda p: -grave[p.id])
    return [*first, *(p for p in every if p.id not in grave)]


def _asked(look: Look, ask: Ask) -> list[Place]:
    kind, q, box = ask.text("kind"), ask.text("q").casefold(), ask.box("box")
    least, found = ask.whole("severity", 0, high=4), ordered(look)
    if names := ask.text("ids", most=IDS):
        asked = frozenset(names.split(","))
        found = [p for p in found if p.id in asked]
    if kind:
        found = [p for p in found if p.kind == kind]
    if least:
        grave = look.standing().grave
        found = [p for p in found if grave.get(p.id, 0) >= least]
    if q:
        found = [p for p in found if q in f"{p.id} {p.name.en} {p.name.zh}".casefold()]
    return [p for p in found if _inside(p.xy, box)] if box else found


def _row(place: Place, severity: int, alerts: int, heard: Sounds) -> Row:
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
        values=tuple([_value(prop, one) for prop, one in heard]),
    )


def _value(prop: str, heard: Heard) -> Value1:
    at, value = heard.last
    return Value1(prop=prop, value=value, unit=bare(heard.unit), at=_instant(at))


@lru_cache(maxsize=4_096)  # the readings of one turn share few instants
def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _channels(look: Look) -> Channels:
    found: dict[str, dict[str, None]] = {}
    for about, prop in (*look.board.readings, *look.board.forecasts):
        found.setdefault(about, {})[prop] = None
    return {about: list(props) for about, props in found.items()}


def _sounds(look: Look) -> Mapping[str, Sounds]:
    found: dict[str, list[tuple[str, Heard]]] = {}
    for (about, prop), heard in look.board.readings.items():
        found.setdefault(about, []).append((prop, heard))
    return found


def _inside(xy: tuple[float, float] | None, box: tuple[float, float, float, float]) -> bool:
    return xy is not None and box[0] <= xy[0] <= box[2] and box[1] <= xy[1] <= box[3]
