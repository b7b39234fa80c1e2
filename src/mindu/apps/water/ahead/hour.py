"""The coming hour at every gauge: futures of the twin, mended and widened by what was learned."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mindu.apps.water.ahead.belief import ROUGHER
from mindu.apps.water.ahead.coming import weathers
from mindu.apps.water.ahead.fan import LEADS, LEVEL, Ensemble
from mindu.apps.water.ahead.lagged import Lagged, Present
from mindu.apps.water.ahead.room import Room
from mindu.apps.water.ahead.said.streets import foretold, heard
from mindu.apps.water.control.candidates import ruled, shifted
from mindu.apps.water.control.ensemble import Member, likely
from mindu.apps.water.control.event.live import Still
from mindu.apps.water.control.roles import Places
from mindu.city import Forecast, Projected, View
from mindu.engines.hydraulics.port import Array, Forcing, Job, Plan

MODEL = "twin"
STEP_S = 300.0
FOLLOWED, NEAR = 0.8, 0.25  # share of machines that stand within so much of what the plan wanted
STORMS = ("warned", "severe")
WET = 0.5  # mm/h
SOONEST_S = 2700.0  # s: the hour of a storm that comes at once must be told too
ALSO_SD = 1.2  # sd of the factor at which the likeliest weather is run as well
ALSO_WEIGHT = 0.25


def look(room: Room, see: View) -> Sequence[Projected]:
    """Return a forecast of the level at every gauge, five minutes to an hour ahead."""
    now = room.come_up(see)
    members = weighed(room, now)
    plan = in_force(room, now)
    said = tuple(heard(room, see))
    places = np.concatenate([room.places, [word.place for word in said]]).astype(np.int64)
    told = ensemble(room, now, places, plan=plan, members=members)
    gauged, streets = told.parted(len(room.places))
    fan = room.calibration.fan(now.past.now, gauged, now.miss)
    leads = tuple(float(lead) for lead in LEADS)
    levels = [
        Projected(
            about=name,
            record=Forecast(
                "level",
                "m",
                leads,
                low=_row(fan.low[:, g]),
                mid=_row(fan.mid[:, g]),
                high=_row(fan.high[:, g]),
                level=LEVEL,
                model=MODEL,
            ),
        )
        for g, name in enumerate(room.gauged)
    ]
    return [*levels, *foretold(room, now, said, streets)]


def ensemble(
    room: Room, now: Present, places: Places, *, plan: Plan, members: Sequence[Member]
) -> Ensemble:
    """Return what the coming hour holds at these places, at the roughness that is believed."""
    runs, weights = _futures(room, now.twin, members, plan, places)
    return _roughened(room, now, summed(runs, weights), places, plan=plan, members=members)


def in_force(room: Room, now: Present) -> Plan:
    """Return the plan that the machines follow: the weighed one if they do, else as they stand."""
    machines = len(room.names.machines)
    left = ruled(room.habit.own or Still(), block_s=900.0, machines=machines)
    if room.dispatcher is None or room.dispatcher.plan is None or room.wanted is None:
        return left
    free = room.laid.frame.free & np.isfinite(room.wanted)
    stands = now.twin.see().setting
    near = np.abs(stands - room.wanted)[free] <= NEAR
    if near.size and near.mean() < FOLLOWED:
        return left
    return shifted(room.dispatcher.plan, now.past.now - room.dispatcher.since)


def _futures(
    room: Room, twin: Lagged, members: Sequence[Member], plan: Plan, places: Places
) -> tuple[Array, Array]:
    """Run the hour in every weather; return (members, leads, places) and the weights."""
    span = room.habit.hour_s
    jobs = [Job(plan=plan, forcing=m.forcing, horizon_s=span, report_s=STEP_S) for m in members]
    found: list[Array] = []
    said: list[float] = []
    for k, future in twin.futures(jobs, deadline_s=room.habit.deadline_s):
        if future.ok and len(future.t):
            found.append(_at_leads(future.t - twin.now(), future.depth[:, places]))
            said.append(members[k].weight)
    if not found:
        raise RuntimeError("no future of the coming hour could be run in time")
    return np.array(found), np.array(said) / sum(said)


def _roughened(
    room: Room, now: Present, told: Ensemble, places: Places, *, plan: Plan,
    members: Sequence[Member],
) -> Ensemble:  # fmt: skip
    """Move the forecast to the roughness that is believed, by what a rougher model would show."""
    if now.rough is None:
        return told
    likeliest = max(members, key=lambda m: m.weight)
    rough, _ = _futures(room, now.rough, [likeliest], plan, places)
    plain, _ = _futures(room, now.twin, [likeliest], plan, places)
    slope = (rough[0] - plain[0]) / np.log(ROUGHER)
    unsure, more = (room.belief.rough_sd * slope)[None], room.belief.rough * slope
    return Ensemble(
        mid=told.mid + more, sd=np.sqrt(told.sd**2 + unsure**2), edge=told.edge + more[None]
    )


def weighed(room: Room, now: Present) -> list[Member]:
    """Return the weathers of the coming hour: a storm may come sooner, the rain be felt more."""
    found = likely(weathers(room, now, room.habit.hour_s + SOONEST_S))
    spread = [one for member in found for one in _sooner(member)]
    likeliest = max(found, key=lambda m: m.weight)
    if likeliest.forcing.rain is None or float(likeliest.forcing.rain.max()) <= 0.0:
        return spread
    sd = room.belief.rain_sd
    also = [
        Member(
            forcing=felt_more(likeliest, float(np.exp(sign * ALSO_SD * sd))),
            weight=ALSO_WEIGHT * likeliest.weight,
        )
        for sign in (-1.0, 1.0)
    ]
    return [*spread, *also]


def _sooner(member: Member) -> list[Member]:
    """Split a storm that is expected but has not begun over the times at which it may begin."""
    rain = member.forcing.rain
    if rain is None or not member.name.startswith(STORMS) or not len(rain):
        return [member]
    wet = np.flatnonzero(rain.mean(axis=1) > WET)
    if not len(wet) or wet[0] == 0:
        return [member]
    dry = int(wet[0])
    shifts = sorted({0, dry // 3, 2 * dry // 3, dry})
    return [
        Member(
            forcing=replace(
                member.forcing, rain=np.concatenate([rain[k:], rain[-1:].repeat(k, 0)])
            ),
            weight=member.weight / len(shifts),
        )
        for k in shifts
    ]


def felt_more(member: Member, times: float) -> Forcing:
    """Return a member's weather with so many times the rain."""
    rain = member.forcing.rain
    return replace(member.forcing, rain=None if rain is None else rain * times)


def _at_leads(after: Array, depth: Array) -> Array:
    """Return depth at each lead, (leads, places)."""
    return np.column_stack(
        [np.interp(LEADS * 60.0, after, depth[:, g]) for g in range(depth.shape[1])]
    )


def summed(runs: Array, weights: Array) -> Ensemble:
    """Sum (members, leads, places) up by weight."""
    order = np.argsort(runs, axis=0)
    value = np.take_along_axis(runs, order, axis=0)
    share = weights[order]
    upto = np.cumsum(share, axis=0) - 0.5 * share
    mid = _crossing(upto, value, 0.5)
    wide = runs - mid[None]
    w = weights[:, None, None]
    down = np.sqrt(2.0 * (w * np.minimum(wide, 0.0) ** 2).sum(axis=0))
    up = np.sqrt(2.0 * (w * np.maximum(wide, 0.0) ** 2).sum(axis=0))
    edge = [_crossing(upto, value, at) for at in ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0)]
    return Ensemble(mid=mid, sd=np.array([down, up]), edge=np.array(edge))


def _crossing(upto: Array, value: Array, at: float) -> Array:
    """Return where the running weight crosses a share, between the two members beside it."""
    last = len(value) - 1
    high = np.minimum((upto < at).sum(axis=0), last)[None]
    low = np.maximum(high - 1, 0)
    a, b = (np.take_along_axis(upto, k, axis=0)[0] for k in (low, high))
    x, y = (np.take_along_axis(value, k, axis=0)[0] for k in (low, high))
    share = np.clip((at - a) / np.maximum(b - a, 1e-9), 0.0, 1.0)
    return np.asarray(x + share * (y - x))


def _row(values: Array) -> tuple[float, ...]:
    return tuple(round(float(v), 4) for v in values)
