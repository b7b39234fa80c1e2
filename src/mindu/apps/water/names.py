"""What each part of a network is called in the city: the id of its file, wherever that is free.

SWMM keeps nodes, links, rain gauges and land in four name spaces; a city has one. Where an id is
already taken, the later thing gets its kind in front of it.
"""

from dataclasses import dataclass

from mindu.engines.hydraulics.port import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The city's names, each tuple in the order of the network's own."""

    waters: str
    nodes: tuple[str, ...]
    links: tuple[str, ...]
    machines: tuple[str, ...]
    gauges: tuple[str, ...]
    lands: tuple[str, ...]

    def node(self, network: Network, place: str) -> str:
        """Return the city's name of a node of the file."""
        return self.nodes[network.nodes.index(place)]


def names_of(network: Network, *, waters: str = "waters") -> Names:
    """Name every part of a network once."""
    taken = {waters}

    def free(kind: str, name: str) -> str:
        found = f"{kind}:{name}" if name in taken else name
        assert found not in taken, f"{found} names two things; rename one of them in the file"
        taken.add(found)
        return found

    nodes = tuple(free("node", n) for n in network.nodes)
    links = tuple(free("link", n) for n in network.links)
    called = dict(zip(network.links, links, strict=True))
    return Names(
        waters=waters,
        nodes=nodes,
        links=links,
        machines=tuple(called[m.id] for m in network.machines),
        gauges=tuple(free("gauge", n) for n in network.gauges),
        lands=tuple(free("land", n) for n in network.subcatchments),
    )
