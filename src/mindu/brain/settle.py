"""Settle (核验): hold promises, judgements and forecasts against what happened, once due."""

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from mindu.base.records import Expect, Forecast, Outcome, Settlement
from mindu.base.time import MINUTE
from mindu.brain.folds.pending import Batch
from mindu.brain.folds.promises import Promise
from mindu.brain.folds.standing import Proof
from mindu.brain.memory import Memory
from mindu.data.series import Series

NEAR = 10 * MINUTE  # a reading stands for an instant at most this long after it was taken
CAUSES = 32  # forecasts named by one settlement; the rest of the batch is settled with them

Floats = NDArray[np.float64]


def settle(memory: Memory, now: datetime) -> list[str]:
    """Measure every promise, judge every judgement and score every forecast that is due.

    Returns the loops that got an outcome, each once.
    """
    heard: dict[str, None] = {}
    for promise in memory.promises.due(now):
        outcome = measure(promise, memory.series)
        memory.write(outcome, at=now, about=promise.about, by=promise.by, because=(promise.seq,))
        heard[promise.by] = None
    for proof in memory.standing.due(now):
        settlement = prove(proof, memory.series)
        memory.write(settlement, at=now, about=proof.about, by=proof.by, because=(proof.seq,))
    for batch in memory.pending.due(now):
        scored = score(batch, memory)
        because = tuple(batch.seqs[:CAUSES])
        memory.write(scored, at=now, about=batch.by, by=batch.by, because=because)
    return list(heard)


def measure(promise: Promise, series: Series) -> Outcome:
    """Return what came of an action; one that was not sent, or was undone, is kept apart."""
    expects = promise.expects
    assert expects is not None, f"#{promise.seq} promised nothing"
    sent = promise.sent is True and not promise.undone
    start = promise.due - expects.within
    at, values = _window(series, expects, promise.about, promise.due)
    values = values[at > start.timestamp()]
    if not len(values):
        return Outcome(kept=False, sent=sent)
    kept = _kept(expects, values)
    if not expects.ever:
        return Outcome(kept=bool(kept[-1]), measured=float(values[-1]), sent=sent)
    told = int(np.argmax(kept)) if kept.any() else len(values) - 1
    return Outcome(kept=bool(kept.any()), measured=float(values[told]), sent=sent)


def prove(proof: Proof, series: Series) -> Settlement:
    """Return whether a judgement came true within its window."""
    expects = proof.proof
    at, values = _window(series, expects, proof.about, proof.at + expects.within)
    if not len(values):
        return Settlement("unknown", prop=expects.prop)
    kept = _kept(expects, values)
    came = bool(kept.any()) if expects.ever else bool(kept[-1])
    if came:
        first = at[int(np.argmax(kept))] if expects.ever else at[-1]
        lead = timedelta(seconds=max(0.0, float(first) - proof.at.timestamp()))
        brier = (proof.confidence - 1.0) ** 2
        return Settlement("hit", lead=lead, brier=brier, prop=expects.prop)
    if proof.acted:
        return Settlement("averted", prop=expects.prop)
    return Settlement("false_alarm", brier=proof.confidence**2, prop=expects.prop)


def score(batch: Batch, memory: Memory) -> Settlement:
    """Return the mean scores of a batch of forecasts, by lead.

    CRPS is approximated by the weighted interval score of one interval and a median (Bracher et
    al. 2021), which is the absolute error for a point forecast: so persistence, "it stays as it
    is", is scored by its absolute error on the same cases.
    """
    rows: dict[tuple[float, ...], list[Floats]] = {}
    for seq in batch.seqs:
        entry = memory.log[seq]
        assert isinstance(entry.record, Forecast)
        told = _held_against(entry.record, entry.about, entry.at, memory.series)
        rows.setdefault(entry.record.leads, []).append(told)
    means: tuple[dict[str, float], ...] = ({}, {}, {})
    counted = 0
    for leads, found in rows.items():
        held = np.stack(found)  # forecasts, (CRPS, covered, persistence), leads
        counted += int(np.isfinite(held[:, 0]).any(axis=1).sum())
        for which, into in enumerate(means):
            known = np.isfinite(held[:, which])
            sums = np.where(known, held[:, which], 0.0).sum(axis=0)
            for lead, total, count in zip(leads, sums, known.sum(axis=0), strict=True):
                if count:
                    into[f"{lead:g}"] = float(total) / float(count)
    return Settlement(
        "forecast",
        crps=means[0],
        covered=means[1],
        persistence=means[2],
        prop=batch.prop,
        model=batch.model,
        count=counted,
    )


def interval_score(truth: Floats, low: Floats, mid: Floats, high: Floats, level: float) -> Floats:
    """Return the weighted interval score of a median and one central interval, case by case."""
    alpha = 1.0 - level
    outside = np.maximum(0.0, low - truth) + np.maximum(0.0, truth - high)
    interval = (high - low) + 2.0 / alpha * outside
    scored: Floats = (0.5 * np.abs(truth - mid) + 0.5 * alpha * interval) / 1.5
    return scored


def _held_against(forecast: Forecast, about: str, at: datetime, series: Series) -> Floats:
    """Return CRPS, covered and persistence as rows, by lead; nan where nothing was heard."""
    leads, low, mid, high = (
        np.asarray(row) for row in (forecast.leads, forecast.low, forecast.mid, forecast.high)
    )
    end = at + timedelta(minutes=float(leads.max()))
    times, values = series.window(about, forecast.prop, end, end - at + NEAR)
    instants = at.timestamp() + np.append(leads * 60.0, 0.0)
    so = _at(times, values, instants)
    truth, was = so[:-1], so[-1]
    crps = interval_score(truth, low, mid, high, forecast.level)
    covered = np.where(np.isnan(truth), np.nan, (low <= truth) & (truth <= high))
    return np.stack([crps, covered, np.abs(truth - was)])


def _at(times: Floats, values: Floats, instants: Floats) -> Floats:
    """Return the last value at or before each instant, nan where none is near."""
    if not len(times):
        return np.full(len(instants), np.nan)
    place = np.searchsorted(times, instants, side="right") - 1
    near = (place >= 0) & (instants - times[np.maximum(place, 0)] <= NEAR.total_seconds())
    return np.where(near, values[np.maximum(place, 0)], np.nan)


def _window(series: Series, expects: Expect, about: str, end: datetime) -> tuple[Floats, Floats]:
    return series.window(expects.about or about, expects.prop, end, expects.within)


def _kept(expects: Expect, values: Floats) -> NDArray[np.bool_]:
    below = np.inf if expects.below is None else expects.below
    above = -np.inf if expects.above is None else expects.above
    kept: NDArray[np.bool_] = (values < below) & (values > above)
    return kept
