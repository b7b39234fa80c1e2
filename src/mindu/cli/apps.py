"""The apps: who is here, what each may do, and every kind, number and loop that it declares."""

import argparse
import importlib
import pkgutil
from collections.abc import Iterator
from importlib.resources import files
from math import isfinite
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

import mindu.apps
from mindu.base.units import Unit
from mindu.brain.app import App
from mindu.brain.manifest import Manifest, read
from mindu.cli.say import GOOD, Voice
from mindu.perceive.quality import Bounds

HEAD = (
    "# Apps 应用\n\nMade from the code by `mindu apps --write docs/apps.md`; a test holds it true."
)


def apps(asked: argparse.Namespace, voice: Voice) -> int:
    """Show or write the tables of every app."""
    text = tables()
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")
    told = [
        {"name": app.name, "tier": said.tier, "loops": [loop.name for loop in app.loops]}
        for app, said in found()
    ]
    voice.data(told, text)
    return GOOD


def found() -> Iterator[tuple[App, Manifest]]:
    """Return every app with what its manifest says; nobody lists them, they are found."""
    for module in pkgutil.iter_modules(mindu.apps.__path__):
        app = importlib.import_module(f"mindu.apps.{module.name}").APP
        text = files(f"mindu.apps.{module.name}").joinpath("app.toml").read_text(encoding="utf-8")
        yield app, read(text, module.name)


def tables() -> str:
    """Return all tables as Markdown."""
    known = list(found())
    matrix = [
        "| app | tier | judges | acts | learns | projects | plan |",
        "|---|---|---|---|---|---|---|",
        *(_row(app, said) for app, said in known),
    ]
    parts = [HEAD, "\n".join(matrix), *(_app(app, said) for app, said in known)]
    return "\n\n".join(parts) + "\n"


def _row(app: App, said: Manifest) -> str:
    acts, learns = (
        sum(getattr(loop, verb) is not None for loop in app.loops) for verb in ("act", "learn")
    )
    title = f"{said.title['en']} {said.title['zh']}"
    counts = (len(app.loops), acts, learns, len(app.projections))
    cells = (f"`{app.name}` {title}", said.tier, *map(str, counts), said.plan)
    return f"| {' | '.join(cells)} |"


def _app(app: App, said: Manifest) -> str:
    loops = [
        f"| `{loop.name}` {loop.title.en} {loop.title.zh} | {loop.of.__name__} | "
        f"{', '.join(loop.needs)} | {_minutes(loop)} | {loop.authority.value} |"
        for loop in app.loops
    ]
    params = [
        f"| `{p.name}` | {_latest(p.in_force)} {p.unit} | {p.within[0]:g} to {p.within[1]:g} | "
        f"{max(p.in_force)} | {p.reference} |"
        for p in app.params
    ]
    uses = [f"| {use.dataset} | {use.level} | {use.purpose} |" for use in said.uses]
    return "\n\n".join(
        (
            f"## {app.name}",
            _table("| loop | of | needs | every | authority |", loops),
            _table("| parameter | value | range | since | source |", params),
            _table("| dataset | grade | purpose |", uses),
            *(_kind(kind) for kind in app.entities),
        )
    )


def _kind(kind: type[msgspec.Struct]) -> str:
    told = (kind.__doc__ or "").strip().splitlines()[0]
    hints = get_type_hints(kind, include_extras=True)
    rows = [
        f"| `{name}` | {_type(hints[name])} | {_bounds(hints[name])} |"
        for name in kind.__struct_fields__
    ]
    head = "| property | type and unit | marked as doubtful |"
    return f"### {kind.__name__}\n\n{told}\n\n" + _table(head, rows)


def _bounds(hint: Any) -> str:  # noqa: ANN401 - any annotation may stand on a field
    """Say which readings of a property are marked: beyond what was declared that it can be."""
    found = next((m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Bounds)), None)
    if found is None:
        return next((inner for arg in get_args(hint) if (inner := _bounds(arg))), "")
    told: tuple[tuple[str, float], ...] = (
        ("below {:g}", found.low),
        ("above {:g}", found.high),
        ("faster than {:g} an hour", found.rate),
        ("a jump of more than {:g}", found.jump),
        ("the same for {:g} h", found.still / 3600.0),
        ("after {:g} min of silence", found.silence / 60.0),
    )
    return ", ".join(words.format(value) for words, value in told if isfinite(value))


def _type(hint: Any) -> str:  # noqa: ANN401 - any annotation may stand on a field
    if get_origin(hint) is Annotated:
        inner, *marks = get_args(hint)
        units = [mark.symbol for mark in marks if isinstance(mark, Unit)]
        return " ".join((_type(inner), *units))
    if get_args(hint):
        kept = [_type(arg) for arg in get_args(hint) if arg not in {type(None), ...}]
        listed = " or ".join(dict.fromkeys(kept))
        return f"list of {listed}" if get_origin(hint) in {tuple, list} else listed
    return getattr(hint, "__name__", str(hint))


def _table(head: str, rows: list[str]) -> str:
    line = "|" + "---|" * (head.count("|") - 1)
    return "\n".join((head, line, *rows)) if rows else ""


def _latest(in_force: Any) -> str:  # noqa: ANN401 - a mapping of dates to numbers
    return f"{in_force[max(in_force)]:g}"


def _minutes(loop: Any) -> str:  # noqa: ANN401 - a loop of any kind of thing
    return f"{loop.every.total_seconds() / 60:g} min"
