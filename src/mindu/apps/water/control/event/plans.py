"""Every plan through the same event: hand rules, the file's own, the brain, and foresight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mindu.apps.water.control import cost, roles
from mindu.apps.water.control.candidates import Sampler, express, playbook, ruled
from mindu.apps.water.control.ensemble import Member
from mindu.apps.water.control.event.live import STEP_S, Ran, Ruled, Scene, Still, live
from mindu.apps.water.control.event.mind import Habit, Mind
from mindu.apps.water.control.rainfall import Rainfall
from mindu.apps.water.control.rules.hand import hand_rules
from mindu.apps.water.control.search import Search
from mindu.apps.water.control.trials import MANY, NEVER_S, Trials
from mindu.engines.hydraulics.port import Forcing, Network, Policy, Twin

PLANS = ("nothing", "own_rules", "static", "equal_filling", "prepared", "mindu", "foresight")
RULES = (
    "emptied",
    "ebbing",
    "cleared",
    "ajar",
    "opened",
)  # hand rules, where asked for
FORESEEN = 8  # rollouts of foresight for each that a decision may use
Open = Callable[[str], Twin]  # "own" rules or "ours" -> the plant, fresh
Says = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """One event on one network, ready to be run under any plan."""

    network: Network
    laid: roles.Layout
    yard: cost.Yard
    scene: Scene
    plant: Open
    twin: Callable[[], Twin]
    habit: Habit
    watch: Callable[[], float]
    says: Says
    foresight_s: float


def listen(twin: Twin, *, hours: float, says: Says) -> Rainfall:
    """Run the file's own weather once and note what its rain gauges show."""
    t, rate = [], []
    seen = twin.see()
    plan = ruled(Still(), block_s=900.0, machines=len(seen.setting))
    while seen.t < hours * 3600.0 - 1.0:
        last = seen.t
        seen = twin.advance(
            min(last + STEP_S, hours * 3600.0), plan=plan, forcing=Forcing(t0=0.0, step_s=300.0)
        )
        t.append(last)
        rate.append(seen.rain)
        if seen.t <= last:
            break
        says("listen", seen.t / (hours * 3600.0))
    twin.close()
    return Rainfall(t=np.array(t), rate=np.array(rate).reshape(len(t), -1))


def own_rules(stick: Yardstick) -> Ran | None:
    """Let the model steer itself by its [CONTROLS] and pump depths; None when it has neither."""
    if not stick.network.own_rules:
        return None
    return _untouched(stick, "own", "own_rules")


def nothing(stick: Yardstick) -> Ran:
    """Let the event happen with every machine as the file left it; nobody touches anything."""
    return _untouched(stick, "ours", "nothing")


def _untouched(stick: Yardstick, rules: str, name: str) -> Ran:
    free = replace(stick.laid.frame, free=np.zeros(len(stick.laid.frame.up), dtype=np.bool_))
    laid = replace(stick.laid, frame=free)
    scene = replace(stick.scene, faults=False)
    return live(stick.plant(rules), laid, scene, Ruled(Still()), progress=_progress(stick, name))


def by_rule(stick: Yardstick, policy: Policy) -> Ran:
    """Run the event under one rule."""
    return live(
        stick.plant("ours"),
        stick.laid,
        stick.scene,
        Ruled(policy),
        progress=_progress(stick, policy.name),
    )


def by_mind(stick: Yardstick) -> tuple[Ran, Mind]:
    """Run the event under the brain, whose twin is another process with another model."""
    twin = stick.twin()
    try:
        mind = Mind(twin, stick.laid, stick.yard, stick.habit, stick.watch)
        plant, progress = stick.plant("ours"), _progress(stick, "mindu")
        ran = live(plant, stick.laid, stick.scene, mind, progress=progress)
    finally:
        twin.close()
    return ran, mind


def best_rule(stick: Yardstick) -> Policy:
    """Search with the true future on the plant's own model: best known, never called optimum."""
    plant = stick.plant("ours")
    try:
        trials = _foreseen(stick, plant)
        frame, n = stick.laid.frame, len(stick.laid.frame.up)
        book = playbook(frame)
        bred = (express(f"playbook {k}", frame, dna) for k, dna in enumerate(book))
        rules: list[Policy] = [*hand_rules(frame), *stick.habit.own, *bred]
        numbers = [trials.add(ruled(r, block_s=900.0, machines=n)) for r in rules]
        trials.prove([(k, 0) for k in numbers])
        best = min(numbers, key=lambda k: trials.cost(k, 0))
        order = np.argsort([trials.cost(k, 0) for k in numbers[-len(book) :]])
        rng = np.random.default_rng(stick.habit.seed + 1)
        search = Search(Sampler(frame=frame, block_s=900.0), rng, [book[k] for k in order])
        return trials.plans[search.improve(trials, best)].tail
    finally:
        plant.close()


def _foreseen(stick: Yardstick, plant: Twin) -> Trials:
    """Return trials under the one true weather, to the end of the event."""
    count = FORESEEN * stick.habit.tuning.rollouts
    end = stick.watch() + stick.foresight_s
    return Trials(
        plant,
        stick.yard,
        (Member(forcing=stick.scene.forcing, weight=1.0),),
        replace(stick.habit.tuning, rollouts=count),
        left=(lambda: NEVER_S) if count else lambda: end - stick.watch(),
        horizon_s=stick.scene.hours * 3600.0,
        allowed=count or MANY,
    )


def _progress(stick: Yardstick, name: str) -> Callable[[float], None]:
    return lambda share: stick.says(name, share)


def figures(stick: Yardstick, ran: Ran) -> dict[str, float]:
    """Return what the report says of one plan."""
    future = ran.future
    pumps = stick.yard.pump
    parts = cost.terms(stick.yard, future)
    return {
        "flood_m3": round(future.flood_m3, 3),
        "cost": round(sum(parts.values()), 3),
        "energy_kwh": round(future.energy_kwh, 3),
        "pumped_m3": round(future.pumped_m3, 1),
        "starts": float(np.sum(future.starts * pumps)),
        "gate_moves": round(float(np.sum(future.moves * (1 - pumps))), 2),
        "outflow_m3": round(future.outflow_m3, 1),
        "infeasible": ran.infeasible,
        "bent": ran.bent,
    } | {f"cost_{key}": round(value, 3) for key, value in parts.items()}


def run_all(
    stick: Yardstick, wanted: Sequence[str]
) -> tuple[dict[str, dict[str, float] | None], Mind | None]:
    """Run every wanted plan; null where the network cannot have it."""
    frame, mind = stick.laid.frame, None
    found: dict[str, dict[str, float] | None] = dict.fromkeys(wanted)
    rules: dict[str, Policy] = {}
    if frame.free.any():
        rules |= {rule.name: rule for rule in hand_rules(frame)}
        del rules["nothing"]  # there nobody touches anything, faults neither
        if "foresight" in wanted:
            rules["foresight"] = best_rule(stick)
    for name in wanted:
        if name in rules:
            found[name] = figures(stick, by_rule(stick, rules[name]))
        elif name == "nothing":
            found[name] = figures(stick, nothing(stick))
        elif name == "own_rules":
            ran = own_rules(stick)
            found[name] = figures(stick, ran) if ran else None
        elif name == "mindu" and frame.free.any():
            ran, mind = by_mind(stick)
            found[name] = figures(stick, ran)
    return found, mind
