"""The weathers and the tide that may come, as the ground will feel them."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from mindu.apps.water.ahead.lagged import Present
from mindu.apps.water.ahead.room import Room
from mindu.apps.water.control.ensemble import Member, design, members
from mindu.apps.water.control.rainfall import Warned
from mindu.apps.water.kinds import Waters
from mindu.engines.hydraulics.port import Array, Forcing

SURGE_FADE_S = 6 * 3600.0  # s: what the sea stands above its tide fades so slowly, assumed
OUTLOOK_H = 3.0  # h that an outlook speaks of
OUTLOOK_FRESH = timedelta(hours=1)
LIKELY, SEVERE = 0.45, 0.15  # weights of an outlook's storm and of one half as much again
ROWS = 72  # of the tide, at least, where no rain says how far to look
LEAST_MM, MOST_MM = 20.0, 400.0


def weathers(room: Room, now: Present, horizon_s: float) -> tuple[Member, ...]:
    """Return the weathers that may come, rain as it is believed to be felt, with the tide."""
    found = members(
        now.past.weather(),
        float(now.past.now),
        horizon_s,
        warned=_warned(room, now),
        brought=room.habit.brought,
        sure=room.habit.sure,
    )
    return tuple(replace(m, forcing=felt(room, now, m.forcing, room.belief.factor)) for m in found)


def designs(room: Room, now: Present, horizon_s: float) -> tuple[Member, ...]:
    """Return the design storms that hand rules are held against, at several hours of the tide."""
    found = design(now.past.weather(), float(now.past.now), horizon_s)
    return tuple(replace(m, forcing=felt(room, now, m.forcing, room.belief.factor)) for m in found)


def felt(room: Room, now: Present, forcing: Forcing, factor: Array) -> Forcing:
    """Return a weather with each gauge's rain times its factor, and the tide beside it."""
    rain = None if forcing.rain is None else forcing.rain * factor
    rows = 1 if rain is None else len(rain)
    return replace(forcing, rain=rain, stage=_stage(room, now, forcing, rows))


def _stage(room: Room, now: Present, forcing: Forcing, rows: int) -> Array | None:
    """Return the foretold tide, raised by what the sea stands above it now, fading."""
    if room.habit.tide is None:
        return None
    t: Array = forcing.t0 + np.arange(max(rows, ROWS), dtype=float) * forcing.step_s
    foretold = room.habit.tide(t)
    told = room.habit.tide(np.array([now.past.now]))[0]
    surge = now.past.stage(now.past.now, now.past.now)[0] - told
    fade = np.exp(-np.maximum(t - now.past.now, 0.0) / SURGE_FADE_S)
    return np.asarray(foretold + fade[:, None] * np.nan_to_num(surge)[None, :])


def _warned(room: Room, now: Present) -> Warned | None:
    """Return the weather service's outlook as a warned storm; None where it says nothing."""
    see, name = now.past.see, room.names.waters
    if name not in see.twins or not see.fresh(name, "outlook", OUTLOOK_FRESH):
        return None
    whole = see.twin(Waters, name)
    depth = (whole.outlook or 0.0) * OUTLOOK_H
    if depth < LEAST_MM:
        return None
    return Warned(depth_mm=min(depth, MOST_MM), weight=LIKELY, severe=SEVERE)
