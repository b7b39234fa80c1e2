"""The fork: one past moment run ahead twice, with and without the change."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mindu.base.records import Words
from mindu.cli.ask import write_plot
from mindu.cli.say import GOOD, Trouble, Voice
from mindu.console.words import number
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Array, Forcing, Future, Job, Network, Plan, Seen, Twin
from mindu.engines.hydraulics.twin import open_twin

STEP_S = 300.0
DEADLINE_S = 120.0  # s both futures may take
LISTED = 12  # places listed, the most changed first


@dataclass(frozen=True, slots=True)
class Leave:
    """The rule that touches nothing: the file's own rules go on alone."""

    name: str = "own_rules"

    def settings(self, seen: Seen) -> Array:
        """Leave every machine as it is."""
        return np.full(len(seen.setting), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The weather and tide that a network lived through."""

    rain: Array
    stage: Array


def fork(asked: argparse.Namespace, voice: Voice) -> int:
    """Run both futures and show them side by side: of a stored night, or of a model file."""
    at_s, factor = _hours(asked.at) * 3600.0, _factor(asked.rain)
    if asked.file is None:
        from mindu.cli.whatif import lived_again  # noqa: PLC0415 - a file needs no brain

        return lived_again(asked, voice, rain=factor, hours=at_s / 3600.0)
    if not asked.file.exists():
        raise Trouble(
            Words(f"There is no file {asked.file}.", f"没有文件 {asked.file}。"),
            Words("Give a SWMM model: mindu fork FILE.inp --at 3h", "请给出 SWMM 模型文件。"),
        )
    heard, network = hear(asked.file, hours=asked.hours + at_s / 3600.0)
    twin = open_twin(
        asked.file, own_rules=True, changes=Changes(hours=at_s / 3600 + asked.hours + 1)
    )
    try:
        was = Forcing(t0=0.0, step_s=STEP_S, rain=heard.rain, stage=heard.stage)
        tail = Plan(name="own_rules", blocks=_nothing(network), block_s=900.0, tail=Leave())
        twin.advance(at_s, plan=tail, forcing=was)
        other = Forcing(
            t0=0.0, step_s=STEP_S, rain=heard.rain * factor, stage=heard.stage + asked.tide
        )
        both = _both(twin, tail, (was, other), asked.hours * 3600.0)
    finally:
        twin.close()
    _show(asked, voice, network, both)
    return GOOD


def hear(path: Path, *, hours: float) -> tuple[Heard, Network]:
    """Run the file's own weather once and note rain and tide, every five minutes."""
    twin = open_twin(path, own_rules=True, changes=Changes(hours=hours + 1))
    try:
        plan = Plan(name="own_rules", blocks=_nothing(twin.network), block_s=900.0, tail=Leave())
        calm = Forcing(t0=0.0, step_s=STEP_S)
        steps = range(1, int(hours * 3600.0 / STEP_S) + 1)
        # What the gauges show after a step is what fell during it.
        seen = [twin.advance(step * STEP_S, plan=plan, forcing=calm) for step in steps]
        rain, stage = (np.array([getattr(s, name) for s in seen]) for name in ("rain", "stage"))
        return Heard(rain=rain, stage=stage), twin.network
    finally:
        twin.close()


def _both(
    twin: Twin, plan: Plan, weathers: Sequence[Forcing], horizon_s: float
) -> tuple[Future, Future]:
    jobs = [Job(plan=plan, forcing=w, horizon_s=horizon_s, report_s=STEP_S) for w in weathers]
    done = dict(twin.futures(jobs, deadline_s=DEADLINE_S))
    failed = [future.error for future in done.values() if not future.ok]
    if failed or len(done) < len(jobs):
        raise Trouble(
            Words(f"A future did not run: {failed}", f"推演失败:{failed}"),
            Words("Shorten --hours.", "请缩短 --hours。"),
        )
    return done[0], done[1]


def _show(
    asked: argparse.Namespace, voice: Voice, network: Network, both: tuple[Future, Future]
) -> None:
    was, other = both
    rise = other.peak - was.peak
    order = np.argsort(-np.abs(rise))[:LISTED]
    places = [
        {"node": network.nodes[i], "peak_m": float(was.peak[i]), "changed_m": float(other.peak[i])}
        for i in order
    ]
    told = {
        "at": asked.at, "rain": asked.rain, "tide_m": asked.tide, "hours": asked.hours,
        "flood_m3": was.flood_m3, "changed_flood_m3": other.flood_m3, "places": places,
    }  # fmt: skip
    lines = [f"{'':20}{'as it was':>14}{'changed':>14}"]
    lines.append(f"{'flood, m3':20}{number(was.flood_m3):>14}{number(other.flood_m3):>14}")
    lines += [
        f"{str(p['node'])[:19]:20}{p['peak_m']:>13.2f}m{p['changed_m']:>13.2f}m" for p in places
    ]
    if asked.plot:
        write_plot(asked.plot, {"as it was": was.flood_m3, "changed": other.flood_m3})
    voice.data(told, "\n".join(lines))


def _nothing(network: Network) -> Array:
    return np.full((1, len(network.machines)), np.nan)


def _hours(told: str) -> float:
    try:
        hours = float(told.removeprefix("+").removesuffix("h"))
    except ValueError:
        hours = -1.0
    if not 0.0 <= hours <= 240.0:
        raise Trouble(
            Words(f"--at {told} is no moment.", f"--at {told} 不是时刻。"),
            Words("Give hours since the start, e.g. --at 3.5h.", "请给出自开始的小时数,如 3.5h。"),
        )
    return hours


def _factor(told: str) -> float:
    try:
        factor = float(told.removeprefix("x"))
    except ValueError:
        factor = -1.0
    if not 0.0 <= factor <= 10.0:
        raise Trouble(
            Words(f"--rain {told} is no factor.", f"--rain {told} 不是倍数。"),
            Words("Give x0 to x10, e.g. --rain x1.5.", "请给出 x0 至 x10。"),
        )
    return factor
