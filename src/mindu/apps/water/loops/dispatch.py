"""Dispatch: send what the weighed plan wants of the machines now; without one, the robust rule.

Every proposal passes the rules of safety first, and is held against city and plan once more just
before it is sent. When most gauges are silent nothing is proposed: machines stay as they stand.
"""

from collections.abc import Mapping

from mindu.apps.water.kinds import Waters
from mindu.apps.water.loops.ahead import evidence
from mindu.apps.water.loops.promise import critical, promise
from mindu.apps.water.loops.say import called, metres, percent
from mindu.apps.water.loops.weighed import Standing
from mindu.apps.water.loops.where import FRESH, gauged
from mindu.apps.water.loops.wish import OFF, Wish, wish
from mindu.city import MINUTE, Action, Judgement, Loop, Severity, View, Words

DECIDE = 10 * MINUTE
HEARD = 0.5  # share of level gauges below which the brain does not know enough to act
MOVED = 0.25  # of a stroke: a plan that has moved further on is another plan
FAR = 0.25  # m: past its promise by so much, the water is no longer what was planned for
NAMED = 4  # machines named in a sentence


def judge(whole: Waters, see: View) -> Judgement | None:  # noqa: ARG001
    """Find machines that stand otherwise than the plan in force wants, or say that we are blind."""
    heard = _heard(see)
    if heard < HEARD:
        return _blind(heard)
    found = wish(see)
    if not found.changes:
        return None
    place = critical(see, found)
    return Judgement(
        "plan" if found.standing else "fallback",
        _severity(found),
        _says(found),
        confidence=0.9 if found.standing else 0.6,
        proof=None if place is None else promise(place, see, lowers=found.lowers),
        evidence=() if place is None else evidence(place, see),
    )


def act(whole: Waters, found: Judgement, see: View) -> Action | None:
    """Propose the settings of this block as one action, with a promise at the fullest place."""
    now = wish(see)
    if not now.changes:
        return None
    place = critical(see, now)
    return Action(
        "set",
        on=whole.id,
        says=found.says,
        args=dict(now.changes),
        expects=None if place is None else promise(place, see, lowers=now.lowers),
        decide_within=DECIDE,
        undo="restore",
    )


def check(whole: Waters, action: Action, see: View) -> Words | None:  # noqa: ARG001
    """Hold it back when machines, plan or water are no longer as they were when it was proposed."""
    if _heard(see) < HEARD:
        return Words("most gauges have fallen silent", "多数测站失联")
    now = wish(see)
    asked = {m: float(v) for m, v in action.args.items() if isinstance(v, int | float)}
    found = (_misfit(machine, value, asked, now) for machine, value in asked.items())
    return next((why for why in found if why is not None), None) or _broken_already(action, see)


def _misfit(machine: str, value: float, asked: Mapping[str, float], now: Wish) -> Words | None:
    row = now.stand.index(machine)
    if row < 0 or not now.stand.frame.free[row]:
        return Words(f"{machine} does not report or is not ours", f"{machine}无响应或不归调度")
    sent, _ = now.stand.clear(asked)
    if abs(sent[machine] - value) > OFF:
        said = f"{value:.0%}"
        return Words(f"{machine} at {said} is not safe now", f"{machine}设为{said}已不安全")
    meant = now.changes.get(machine, now.of(machine).setting or 0.0)
    if abs(meant - value) > MOVED:
        return Words(f"the plan for {machine} has moved on", f"{machine}的方案已更新")
    return None


def _heard(see: View) -> float:
    places = gauged(see)
    fresh = sum(see.fresh(p.id, "level", FRESH) for p in places)
    return fresh / len(places) if places else 0.0


def _blind(heard: float) -> Judgement:
    return Judgement(
        "too_few_gauges",
        Severity.ORANGE,
        Words(
            f"Only {percent(heard)} of the level gauges are heard: nothing is dispatched, "
            "machines stay as they stand and follow their station's own switches",
            f"仅{percent(heard)}水位站在线：停止调度，设备保持现状，由站内水位开关控制",
        ),
        confidence=0.0,
    )


def _severity(found: Wish) -> Severity:
    if found.standing is None:
        return Severity.YELLOW
    idle = found.standing.option("nothing")
    chosen = found.standing.option(found.standing.weighing.chosen)
    if idle is None or chosen is None:
        return Severity.BLUE
    saved = idle.mean - chosen.mean
    return Severity.ORANGE if saved > 100.0 else Severity.YELLOW if saved > 1.0 else Severity.BLUE


def _says(found: Wish) -> Words:
    """Say which machines move where, by which plan, and what it saves against doing nothing."""
    moved = [(called(found.of(m)), v) for m, v in list(found.changes.items())[:NAMED]]
    rest = len(found.changes) - len(moved)
    en = ", ".join(f"{name.en} to {v:.0%}" for name, v in moved) + (
        f" and {rest} more" * (rest > 0)
    )
    zh = "、".join(f"{name.zh}→{v:.0%}" for name, v in moved) + (f"等{rest + NAMED}处" * (rest > 0))
    if found.standing is None:
        return Words(
            f"{en}: no plan was weighed in the last 20 min, so the robust rule stands",
            f"{zh}：近20分钟无推演方案，执行稳健规则",
        )
    told = found.standing.weighing.says
    effect = _effect(found.standing)
    return Words(f"{en}. {told.en}{effect.en}", f"{zh}。{told.zh}{effect.zh}")


def _effect(standing: Standing) -> Words:
    idle, chosen = standing.option("nothing"), standing.option(standing.weighing.chosen)
    if idle is None or chosen is None:
        return Words("", "")
    saved = idle.mean - chosen.mean
    return Words(
        f" Against doing nothing it saves {saved:.0f} m³ of flood or its like.",
        f"较不作为减少相当于{saved:.0f} m³的内涝。",
    )


def _broken_already(action: Action, see: View) -> Words | None:
    expects = action.expects
    if expects is None or expects.below is None:
        return None
    at, values = see.window(expects.about, expects.prop, FRESH)
    if len(at) and float(values[-1]) > expects.below + FAR:
        now = metres(float(values[-1]))
        return Words(
            f"{expects.about} has risen to {now}, past what was promised",
            f"{expects.about}已涨至{now}，超出承诺",
        )
    return None


DISPATCH = Loop(
    name="dispatch",
    of=Waters,
    needs={"rain": 15 * MINUTE},
    also=("level", "outlook", "order_age", "rain", "setting", "stage"),
    judge=judge,
    act=act,
    check=check,
    plans=("plan", "fallback"),
    title=Words("Dispatch of gates and pumps", "闸泵联排联调"),
)
