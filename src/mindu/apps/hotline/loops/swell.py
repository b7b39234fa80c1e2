"""Swell: more people tell of one topic in one town than the season of the past year explains."""

from mindu.apps.hotline.things import Trend
from mindu.city import DAY, HOUR, Expect, Judgement, Loop, Severity, View, Words

HEARD = 26 * HOUR  # a scan is told at least once a day
STEPS = (0.0, 4.0, 10.0)  # times the usual at which it grows graver
GRAVE = 10.0  # people below which a swell is never orange


def judge(trend: Trend, see: View) -> Judgement | None:  # noqa: ARG001 - the scan has decided
    """Say what the scan of space and time found; its chance of a false alarm is bounded there."""
    if not trend.people or trend.usual is None or trend.lasted is None:
        return None
    grave = sum(trend.people >= step * max(trend.usual, 1.0) for step in STEPS)
    if trend.people < GRAVE:
        grave = min(grave, int(Severity.YELLOW))
    days = trend.lasted / 24.0
    says = Words(
        f"{trend.people:.0f} people told of {trend.name_en} within {days:.0f} days;"
        f" the season explains {trend.usual:.1f} calls",
        f"{days:.0f} 天内 {trend.people:.0f} 人反映{trend.name_zh},"
        f"按季节常值约 {trend.usual:.1f} 件",
    )
    proof = Expect("people", within=DAY, above=trend.people, ever=True)
    return Judgement("swell", Severity(grave), says, confidence=0.9, proof=proof)


SWELL = Loop(
    name="swell",
    of=Trend,
    needs={"people": HEARD},
    also=("usual", "lasted"),
    judge=judge,
    every=HOUR,
    title=Words("Bursts of days, by topic and town", "时空聚集(按事项与区域)"),
)
