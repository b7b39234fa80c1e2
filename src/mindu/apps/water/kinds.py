"""The kinds of things that stand in a city's waters, and what each may be heard of.

What is heard of starts as None: `level` above the bed, `rain`, `setting`, `flow`, `stage`.
Coordinates are in the units of the model's own map; `origin` says where names and marks come from.
What no water, rain or machine can do is declared as bounds: assumed by the authors, wide enough for
any city, so that only the impossible is marked.
"""

from typing import Annotated

from mindu.city import (
    Bounds,
    CubicMetres,
    Entity,
    Flow,
    Metres,
    Minutes,
    RainRate,
    Ratio,
    SquareMetres,
)

# m above the bed: deeper than any river, lake or sewer; m/h: faster than any of them rises; a gauge
# shows small waves, so one number for a day is stuck; s: four reports missed are a silence.
DEPTH = Bounds(low=-0.5, high=60.0, rate=12.0, still=86_400.0, silence=1_200.0)
Depth = Annotated[Metres, DEPTH]
# m above the datum: no tide with its surge; m/h: no bore inside a harbour
Stage = Annotated[Metres, Bounds(low=-15.0, high=20.0, rate=6.0, silence=1_200.0)]
# mm/h: 63 mm in 3 min, the record usually quoted (Portobelo 1911), is 1,260
Rain = Annotated[RainRate, Bounds(low=0.0, high=1_500.0, silence=1_200.0)]
Outlook = Annotated[RainRate, Bounds(low=0.0, high=300.0)]
Opening = Annotated[Ratio, Bounds(low=0.0, high=1.0, silence=1_200.0)]
Since = Annotated[Minutes, Bounds(low=0.0)]
Through = Annotated[Flow, Bounds(low=-20_000.0, high=20_000.0)]  # m3/s: the Min in flood


class Standing(Entity, frozen=True):
    """Whatever has its place in the waters: its names, where it is, whose it is, who says so."""

    name_en: str = ""
    name_zh: str = ""
    x: Ratio | None = None
    y: Ratio | None = None
    owner: str = ""
    origin: str = ""


class Waters(Entity, frozen=True):
    """The whole network: what is dispatched as one, and the weather that falls on all of it."""

    name_en: str = ""
    name_zh: str = ""
    owner: str = ""
    origin: str = ""
    rain: Rain | None = None  # mean over the rain gauges
    outlook: Outlook | None = None  # what the weather service expects, mean of the next 3 h
    order_age: Since | None = None  # since the stations were last told what to do


class RainGauge(Standing, frozen=True):
    """A rain gauge."""

    rain: Rain | None = None


class Junction(Standing, frozen=True):
    """A place on a river or pipe with a level gauge; above `bank_mark` it stands on the street."""

    invert: Metres = 0.0
    warn_mark: Metres = 0.0
    bank_mark: Metres = 0.0
    level: Depth | None = None


class Storage(Standing, frozen=True):
    """A lake or pond that can hold water back; never drawn below `least`."""

    invert: Metres = 0.0
    warn_mark: Metres = 0.0
    bank_mark: Metres = 0.0
    least: Metres = 0.0  # ecology and navigation
    area: SquareMetres = 0.0  # of water, at half depth
    lands: SquareMetres = 0.0  # drained into it
    volume: CubicMetres = 0.0
    gates: tuple[str, ...] = ()  # gates that let water out
    level: Depth | None = None


class Node(Standing, frozen=True):
    """A place of the model without a gauge: only the twin knows of it."""

    invert: Metres = 0.0
    bank_mark: Metres = 0.0


class Outfall(Standing, frozen=True):
    """Where the network meets the water outside: the tide, or a river that is not ours."""

    invert: Metres = 0.0
    tidal: bool = False
    stage: Stage | None = None  # head of the water outside


class Gate(Standing, frozen=True):
    """A gate, sluice or weir that can be set between shut (0) and open (1)."""

    up: str = ""
    down: str = ""
    role: str = ""
    ours: bool = True  # may be set by the brain
    flush: bool = False  # may let fresh water in on the flood tide in dry weather
    flush_high: Metres = 0.0  # level above the bed inside, at which no more is let in
    flush_low: Metres = 0.0  # level inside below which no more is let out
    capacity: Flow = 0.0  # 0 where the file does not say
    held: Ratio | None = None  # laid down by a person at the station; below 0: handed back
    setting: Opening | None = None
    flow: Through | None = None


class Pump(Standing, frozen=True):
    """A pump, standing (0) or running (1)."""

    up: str = ""
    down: str = ""
    role: str = ""
    ours: bool = True
    capacity: Flow = 0.0
    held: Ratio | None = None
    setting: Opening | None = None
    flow: Through | None = None


class Reach(Standing, frozen=True):
    """A stretch of river or pipe between two places."""

    up: str = ""
    down: str = ""
    flow: Through | None = None


class Subcatchment(Standing, frozen=True):
    """A piece of land and where its rain runs to."""

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
