"""Control on generated tidal cities: flood against hand rules, with a wrong model and wrong rain.

The plant is another process with rain x 1.15, roughness x 1.25, gauge noise, a jammed machine and a
stuck gauge; the brain sees gauges and guesses rain by persistence, then is brought a forecast that
is 30 % too dry or too wet. Three cities, one that control was never shaped on, the first biased,
unless MINDU_BENCH is `full`.
Every figure names its peer: the same event, the same engine, another plan.
"""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figure import Figure
from mindu.apps.water.cities.generate import BENCH, FRESH, Spec
from mindu.cli.water import compare, parser

FULL = os.environ.get("MINDU_BENCH") == "full"
CITIES = (*BENCH, *FRESH) if FULL else (*BENCH[:2], FRESH[0])
BIASED = CITIES if FULL else BENCH[:1]
BIASES = (0.7, 1.3)
HEADROOM = 0.1  # a city counts only where the best known plan saves more than this share
SMALL = 1.0  # m3: floods below are nil
Report = Mapping[str, object]


def asked(path: Path, *options: str) -> argparse.Namespace:
    """Return the wishes of one run under model error."""
    common = ["--mismatch", "--noise", "0.02", "--faults", "--quiet", "--every", "30"]
    return parser().parse_args(["run", str(path), *common, "--rollouts", "64", *options])


def numbers(report: Report, key: str = "flood_m3") -> dict[str, float]:
    """Return one number per plan that the city can have."""
    plans = report["plans"]
    assert isinstance(plans, dict)
    return {name: float(found[key]) for name, found in plans.items() if found}


def forecast(spec: Spec, bias: float) -> str:
    """Return the city's own rain, so many times too much, as somebody might bring it."""
    series: dict[str, dict[str, float]] = {}
    for line in spec.text().split("[TIMESERIES]")[1].split("[")[0].splitlines():
        words = line.split()
        if words and words[0].startswith("RAIN"):
            month, day, year = words[1].split("/")
            at = f"{year}-{month}-{day}T{words[2]}"
            series.setdefault(at, {})[f"RG{words[0][4:]}"] = float(words[3]) * bias
    gauges = sorted({g for row in series.values() for g in row})
    held, lines = dict.fromkeys(gauges, 0.0), [",".join(["time", *gauges])]
    for at, row in sorted(series.items()):
        held |= row
        lines.append(",".join([at, *(f"{held[g]:.3f}" for g in gauges)]))
    return "\n".join(lines) + "\n"


@dataclass(slots=True)
class Tally:
    """What is summed up over all cities."""

    shares: list[float] = field(default_factory=list)
    infeasible: int = 0
    slow_s: float = 0.0

    def saw(self, report: Report) -> None:
        """Add one run."""
        self.infeasible += sum(int(n) for n in numbers(report, "infeasible").values())
        seconds = report["decision_s"]
        assert isinstance(seconds, dict)
        self.slow_s = max(self.slow_s, float(seconds["p95"]))

    def figures(self) -> Iterator[Figure]:
        """Yield the rows that hold over all cities."""
        peer = "best known of all plans, foresight among them"
        for name, value in (
            ("least", min(self.shares)),
            ("median", statistics.median(self.shares)),
        ):
            yield _figure(
                f"{name} share of the possible gain", value, "1", peer, ">= 0.8", value >= 0.8
            )
        second, none = "the rules of safety, written a second time", self.infeasible == 0
        yield _figure("infeasible commands", self.infeasible, "1", second, "== 0", none)
        slow = self.slow_s
        yield _figure("decision p95", slow, "s", "a limit of 300 s", "<= 60", slow <= 60)


def figures() -> Iterator[Figure]:
    """Yield the control rows of the table, city by city and then over all."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for spec in CITIES:
            path = Path(folder) / f"{spec.name}.inp"
            path.write_text(spec.text(), encoding="utf-8")
            print(f"  {spec.name}", file=sys.stderr, flush=True)
            report = compare(asked(path))
            tally.saw(report)
            yield from _city(spec.name, report, numbers(report), tally)
            for bias in BIASES if spec in BIASED else ():
                csv = path.with_suffix(".csv")
                csv.write_text(forecast(spec, bias), encoding="utf-8")
                other = compare(asked(path, "--plans", "mindu", "--forecast", str(csv)))
                tally.saw(other)
                flood = {**numbers(report), **numbers(other)}
                yield from _city(f"{spec.name}, forecast x {bias}", other, flood, tally)
    if tally.shares:
        yield from tally.figures()


def _city(name: str, report: Report, flood: Mapping[str, float], tally: Tally) -> Iterator[Figure]:
    best, ours = min(flood.values()), flood["mindu"]
    simple = min(flood["static"], flood["equal_filling"])
    hand = min(simple, flood["prepared"])
    yield _ratio(f"flood, {name}", ours, hand, "best hand rule", 1.05)
    if simple - best > HEADROOM * simple + SMALL:
        yield _ratio(f"flood, {name}", ours, simple, "static, equal filling", 0.7)
    if flood["nothing"] - best > SMALL:
        tally.shares.append((flood["nothing"] - ours) / (flood["nothing"] - best))
    energy = numbers(report, "energy_kwh")
    if ours <= 1.01 * flood["prepared"] + SMALL and energy.get("prepared", 0.0) > 0:
        yield _ratio(f"energy, {name}", energy["mindu"], energy["prepared"], "prepared", 1.0)


def _ratio(name: str, ours: float, theirs: float, peer: str, goal: float) -> Figure:
    value = (ours + SMALL) / (theirs + SMALL)
    return _figure(f"{name}, ours over theirs", value, "1", peer, f"<= {goal}", value <= goal)


def _figure(name: str, value: float, unit: str, peer: str, goal: str, holds: object) -> Figure:
    return Figure(
        name=name, value=round(value, 4), unit=unit, peer=peer, goal=goal, holds=bool(holds)
    )
