"""Lasting: an issue that never bursts and never ends, told by ever new people over months."""

from mindu.apps.hotline.loops.swell import HEARD
from mindu.apps.hotline.things import LASTING, Trend
from mindu.city import DAY, HOUR, Expect, Judgement, Loop, Severity, View, Words

MANY = 3.0  # times the least people at which it is yellow


def judge(trend: Trend, see: View) -> Judgement | None:
    """Find a topic and town in which one issue has been told of for months."""
    if trend.lasting is None or trend.lasting < see[LASTING]:
        return None
    grave = Severity.YELLOW if trend.lasting >= MANY * see[LASTING] else Severity.BLUE
    says = Words(
        f"{trend.lasting:.0f} people have told of one issue over months: {trend.name_en}",
        f"同一问题数月未了,已有 {trend.lasting:.0f} 人反映:{trend.name_zh}",
    )
    proof = Expect("lasting", within=30 * DAY, above=trend.lasting, ever=True)
    return Judgement("lasting", grave, says, confidence=0.8, proof=proof)


ENDLESS = Loop(
    name="lasting",
    of=Trend,
    needs={"lasting": HEARD},
    judge=judge,
    every=HOUR,
    title=Words("Issues that never end", "久拖未决的问题"),
)
