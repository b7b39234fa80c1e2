"""What each machine is for: worked out from how the network hangs together, nothing else.

Take every machine out and the pipes that remain fall into pools. A machine is then a door between
two pools, or between a pool and the tide; its role follows from what lies on either side.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mindu.engines.hydraulics.port import Array, Machine, Network

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]

SMALL_SHARE = 0.05  # of all drained land: a pool below it that meets an outfall is only its throat


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One machine: its role, whether we may set it, and if not, why."""

    id: str
    role: str  # "outlet gate" | "outlet pump" | "storage gate" | "transfer pump" | "in-line gate"
    controllable: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The few arrays that a rule needs, one row a machine; small: it travels with each job."""

    up: Places  # node index drawn from
    down: Places  # node index delivered to
    up_invert: Array  # m
    down_invert: Array  # m
    up_full: Array  # m, never below 0.1
    down_full: Array
    pump: Mask
    outlet: Mask  # leads to an outfall; for a gate, to one whose water can rise
    store: Mask  # draws from a storage
    basin: Mask  # delivers into a storage: a pipe that is pressed full is not a flood
    sea: Mask  # delivers straight to an outfall: never full
    free: Mask  # may be set
    beside: Places  # for a pump that leads out, the gate beside it; -1 for none


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The whole picture: parts, frame and pools of one network."""

    parts: tuple[Part, ...]
    frame: Frame
    pool: Places  # per node, -1 for an outfall
    pools: int
    drains: Array  # m2 of land per pool
    gravity: Mask  # per pool: has an outfall of its own


def _pools(network: Network) -> tuple[Places, int]:
    """Join nodes linked by plain conduits; outfalls and machines part them."""
    place = {name: i for i, name in enumerate(network.nodes)}
    root = list(range(len(place)))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    sea = set(network.outfalls)
    moved = {m.id for m in network.machines}
    for link, up, down in zip(network.links, network.link_up, network.link_down, strict=True):
        if link not in moved and up not in sea and down not in sea:
            root[find(place[up])] = find(place[down])
    names = {r: i for i, r in enumerate(sorted({find(place[n]) for n in place if n not in sea}))}
    pool = [-1 if n in sea else names[find(place[n])] for n in network.nodes]
    return np.array(pool, dtype=np.int64), len(names)


def _land(network: Network, pool: Places, pools: int) -> Array:
    place = {name: i for i, name in enumerate(network.nodes)}
    land = np.zeros(max(pools, 1))
    for area, node in zip(network.subcatchment_area, network.subcatchment_node, strict=True):
        if node in place and pool[place[node]] >= 0:
            land[pool[place[node]]] += area
    return land


def _gravity(network: Network, pool: Places, pools: int, *, outfalls: set[str]) -> Mask:
    """Say which pools flow by a plain pipe to one of these outfalls."""
    place = {name: i for i, name in enumerate(network.nodes)}
    moved = {m.id for m in network.machines}
    free = np.zeros(max(pools, 1), dtype=np.bool_)
    for link, up, down in zip(network.links, network.link_up, network.link_down, strict=True):
        ends = pool[place[up]], pool[place[down]]
        if link not in moved and max(ends) >= 0 and outfalls & {up, down}:
            free[max(ends)] = True
    return free


def _part(
    machine: Machine, *, outlet: bool, store: bool, named: Sequence[str], moved: Sequence[str]
) -> Part:
    pump = machine.kind == "pump"
    if outlet:
        role = "outlet pump" if pump else "outlet gate"
    elif pump:
        role = "transfer pump"
    else:
        role = "storage gate" if store else "in-line gate"
    why = ""
    if named and machine.id not in named:
        why = "not among the machines named"
    elif machine.kind in {"weir", "outlet"} and machine.id not in (*named, *moved):
        why = f"a {machine.kind} is taken as a fixed crest unless it is named"
    elif machine.capacity <= 0:
        why = "its capacity is nil"
    return Part(id=machine.id, role=role, controllable=not why, why=why)


def _frame(
    network: Network, parts: Sequence[Part], up: Places, down: Places, outlet: Mask
) -> Frame:
    kind = network.node_kind
    full = np.maximum(np.nan_to_num(network.full_depth), 0.1)
    pump = np.array([m.kind == "pump" for m in network.machines], dtype=np.bool_)
    free = np.array([p.controllable for p in parts], dtype=np.bool_)
    return Frame(
        up=up,
        down=down,
        up_invert=network.invert[up],
        down_invert=network.invert[down],
        up_full=full[up],
        down_full=full[down],
        pump=pump,
        outlet=outlet,
        store=np.array([kind[u] == "storage" for u in up], dtype=np.bool_),
        basin=np.array([kind[d] == "storage" for d in down], dtype=np.bool_),
        sea=np.array([kind[d] == "outfall" for d in down], dtype=np.bool_),
        free=free,
        beside=beside(up, pump=pump & outlet, gate=outlet & free & ~pump),
    )


def beside(up: Places, *, pump: Mask, gate: Mask) -> Places:
    """Find for each of these pumps a gate that may let out the same water unpumped; -1 for none."""
    gates = {int(up[k]): int(k) for k in np.flatnonzero(gate)}
    rows = zip(up, pump, strict=True)
    return np.array([gates.get(int(u), -1) if p else -1 for u, p in rows], dtype=np.int64)


def _outlets(network: Network, pool: Places, thin: tuple[Mask, Mask], tidal: set[str]) -> Mask:
    """Say which machines lead out: pumps to any outfall, gates to one whose water can rise.

    A gate to an outfall that falls free minds no tide: it is a gate like those inland.
    """
    place = {name: i for i, name in enumerate(network.nodes)}
    any_way, by_tide = thin
    found = np.zeros(len(network.machines), dtype=np.bool_)
    for k, m in enumerate(network.machines):
        below = pool[place[m.down]]
        if below < 0:
            found[k] = m.kind == "pump" or m.down in tidal
        else:
            found[k] = any_way[below] if m.kind == "pump" else by_tide[below]
    return found


def _thin(
    network: Network, pool: Places, gravity: Mask, land: Array, *, tidal: set[str]
) -> tuple[Mask, Mask]:
    """Say which pools are only the throat of an outfall, and of one whose water can rise."""
    small = land <= SMALL_SHARE * land.sum()
    return gravity & small, _gravity(network, pool, len(land), outfalls=tidal) & small


def layout(network: Network, *, named: Sequence[str] = (), moved: Sequence[str] = ()) -> Layout:
    """Work out roles, pools and what may be set; `named` machines only, when any are named.

    `moved` are those that the file's own rules move: they may be set, whatever their kind.
    """
    place = {name: i for i, name in enumerate(network.nodes)}
    pool, pools = _pools(network)
    land = _land(network, pool, pools)
    kinds = zip(network.outfalls, network.outfall_kind, strict=True)
    tidal = {name for name, kind in kinds if kind not in {"FREE", "NORMAL"}}
    gravity = _gravity(network, pool, pools, outfalls=set(network.outfalls))
    up = np.array([place[m.up] for m in network.machines], dtype=np.int64)
    down = np.array([place[m.down] for m in network.machines], dtype=np.int64)
    outlet = _outlets(network, pool, _thin(network, pool, gravity, land, tidal=tidal), tidal)
    store = np.array([network.node_kind[u] == "storage" for u in up], dtype=np.bool_)
    parts = tuple(
        _part(m, outlet=bool(outlet[k]), store=bool(store[k]), named=named, moved=moved)
        for k, m in enumerate(network.machines)
    )
    frame = _frame(network, parts, up, down, outlet)
    return Layout(parts=parts, frame=frame, pool=pool, pools=pools, drains=land, gravity=gravity)
