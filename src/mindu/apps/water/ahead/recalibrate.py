"""After each storm: hold what earlier storms taught against it, and take that only if it is better.

The numbers in force, those before them, and the newest proposal are replayed on the storm that has
just ended, which none of them has seen. The proposal takes over if it misses by less; if the ones
before would have missed by less, they come back. Then the storm is learned from, for the next one.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from mindu.apps.water.ahead.calibrate import Lived, Numbers, Reopen, error, fit, in_force, replay
from mindu.apps.water.ahead.past import STEP_S, Past
from mindu.apps.water.ahead.room import Room
from mindu.apps.water.ahead.storms import Storm, storms
from mindu.apps.water.params import (
    ABOVE,
    BELOW,
    FADES,
    HOUR_OFF,
    IMPERVIOUS,
    LEAKAGE,
    ROUGHNESS,
    SOON,
)
from mindu.city import Lesson, Param, Projected, Trial, View, Words
from mindu.engines.hydraulics.port import Forcing

MOVED = 0.1  # share by which a number of the forecast's error must move to be worth a lesson
BETTER = 0.95  # of the error: less of a gain is not worth a change
LONGEST_S = 48 * 3600.0  # s from the model's start: readings reach back no further


def recalibrate(room: Room, see: View) -> Sequence[Projected]:
    """Return lessons of the forecasts that came due, then trials and lessons of ended storms."""
    return [*widths(room, see), *_from_storms(room, see)]


def widths(room: Room, see: View) -> list[Projected]:
    """Return one lesson for each number of the forecast's error that has moved: a restart keeps it.

    The room that is open goes by what it has seen; the next one begins with these.
    """
    taught = room.calibration.taught()
    if taught is None:
        return []
    found = zip((FADES, SOON, HOUR_OFF, BELOW, ABOVE), dataclasses.astuple(taught), strict=True)
    moved = [(param, _within(param, value), see[param]) for param, value in found]
    says = Words(
        f"{room.habit.hour_s / 60.0:.0f} min ahead, forecasts that came due were off by "
        f"{taught.hour:.3f} m (sd)",
        f"已到期预报在提前{room.habit.hour_s / 60.0:.0f}分钟时误差为{taught.hour:.3f} m（标准差）",
    )
    return [
        Projected(about=room.names.waters, record=Lesson(param.name, new, says, was=was))
        for param, new, was in moved
        if abs(new - was) > MOVED * was
    ]


def _within(param: Param, value: float) -> float:
    """Return a value within the declared range, to three figures."""
    return float(f"{float(np.clip(value, *param.within)):.3g}")


def _from_storms(room: Room, see: View) -> Sequence[Projected]:
    past = Past(room.twin.network, room.names, see)
    reopen = room.habit.reopen
    if reopen is None or past.now > LONGEST_S:
        return ()
    told: list[Projected] = []
    for storm in storms(past, room.schooling.until):
        told += learned(room, reopen, _lived(room, past, storm), see)
        room.schooling.until = storm.end
    return told


def learned(room: Room, reopen: Reopen, lived: Lived, see: View) -> list[Projected]:
    """Return what one storm that is over says of the numbers in force, proposed and before."""
    school, told = room.schooling, list[Projected]()
    force = in_force(see)
    misses = {force: error(replay(reopen, force, lived), lived)}
    for other in (school.proposed, school.before):
        if other is not None and other not in misses:
            misses[other] = error(replay(reopen, other, lived), lived)
            told.append(_trial(room, other, force, misses))
    best = min(misses, key=lambda numbers: misses[numbers])
    if best != force and misses[best] < BETTER * misses[force]:
        school.before = force
        told += _lessons(room, best, force, misses)
    school.taught = fit(reopen, school.taught, lived)
    school.proposed = school.taught.numbers()
    return told


def _lived(room: Room, past: Past, storm: Storm) -> Lived:
    instants = np.arange(storm.begin + STEP_S, storm.end + 1.0, STEP_S)
    levels = past.levels(room.gauged, instants)
    levels[:, ~room.trust.believed] = np.nan
    settings = past.settings(0.0, storm.end)
    stands = room.twin.see().setting
    settings = np.where(np.isnan(settings), stands[None, :], settings)
    stage = past.stage(0.0, storm.end) if room.habit.tide is not None else None
    rain = past.rain(0.0, storm.end) if room.names.gauges else None
    return Lived(
        begin=storm.begin,
        end=storm.end,
        settings=settings,
        forcing=Forcing(t0=0.0, step_s=60.0, rain=rain, stage=stage, name="measured"),
        instants=instants,
        levels=levels,
        places=room.places,
    )


def _trial(room: Room, other: Numbers, force: Numbers, misses: dict[Numbers, float]) -> Projected:
    says = Words(
        f"On the storm just over, {other.name} misses by {misses[other]:.3f} m, "
        f"{force.name} by {misses[force]:.3f} m",
        f"刚结束的降雨中，{other.name}误差{misses[other]:.3f} m，"
        f"{force.name}误差{misses[force]:.3f} m",
    )
    record = Trial(
        model=other.name,
        champion=force.name,
        error=misses[other],
        champion_error=misses[force],
        taken=False,
        says=says,
    )
    return Projected(about=room.names.waters, record=record)


def _lessons(
    room: Room, best: Numbers, force: Numbers, misses: dict[Numbers, float]
) -> list[Projected]:
    """Return one lesson for each number that changes."""
    shrink = 1.0 - misses[best] / misses[force]
    says = Words(
        f"{best.name}: {shrink:.0%} less error on a storm kept apart",
        f"{best.name}：在未参与率定的降雨上误差减少{shrink:.0%}",
    )
    pairs = (
        (ROUGHNESS, best.roughness, force.roughness),
        (IMPERVIOUS, best.imperviousness, force.imperviousness),
        (LEAKAGE, best.leakage, force.leakage),
    )
    return [
        Projected(about=room.names.waters, record=Lesson(param.name, new, says, was=was))
        for param, new, was in pairs
        if new != was
    ]
