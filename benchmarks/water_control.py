"""Control on generated tidal cities: flood against hand rules, with a wrong model and no forecast.

The plant is another process with rain x 1.15, roughness x 1.25, gauge noise, a jammed machine and a
stuck gauge; the brain sees gauges and guesses rain by persistence. Three cities unless MINDU_BENCH
is `full`. Every figure names its peer: the same event, the same engine, another plan.
"""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from mindu.apps.water.cities.generate import BENCH

from benchmarks.figure import Figure
from mindu.cli.water import compare, parser

FEW = 3
HEADROOM = 0.1  # a city counts only where the best known plan saves more than this share
SMALL = 1.0  # m3: floods below are nil


def asked(path: Path, *options: str) -> argparse.Namespace:
    """Return the wishes of one run under model error."""
    common = ["--mismatch", "--noise", "0.02", "--faults", "--quiet", "--budget", "2"]
    return parser().parse_args(["run", str(path), *common, *options])


def floods(report: Mapping[str, object], key: str = "flood_m3") -> dict[str, float]:
    """Return one number per plan that the city can have."""
    plans = report["plans"]
    assert isinstance(plans, dict)
    return {name: float(found[key]) for name, found in plans.items() if found}


def runs() -> Iterator[tuple[str, Mapping[str, object]]]:
    """Run every bench city, yield its name and report."""
    chosen = BENCH if os.environ.get("MINDU_BENCH") == "full" else BENCH[:FEW]
    with tempfile.TemporaryDirectory() as folder:
        for spec in chosen:
            path = Path(folder) / f"{spec.name}.inp"
            path.write_text(spec.text(), encoding="utf-8")
            print(f"  {spec.name}", file=sys.stderr, flush=True)
            yield spec.name, compare(asked(path))


def figures() -> Iterator[Figure]:
    """Yield the control rows of the table, city by city and then over all."""
    shares: list[float] = []
    infeasible, slow = 0, 0.0
    for name, report in runs():
        flood, energy = floods(report), floods(report, "energy_kwh")
        infeasible += sum(int(n) for n in floods(report, "infeasible").values())
        seconds = report["decision_s"]
        assert isinstance(seconds, dict)
        slow = max(slow, float(seconds["p95"]))
        best = min(flood.values())
        simple = min(flood["static"], flood["equal_filling"])
        hand = min(simple, flood["prepared"])
        yield _ratio(f"flood, {name}", flood["mindu"], hand, "best hand rule", 1.05)
        if simple - best > HEADROOM * simple:
            yield _ratio(f"flood, {name}", flood["mindu"], simple, "static, equal filling", 0.7)
        if flood["nothing"] - best > SMALL:
            shares.append((flood["nothing"] - flood["mindu"]) / (flood["nothing"] - best))
        if flood["mindu"] <= 1.01 * flood["prepared"] + SMALL and energy["prepared"] > 0:
            yield _ratio(f"energy, {name}", energy["mindu"], energy["prepared"], "prepared", 1.0)
    if shares:
        least = min(shares)
        peer = "best known of all plans, foresight among them"
        yield _figure("least share of the possible gain", least, "1", peer, ">= 0.8", least >= 0.8)
        median = statistics.median(shares)
        yield _figure(
            "median share of the possible gain", median, "1", peer, ">= 0.8", median >= 0.8
        )
    second = "the rules of safety, written a second time"
    yield _figure("infeasible commands", infeasible, "1", second, "== 0", infeasible == 0)
    yield _figure("decision p95", slow, "s", "a limit of 300 s", "<= 60", slow <= 60)


def _ratio(name: str, ours: float, theirs: float, peer: str, goal: float) -> Figure:
    value = (ours + SMALL) / (theirs + SMALL)
    return _figure(f"{name}, ours over theirs", value, "1", peer, f"<= {goal}", value <= goal)


def _figure(name: str, value: float, unit: str, peer: str, goal: str, holds: object) -> Figure:
    return Figure(
        name=name, value=round(value, 4), unit=unit, peer=peer, goal=goal, holds=bool(holds)
    )
