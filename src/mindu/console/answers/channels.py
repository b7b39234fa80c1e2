"""Channels: one property over time, cut to what a screen can show, and its forecast."""

from collections.abc import Sequence

import numpy as np

from mindu.base.records import Forecast, Words
from mindu.brain.folds.scores import Score
from mindu.console.answers.things import marks
from mindu.console.ask import Ask, missing
from mindu.console.contract.things import ForecastOut, SeriesOut, Skill
from mindu.console.look import Look
from mindu.console.words import bare

POINTS, MOST_POINTS = 600, 5_000
NO_CHANNEL = Words("channel", "通道")
LISTED = Words("`/api/v1/entities/ID` lists its channels.", "见该物的通道列表。")


def series(look: Look, ask: Ask) -> SeriesOut:
    """Return one channel over a window, whole or in buckets of low, mean and high.

    Raises:
        Bad: nothing of that name stands in the city.
    """
    about, prop = ask.text("about"), ask.text("prop")
    if about not in look.board.places and (about, prop) not in look.board.readings:
        raise missing(NO_CHANNEL, LISTED)
    since, until = ask.moment("since"), ask.moment("until")
    now = look.pulse.now.timestamp()
    return window(
        look,
        about,
        prop,
        span=(since.timestamp() if since else 0.0, min(until.timestamp(), now) if until else now),
        points=ask.whole("points", POINTS, low=2, high=MOST_POINTS),
    )


def window(
    look: Look, about: str, prop: str, *, span: tuple[float, float], points: int = POINTS
) -> SeriesOut:
    """Return a channel between two instants (epoch s)."""
    heard = look.board.readings.get((about, prop))
    at, value = heard.window(*span) if heard else ((), ())
    levels = prop in {"level", "depth", "head", "stage"}
    place = look.board.places.get(about)
    return SeriesOut(
        seen=look.seen,
        about=about,
        prop=prop,
        unit=bare(heard.unit) if heard else "",
        marks=marks(place) if levels else (),
        points=tuple(zip(at, value, strict=True)) if len(at) <= points else (),
        buckets=_buckets(at, value, points) if len(at) > points else (),
    )


def forecast(look: Look, ask: Ask) -> ForecastOut:
    """Return the newest forecast of a channel; empty where nothing was foretold of it yet."""
    about, prop = ask.text("about"), ask.text("prop")
    entry = look.board.forecasts.get((about, prop))
    if entry is None or not isinstance(entry.record, Forecast):
        return ForecastOut(seen=look.seen, about=about, prop=prop, unit="")
    it = entry.record
    return ForecastOut(
        seen=look.seen,
        about=about,
        prop=prop,
        unit=bare(it.unit),
        seq=entry.seq,
        made=entry.at,
        by=entry.by,
        model=it.model,
        level=it.level,
        leads=it.leads,
        low=it.low,
        mid=it.mid,
        high=it.high,
        skill=skill(look.board.cards.get(entry.by)),
    )


def skill(card: Score | None) -> tuple[Skill, ...]:
    """Return how good the forecasts of one card were, by lead."""
    if card is None:
        return ()
    leads = sorted(card.crps, key=_minutes)
    return tuple(
        Skill(
            lead=lead,
            crps=card.crps[lead].value,
            persistence=card.persistence[lead].value if lead in card.persistence else None,
            covered=card.covered[lead].value if lead in card.covered else None,
            count=card.crps[lead].count,
        )
        for lead in leads
    )


def _minutes(lead: str) -> float:
    try:
        return float(lead.split("@", maxsplit=1)[0])
    except ValueError:
        return float("inf")


def _buckets(
    at: Sequence[float], value: Sequence[float], points: int
) -> tuple[tuple[float, float, float, float], ...]:
    """Cut into equal spans of time; each keeps its lowest, mean and highest value."""
    x, y = np.asarray(at), np.asarray(value)
    edges = np.linspace(x[0], x[-1], points + 1)
    starts = np.unique(np.searchsorted(x, edges[:-1], side="left"))
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    counts = np.diff(np.append(starts, len(y)))
    mean = np.add.reduceat(y, starts) / counts
    rows = np.stack([x[starts], low, mean, high], axis=1).tolist()
    return tuple((a, b, c, d) for a, b, c, d in rows)
