"""What a network's own gauges show of one instant: the one list of what this app listens to.

A pretend city and a benchmark speak through here, and a real city's adapters follow it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from mindu.apps.water.kinds import Gate, Junction, Outfall, Pump, RainGauge, Storage, Waters
from mindu.apps.water.names import names_of
from mindu.city import Entity, Reading
from mindu.engines.hydraulics.port import Network, Seen

UNITS = {"level": "m", "stage": "m", "rain": "mm/h", "setting": "1", "flow": "m3/s"}


@dataclass(frozen=True, slots=True)
class Channel:
    """One property of one thing, and where its number stands in what an engine sees."""

    about: str
    prop: str
    part: str  # of `Seen`: depth, flow, setting, rain or stage; "mean" for the mean rain
    index: int


def channels(network: Network, things: Sequence[Entity]) -> tuple[Channel, ...]:
    """Return every channel on which these things, made by `things_of`, are heard."""
    return tuple(_channels(network, things))


def show(chosen: Sequence[Channel], seen: Seen, at: datetime) -> Iterator[Reading]:
    """Yield what each channel shows of what is seen, in SI units."""
    mean = float(np.mean(seen.rain)) if len(seen.rain) else 0.0
    for channel in chosen:
        value = (
            mean if channel.part == "mean" else float(getattr(seen, channel.part)[channel.index])
        )
        unit = UNITS[channel.prop]
        yield Reading(at=at, about=channel.about, prop=channel.prop, value=value, unit=unit)


def _channels(network: Network, things: Sequence[Entity]) -> Iterator[Channel]:
    whole = next(t.id for t in things if isinstance(t, Waters))
    names = names_of(network, waters=whole)
    nodes = {name: i for i, name in enumerate(names.nodes)}
    machines = {name: k for k, name in enumerate(names.machines)}
    links = {name: i for i, name in enumerate(names.links)}
    outfalls = {names.node(network, name): i for i, name in enumerate(network.outfalls)}
    gauges = {name: i for i, name in enumerate(names.gauges)}
    for thing in things:
        if isinstance(thing, Waters):
            yield Channel(thing.id, "rain", "mean", 0)
        elif isinstance(thing, RainGauge):
            yield Channel(thing.id, "rain", "rain", gauges[thing.id])
        elif isinstance(thing, Junction | Storage):
            yield Channel(thing.id, "level", "depth", nodes[thing.id])
        elif isinstance(thing, Outfall):
            yield Channel(thing.id, "stage", "stage", outfalls[thing.id])
        elif isinstance(thing, Gate | Pump):
            yield Channel(thing.id, "setting", "setting", machines[thing.id])
            yield Channel(thing.id, "flow", "flow", links[thing.id])
