"""Foretold: how grave each thing will be at a moment ahead, by its forecasts and its own marks."""

from datetime import datetime, timedelta

import numpy as np

from mindu.base.records import Entry, Forecast, Judgement, Severity
from mindu.console.board import Board, Standing
from mindu.console.place import Place

LEVELS = frozenset({"level", "depth", "head", "stage"})
# What a mark of that name means: likely passed (the middle), or possibly (the upper bound).
MEANS = (
    (("bank", "crest", "alarm"), Severity.RED, Severity.ORANGE),
    (("warn", "limit_high"), Severity.YELLOW, Severity.BLUE),
)


def foretold(board: Board, now: datetime, ahead: datetime) -> Standing:
    """Return what stands now, with the level of every thing that a forecast reaches as foretold.

    A thing whose forecasts end before that moment keeps what is known of it now, and so does an
    alert that is about no level.
    """
    stood = board.standing(now)

    def made() -> Standing:
        return _foretold(board, stood, ahead)

    return board.ready.take("foretold", (board.seq, stood, ahead), made)


def _foretold(board: Board, stood: Standing, ahead: datetime) -> Standing:
    told: dict[str, int] = {}
    for (about, prop), entry in board.forecasts.items():
        place = board.places.get(about)
        if place is not None and prop in LEVELS and place.marks:
            severity = _severity(place, entry, ahead)
            if severity is not None:
                told[about] = max(severity, told.get(about, 0))
    grave = {name: Severity(s) for name, s in told.items() if s}
    for entry in stood.alerts:
        it = entry.record
        assert isinstance(it, Judgement)
        of_level = it.proof is not None and it.proof.prop in LEVELS
        if not (of_level and entry.about in told):
            grave[entry.about] = max(it.severity, grave.get(entry.about, it.severity))
    return Standing(
        seq=stood.seq, since=stood.since, until=stood.until, alerts=stood.alerts, grave=grave,
        counts=stood.counts,
    )  # fmt: skip


def _severity(place: Place, entry: Entry, ahead: datetime) -> int | None:
    """Return how grave a level will be, 0 for not at all; None where the forecast ends before."""
    it = entry.record
    assert isinstance(it, Forecast)
    lead = (ahead - entry.at) / timedelta(minutes=1)
    if not it.leads or not 0.0 <= lead <= it.leads[-1]:
        return None
    mid, high = (float(np.interp(lead, it.leads, line)) for line in (it.mid, it.high))
    found = 0
    for name, mark in place.marks:
        for words, likely, possible in MEANS:
            if any(word in name for word in words):
                found = max(found, likely if mid >= mark else possible if high >= mark else 0)
    return int(found)
