"""The golden day: one seeded day of the water app in its small town, told as facts that last.

A log's head hangs on the last bit of every number, and those differ from one machine's libraries to
the next; so what is pinned is what a person would notice: levels to the centimetre, what was
judged, proposed, decided, sent and kept. It is lived by the rules alone, without the twin: its
facts hang on no search and no engine. To renew it on purpose: `python tests/golden/day.py`, and
say in the commit what changed in the city's day and why.
"""

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from mindu.apps.water import APP
from mindu.apps.water.world import Town
from mindu.base.records import Action, Decision, Entry, Judgement, Outcome, Sending, Settlement
from mindu.brain.brain import tier_of
from mindu.sim.day import Day, born

FILE = Path(__file__).with_name("day.json")
SEED = 113
TURNS = 288
LOOK = 24  # turns between levels that are pinned

Facts = dict[str, Any]


def lived() -> tuple[Day, Facts]:
    """Live the day; return it and the levels on the way."""
    day = born(replace(APP, projections=(), engines=None, tier=tier_of(APP)), SEED)
    town = day.faulty.world
    assert isinstance(town, Town)
    levels = {}
    for turn in range(LOOK, TURNS + 1, LOOK):
        day.live(LOOK, calm=0)
        levels[f"{turn // 12:02d}:00"] = [round(town.lake, 2), round(town.level, 2)]
    return day, {"levels_m": levels, "flood_m3": round(town.flood_m3, -2)}


def told() -> Facts:
    """Return the facts of the day."""
    day, facts = lived()
    try:
        log = list(day.brain.log)
    finally:
        day.close()
    return {
        "seed": SEED,
        **facts,
        "judged": _count(log, Judgement, lambda e: f"{e.by} {e.record.finding}"),
        "proposed": _count(log, Action, lambda e: e.by),
        "decided": _count(log, Decision, lambda e: f"{e.by} {e.record.confirmed}"),
        "sent": _count(log, Sending, lambda e: str(e.record.ok)),
        "promises": _count(log, Outcome, lambda e: f"kept {e.record.kept}, sent {e.record.sent}"),
        "settled": _count(log, Settlement, lambda e: e.record.verdict),
        "wrote": dict(sorted(Counter(type(e.record).__name__ for e in log).items())),
    }


def _count(log: list[Entry], kind: type, name: Any) -> dict[str, int]:  # noqa: ANN401 - any naming
    found = Counter(name(entry) for entry in log if isinstance(entry.record, kind))
    return dict(sorted(found.items()))


if __name__ == "__main__":
    FILE.write_text(json.dumps(told(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stderr.write(f"{FILE.name} is renewed: say in the commit what changed in the day and why\n")
