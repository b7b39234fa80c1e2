"""Where water should stand over the next hours: a linear programme over pools, pumps and gates.

Pools (all nodes joined by plain pipes) are buckets; machines carry water between them and to the
tide. HiGHS finds flows that flood least, then pump least, and leave storages at a fair value. What
comes out is read as a rule: the share of its capacity that each machine uses, block by block. It
knows nothing of waves and pipes; the rollouts judge it like any other plan.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from mindu.apps.water.control.roles import Layout, Places
from mindu.engines.hydraulics.port import Array, Forcing, Future, Network, Plan, Policy, Seen

MOST_POOLS = 300  # more are lumped into the last
RUNOFF = 0.6  # share of rain that reaches a pool, assumed: towns 0.5..0.8
FLOOD, LEFT, PUMPED = 1.0, 0.05, 0.002  # per m3: on the street, left standing at the end, pumped
PIPE_M3 = 30.0  # m3 a node without a known volume holds, assumed
GATE_HEAD = 0.5  # m: head for which a gate's capacity is reckoned when the tide decides
LONGEST_S = 10.0  # s: HiGHS stops there and the dispatcher goes on without
FEW = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Basin:
    """The network as buckets: what each pool holds, and between which pools machines carry."""

    room: Array  # (pools,) m3
    area: Array  # (pools,) m2 of water, to turn volume into level
    floor: Array  # (pools,) m, lowest machine's invert: below it nothing can be drawn
    node_room: Array  # (nodes,) m3
    pool: Places  # (nodes,), -1 at the sea
    up: Places  # (machines,)
    down: Places  # (machines,), -1 at the sea
    most: Array  # (machines,) m3/s
    lands: Array  # (pools,) m2 drained


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One weather, block by block: mean rain, mm/h, and the water below each machine, m."""

    rain: Array
    outside: Array  # (steps, machines)
    dt: float  # s a block


def known(network: Network, laid: Layout, forcing: Forcing, future: Future, *, dt: float) -> Known:
    """Read the weather from a member, and the tide from a future that was run under it."""
    assert len(future.t), "the tide is read from a future that reported nothing"
    steps = max(int((future.t[-1] - future.t[0]) / dt), 1)
    t = forcing.t0 + np.arange(steps) * dt
    rain = np.zeros(steps)
    if forcing.rain is not None:
        row = np.clip(((t - forcing.t0) // forcing.step_s).astype(int), 0, len(forcing.rain) - 1)
        rain = forcing.rain[row].mean(axis=1)
    below = (future.depth + network.invert)[:, laid.frame.down]
    outside = np.column_stack([np.interp(t, future.t, below[:, k]) for k in range(below.shape[1])])
    return Known(rain=rain, outside=outside, dt=dt)


def _sums(place: Places, value: Array, count: int) -> Array:
    return np.bincount(place, value, minlength=count).astype(np.float64)


def basin(network: Network, laid: Layout) -> Basin:
    """Lump the network's nodes into its pools."""
    frame, pools = laid.frame, min(max(laid.pools, 1), MOST_POOLS)
    pool = np.where(laid.pool >= 0, np.minimum(laid.pool, pools - 1), -1)
    known = np.nan_to_num(network.volume)
    room = np.where(known > 0, known, PIPE_M3 * np.maximum(network.full_depth, 0.5))
    room = np.where(pool >= 0, room, 0.0)
    inside = pool >= 0
    whole = _sums(pool[inside], room[inside], pools)
    deep = _sums(pool[inside], (room * np.maximum(network.full_depth, 0.5))[inside], pools)
    mean_depth = np.maximum(deep / np.maximum(whole, FEW), 0.1)
    floor = np.full(pools, np.inf)
    np.minimum.at(floor, np.maximum(pool[frame.up], 0), frame.up_invert)
    lands = _sums(np.minimum(np.arange(len(laid.drains)), pools - 1), laid.drains, pools)
    rated = np.array([m.capacity for m in network.machines])
    typical = float(np.median(rated[np.isfinite(rated)])) if np.isfinite(rated).any() else 1.0
    return Basin(
        room=whole,
        area=whole / mean_depth,
        floor=np.where(np.isfinite(floor), floor, 0.0),
        node_room=room,
        pool=pool,
        up=pool[frame.up],
        down=pool[frame.down],
        most=np.where(np.isfinite(rated), rated, typical),
        lands=lands,
    )


def held(b: Basin, network: Network, seen: Seen) -> Array:
    """Return the water now in each pool, m3, by the fill of its nodes."""
    fill = np.clip(seen.depth / np.maximum(network.full_depth, 0.1), 0.0, 1.0)
    inside = b.pool >= 0
    return _sums(b.pool[inside], (fill * b.node_room)[inside], len(b.room))


def open_share(b: Basin, laid: Layout, outside: Array) -> Array:
    """Return, (steps, machines), how far the tide lets each gate run; pumps do not mind it.

    `outside` is (steps, machines) the water each machine delivers to, m.
    """
    head = b.floor[np.maximum(b.up, 0)] + 0.5 * laid.frame.up_full - outside
    share = np.sqrt(np.clip(head / GATE_HEAD, 0.0, 1.0))
    return np.where(laid.frame.outlet & ~laid.frame.pump, share, 1.0)


def flows(b: Basin, first: Array, inflow: Array, most: Array, dt: float) -> Array | None:
    """Solve for machine flows, (steps, machines) m3/s; None when HiGHS has no answer.

    `first` (pools,) m3 now; `inflow` (steps, pools) m3 a step; `most` (steps, machines) m3/s.
    """
    steps, pools = inflow.shape
    machines = most.shape[1]
    wide = 2 * pools + machines  # per step: volume, flood, flow
    cost = np.zeros((steps, wide))
    cost[:, pools : 2 * pools] = FLOOD * (1.0 + FEW * np.arange(steps, 0, -1)[:, None])
    cost[:, 2 * pools :] = PUMPED * dt
    cost[-1, :pools] = LEFT
    upper = np.full((steps, wide), np.inf)
    upper[:, :pools], upper[:, 2 * pools :] = b.room, most
    right = inflow.copy()
    right[0] += first
    found = _solved(cost, upper, right, _balance(b, steps, dt, wide))
    return None if found is None else found[:, 2 * pools :]


def _solved(
    cost: Array, upper: Array, right: Array, balance: tuple[Places, Places, Array]
) -> Array | None:
    """Hand the programme to HiGHS (through scipy: it is silent); answer in the shape of `cost`."""
    rows, columns, values = balance
    answer = linprog(
        cost.ravel(),
        A_eq=csr_matrix((values, (rows, columns)), shape=(right.size, cost.size)),
        b_eq=right.ravel(),
        bounds=np.column_stack([np.zeros(cost.size), upper.ravel()]),
        method="highs",
        options={"time_limit": LONGEST_S},
    )
    if answer.status != 0:
        return None
    return np.asarray(answer.x, dtype=np.float64).reshape(cost.shape)


def _balance(b: Basin, steps: int, dt: float, wide: int) -> tuple[Places, Places, Array]:
    """Build the rows: volume + flood - volume before + out - in = inflow."""
    pools = len(b.room)
    at = np.arange(steps)[:, None]
    p = np.arange(pools)[None, :]
    row, here = at * pools + p, at * wide + p
    parts = [(row, here, 1.0), (row, here + pools, 1.0), (row[1:], here[:-1], -1.0)]
    m = np.arange(len(b.up))
    for side, sign in ((b.up, dt), (b.down, -dt)):
        inner = m[side >= 0]
        parts.append((at * pools + side[inner][None, :], at * wide + 2 * pools + inner, sign))
    rows = np.concatenate(
        [np.broadcast_to(r, np.broadcast(r, c).shape).ravel() for r, c, _ in parts]
    )
    columns = np.concatenate(
        [np.broadcast_to(c, np.broadcast(r, c).shape).ravel() for r, c, _ in parts]
    )
    values = np.concatenate([np.full(np.broadcast(r, c).size, v) for r, c, v in parts])
    return rows.astype(np.int64), columns.astype(np.int64), values


def inflows(b: Basin, rain: Array, dt: float) -> Array:
    """Return (steps, pools) m3 a step from rain, (steps,) mm/h, as a mean over gauges."""
    return np.asarray(rain[:, None] / 1000.0 / 3600.0 * dt * RUNOFF * b.lands[None, :])


def programme(
    b: Basin, network: Network, laid: Layout, seen: Seen, *, known: Known, tail: Policy
) -> Plan | None:
    """Solve the hours ahead under one weather and read the answer as a plan, if there is one."""
    share = open_share(b, laid, known.outside)
    found = flows(
        b, held(b, network, seen), inflows(b, known.rain, known.dt), share * b.most, known.dt
    )
    return None if found is None else planned(found, b, laid, dt=known.dt, tail=tail)


def planned(found: Array, b: Basin, laid: Layout, *, dt: float, tail: Policy) -> Plan:
    """Read flows as settings: pumps above a half run, gates open by share; then the tail rules.

    Outlet gates are left to the tail, which sees the tide as it is.
    """
    share = np.clip(found / np.maximum(b.most, FEW), 0.0, 1.0)
    blocks = np.where(laid.frame.pump, (share > 0.5).astype(float), np.round(share, 1))
    tide = laid.frame.outlet & ~laid.frame.pump
    blocks = np.where(laid.frame.free & ~tide, blocks, np.nan)
    return Plan(name="storage programme", blocks=blocks, block_s=dt, tail=tail)
