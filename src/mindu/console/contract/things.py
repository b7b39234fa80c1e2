"""What stands in the city over the wire, and what is heard and foretold of it."""

from datetime import datetime
from typing import Any

import msgspec

from mindu.base.records import Words
from mindu.console.contract.alerts import Alert
from mindu.console.contract.common import Seen
from mindu.console.contract.deeds import Approval

Spot = tuple[float, float]


class Value1(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The newest value of one property."""

    prop: str
    value: float
    unit: str
    at: datetime


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing in a list or on the map."""

    id: str
    kind: str
    title: Words
    xy: Spot | None
    up: str = ""
    down: str = ""
    severity: int = 0
    alerts: int = 0
    values: tuple[Value1, ...] = ()


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """One page of things, the gravest first."""

    seen: Seen
    items: tuple[Row, ...]
    next: str | None
    total: int


class ChannelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One property that was heard or foretold of a thing."""

    prop: str
    title: Words
    unit: str
    value: float | None
    at: datetime | None
    forecast: bool


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A level that matters, by name."""

    name: str
    title: Words
    value: float


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """One thing whole."""

    seen: Seen
    row: Row
    facts: dict[str, Any]
    marks: tuple[Mark, ...]
    channels: tuple[ChannelInfo, ...]
    alerts: tuple[Alert, ...]
    actions: tuple[Approval, ...]


class SeriesOut(msgspec.Struct, frozen=True, kw_only=True):
    """One channel over time: points (epoch s, value), or buckets (epoch s, low, mean, high)."""

    seen: Seen
    about: str
    prop: str
    unit: str
    marks: tuple[Mark, ...]
    points: tuple[tuple[float, float], ...] = ()
    buckets: tuple[tuple[float, float, float, float], ...] = ()


class Skill(msgspec.Struct, frozen=True, kw_only=True):
    """How good such forecasts were so far, by lead in minutes."""

    lead: str
    crps: float
    persistence: float | None
    covered: float | None
    count: int


class ForecastOut(msgspec.Struct, frozen=True, kw_only=True):
    """The newest forecast of one channel."""

    seen: Seen
    about: str
    prop: str
    unit: str
    seq: int | None = None  # absent: nothing was foretold of it yet
    made: datetime | None = None
    by: str = ""
    model: str = ""
    level: float | None = None
    leads: tuple[float, ...] = ()  # minutes
    low: tuple[float, ...] = ()
    mid: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    skill: tuple[Skill, ...] = ()
