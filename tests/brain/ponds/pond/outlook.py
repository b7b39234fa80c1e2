"""Outlook: run every pond an hour ahead with a small engine, and weigh opening its outlet."""

from collections.abc import Sequence
from typing import Any

from mindu.city import (
    MINUTE,
    Forecast,
    Option,
    Projected,
    Projection,
    Trial,
    View,
    Weighing,
    Words,
)
from ponds.pond.things import Pond

LEADS = (15.0, 30.0, 60.0)


class Line:
    """An engine of one line: what rose in the last half hour goes on rising."""

    def ahead(self, level: float, slope: float, leads: Sequence[float]) -> list[float]:
        """Return the level at each lead."""
        return [max(0.0, level + slope * lead) for lead in leads]


def project(engine: Any, see: View) -> Sequence[Projected]:  # noqa: ANN401 - any engine of this shape
    """Forecast each pond, weigh its outlet, and try a slower line beside it."""
    told: list[Projected] = []
    for pond in see.all(Pond):
        at, values = see.window(pond.id, "level", 30 * MINUTE)
        if len(at) < 2:
            continue
        slope = float(values[-1] - values[0]) / max(1.0, float(at[-1] - at[0]) / 60.0)
        mid = engine.ahead(float(values[-1]), slope, LEADS)
        wide = [0.03 + 0.003 * lead for lead in LEADS]
        told.append(Projected(about=pond.id, record=Forecast(
            "level", "m", LEADS,
            tuple(m - w for m, w in zip(mid, wide, strict=True)), tuple(mid),
            tuple(m + w for m, w in zip(mid, wide, strict=True)), model="line",
        )))  # fmt: skip
        over = max(0.0, max(mid) - pond.brim)
        told.append(Projected(about=pond.id, record=Weighing(
            "open" if over > 0 else "nothing",
            (Option("nothing", {"over_m": over}, over, over), Option("open", {}, 0.0, 0.0)),
            rollouts=2, says=Words("weighed", "已权衡"),
        )))  # fmt: skip
        was = float(values[0])
        error, champion = abs(values[-1] - was) * 0.5, abs(values[-1] - was)
        told.append(Projected(about=pond.id, record=Trial(
            "slow", "line", float(error), float(champion), taken=False, says=Words("", ""),
        )))  # fmt: skip
    return told


OUTLOOK = Projection(
    name="outlook", engine="line", project=project, title=Words("Pond outlook", "池塘推演")
)
