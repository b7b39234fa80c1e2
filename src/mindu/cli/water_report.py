"""What a comparison found, as a plain value for JSON and as a table for people."""

import argparse
import sys
from typing import Any

import msgspec
import numpy as np
from rich.cells import cell_len

from mindu.apps.water.control.event.mind import Mind
from mindu.apps.water.control.event.plans import Yardstick
from mindu.base.records import Words
from mindu.console.words import number, pick, term

WIDE = 16  # cells of a column
COLUMNS = {
    "flood_m3": Words("flood, m3", "内涝水量 m3"),
    "cost": Words("cost", "代价"),
    "energy_kwh": Words("energy, kWh", "能耗 kWh"),
}


def report_of(
    asked: argparse.Namespace,
    stick: Yardstick,
    plans: dict[str, dict[str, float] | None],
    mind: Mind | None,
    notes: list[str],
) -> dict[str, object]:
    """Put everything that was found into one plain value."""
    known = {k: v["flood_m3"] for k, v in plans.items() if v}
    return {
        "file": asked.file.name,
        "hours": asked.hours,
        "forecast": asked.forecast,
        "mismatch": asked.mismatch,
        "plans": plans,
        **_decisions(mind),
        "best_known": min(known, key=lambda k: known[k]) if known else None,
        "network": {"nodes": len(stick.network.nodes), "machines": len(stick.network.machines)},
        "controllable": [p.id for p in stick.laid.parts if p.controllable],
        "taken_as_known": ["tide", "inflows of the file"],
        "machines": [msgspec.to_builtins(p) for p in stick.laid.parts],
        "infeasible": sum(int(v["infeasible"]) for v in plans.values() if v),
        "notes": notes,
    }


def _decisions(mind: Mind | None) -> dict[str, object]:
    """Say how the brain decided; empty where there was nothing to decide."""
    seconds = np.array(mind.seconds) if mind and mind.seconds else np.zeros(1)
    return {
        "decision_s": {
            q: round(float(np.percentile(seconds, p)), 3) for q, p in (("p50", 50), ("p95", 95))
        },
        "veto": mind.dispatcher.robust.name if mind else None,
        "prepared_s": round(mind.prepared_s, 3) if mind else 0.0,
        "decisions": len(mind.seconds) if mind else 0,
        "rollouts": sum(d.rollouts for d in mind.decided) if mind else 0,
        "rain_factor": round(mind.factor, 3) if mind else None,
        "why": mind.decided[-1].reason if mind and mind.decided else None,
        "failures": mind.failures[:20] if mind else [],
    }


class Progress:
    """Prints a line on standard error for every tenth of a plan."""

    def __init__(self) -> None:
        self.last: tuple[str, int] = ("", -1)

    def __call__(self, name: str, share: float) -> None:
        """Say how far a plan has run."""
        now = (name, int(share * 10))
        if now != self.last:
            self.last = now
            print(f"  {name}: {share:4.0%}", file=sys.stderr, flush=True)


def silent(name: str, share: float) -> None:
    """Say nothing."""


def shown(report: dict[str, Any], lang: str) -> str:
    """Return the report as a table."""
    heads = [pick(words, lang) for words in COLUMNS.values()]
    rows = [
        (term(name, lang), [number(found[key]) for key in COLUMNS] if found else None)
        for name, found in report["plans"].items()
    ]
    wide = 2 + max(cell_len(name) for name, _ in rows)
    none = pick(Words("this model cannot have it", "此模型无法采用"), lang)
    lines = [
        _left(f"  {name}", wide + 2) + (none if cells is None else "".join(map(_right, cells)))
        for name, cells in [("", heads), *rows]
    ]
    took = report["decision_s"]
    end = Words(
        f"{report['decisions']} decisions, seconds p50 {took['p50']}, p95 {took['p95']}",
        f"决策 {report['decisions']} 次,用时 p50 {took['p50']} 秒、p95 {took['p95']} 秒",
    )
    first = f"{report['file']}: {report['hours']:g} h, {report['forecast']}"
    notes = [f"  * {note}" for note in report["notes"]]
    return "\n".join([first, *lines, f"  {pick(end, lang)}", *notes])


def _left(text: str, wide: int) -> str:
    return text + " " * (wide - cell_len(text))


def _right(text: str) -> str:
    return " " * max(WIDE - cell_len(text), 1) + text
