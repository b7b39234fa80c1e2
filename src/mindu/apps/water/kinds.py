"""The kinds of things that stand in a city's waters, and what each may be heard of.

What is heard of starts as None: `level` above the bed, `rain`, `setting`, `flow`, `stage`.
Coordinates are in the units of the model's own map; `origin` says where names and marks come from.
"""

from mindu.city import (
    CubicMetres,
    Entity,
    Flow,
    Metres,
    Minutes,
    RainRate,
    Ratio,
    SquareMetres,
)


class Waters(Entity, frozen=True):
    """The whole network: what is dispatched as one, and the weather that falls on all of it."""

    name_en: str = ""
    name_zh: str = ""
    owner: str = ""
    origin: str = ""
    rain: RainRate | None = None  # mean over the rain gauges
    outlook: RainRate | None = None  # what the weather service expects, mean of the next 3 h
    order_age: Minutes | None = None  # since the stations were last told what to do


class RainGauge(Entity, frozen=True):
    """A rain gauge."""

    name_en: str = ""
    name_zh: str = ""
    x: Ratio | None = None
    y: Ratio | None = None
    owner: str = ""
    origin: str = ""
    rain: RainRate | None = None


class Junction(Entity, frozen=True):
    """A place on a river or pipe with a level gauge; above `bank_mark` it stands on the street."""

    name_en: str = ""
    name_zh: str = ""
    x: Ratio | None = None
    y: Ratio | None = None
    owner: str = ""
    origin: str = ""
    invert: Metres = 0.0
    warn_mark: Metres = 0.0
    bank_mark: Metres = 0.0
    level: Metres | None = None


class Storage(Entity, frozen=True):
    """A lake or pond that can hold water back; never drawn below `least`."""

    name_en: str = ""
    name_zh: str = ""
    x: Ratio | None = None
    y: Ratio | None = None
    owner: str = ""
    origin: str = ""
    invert: Metres = 0.0
    warn_mark: Metres = 0.0
    bank_mark: Metres = 0.0
    least: Metres = 0.0  # ecology and navigation
    area: SquareMetres = 0.0  # of water, at half depth
    lands: SquareMetres = 0.0  # drained into it
    volume: CubicMetres = 0.0
    gates: tuple[str, ...] = ()  # gates that let water out
    level: Metres | None = None


class Node(Entity, frozen=True):
    """A place of the model without a gauge: only the twin knows of it."""

    name_en: str = ""
    name_zh: str = ""
    x: Ratio | None = None
    y: Ratio | None = None
    owner: str = ""
    origin: str = ""
    invert: Metres = 0.0
    bank_mark: Metres = 0.0


class Outfall(Entity, frozen=True):
    """Where the network meets the water outside: the tide, or a river that is not ours."""

    name_en: str = ""
    name_zh: str = ""
    x: Ratio | None = None
    y: Ratio | None = None
    owner: str = ""
    origin: str = ""
    invert: Metres = 0.0
    tidal: bool = False
    stage: Metres | None = None  # head of the water outside


class Gate(Entity, frozen=True):
    """A gate, sluice or weir that can be set between shut (0) and open (1)."""

    name_en: str = ""
    name_zh: str = ""
    x: Ratio | None = None
    y: Ratio | None = None
    owner: str = ""
    origin: str = ""
    up: str = ""
    down: str = ""
    role: str = ""
    ours: bool = True  # may be set by the brain
    flush: bool = False  # may let fresh water in on the flood tide in dry weather
    flush_high: Metres = 0.0  # level above the bed inside, at which no more is let in
    flush_low: Metres = 0.0  # level inside below which no more is let out
    capacity: Flow = 0.0  # 0 where the file does not say
    held: Ratio | None = None  # laid down by a person at the station; below 0: handed back
    setting: Ratio | None = None
    flow: Flow | None = None


class Pump(Entity, frozen=True):
    """A pump, standing (0) or running (1)."""

    name_en: str = ""
    name_zh: str = ""
    x: Ratio | None = None
    y: Ratio | None = None
    owner: str = ""
    origin: str = ""
    up: str = ""
    down: str = ""
    role: str = ""
    ours: bool = True
    capacity: Flow = 0.0
    held: Ratio | None = None
    setting: Ratio | None = None
    flow: Flow | None = None


class Reach(Entity, frozen=True):
    """A stretch of river or pipe between two places."""

    name_en: str = ""
    name_zh: str = ""
    x: Ratio | None = None
    y: Ratio | None = None
    owner: str = ""
    origin: str = ""
    up: str = ""
    down: str = ""
    flow: Flow | None = None


class Subcatchment(Entity, frozen=True):
    """A piece of land and where its rain runs to."""

    name_en: str = ""
    name_zh: str = ""
    x: Ratio | None = None
    y: Ratio | None = None
    owner: str = ""
    origin: str = ""
    area: SquareMetres = 0.0
    into: str = ""


Machine = Gate | Pump
KINDS = (
    Waters,
    RainGauge,
    Junction,
    Storage,
    Node,
    Outfall,
    Gate,
    Pump,
    Reach,
    Subcatchment,
)
