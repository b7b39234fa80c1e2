"""The pretend city behind `mindu up`: a plant, the things that stand in it, and a twin beside it.

The plant is a process of its own with another roughness, other rain than the gauges catch and a
surge that no table foretold; the twin is opened from the same drawing without any of that.
"""

from collections.abc import Callable
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from mindu.apps.water.ahead.habit import Habit
from mindu.apps.water.ahead.room import Room, room
from mindu.apps.water.control.roles import Frame, layout
from mindu.apps.water.control.rules import hand, policies
from mindu.apps.water.control.trials import Tuning
from mindu.apps.water.plant.city import PretendCity
from mindu.apps.water.plant.drawing import (
    BEYOND_H,
    STEP_S,
    Drawn,
    Opens,
    cities,
    draw,
    rising_h,
)
from mindu.apps.water.plant.scene import Scene, scene
from mindu.apps.water.things import things_of
from mindu.city import Entity
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Array, Network, Policy, Twin

__all__ = ["RULES", "STATIONS", "cities", "night_alone", "rising_h", "storm_night"]

ROUGHER = 1.25  # times Manning's n, where control is scored (decision page 0006)
TUNING = Tuning(rollouts=48, first=2.0)  # the first plan is to stand within seconds
LOOK_H = 8.0  # h that the twin can look past the night
STATIONS = "static"  # what the stations do by themselves in a night with a brain
RULES: dict[str, Callable[[Frame], Policy]] = {
    "nothing": policies.Hold,
    STATIONS: hand.static,
    "equal_filling": policies.EqualFilling,
    "prepared": hand.prepared,
    "emptied": hand.emptied,
    "ebbing": hand.ebbing,
    "cleared": hand.cleared,
    "ajar": hand.ajar,
    "opened": hand.opened,
}
Built = tuple[PretendCity, tuple[Entity, ...], dict[str, Any]]


def storm_night(open_twin: Opens, *, city: str, storm: str, seed: int) -> Built:
    """Build a night: the world to live in, what stands in it, and the engines to look ahead with.

    Raises:
        ValueError: no such city or storm; names those there are.
    """
    world, things, told = _stood(open_twin, city=city, storm=storm, seed=seed)
    try:
        return world, things, {"network": _furnished(open_twin, told, seed)}
    except BaseException:
        world.close()
        raise


def night_alone(
    open_twin: Opens, *, city: str, storm: str, seed: int, rule: str = STATIONS
) -> tuple[PretendCity, tuple[Entity, ...]]:
    """Build the same night without a brain: what the stations make of it by that rule.

    Raises:
        ValueError: no such city, storm or rule; names those there are.
    """
    if rule not in RULES:
        raise ValueError(f"no rule is called {rule!r}; there are: {', '.join(RULES)}")
    world, things, _ = _stood(open_twin, city=city, storm=storm, seed=seed)
    world.stations.follow(RULES[rule])
    return world, things


def _stood(
    open_twin: Opens, *, city: str, storm: str, seed: int
) -> tuple[PretendCity, tuple[Entity, ...], Drawn]:
    folder = TemporaryDirectory(prefix="mindu-night-")
    try:
        told = draw(open_twin, folder.name, city=city, storm=storm)
        changes = Changes(hours=told.hours + BEYOND_H, roughness=ROUGHER)
        plant = open_twin(told.path, changes=changes)
    except BaseException:
        folder.cleanup()
        raise
    things = things_of(plant.network, told.marks)
    lived = _lived(told, plant.network, seed)
    dice = np.random.default_rng([seed, 1])
    return PretendCity(plant, things, lived, dice, also=folder.cleanup), things, told


def _furnished(open_twin: Opens, told: Drawn, seed: int) -> Room:
    """Open the twin from the same drawing, knowing the tide tables and the stations' own rule."""
    hours = told.hours + LOOK_H

    def opened(changes: Changes) -> Twin:
        return open_twin(told.path, changes=replace(changes, hours=hours))

    twin = opened(Changes())
    try:
        return _with_tables(twin, told, Habit(tuning=TUNING, seed=seed, reopen=opened))
    except BaseException:
        twin.close()
        raise


def _with_tables(twin: Twin, told: Drawn, habit: Habit) -> Room:
    laid, foretold = layout(twin.network), told.foretold(twin.network)
    grid = STEP_S * np.arange(len(foretold), dtype=float)

    def tide(t: Array) -> Array:
        return np.column_stack([np.interp(t, grid, level) for level in foretold.T])

    knows = replace(habit, tide=tide, own=hand.static(laid.frame))
    return room(twin, laid, waters=told.marks.waters, gauged=told.marks.gauged, habit=knows)


def _lived(told: Drawn, network: Network, seed: int) -> Scene:
    dice = np.random.default_rng([seed, 0])
    stage = told.stage(network)
    hours = told.hours + BEYOND_H
    return scene(told.rain, stage, start=told.start, hours=hours, step_s=STEP_S, dice=dice)
