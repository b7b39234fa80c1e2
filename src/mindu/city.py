"""The one door for apps: everything an app may import, and nothing else."""

from random import Random

from mindu.base.records import (
    Action,
    Authority,
    Event,
    Evidence,
    Expect,
    Forecast,
    Judgement,
    Lesson,
    Observation,
    Option,
    Outcome,
    Severity,
    Trial,
    Weighing,
    Words,
)
from mindu.base.time import DAY, HOUR, MINUTE
from mindu.base.units import (
    CubicMetres,
    Degrees,
    Flow,
    Hours,
    KilowattHours,
    Metres,
    Minutes,
    RainRate,
    Ratio,
    SquareMetres,
)
from mindu.brain.app import App, Loop, Projected, Projection
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.kinds import (
    Attribute,
    CaseKind,
    HandOver,
    Jurisdiction,
    Rung,
    Service,
    Spot,
)
from mindu.brain.folds.models import Unfit
from mindu.brain.past.backtest import backtested
from mindu.brain.processes.course import Clock
from mindu.brain.processes.fallen import Fallen
from mindu.brain.processes.runs import Processes
from mindu.brain.view import Param, View
from mindu.brain.world import Hand, Refused, World
from mindu.data.twin import Entity
from mindu.perceive.quality import Bounds, Quality
from mindu.perceive.source import Happening, Reading, Readings

__all__ = [
    "CITY",
    "DAY",
    "HOUR",
    "MINUTE",
    "Action",
    "App",
    "Attribute",
    "Authority",
    "Bounds",
    "CaseKind",
    "Clock",
    "CubicMetres",
    "Degrees",
    "Entity",
    "Event",
    "Evidence",
    "Expect",
    "Fallen",
    "Flow",
    "Forecast",
    "Hand",
    "HandOver",
    "Happening",
    "Hours",
    "Judgement",
    "Jurisdiction",
    "KilowattHours",
    "Lesson",
    "Loop",
    "Metres",
    "Minutes",
    "Observation",
    "Option",
    "Outcome",
    "Param",
    "Processes",
    "Projected",
    "Projection",
    "Quality",
    "RainRate",
    "Random",
    "Ratio",
    "Reading",
    "Readings",
    "Refused",
    "Rung",
    "Service",
    "Severity",
    "Spot",
    "SquareMetres",
    "Trial",
    "Unfit",
    "View",
    "Weighing",
    "Words",
    "World",
    "backtested",
]
