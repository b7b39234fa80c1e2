"""Weigh plans over the weathers that may come, and let the robust rule veto a bet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mindu.apps.water.control.posture import Posture
from mindu.apps.water.control.rules.names import called
from mindu.city import Words
from mindu.engines.hydraulics.port import Array, Plan

TAIL_SHARE = 0.34  # the worst third of the weight
TAIL_WEIGHT = 0.5  # mean + half the tail, as in the study behind this app
LOST = 3.0  # what a plan loses to the rule in a weather weighs so much more than what it wins
WORSE = 0.03  # a plan may cost so much more than the rule in the worst weather, and no more
UNLIKELY = 0.05  # of the weight: a weather below it counts in the mean and tail, but has no veto
WORTH = 0.1  # of the rule's score: in doubt, a plan that promises less is not worth leaving it
NOISE = 0.01  # of a cost: nearer than this two futures are alike
SLACK = 2.0  # flood-equal m3: below this nothing is worse
NIGH = 0.5  # flood-equal m3: danger that differs by less is alike
MORE_DANGER = Words(
    en="more flood or near flood than the robust rule", zh="较稳健规则积水或险情更多"
)
NO_LESS_DANGER = Words(
    en="in a storm, no less danger than the robust rule by a tenth",
    zh="暴雨期间，险情较稳健规则减少不足一成",
)
WORSE_AT_WORST = Words(
    en="worse than the robust rule in the worst likely weather", zh="较可能的最坏天气下劣于稳健规则"
)
HARDLY_BETTER = Words(en="no better than the robust rule by a tenth", zh="较稳健规则改善不足一成")
WATER = ("flood", "near", "place")  # terms of a cost that are danger; pumping is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One plan with what it costs in each weather."""

    plan: Plan
    costs: tuple[float, ...]  # one per member, flood-equal m3; inf where not proved
    mean: float
    tail: float  # CVaR: mean over the worst third
    worst: float
    terms: Mapping[str, float]  # weighted mean of each term
    lost: float = 0.0  # weighted sum of what it costs more than the rule, weather by weather

    @property
    def score(self) -> float:
        """Return what plans are ranked by.

        The weights of weathers are guesses, so what a plan loses to the robust rule in one weather
        is not made good by winning as much in another: it counts `LOST` times more.
        """
        return self.mean + TAIL_WEIGHT * self.tail + LOST * self.lost

    @property
    def danger(self) -> float:
        """Return what water does or nearly does under the plan, mean over the weathers."""
        return sum(self.terms.get(name, 0.0) for name in WATER)


def cvar(costs: Array, weights: Array, *, share: float = TAIL_SHARE) -> float:
    """Return the mean cost over the worst `share` of the weight."""
    order = np.argsort(-costs)
    left, sum_ = share, 0.0
    for i in order:
        part = min(float(weights[i]), left)
        if part <= 0:
            break
        sum_ += part * float(costs[i])
        left -= part
    return sum_ / max(share - left, 1e-12)


def weigh(
    plan: Plan,
    costs: Sequence[float],
    weights: Sequence[float],
    terms: Mapping[str, float],
    *,
    beside: Sequence[float] | None = None,
) -> Weighed:
    """Sum one plan up over all members; `beside` is what the robust rule costs in each."""
    c, w = np.asarray(costs, dtype=float), np.asarray(weights, dtype=float)
    if not np.isfinite(c).all():
        bad = float("inf")
        return Weighed(plan=plan, costs=tuple(costs), mean=bad, tail=bad, worst=bad, terms=terms)
    rule = c if beside is None or not np.isfinite(beside).all() else np.asarray(beside)
    more = np.clip(c - rule * (1.0 + NOISE) - SLACK, 0.0, None)
    return Weighed(
        plan=plan,
        lost=float(more @ w / w.sum()),
        costs=tuple(float(x) for x in c),
        mean=float(c @ w / w.sum()),
        tail=cvar(c, w / w.sum()),
        worst=float(c[w >= min(UNLIKELY * w.sum(), w.max())].max()),
        terms=terms,
    )


def forbidden(option: Weighed, rule: Weighed, posture: Posture = Posture.CALM) -> Words | None:
    """Return why the robust rule forbids this plan, or None where it does not.

    A plan may be hardly better, or worse at the worst; nor may it buy less pumping, or emptier
    storages at the end, with more danger on the way. In a storm it must promise less danger.
    """
    if not np.isfinite(rule.score):
        return None
    worth = WORTH if len(rule.costs) > 1 else 0.0  # one weather alone is taken as certain
    storm = posture is Posture.STORM and worth > 0.0 and rule.danger > SLACK
    reasons = (
        (MORE_DANGER, option.danger > rule.danger * (1 + NOISE) + NIGH),
        (NO_LESS_DANGER, storm and option.danger > rule.danger * (1 - worth)),
        (WORSE_AT_WORST, option.worst > rule.worst * (1 + WORSE) + SLACK),
        (HARDLY_BETTER, option.score > rule.score * (1 - worth) + SLACK),
        (HARDLY_BETTER, option.mean > rule.mean + SLACK),
    )
    return next((why for why, holds in reasons if holds), None)


def vetoed(option: Weighed, rule: Weighed, posture: Posture = Posture.CALM) -> bool:
    """Say whether the robust rule forbids this plan."""
    return forbidden(option, rule, posture) is not None


def choose(options: Sequence[Weighed], rule: Weighed, posture: Posture = Posture.CALM) -> Weighed:
    """Return the option of least score that the rule does not veto; else the rule itself."""
    fit = [o for o in options if np.isfinite(o.score) and not vetoed(o, rule, posture)]
    return min(fit, key=lambda o: o.score, default=rule)


def reason(chosen: Weighed, rule: Weighed, *, weathers: int) -> Words:
    """Say in a sentence why this plan: gains over the rule in mean and in the worst weather."""
    if not np.isfinite(chosen.score):
        return Words(
            en="No plan could be proved in time; the robust rule stands.",
            zh="限时内无一方案得到验证，执行稳健规则。",
        )
    mean, most = f"{chosen.mean:.0f}", f"{chosen.worst:.0f}"
    name, held = chosen.plan.name, rule.plan.name
    if name == held:
        return Words(
            en=f"The robust rule {held} stands, for no plan that was weighed is better by enough: "
            f"over {weathers} weathers, severe ones too, it costs {mean} on average, and {most} in "
            "the worst of the likely ones.",
            zh=f"执行稳健规则“{called(held)}”：所权衡的方案都未好出足够多；"
            f"在{weathers}种天气(含极端者)下平均代价{mean}，较可能的天气中最坏为{most}。",
        )
    gain, worst = f"{rule.mean - chosen.mean:.0f}", f"{rule.worst - chosen.worst:.0f}"
    return Words(
        en=f"{name}: over {weathers} weathers it costs {mean} on average and {most} in the worst "
        f"likely one; against {held} that saves {gain} and {worst}.",
        zh=f"{called(name)}：在{weathers}种天气下平均代价{mean}、较可能者中最坏{most}；"
        f"较{called(held)}分别节省{gain}与{worst}。",
    )
