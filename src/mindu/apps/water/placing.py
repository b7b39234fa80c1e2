"""From a network and its marks to places that stand in the city, each with its facts.

A mark that nobody gave is derived from geometry, and the thing's `origin` says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from msgspec import convert

from mindu.apps.water.control.roles import Layout
from mindu.apps.water.kinds import Junction, Node, Outfall, Storage
from mindu.apps.water.marks import Marked, Marks
from mindu.apps.water.names import Names
from mindu.engines.hydraulics.port import Network

Spot = tuple[float | None, float | None]
Facts = dict[str, object]
PLAIN = Marked()
FILE = "the model file"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One network while its things are drawn up."""

    network: Network
    marks: Marks
    names: Names
    laid: Layout

    def facts(self, name: str, file_id: str, told: Marked, spot: Spot) -> Facts:
        """Return what every kind of thing has."""
        return {
            "id": name,
            "name_en": told.en or file_id,
            "name_zh": told.zh or told.en or file_id,
            "x": spot[0],
            "y": spot[1],
            "owner": told.owner or self.marks.owner,
            "origin": told.source or self.marks.source or FILE,
        }

    def between(self, up: str, down: str) -> Spot:
        """Return the middle between two nodes, where both are on the map."""
        xy = self.network.xy
        if up not in xy or down not in xy:
            return xy.get(up, xy.get(down, (None, None)))
        return (xy[up][0] + xy[down][0]) / 2, (xy[up][1] + xy[down][1]) / 2

    def flush_limits(self, up: str, told: Marked) -> Facts:
        """Return the levels between which fresh water is let in and out, of the side inside."""
        full = float(np.nan_to_num(self.network.full_depth[self.network.nodes.index(up)]))
        return {
            "flush": told.flush,
            "flush_high": 0.5 * full if told.flush_high is None else told.flush_high,
            "flush_low": full / 3.0 if told.flush_low is None else told.flush_low,
        }


def places(draw: Drawing) -> Iterator[Junction | Storage | Node | Outfall]:
    """Yield every node as the kind of place it is."""
    gauged = draw.marks.gauged
    for i, (name, kind) in enumerate(zip(draw.network.nodes, draw.network.node_kind, strict=True)):
        if kind == "outfall":
            yield _outfall(draw, i, name)
        elif gauged is not None and name not in gauged:
            yield _node(draw, i, name)
        elif kind == "storage":
            yield _storage(draw, i, name)
        else:
            yield _junction(draw, i, name)


def _node_facts(draw: Drawing, i: int, name: str) -> Facts:
    """Return the facts of any node: where it stands, its bed, its marks and their origin."""
    told = draw.marks.node.get(name, PLAIN)
    full = float(np.nan_to_num(draw.network.full_depth[i]))
    bank = full if told.bank is None else told.bank
    share = draw.marks.warn_share
    derived = [] if told.bank is not None else ["bank mark = full depth"]
    if told.warn is None:
        derived.append(f"warning mark = {share:g} of the bank's")
    facts = draw.facts(draw.names.nodes[i], name, told, draw.network.xy.get(name, (None, None)))
    return facts | {
        "origin": "; ".join([str(facts["origin"]), *derived]),
        "invert": float(draw.network.invert[i]),
        "bank_mark": bank,
        "warn_mark": share * bank if told.warn is None else told.warn,
    }


def _junction(draw: Drawing, i: int, name: str) -> Junction:
    facts = _node_facts(draw, i, name)
    return convert(facts, Junction)


def _node(draw: Drawing, i: int, name: str) -> Node:
    facts = _node_facts(draw, i, name)
    facts.pop("warn_mark")
    return convert(facts, Node)


def _storage(draw: Drawing, i: int, name: str) -> Storage:
    told, net = draw.marks.node.get(name, PLAIN), draw.network
    lands = zip(net.subcatchment_area, net.subcatchment_node, strict=True)
    gates = [
        draw.names.machines[k]
        for k, m in enumerate(net.machines)
        if m.up == name and m.kind != "pump" and draw.laid.parts[k].controllable
    ]
    facts = _node_facts(draw, i, name) | {
        "least": draw.marks.least_share * float(np.nan_to_num(net.initial_depth[i]))
        if told.least is None
        else told.least,
        "area": float(np.nan_to_num(net.area[i])),
        "lands": float(sum(area for area, to in lands if to == name)),
        "volume": float(np.nan_to_num(net.volume[i])),
        "gates": tuple(gates),
    }
    return convert(facts, Storage)


def _outfall(draw: Drawing, i: int, name: str) -> Outfall:
    told, net = draw.marks.node.get(name, PLAIN), draw.network
    facts = draw.facts(draw.names.nodes[i], name, told, net.xy.get(name, (None, None)))
    kind = net.outfall_kind[net.outfalls.index(name)]
    facts |= {"invert": float(net.invert[i]), "tidal": kind not in {"FREE", "NORMAL"}}
    return convert(facts, Outfall)
