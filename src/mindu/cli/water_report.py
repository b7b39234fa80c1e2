"""What a comparison found, as a plain value for JSON and as a table for people."""

import argparse
import sys

import msgspec
import numpy as np

from mindu.apps.water.control.event.mind import Mind
from mindu.apps.water.control.event.plans import Yardstick


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


def show(report: dict[str, object]) -> None:
    """Print the report as a table."""
    print(f"{report['file']}: {report['hours']} h, forecast {report['forecast']}")
    plans = report["plans"]
    assert isinstance(plans, dict)
    for name, found in plans.items():
        if found is None:
            print(f"  {name:14} this model cannot have it")
        else:
            print(
                f"  {name:14} flood {found['flood_m3']:12.1f} m3   cost {found['cost']:12.1f}   "
                f"energy {found['energy_kwh']:9.1f} kWh"
            )
    print(f"  decisions {report['decisions']}, seconds {report['decision_s']}")
    notes = report["notes"]
    assert isinstance(notes, list)
    for note in notes:
        print(f"  note: {note}")
