"""What the rules of the tiers look at: every app lived through calm days and through faults."""

import importlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from mindu.base.time import VirtualClock
from mindu.brain.app import App, Loop
from mindu.brain.brain import Brain, tier_of
from mindu.brain.manifest import Manifest, read
from mindu.brain.view import View
from mindu.brain.world import Hand
from mindu.city import Entity, Reading
from mindu.data.log import Log
from mindu.perceive.source import Readings
from mindu.sim.day import START, STEP, Day
from mindu.sim.seeds import Tally, run

CALM = (1, 2, 3)  # seeds of the days without a fault
TURNS = 192
SEEDS = range(40)
STORM = 72  # turns of each of the days with faults
AHEAD = {15: 60, 30: 24}  # seed -> turns lived with the app's own engine: rain, deaths, jams


@dataclass(slots=True)
class Seen:
    """What the verbs of one app read and wrote over some calm days."""

    read: dict[str, set[str]]  # loop -> measured properties of its own thing
    asked: dict[str, set[str]]  # loop -> "Kind.property" asked of the view
    measured: dict[str, set[str]]  # kind -> properties that the world reports
    entries: list[Any]
    passed_over: list[str]  # things that a screen let through unjudged, and judge would not


class Noting:
    """A twin that notes which of its properties are read, and is an instance of its kind."""

    def __init__(self, twin: Entity, read: set[str]) -> None:
        object.__setattr__(self, "twin", twin)
        object.__setattr__(self, "read", read)

    def __getattribute__(self, name: str) -> Any:  # type: ignore[explicit-override]  # noqa: ANN401
        held = object.__getattribute__(self, "__dict__")
        if name == "__class__":
            return type(held["twin"])
        if not name.startswith("__"):
            held["read"].add(name)
        return getattr(held["twin"], name)


def manifest(app: App) -> Manifest:
    paper = files(f"mindu.apps.{app.name}").joinpath("app.toml")
    return read(paper.read_text(encoding="utf-8"), app.name)


def verbs(app: App) -> Iterator[Callable[..., Any]]:
    for loop in app.loops:
        told = (loop.judge, loop.act, loop.learn, loop.check, loop.screen, loop.event)
        yield from (verb for verb in told if verb is not None)
    yield from (projection.project for projection in app.projections)


def noted(app: App, seen: Seen) -> App:
    """Return the app with verbs whose reading is noted."""

    def wrap(loop: Loop[Any]) -> Loop[Any]:
        def note(verb: Callable[..., Any] | None) -> Callable[..., Any] | None:
            if verb is None:
                return None

            def watched(twin: Entity, *rest: Any) -> Any:  # noqa: ANN401 - any verb
                done = verb(Noting(twin, seen.read[loop.name]), *rest)
                see = rest[-1]
                asked = {
                    f"{type(see.twins.get(about)).__name__}.{prop}"
                    for about, prop in see.notes.readings
                }
                seen.asked[loop.name] |= asked
                return done

            return watched

        judge = note(loop.judge)
        assert judge is not None
        screened = replace(loop, screen=watched_screen(loop, seen.passed_over))
        return replace(screened, judge=judge, act=note(loop.act), check=note(loop.check))

    return replace(app, loops=tuple(wrap(loop) for loop in app.loops), tier=tier_of(app))


def watched_screen(loop: Loop[Any], passed_over: list[str]) -> Callable[..., Any] | None:
    """Return the screen of a loop, which notes whatever it wrongly passes over."""
    if loop.screen is None:
        return None

    def screen(things: Any, see: View) -> Any:  # noqa: ANN401 - any kind
        assert loop.screen is not None
        mask = loop.screen(things, see)
        for at in (i for i in range(len(things)) if not mask[i]):
            twin = things[at]
            seen = all(see.fresh(twin.id, prop, limit) for prop, limit in loop.needs.items())
            if seen and loop.judge(twin, see) is not None:
                passed_over.append(f"{loop.name} passed over {twin.id} at {see.now}")
        return mask

    return screen


def lived(app: App, seed: int, *, hand: Hand | None = None, turns: int = TURNS) -> Brain:
    """Live a calm day; everything that waits gets a yes."""
    assert app.world is not None
    assert app.things is not None
    world = app.world(Random(seed))
    clock = VirtualClock(START)
    brain = Brain(
        app.name,
        log=Log.open(":memory:"),
        clock=clock,
        apps=[app],
        sources=[world],
        hand=hand or world,
        things=app.things(),
        seed=seed,
    )
    for _ in range(turns):
        world.step(STEP)
        clock.advance(STEP)
        brain.tick()
        for entry in brain.waiting():
            brain.decide(entry.seq, by="officer", confirmed=True)
    return brain


def unaided(app: App) -> App:
    """Return the app without its engine: rules alone, and a day within the second."""
    return replace(app, engines=None, tier=tier_of(app))


def named(name: str) -> App:
    """Return one app of the house, found by its name."""
    app = importlib.import_module(f"mindu.apps.{name}").APP
    assert isinstance(app, App)
    return app


@cache
def seen(name: str) -> Seen:
    """Live the calm days of an app once, and note what its verbs do."""
    app = named(name)
    noting = Seen(defaultdict(set), defaultdict(set), defaultdict(set), [], [])
    for seed in CALM:
        noting.entries += list(lived(noted(app, noting), seed).log)
    assert app.world is not None
    assert app.things is not None
    kinds = {thing.id: type(thing).__name__ for thing in app.things()}
    for said in app.world(Random(1)).read(START):
        if isinstance(said, Reading):
            noting.measured[kinds[said.about]].add(said.prop)
        elif isinstance(said, Readings):
            for about, prop in zip(said.about, said.prop, strict=True):
                noting.measured[kinds[about]].add(prop)
    return noting


@cache
def stormed(name: str) -> tuple[Tally, tuple[str, ...]]:
    """Live the days with faults of an app once."""
    app = unaided(named(name))
    tally, broken = Tally(), list[str]()
    for seed in SEEDS:
        day, told = run(app, seed, turns=STORM)
        broken += [f"seed {seed}: {line}" for line in told]
        if day is not None:
            tally.add(day)
    return tally, tuple(broken)


@cache
def looked_ahead(name: str) -> tuple[tuple[Day, ...], tuple[str, ...]]:
    """Live days with faults of an app with its own engine, each once."""
    app, days, broken = named(name), list[Day](), list[str]()
    for seed, turns in AHEAD.items():
        day, told = run(app, seed, turns=turns)
        broken += [f"seed {seed}: {line}" for line in told]
        days += [] if day is None else [day]
    return tuple(days), tuple(broken)
