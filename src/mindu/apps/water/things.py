"""Everything that stands in a network's waters, made from the network and a small TOML of marks."""

from mindu.apps.water.control.roles import layout
from mindu.apps.water.kinds import (
    KINDS,
    Gate,
    Junction,
    Machine,
    Node,
    Outfall,
    Pump,
    RainGauge,
    Reach,
    Storage,
    Subcatchment,
    Waters,
)
from mindu.apps.water.machines import lands, machines, rain_gauges, reaches
from mindu.apps.water.marks import NONE, Marks, read_marks
from mindu.apps.water.names import names_of
from mindu.apps.water.placing import FILE, Drawing, places
from mindu.city import Entity
from mindu.engines.hydraulics.port import Network

__all__ = [
    "KINDS",
    "Gate",
    "Junction",
    "Machine",
    "Node",
    "Outfall",
    "Pump",
    "RainGauge",
    "Reach",
    "Storage",
    "Subcatchment",
    "Waters",
    "things_of",
]


def things_of(network: Network, marks: Marks | str = NONE) -> tuple[Entity, ...]:
    """Return everything that stands in a network, the whole of it first; `marks` may be TOML.

    Raises:
        ValueError: the marks name a node, machine, gauge or land that the network does not have.
    """
    told = read_marks(marks) if isinstance(marks, str) else marks
    _known(network, told)
    draw = Drawing(network, told, names_of(network, waters=told.waters), layout(network))
    whole = Waters(
        id=told.waters,
        name_en=told.en or told.waters,
        name_zh=told.zh or told.en or told.waters,
        owner=told.owner,
        origin=told.source or FILE,
    )
    return (
        whole,
        *rain_gauges(draw),
        *places(draw),
        *machines(draw),
        *reaches(draw),
        *lands(draw),
    )


def _known(network: Network, marks: Marks) -> None:
    """Refuse marks about what is not there: a slip of the pen must not be lost in silence."""
    known = {
        "node": (set(network.nodes), set(marks.node) | set(marks.gauged or ())),
        "machine": ({m.id for m in network.machines}, set(marks.machine)),
        "gauge": (set(network.gauges), set(marks.gauge)),
        "land": (set(network.subcatchments), set(marks.land)),
    }
    for part, (there, named) in known.items():
        lost = ", ".join(sorted(named - there))
        if lost:
            raise ValueError(f"the marks name no {part} of this network: {lost}; mend the id")
