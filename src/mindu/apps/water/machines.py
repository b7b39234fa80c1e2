"""Machines, rain gauges, reaches and land, drawn up as things of the city."""

from collections.abc import Iterator

import numpy as np
from msgspec import convert

from mindu.apps.water.kinds import Gate, Pump, RainGauge, Reach, Subcatchment
from mindu.apps.water.placing import PLAIN, Drawing


def rain_gauges(draw: Drawing) -> Iterator[RainGauge]:
    """Yield every rain gauge."""
    for i, name in enumerate(draw.network.gauges):
        told = draw.marks.gauge.get(name, PLAIN)
        spot = draw.network.xy.get(name, (None, None))
        yield convert(draw.facts(draw.names.gauges[i], name, told, spot), RainGauge)


def machines(draw: Drawing) -> Iterator[Gate | Pump]:
    """Yield every pump, gate and weir, with its role and whether the brain may set it."""
    for k, machine in enumerate(draw.network.machines):
        told, part = draw.marks.machine.get(machine.id, PLAIN), draw.laid.parts[k]
        spot = draw.between(machine.up, machine.down)
        facts = draw.facts(draw.names.machines[k], machine.id, told, spot) | {
            "up": draw.names.node(draw.network, machine.up),
            "down": draw.names.node(draw.network, machine.down),
            "role": part.role,
            "ours": part.controllable and told.ours,
            "capacity": float(np.nan_to_num(machine.capacity)),
        }
        if machine.kind == "pump":
            yield convert(facts, Pump)
        else:
            yield convert(facts | draw.flush_limits(machine.up, told), Gate)


def reaches(draw: Drawing) -> Iterator[Reach]:
    """Yield every stretch of river or pipe."""
    net = draw.network
    for i, (name, kind) in enumerate(zip(net.links, net.link_kind, strict=True)):
        if kind == "conduit":
            up, down = net.link_up[i], net.link_down[i]
            facts = draw.facts(draw.names.links[i], name, PLAIN, draw.between(up, down))
            ends = {"up": draw.names.node(net, up), "down": draw.names.node(net, down)}
            yield convert(facts | ends, Reach)


def lands(draw: Drawing) -> Iterator[Subcatchment]:
    """Yield every piece of land."""
    net = draw.network
    for i, name in enumerate(net.subcatchments):
        told, to = draw.marks.land.get(name, PLAIN), net.subcatchment_node[i]
        into = draw.names.node(net, to) if to in net.nodes else to
        facts = draw.facts(draw.names.lands[i], name, told, net.xy.get(to, (None, None)))
        facts |= {"area": float(net.subcatchment_area[i]), "into": into}
        yield convert(facts, Subcatchment)
