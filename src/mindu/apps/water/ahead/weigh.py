"""Weigh plans from now on, and write down what was weighed, what came out best, and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from mindu.apps.water.ahead.coming import designs, weathers
from mindu.apps.water.ahead.lagged import Present
from mindu.apps.water.ahead.room import Room
from mindu.apps.water.control import cost
from mindu.apps.water.control.candidates import ruled
from mindu.apps.water.control.choose import Weighed, forbidden, weigh
from mindu.apps.water.control.dispatcher import Decided
from mindu.apps.water.control.ensemble import DESIGN_S, Member
from mindu.apps.water.control.posture import posture
from mindu.apps.water.control.rules.names import called, spoken
from mindu.apps.water.control.rules.policies import Hold, Rule, levels
from mindu.apps.water.control.trials import Tuning
from mindu.city import Option, Projected, View, Weighing, Words
from mindu.engines.hydraulics.port import Array, Future, Job, Plan

BLOCKS = 8  # of a plan that are written down
UNPROVED = Words(en="not proved in time", zh="限时内未得到验证")
FIRST_ROLLOUTS, FIRST_S = 8, 3 * 3600.0  # of the first decision
SOON = 2  # blocks: a machine that is held in one of them is told by settings, not by its rule
LATE_S = 60.0  # s a report may come after its time: within a routing step
TOP = 6  # options written down beside the chosen one


def decide(room: Room, see: View) -> Sequence[Projected]:
    """Return the weighing of this moment; nothing where the network has nothing to set."""
    if room.dispatcher is None:
        return ()
    now = room.come_up(see)
    tuning = pace(room.habit.tuning, first=not room.dispatcher.decisions)
    members = weathers(room, now, tuning.horizon_s)
    room.dispatcher.twin, room.dispatcher.tuning = now.twin, tuning
    _certify(room, now)
    stance = posture(now.past.weather(), now.past.now)
    decided = room.dispatcher.decide(members, now=now.past.now, posture=stance)
    idle, blocks = _beside(room, now, decided.plan, members)
    room.wanted = blocks[0]
    options = _options(decided, idle)
    record = Weighing(
        chosen=decided.plan.name,
        options=options,
        rollouts=decided.rollouts,
        plan={
            name: tuple(float(v) for v in blocks[:, k])
            for k, name in enumerate(room.names.machines)
            if room.laid.frame.free[k] and np.isfinite(blocks[:, k]).all()
        },
        block=timedelta(seconds=room.habit.tuning.block_s),
        rule=_rule(room, decided.plan),
        says=decided.reason,
    )
    return (Projected(about=room.names.waters, record=record),)


def _rule(room: Room, plan: Plan) -> dict[str, tuple[float | None, ...]]:
    """Return the levels at which machines act, for those that the plan leaves to a rule at once."""
    if not isinstance(plan.tail, Rule):
        return {}
    soon = plan.blocks[:SOON]
    ruled_now = ~np.isfinite(soon).any(axis=0) & room.laid.frame.free
    return {
        name: levels(plan.tail, k) for k, name in enumerate(room.names.machines) if ruled_now[k]
    }


def _certify(room: Room, now: Present) -> None:
    """Let the hand rules stand against design storms over a tide, before the veto is given."""
    assert room.dispatcher is not None
    if room.dispatcher.certified or not room.dispatcher.decisions:
        return
    storms = designs(room, now, DESIGN_S)
    room.dispatcher.certify(storms, horizon_s=DESIGN_S)


def pace(tuning: Tuning, *, first: bool) -> Tuning:
    """Return how hard to look: the first plan shall stand soon, and is looked at again."""
    if not first:
        return tuning
    few = min(tuning.rollouts, FIRST_ROLLOUTS)
    return replace(tuning, rollouts=few, horizon_s=min(tuning.horizon_s, FIRST_S))


def _beside(
    room: Room, now: Present, plan: Plan, members: Sequence[Member]
) -> tuple[Weighed, Array]:
    """Prove doing nothing in every weather, and see what the plan sets in the likeliest."""
    assert room.dispatcher is not None
    tuning, machines = room.dispatcher.tuning, len(room.names.machines)
    idle = ruled(Hold(room.laid.frame), block_s=tuning.block_s, machines=machines)
    likeliest = int(np.argmax([m.weight for m in members]))
    jobs = [_job(idle, m, tuning.horizon_s, tuning.report_s) for m in members]
    span = BLOCKS * tuning.block_s
    jobs.append(_job(plan, members[likeliest], span, tuning.block_s / 3.0))
    found = dict(now.twin.futures(jobs, deadline_s=room.habit.deadline_s))
    costs, parts = [], dict[str, float]()
    for k, member in enumerate(members):
        terms = cost.terms(room.yard, found[k])
        costs.append(sum(terms.values()))
        for name, value in terms.items():
            parts[name] = parts.get(name, 0.0) + member.weight * value
    weighed = weigh(idle, costs, [m.weight for m in members], parts)
    return weighed, _blocks(room, now, plan, found[len(members)])


def _job(plan: Plan, member: Member, horizon_s: float, report_s: float) -> Job:
    return Job(plan=plan, forcing=member.forcing, horizon_s=horizon_s, report_s=report_s)


def _blocks(room: Room, now: Present, plan: Plan, future: Future) -> Array:
    """Return (blocks, machines) settings: what a plan mostly sets within each block.

    Where its future could not be run, what it wants at this moment holds for every block.
    """
    seen = now.twin.see()
    at_once = plan.tail.settings(seen)
    if len(plan.blocks):
        at_once = np.where(np.isnan(plan.blocks[0]), at_once, plan.blocks[0])
    at_once = np.where(np.isnan(at_once), seen.setting, at_once)
    rows = np.tile(at_once, (BLOCKS, 1))
    if not future.ok or not future.setting.size:
        return np.round(rows, 3)
    block = ((future.t - now.past.now - LATE_S) // room.habit.tuning.block_s).astype(int)
    for b in range(BLOCKS):
        if (block == b).any():
            mean = future.setting[block == b].mean(axis=0)
            rows[b] = np.where(room.laid.frame.pump, (mean > 0.5).astype(float), mean)
    return np.round(rows, 3)


def _options(decided: Decided, idle: Weighed) -> tuple[Option, ...]:
    """Return what was weighed, each course once, the chosen one first; costs in m3 of flood."""
    seen: dict[str, Weighed] = {}
    for weighed in (decided.chosen, decided.rule, idle, *decided.options[:TOP]):
        seen.setdefault(weighed.plan.name, weighed)
    told = [
        _option(w, decided, chosen=w is decided.chosen)
        for w in seen.values()
        if np.isfinite(w.mean) or w is decided.chosen
    ]
    return tuple(told)


def _option(weighed: Weighed, decided: Decided, *, chosen: bool) -> Option:
    proved = np.isfinite(weighed.mean)
    rule = decided.rule
    other = not chosen and weighed.plan.name != rule.plan.name
    barred = forbidden(weighed, rule, decided.posture) if other else None
    return Option(
        name=weighed.plan.name,
        terms={f"{k}_m3": round(float(v), 3) for k, v in weighed.terms.items() if np.isfinite(v)},
        mean=round(float(weighed.mean), 3) if proved else 0.0,
        tail=round(float(weighed.tail), 3) if proved else 0.0,
        veto=barred or ("" if proved else UNPROVED),
        title=Words(en=spoken(weighed.plan.name), zh=called(weighed.plan.name)),
    )
