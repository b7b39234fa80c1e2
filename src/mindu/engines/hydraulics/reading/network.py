"""Build the `Network` of a file: everything fixed about it, in SI."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mindu.engines.hydraulics.port import Array, Machine, Network
from mindu.engines.hydraulics.reading.links import (
    Link,
    Section,
    machine,
    read_links,
    read_sections_of,
)
from mindu.engines.hydraulics.reading.nodes import Curves, Node, read_nodes
from mindu.engines.hydraulics.reading.options import Options, read_options
from mindu.engines.hydraulics.reading.sections import Sections


def _brims(nodes: Sequence[Node], links: Sequence[Link]) -> list[Node]:
    """Raise every brim but a storage's, as SWMM does, to the top of its highest link."""
    top = {node.id: 0.0 for node in nodes}
    for link in links:
        top[link.up] = max(top[link.up], link.top_up)
        top[link.down] = max(top[link.down], link.top_down)
    return [
        node if node.kind == "storage" else replace(node, full=max(node.full, top[node.id]))
        for node in nodes
    ]


def _drains(file: Sections) -> tuple[list[str], list[float], list[str]]:
    """Return subcatchments: names, areas in the file's unit, and the outlet that each names."""
    names, areas, outlets = [], [], []
    for line in file.of("SUBCATCHMENT"):
        names.append(line.words[0])
        outlets.append(line.word(2, "the outlet"))
        areas.append(line.number_at(3, "the area"))
    return names, areas, outlets


def _to_nodes(names: Sequence[str], outlets: Sequence[str], nodes: dict[str, Node]) -> list[str]:
    """Follow subcatchments that drain onto others down to a node; empty where there is none."""
    onto = {n.upper(): o.upper() for n, o in zip(names, outlets, strict=True)}
    found = []
    for name in names:
        at, steps = onto[name.upper()], 0
        while at not in nodes and at in onto and steps <= len(onto):
            at, steps = onto[at], steps + 1
        found.append(nodes[at].id if at in nodes else "")
    return found


def _xy(file: Sections) -> dict[str, tuple[float, float]]:
    found = {}
    for line in file.of("COORDINATE"):
        try:
            found[line.words[0]] = (float(line.words[1]), float(line.words[2]))
        except (ValueError, IndexError):
            continue  # a map place is a comfort, never a reason to refuse a model
    return found


def _own_rules(file: Sections) -> bool:
    depths = [w for line in file.of("PUMP") for w in line.words[5:7] if w.strip("0.*+-")]
    return bool(file.of("CONTROL")) or bool(depths)


def _warnings(file: Sections, options: Options) -> tuple[str, ...]:
    told = []
    route = options.given.get("FLOW_ROUTING")
    way = route.words[1].upper() if route and len(route.words) > 1 else "KINWAVE"
    if not way.startswith(("DYN", "DW")):
        told.append(f"flow is routed by {way}: tides and full pipes do not press back")
    if file.of("RDII"):
        told.append(
            "sewer infiltration (RDII) follows the file's own rain, also when rain is given"
        )
    return tuple(told)


def _array(values: Sequence[float]) -> Array:
    return np.array(values, dtype=np.float64)


def _machines(
    links: Sequence[Link],
    by_name: dict[str, Node],
    openings: dict[str, Section],
    curves: Curves,
    options: Options,
) -> tuple[Machine, ...]:
    return tuple(
        machine(
            link,
            (by_name[link.up.upper()], by_name[link.down.upper()]),
            openings.get(link.id.upper()),
            curves,
            options,
        )
        for link in links
        if link.kind != "conduit"
    )


def build(file: Sections) -> Network:
    """Build the network of a file taken apart."""
    options, curves = read_options(file), Curves(file)
    nodes = read_nodes(file, options, curves)
    openings = read_sections_of(file)
    links = read_links(file, options, {n.id.upper(): n for n in nodes}, openings)
    nodes = _brims(nodes, links)
    by_name = {n.id.upper(): n for n in nodes}
    names, areas, outlets = _drains(file)
    outfalls = [n for n in nodes if n.kind == "outfall"]
    return Network(
        path=file.path,
        start=options.start,
        hours=options.hours,
        units=options.units,
        nodes=tuple(n.id for n in nodes),
        node_kind=tuple(n.kind for n in nodes),
        invert=_array([n.invert for n in nodes]),
        full_depth=_array([n.full for n in nodes]),
        initial_depth=_array([n.initial for n in nodes]),
        area=_array([n.area for n in nodes]),
        volume=_array([n.volume for n in nodes]),
        links=tuple(k.id for k in links),
        link_kind=tuple(k.kind for k in links),
        link_up=tuple(k.up for k in links),
        link_down=tuple(k.down for k in links),
        machines=_machines(links, by_name, openings, curves, options),
        gauges=tuple(line.words[0] for line in file.of("RAINGAGE")),
        outfalls=tuple(n.id for n in outfalls),
        outfall_kind=tuple(n.boundary for n in outfalls),
        subcatchments=tuple(names),
        subcatchment_area=_array(areas) * options.land,
        subcatchment_node=tuple(_to_nodes(names, outlets, by_name)),
        xy=_xy(file),
        own_rules=_own_rules(file),
        warnings=_warnings(file, options),
    )
