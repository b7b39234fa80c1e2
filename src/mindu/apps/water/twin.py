"""The small town's twin: the town of `world.py` drawn for SWMM, in a room to run it ahead."""

from collections.abc import Mapping
from importlib.resources import files

import numpy as np

from mindu.apps.water.ahead.habit import Habit
from mindu.apps.water.ahead.room import Room, room
from mindu.apps.water.control.roles import layout
from mindu.apps.water.control.rules.hand import static
from mindu.apps.water.control.trials import Tuning
from mindu.apps.water.world import tide
from mindu.engines.hydraulics.port import Array
from mindu.engines.hydraulics.twin import open_twin

DRAWING = "town.inp"
TUNING = Tuning(rollouts=4, first=2.0, horizon_s=2 * 3600.0, policy_s=300.0)  # a day in seconds


def engines() -> Mapping[str, Room]:
    """Open the twin on a process of its own; whoever asks for it closes it."""
    twin = open_twin(str(files("mindu.apps.water") / DRAWING))
    try:
        laid = layout(twin.network)
        habit = Habit(tuning=TUNING, particles=2, lag_s=1800.0, tide=_tide, own=static(laid.frame))
        return {"network": room(twin, laid, waters="town", gauged=("lake", "river"), habit=habit)}
    except BaseException:
        twin.close()
        raise


def _tide(t: Array) -> Array:
    return np.array([[tide(float(second))] for second in t])
