"""A score card as one line of named numbers, its forecasts pooled over all leads."""

from collections.abc import Mapping
from math import isnan

from mindu.brain.folds.scores import Mean, Score
from mindu.console.answers.learning import figures, speaks

# What a card comes to, in the order in which people are shown it.
SHOWN = (
    "judged", "hits", "misses", "false_alarms", "averted", "lead_min", "brier", "crps",
    "persistence", "covered", "proposed", "kept", "broken", "regret", "gain", "lessons", "failures",
)  # fmt: skip
POOLED = ("crps", "persistence", "covered")


def line(score: Score) -> dict[str, float | None]:
    """Return a card's counts and means by name; None where nothing was measured."""
    return figures(score) | {name: _pooled(getattr(score, name)) for name in POOLED}


def lines(cards: Mapping[str, Score]) -> dict[str, dict[str, float | None]]:
    """Return every card that has something to say, by the name that signs it."""
    return {by: line(cards[by]) for by in sorted(cards) if speaks(cards[by])}


def _pooled(by_lead: Mapping[str, Mean]) -> float | None:
    total = Mean(sum(m.total for m in by_lead.values()), sum(m.count for m in by_lead.values()))
    return None if isnan(total.value) else total.value
