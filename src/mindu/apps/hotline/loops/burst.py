"""Burst: a concern that suddenly many people in one district share."""

import numpy as np

from mindu.apps.hotline.loops.chance import at_least
from mindu.apps.hotline.things import RARE, USUAL, Concern
from mindu.city import DAY, HOUR, MINUTE, Expect, Judgement, Loop, Severity, View, Words

LEAST = 5.0  # calls in an hour below which nothing is a burst
SETTLED = 12  # readings before the last hour from which the past says what is usual
STEPS = (1.0, 4.0, 8.0)  # times the usual at which it grows graver


def judge(concern: Concern, see: View) -> Judgement | None:
    """Find a concern with more calls in the hour than its past day makes likely."""
    if concern.calls is None or concern.calls < LEAST:
        return None
    usual = _usual(concern, see)
    chance = at_least(concern.calls, usual)
    if chance > see[RARE]:
        return None
    grave = sum(concern.calls >= LEAST + step * usual for step in STEPS)
    says = Words(
        f"{concern.calls:.0f} people told of {concern.name_en} within the hour;"
        f" {usual:.1f} is usual",
        f"一小时内 {concern.calls:.0f} 人反映{concern.name_zh},平常约 {usual:.1f} 人",
    )
    proof = Expect("calls", within=HOUR, above=LEAST - 1.0, ever=True)
    return Judgement("burst", Severity(max(grave, 1)), says, confidence=0.8, proof=proof)


def _usual(concern: Concern, see: View) -> float:
    """Return the mean of the past day, the last hour left out; never below the assumed usual."""
    at, values = see.window(concern.id, "calls", DAY)
    past = values[at < see.now.timestamp() - HOUR.total_seconds()]
    told = float(np.mean(past)) if len(past) >= SETTLED else 0.0
    return max(told, see[USUAL])


BURST = Loop(
    name="burst",
    of=Concern,
    needs={"calls": 15 * MINUTE},
    judge=judge,
    title=Words("Bursts of one concern", "诉求突发"),
)
