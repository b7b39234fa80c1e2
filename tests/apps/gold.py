"""Gold: it is trusted. It can be taken back, switched off, and learning does no harm."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from looks import TURNS, lived, seen

from mindu.base.records import Action, Judgement, Outcome, Value
from mindu.base.time import VirtualClock
from mindu.brain.app import App
from mindu.brain.brain import Brain
from mindu.brain.world import Shadow
from mindu.data.log import Log
from mindu.sim.day import START, STEP
from mindu.sim.replay import recorded

ROOT = Path(__file__).parents[2]
SEED = 1
LONG = 4  # calm days, each of so many turns, over which learning is held against not learning


def every_action_can_be_taken_back_or_is_capped(app: App) -> None:
    for entry in seen(app.name).entries:
        if isinstance(entry.record, Action) and entry.by.startswith(f"{app.name}."):
            cap: Value | None = entry.record.args.get("cap")
            assert entry.record.undo or cap, f"{entry.by} cannot take {entry.record.verb} back"


def its_runbook_names_the_off_switch(app: App) -> None:
    page = ROOT / "docs" / "runbooks" / f"{app.name}.md"
    assert page.exists(), f"there is no {page.relative_to(ROOT)}"
    assert "off" in page.read_text(encoding="utf-8").lower()


def its_why_fits_in_five_lines(app: App) -> None:
    for entry in seen(app.name).entries:
        if isinstance(entry.record, Action):
            assert len(entry.record.says.en) <= 400
            assert len(entry.record.says.zh) <= 200


def learning_never_lowers_the_kept_share(app: App) -> None:
    deaf = replace(app, loops=tuple(replace(loop, learn=None) for loop in app.loops))
    ours, theirs = (list(lived(which, SEED, turns=LONG * TURNS).log) for which in (app, deaf))
    assert share(ours, app) >= share(theirs, app)


def a_replay_of_what_was_heard_judges_and_does_the_same(app: App) -> None:
    assert app.things is not None
    was, clock = lived(app, SEED).log, VirtualClock(START)
    again = Brain(
        app.name,
        log=Log.open(":memory:"),
        clock=clock,
        apps=[app],
        sources=recorded(was),
        hand=Shadow(),
        things=app.things(),
        seed=SEED,
    )
    for _ in range(TURNS):
        clock.advance(STEP)
        again.tick()
        for entry in again.waiting():
            again.decide(entry.seq, by="officer", confirmed=True)
    assert done(again.log, app) == done(was, app)


def done(log: Log, app: App) -> list[object]:
    """Return what an app judged and proposed, in order."""
    own = f"{app.name}."
    return [
        entry.record
        for entry in log
        if entry.by.startswith(own) and isinstance(entry.record, Judgement | Action)
    ]


def share(entries: list[Any], app: App) -> float:
    """Return the share of promises kept, of those measured."""
    kept = [
        e.record.kept
        for e in entries
        if isinstance(e.record, Outcome) and e.by.startswith(f"{app.name}.")
    ]
    return sum(kept) / len(kept) if kept else 1.0
