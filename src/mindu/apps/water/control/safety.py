"""What is sent is always possible and safe, whatever a plan asked for.

Order of right: a person's hand, then protection (a pump must not run dry, nor push water onto
those below), then rests and runs, then the rate at which a gate can move. On doubt nothing moves.
"""

from dataclasses import dataclass, replace

import numpy as np

from mindu.apps.water.control.roles import Frame, Layout, Mask
from mindu.engines.hydraulics.port import Array, Seen

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Hard limits, one row a machine; assumed, to be set from the owner's operating rules."""

    least: Array  # lowest setting
    most: Array  # highest setting
    ramp: Array  # 1/s: most a gate moves
    run_s: Array  # s: a started pump runs at least so long
    rest_s: Array  # s: a stopped pump rests at least so long
    dry: Array  # m: stop drawing below this depth above the machine (pump sump, navigation)
    bank: Array  # m: stop giving above this depth below the machine (inf at the sea)
    manual: Array  # nan, or the setting that a person has laid down


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What safety must remember: the settings sent last and when each pump last turned."""

    setting: Array
    turned_s: Array
    t: float
    asked: Array | None = None  # the last wishes: a machine goes back to them after protection


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """Settings fit to be sent, what to remember, and how many wishes were bent."""

    settings: Array
    kept: Kept
    bent: int


def limits(laid: Layout, *, stroke_s: float = 300.0, run_s: float = 120.0) -> Limits:
    """Return common limits: a gate strokes in five minutes, pumps run and rest two."""
    frame = laid.frame
    n = len(frame.up)
    return Limits(
        least=np.zeros(n),
        most=np.ones(n),
        ramp=np.full(n, 1.0 / stroke_s),
        run_s=np.where(frame.pump, run_s, 0.0),
        rest_s=np.where(frame.pump, run_s, 0.0),
        dry=np.where(frame.pump, np.minimum(0.02 * frame.up_full, 0.05), 0.0),
        bank=np.where(frame.basin | ~frame.pump & ~frame.sea, frame.down_full, np.inf),
        manual=np.full(n, np.nan),
    )


def first(seen: Seen) -> Kept:
    """Begin from what stands: every pump is free to turn."""
    n = len(seen.setting)
    return Kept(setting=seen.setting.copy(), turned_s=np.full(n, -np.inf), t=seen.t)


def _protected(want: Array, frame: Frame, bound: Limits, seen: Seen) -> tuple[Array, Mask]:
    up, down = seen.depth[frame.up], seen.depth[frame.down]
    dry = up < bound.dry
    harm = (down > bound.bank) & (frame.pump | frame.store) & (up < frame.up_full)
    stop = harm | dry & (frame.pump | (bound.dry > 0))
    return np.where(stop, 0.0, want), np.asarray(stop)


def clear(want: Array, frame: Frame, bound: Limits, kept: Kept, seen: Seen) -> Cleared:
    """Bend `want` (nan: as it is) until it can be sent now; never an impossible command.

    Where a level is not known, or the machine is not ours to set, it stays as it is.
    """
    stood = kept.setting if kept.asked is None else kept.asked
    wish = np.where(np.isnan(want), stood, want)
    asked = np.where(frame.free, wish, kept.setting)
    unsure = ~np.isfinite(seen.depth[frame.up]) | ~np.isfinite(seen.depth[frame.down])
    wish = np.where(unsure | ~frame.free, kept.setting, wish)
    wish, stop = _protected(wish, frame, bound, seen)
    wish = np.where(frame.pump, (wish > 0.5).astype(float), wish)
    since = seen.t - kept.turned_s
    on = kept.setting > 0.5
    stay = frame.pump & (np.where(on, (since < bound.run_s) & ~stop, since < bound.rest_s))
    wish = np.where(stay, kept.setting, wish)
    wish = np.where(frame.free & ~np.isnan(bound.manual), bound.manual, wish)
    most = bound.ramp * max(seen.t - kept.t, 0.0)
    slow = kept.setting + np.clip(wish - kept.setting, -most, most)
    sent = np.where(frame.pump, wish, slow)
    sent = np.where(frame.free, np.clip(sent, bound.least, bound.most), kept.setting)
    turned = np.where(np.abs(sent - kept.setting) > TOLERANCE, seen.t, kept.turned_s)
    bent = int(np.sum(np.abs(asked - sent) > TOLERANCE))
    after = Kept(setting=sent, turned_s=turned, t=seen.t, asked=asked)
    return Cleared(settings=sent, kept=after, bent=bent)


def laid_down(bound: Limits, machine: int, setting: float | None) -> Limits:
    """Return limits under which a person holds one machine (None: hands it back)."""
    manual = bound.manual.copy()
    manual[machine] = np.nan if setting is None else setting
    return replace(bound, manual=manual)


def infeasible(sent: Array, frame: Frame, bound: Limits, before: Kept, seen: Seen) -> int:
    """Count commands that could not or must not be carried out, by rules written a second time."""
    return sum(
        not np.isfinite(v) or _fault(k, float(v), bound, before, seen, frame)
        for k, v in enumerate(sent)
    )


def _fault(k: int, value: float, bound: Limits, before: Kept, seen: Seen, frame: Frame) -> bool:
    was, hand = float(before.setting[k]), float(bound.manual[k])
    if not bound.least[k] <= value <= bound.most[k]:
        return True
    if frame.free[k] and np.isfinite(hand):
        return abs(value - hand) > abs(was - hand) + TOLERANCE
    known = np.isfinite(seen.depth[frame.up[k]]) and np.isfinite(seen.depth[frame.down[k]])
    moved = abs(value - was) > TOLERANCE
    if not moved or not frame.free[k] or not known:
        return moved
    check = _pump_fault if frame.pump[k] else _gate_fault
    return check(k, value, bound, before, seen, frame)


def _gate_fault(
    k: int, value: float, bound: Limits, before: Kept, seen: Seen, frame: Frame
) -> bool:
    was = before.setting[k]
    if abs(value - was) > bound.ramp[k] * (seen.t - before.t) + TOLERANCE:
        return True
    up, down = seen.depth[frame.up[k]], seen.depth[frame.down[k]]
    harm = frame.store[k] and down > bound.bank[k] and up < frame.up_full[k]
    return bool(harm and value > was)


def _pump_fault(
    k: int, value: float, bound: Limits, before: Kept, seen: Seen, frame: Frame
) -> bool:
    if value not in {0.0, 1.0}:
        return True
    since = seen.t - before.turned_s[k]
    if value == 1.0:
        return bool(since < bound.rest_s[k] or seen.depth[frame.up[k]] < bound.dry[k])
    forced = seen.depth[frame.up[k]] < bound.dry[k] or seen.depth[frame.down[k]] > bound.bank[k]
    return bool(since < bound.run_s[k] and not forced)
