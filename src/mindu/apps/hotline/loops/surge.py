"""Surge: callers wait longer than the line may let them."""

from mindu.apps.hotline.things import WAIT, Line
from mindu.city import HOUR, MINUTE, Expect, Judgement, Loop, Severity, View, Words

STEPS = (1.0, 2.0, 4.0)  # times the mark at which it grows graver


def judge(line: Line, see: View) -> Judgement | None:
    """Find a queue that has grown beyond the mark."""
    if line.wait is None or line.wait < see[WAIT]:
        return None
    grave = sum(line.wait >= step * see[WAIT] for step in STEPS)
    says = Words(
        f"callers wait {line.wait:.0f} min; call in more operators",
        f"来电排队约 {line.wait:.0f} 分钟,请增派话务员",
    )
    proof = Expect("wait", within=HOUR, above=see[WAIT] / 2.0, ever=True)
    return Judgement("surge", Severity(grave), says, confidence=0.9, proof=proof)


SURGE = Loop(
    name="surge",
    of=Line,
    needs={"wait": 15 * MINUTE},
    judge=judge,
    title=Words("Callers who wait", "来电排队"),
)
