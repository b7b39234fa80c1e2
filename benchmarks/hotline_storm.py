"""Calls as soft sensors: what they add to the forecast of streets that have no gauge.

A storm night of the pretend city, stations on their own switches, people calling as the water
stands before them: once with every gauge heard, once with the line to all level gauges lost from
4 h to 10 h, as typhoons do, and once as a city that has a third of the gauges. Every ten minutes
each street that callers are believed about is forecast twice from the same gauges, with and without
what people say, and held against the plant. `STORM_SEEDS` says which nights; each takes some
minutes of processor.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from scipy.stats import norm

from benchmarks.figure import Figure
from mindu.apps.hotline import APP as HOTLINE
from mindu.apps.hotline.things import concerns, roads
from mindu.apps.water import APP as WATER
from mindu.apps.water.ahead.fan import LEADS
from mindu.apps.water.ahead.hour import ensemble, in_force, weighed
from mindu.apps.water.ahead.room import Room
from mindu.apps.water.ahead.said import streets
from mindu.apps.water.pretend import storm_night
from mindu.base.time import HOUR, MINUTE, VirtualClock
from mindu.brain.brain import Brain
from mindu.city import Projected, Projection, View, Words
from mindu.cli.line.calls import Called
from mindu.cli.line.manning import line
from mindu.cli.live.built import DEFAULT_STORM
from mindu.data.log import Log
from mindu.engines.hydraulics.port import Array
from mindu.engines.hydraulics.twin import open_twin
from mindu.perceive.source import Happening, Reading

STEP, HOURS = 5 * MINUTE, 12
FLOODED = 0.10  # m over the street: what the chance is told of
Spell = tuple[float, float]  # h of the night from, to
LOST, NEVER = (4.0, 10.0), (0.0, 0.0)
TOLD, HALF = (5.0, 15.0, 30.0, 60.0), 30.0  # min ahead


class Deaf:
    """What is heard of a city: the line to its level gauges is lost, or it has fewer of them."""

    def __init__(self, world: Called, silent: Spell, every: int) -> None:
        self.name, self._world, self._every = world.name, world, every
        self._gauges: dict[str, int] = {}
        self._silent = tuple(world.start + hour * HOUR for hour in silent)

    def read(self, now: datetime) -> Iterator[Reading | Happening]:
        """Return what is heard."""
        since, until = self._silent
        for told in self._world.read(now):
            if not isinstance(told, Reading) or told.prop != "level":
                yield told
                continue
            number = self._gauges.setdefault(told.about, len(self._gauges))
            if number % self._every == 0 and not since <= told.at < until:
                yield told


@dataclass(frozen=True, slots=True)
class Row:
    """One street at one time: what twin and gauges say, what people say."""

    own: streets.Own
    said: streets.Said
    t: float  # s of the night


def figures() -> Iterator[Figure]:
    """Yield error and Brier score with and without calls, gauges silent and heard."""
    seeds = [int(one) for one in os.environ.get("STORM_SEEDS", "1 2").split()]
    for where, silent, every in (
        ("level gauges silent", LOST, 1), ("every third gauge there", NEVER, 3),
        ("every gauge heard", NEVER, 1),
    ):  # fmt: skip
        rows = [pair for seed in seeds for pair in lived(seed, silent=silent, every=every)]
        yield from gained(rows, where)


def gained(rows: list[tuple[Row, Array]], where: str) -> Iterator[Figure]:
    """Yield what the calls gained over all rows: by lead, and of the chance of water."""
    plain = [(streets.mended(row.own, None), real) for row, real in rows]
    with_calls = [(streets.mended(row.own, row.said), real) for row, real in rows]
    for minutes in TOLD:
        lead = int(np.flatnonzero(minutes == LEADS)[0])
        name = f"streets called about, error {minutes:.0f} min ahead, {where}"
        yield _held(name, "m", *(_error(told, lead) for told in (with_calls, plain)))
    for name, score in (("error over the half hour", error), ("Brier score, same", brier)):
        told, without = (
            float(np.mean([score(one, real) for one, real in both])) for both in (with_calls, plain)
        )
        yield _held(f"streets called about, {name}, {where}", "", told, without)
    yield Figure(name=f"street forecasts compared, {where}", value=len(rows), unit="", peer=None,
                 goal="", holds=None)  # fmt: skip


def _held(name: str, unit: str, told: float, without: float) -> Figure:
    return Figure(name=f"{name}, with calls", unit=unit, value=round(told, 4),
                  peer=f"{without:.4f} without", goal="< without",
                  holds=told < without)  # fmt: skip


def _error(told: list[tuple[tuple[Array, Array], Array]], lead: int) -> float:
    return float(np.mean([abs(one[0][lead] - real[lead]) for one, real in told]))


def error(told: tuple[Array, Array], real: Array) -> float:
    """Return the mean error of the middle over the half hour ahead, m."""
    return float(np.abs(told[0] - real)[LEADS <= HALF].mean())


def brier(told: tuple[Array, Array], real: Array) -> float:
    """Return the Brier score of the chance of water over the mark, over the half hour ahead."""
    mid, sd = told
    chance = norm.sf((FLOODED - mid) / np.maximum(sd, 1e-3))
    return float(np.mean(((chance - (real > FLOODED)) ** 2)[LEADS <= HALF]))


def lived(seed: int, *, silent: Spell, every: int = 1) -> list[tuple[Row, Array]]:
    """Live one night; return each forecast with what came of it."""
    world, things, engines = _city(seed)
    rows: list[Row] = []
    app = replace(WATER, loops=(), projections=(_looking(rows),))
    clock = VirtualClock(world.start)
    brain = Brain("storm", log=Log.open(":memory:"), clock=clock, apps=[app, HOTLINE],
                  sources=[Deaf(world, silent, every)], hand=world, things=things, engines=engines,
                  seed=seed)  # fmt: skip
    manned = line(brain, world, things, clock=clock, data=None, seed=seed)
    at, over = [], []
    full = world.plant.network.full_depth
    for turn in range(int(HOURS * HOUR / STEP)):
        world.step(STEP)
        clock.advance(STEP)
        manned.tick()
        for entry in brain.waiting():
            brain.decide(entry.seq, by="duty officer", confirmed=True, note="go and look")
        at.append((turn + 1) * STEP.total_seconds())
        over.append(np.maximum(world.truth().depth - full, 0.0))
    failed = [e.record for e in brain.log if "failed" in getattr(e.record, "name", "")]
    assert not failed, failed[0]
    for held in (manned, world, *engines.values()):
        held.close()
    real = np.array(over)
    return [
        (row, np.interp(row.t + LEADS * 60.0, at, real[:, row.said.place]))
        for row in rows if row.t + 3600.0 <= at[-1]
    ]  # fmt: skip


def _looking(rows: list[Row]) -> Projection:
    def look(room: Room, see: View) -> list[Projected]:
        now = room.come_up(see)
        said = tuple(streets.heard(room, see))
        if not said:
            return []
        members, plan = weighed(room, now), in_force(room, now)
        places = np.array([word.place for word in said])
        told = ensemble(room, now, places, plan=plan, members=members)
        for k, word in enumerate(said):
            own = streets.by_gauges(room, now, word.place, told, k)
            rows.append(Row(own, word, now.past.now))
        return []

    return Projection(name="streets", engine="network", project=look, every=10 * MINUTE,
                      horizon=HOUR, title=Words("Streets", "路面"))  # fmt: skip


def _city(seed: int) -> tuple[Called, list[Any], dict[str, Any]]:
    """Build the night."""
    plant, things, engines = storm_night(open_twin, city="fuzhou", storm=DEFAULT_STORM, seed=seed)
    world = Called(plant, roads(), seed=seed)
    return world, [*things, *world.callers.roads, *concerns()], engines
