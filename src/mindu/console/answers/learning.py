"""Learning: score cards, calibration, drift, lessons, moments worth a look, and apps by tiers."""

from collections.abc import Iterable
from itertools import pairwise
from math import isnan
from typing import get_args

import msgspec

from mindu.base.records import Entry, Judgement, Settlement, Words
from mindu.brain.folds.scores import Mean, Score
from mindu.brain.manifest import Tier
from mindu.console.answers.channels import skill
from mindu.console.contract.learning import (
    Bin,
    Card,
    ScoresOut,
)
from mindu.console.look import Look

TIERS: tuple[str, ...] = get_args(Tier)
STEPS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0001)  # of a calibration curve
MOMENTS = 60
DRIFT_LEAST = 8  # settlements before a drift is told


def scores(look: Look) -> ScoresOut:
    """Return every card that speaks, and the sums per app."""
    board = look.board
    cards, apps = board.ready.take("scores", board.seq, lambda: _scores(look))
    return ScoresOut(seen=look.seen, cards=cards, apps=apps)


def _scores(look: Look) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    known = look.board.cards
    cards = tuple(card(look, by) for by in sorted(known) if speaks(known[by]))
    apps = sorted({one.app for one in cards if one.app})
    return cards, tuple(_sum(look, app, cards) for app in apps)


def card(look: Look, by: str) -> Card:
    """Return the card of one loop or projection."""
    score = look.board.cards.get(by, Score())
    app = by.partition(".")[0]
    known = {own.app.name for own in look.feed.city.apps}
    settled = look.board.settlements.get(by, [])
    return Card(
        by=by,
        title=look.loop_name(by),
        app=app if app in known or "." in by else "",
        figures=figures(score),
        skill=skill(score),
        calibration=calibration(look, settled),
        drift=_drift(settled),
    )


def figures(score: Score) -> dict[str, float | None]:
    """Return a card's counts and means by name; None where nothing was measured."""
    told: dict[str, float | None] = {}
    for name in score.__struct_fields__:
        value = getattr(score, name)
        if isinstance(value, Mean):
            told[name] = None if isnan(value.value) else value.value
        elif isinstance(value, int):
            told[name] = value
    told["found"] = None if isnan(score.found) else score.found
    return told


def speaks(score: Score) -> bool:
    """Say whether there is anything to show on a card."""
    told = (score.judged, score.blind, score.proposed, score.failures, score.hits, score.misses)
    return any(told) or bool(score.crps) or bool(score.regret.count)


def calibration(look: Look, settled: Iterable[Entry]) -> tuple[Bin, ...]:
    """Hold the chance that was said against how often it came true."""
    pairs: list[tuple[float, bool]] = []
    for entry in settled:
        record = entry.record
        assert isinstance(record, Settlement)
        for cause in entry.because:
            judged = look.board.entries.get(cause)
            if judged and isinstance(judged.record, Judgement):
                pairs.append((judged.record.confidence, record.verdict == "hit"))
    bins = []
    for low, high in pairwise(STEPS):
        held = [(said, came) for said, came in pairs if low <= said < high]
        if held:
            said, came = (sum(column) / len(held) for column in zip(*held, strict=True))
            bins.append(Bin(said=said, came=came, count=len(held)))
    return tuple(bins)


def _sum(look: Look, app: str, cards: Iterable[Card]) -> Card:
    total = Score()
    for by, score in look.board.cards.items():
        if by.startswith(f"{app}."):
            total = _added(total, score)
    every = look.board.settlements.items()
    settled = [e for by, them in every if by.startswith(f"{app}.") for e in them]
    own = next((o for o in look.feed.city.apps if o.app.name == app), None)
    title = own.said.title if own and own.said else {}
    assert any(one.app == app for one in cards)
    return Card(
        by=app,
        title=Words(title.get("en", app), title.get("zh", app)),
        app=app,
        figures=figures(total),
        skill=(),
        calibration=calibration(look, settled),
        drift=None,
    )


def _added(a: Score, b: Score) -> Score:
    told = {}
    for name in a.__struct_fields__:
        x, y = getattr(a, name), getattr(b, name)
        if isinstance(x, Mean):
            told[name] = Mean(x.total + y.total, x.count + y.count)
        elif isinstance(x, int):
            told[name] = x + y
    return msgspec.structs.replace(a, **told)


def _drift(settled: list[Entry]) -> float | None:
    """Hold the newest quarter's CRPS against what came before."""
    errors = [
        sum(e.record.crps.values()) / len(e.record.crps)
        for e in settled
        if isinstance(e.record, Settlement) and e.record.crps
    ]
    if len(errors) < DRIFT_LEAST:
        return None
    cut = len(errors) - len(errors) // 4
    before, after = sum(errors[:cut]) / cut, sum(errors[cut:]) / (len(errors) - cut)
    return after / before if before > 0 else None
