"""The manifest: all that is declared, so that the face can draw a city whose apps it never met."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin, get_type_hints

from mindu.base.records import Words
from mindu.base.units import Unit
from mindu.brain.app import App, Loop
from mindu.brain.folds.scores import Score
from mindu.brain.view import Param
from mindu.console.answers.sums import SHOWN
from mindu.console.contract.city import (
    AppInfo,
    GeoInfo,
    KindInfo,
    LeverInfo,
    LoopInfo,
    ManifestOut,
    NavInfo,
    ParamInfo,
    Prop,
    SeverityInfo,
)
from mindu.console.declared import Declared
from mindu.console.feed import maps_of
from mindu.console.look import Look
from mindu.console.place import Place
from mindu.console.words import CARD, COSTS, NAV, SAID, SEVERITY, TERMS, terms
from mindu.data.twin import Entity

SHAPES = {"crit": "triangle", "warn": "diamond", "watch": "square", "info": "circle"}
FIELD = {
    name: (SAID | CARD)[name] for name in (*Score.__struct_fields__, *SHOWN, "found")
}  # of cards


def manifest(look: Look) -> ManifestOut:
    """Return what is declared, and what the city is called and spans."""
    city, board = look.feed.city, look.board
    first = next(iter(board.entries.values()), None)
    return ManifestOut(
        seen=look.seen,
        city=look.feed.name,
        zone=str(look.feed.zone),
        speed=look.pulse.speed,
        first=first.at if first else None,
        last=look.feed.pulse().now,
        nav=tuple(NavInfo(page=p, href=f"/{p}", title=SAID[f"nav_{p}"]) for p in NAV),
        severities=severities(),
        apps=tuple(_app(look, own) for own in city.apps),
        kinds=tuple(kinds(look)),
        levers=tuple(_lever(lever) for lever in city.levers),
        settable=city.settable,
        geo=tuple(_geo(one) for one in maps_of(look.feed)),
        box=board.ready.take("box", board.placings, lambda: box(board.places.values())),
        terms=FIELD | {name: terms(name) for name in (*TERMS, *COSTS)},
    )


def severities() -> tuple[SeverityInfo, ...]:
    """Return the levels of severity, the gravest first."""
    order = sorted(SEVERITY, reverse=True)
    return tuple(
        SeverityInfo(
            level=int(s), mark=SEVERITY[s][0], shape=SHAPES[SEVERITY[s][0]], word=SEVERITY[s][1]
        )
        for s in order
    )


def kinds(look: Look) -> Iterable[KindInfo]:
    """Yield every kind that an app declares or that stands in the city."""
    board = look.board
    counts = dict(board.ready.take("kinds", board.placings, lambda: _counted(board.places)))
    for own in look.feed.city.apps:
        for kind in own.app.entities:
            yield _kind(own.app, kind, counts.pop(kind.__name__, 0))
    for name, count in counts.items():
        yield KindInfo(name=name, app="", title=terms(name), says="", props=(), count=count)


def box(places: Iterable[Place]) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of all that has a position."""
    spots = [spot for p in places if (spot := p.xy)]
    if not spots:
        return None
    xs, ys = zip(*spots, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _app(look: Look, own: Declared) -> AppInfo:
    app, said = own.app, own.said
    title = said.title if said else {}
    uses = said.uses if said else ()
    return AppInfo(
        name=app.name,
        title=Words(title.get("en", app.name), title.get("zh", app.name)),
        owner=said.owner if said else "",
        plan=said.plan if said else "",
        tier=app.tier or (said.tier if said else "bronze"),
        loops=tuple(_loop(app, loop) for loop in app.loops),
        projections=tuple(f"{app.name}.{p.name}" for p in app.projections),
        params=tuple(_param(look, param) for param in app.params),
        uses=tuple({"dataset": u.dataset, "level": u.level, "purpose": u.purpose} for u in uses),
    )


def _loop(app: App, loop: Loop[Any]) -> LoopInfo:
    return LoopInfo(
        name=f"{app.name}.{loop.name}",
        of=loop.of.__name__,
        title=loop.title if loop.title.en else Words(loop.name, loop.name),
        needs=tuple(loop.needs),
        every_s=loop.every.total_seconds(),
        horizon_s=loop.horizon.total_seconds(),
        authority=loop.authority.value,
        approvers=loop.approvers,
        acts=loop.act is not None,
        learns=loop.learn is not None,
    )


def _param(look: Look, param: Param) -> ParamInfo:
    return ParamInfo(
        name=param.name,
        unit=param.unit,
        value=param.at(look.pulse.now),
        low=param.within[0],
        high=param.within[1],
        since=max(param.in_force),
        source=param.reference,
    )


def _counted(places: Mapping[str, Place]) -> Mapping[str, int]:
    return Counter(place.kind for place in places.values())


def _kind(app: App, kind: type[Entity], count: int) -> KindInfo:
    hints = get_type_hints(kind, include_extras=True)
    defaults = dict(zip(kind.__struct_fields__[::-1], kind.__struct_defaults__[::-1], strict=False))
    return KindInfo(
        name=kind.__name__,
        app=app.name,
        title=terms(kind.__name__),
        says=(kind.__doc__ or "").strip().splitlines()[0],
        props=tuple(
            Prop(
                name=name,
                type=_type(hints[name]),
                unit=_unit(hints[name]),
                title=terms(name),
                heard=name not in {"id", "x", "y"} and defaults.get(name, 0) is None,
            )
            for name in kind.__struct_fields__
        ),
        count=count,
    )


def _unit(hint: Any) -> str:  # noqa: ANN401 - any annotation may stand on a field
    marks = getattr(hint, "__metadata__", ())
    found = next((mark.symbol for mark in marks if isinstance(mark, Unit)), "")
    return found or next((unit for part in get_args(hint) if (unit := _unit(part))), "")


def _type(hint: Any) -> str:  # noqa: ANN401 - any annotation may stand on a field
    if getattr(hint, "__metadata__", ()):
        return _type(hint.__origin__)
    kept = [part for part in get_args(hint) if part not in {type(None), ...}]
    if get_origin(hint) in {tuple, list} and kept:
        return f"list of {_type(kept[0])}"
    return _type(kept[0]) if kept else str(getattr(hint, "__name__", hint))


def _lever(lever: Any) -> LeverInfo:  # noqa: ANN401 - a dataclass of the same fields
    return LeverInfo(**{name: getattr(lever, name) for name in LeverInfo.__struct_fields__})


def _geo(one: Any) -> GeoInfo:  # noqa: ANN401 - a dataclass of the same fields
    return GeoInfo(**{name: getattr(one, name) for name in GeoInfo.__struct_fields__})
