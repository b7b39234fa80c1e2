"""Silver: it is proven. It holds under faults, promises, and lessens a harm."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

from looks import CALM, lived, looked_ahead, manifest, seen, stormed

from mindu.base.records import Action, Event
from mindu.brain.app import App
from mindu.brain.brain import tier_of
from mindu.brain.world import Hand, Shadow


def everything_holds_under_faults_at_forty_seeds(app: App) -> None:
    _, broken = stormed(app.name)
    assert broken == ()


def nothing_of_it_fails_on_a_calm_day(app: App) -> None:
    for entry in seen(app.name).entries:  # lived without an engine
        if isinstance(entry.record, Event) and "failed" in entry.record.name:
            assert "no engine" in str(entry.record.args), entry


def everything_holds_under_faults_with_its_own_engine(app: App) -> None:
    if not app.projections:
        return
    assert app.engines is not None, f"{app.name} looks ahead and brings no small engine: engines="
    days, broken = looked_ahead(app.name)
    assert broken == ()
    told = Counter(type(entry.record).__name__ for day in days for entry in day.brain.log)
    assert told["Forecast"] + told["Weighing"] > 0, told


def every_action_promises(app: App) -> None:
    for entry in seen(app.name).entries:
        if isinstance(entry.record, Action) and entry.by.startswith(f"{app.name}."):
            assert entry.record.expects is not None, f"{entry.by} promised nothing: {entry.record}"


def it_judges_acts_and_is_measured(app: App) -> None:
    tally, _ = stormed(app.name)
    calm = Counter(type(e.record).__name__ for e in seen(app.name).entries)
    assert calm["Judgement"] + tally.happened["judged"] > 0
    if any(loop.act for loop in app.loops):
        assert calm["Action"] + tally.happened["acted"] > 0
        assert calm["Outcome"] + tally.happened["measured a promise"] > 0


def it_beats_doing_nothing_by_its_declared_margin(app: App) -> None:
    beats = manifest(app).beats
    assert beats is not None, "a silver app declares in app.toml which harm it lessens: beats = …"
    assert beats.margin > 0.0
    ours, tied = (
        sum(harm(app, seed, beats.harm, hand=hand) for seed in CALM) for hand in (None, Shadow())
    )
    assert tied > 0.0, f"nothing ever harms the world of {app.name}: it proves nothing"
    assert ours <= (1.0 - beats.margin) * tied


def harm(app: App, seed: int, name: str, *, hand: Hand | None) -> float:
    """Return what a calm day came to in a world, by its own count."""
    worlds: list[Any] = []

    def keep(dice: Random) -> Any:  # noqa: ANN401 - any world
        assert app.world is not None
        worlds.append(app.world(dice))
        return worlds[0]

    lived(replace(app, world=keep, tier=tier_of(app)), seed, hand=hand)
    return float(getattr(worlds[0], name))
