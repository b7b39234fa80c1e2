"""`mindu water run FILE.inp`: any drainage model through an event, all plans side by side."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mindu.apps.water.control import cost, roles
from mindu.apps.water.control.event.live import STEP_S, Scene
from mindu.apps.water.control.event.mind import Habit
from mindu.apps.water.control.event.plans import PLANS, RULES, Yardstick, listen, run_all
from mindu.apps.water.control.rainfall import Rainfall
from mindu.apps.water.control.rules import written
from mindu.apps.water.control.trials import Tuning
from mindu.base.records import Words
from mindu.base.time import monotonic
from mindu.cli.say import GOOD, USAGE, Trouble, Voice, language
from mindu.cli.water_csv import UseError, read_table, spread
from mindu.cli.water_report import Progress, report_of, shown, silent
from mindu.engines.hydraulics.inp import Changes, InpError, read_network
from mindu.engines.hydraulics.port import Array, Forcing, Network, Policy, Twin
from mindu.engines.hydraulics.twin import open_twin

LONGEST_H = 72.0  # h: a longer file is cut, and the report says so, unless --hours asks for more
MISMATCH_RAIN, MISMATCH_ROUGHNESS = 1.15, 1.25
BEYOND_H = 1.0  # the model goes on so long after the event, so that its last minute can be read
MEND = Words("`mindu water run --help` says what may be asked.", "见 mindu water run --help。")


def parser() -> argparse.ArgumentParser:
    """Build the parser of `mindu water`."""
    top = argparse.ArgumentParser(prog="mindu water", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True)
    run_ = verbs.add_parser("run", help="compare plans on a SWMM model")
    add = run_.add_argument
    add("file", type=Path, help="a SWMM 5 .inp file")
    add("--rain", type=Path, help="CSV: time,<gauge>[,...] or time,rain in mm/h")
    add("--tide", type=Path, help="CSV: time,<outfall>[,...] or time,tide in m")
    add("--hours", type=float, help="length of the event (default: the file's own, at most 72)")
    add("--forecast", default="persistence", help="perfect | persistence | a rain CSV")
    add("--json", action="store_true", help="print JSON on standard output")
    add("--lang", choices=["zh", "en"])
    add("--mismatch", action="store_true", help="the plant gets rain x 1.15 and roughness x 1.25")
    add("--noise", type=float, default=0.0, metavar="M", help="sd of level readings, m")
    add("--faults", action="store_true", help="a machine jams for 2 h, a gauge sticks for 3 h")
    add("--budget", type=float, default=2.0, help="seconds a decision (default 2)")
    add("--every", type=float, default=15.0, metavar="MIN", help="minutes between decisions")
    add("--horizon", type=float, default=6.0, metavar="H", help="hours looked ahead")
    add("--rollouts", type=int, default=0, help="rollouts a decision instead of seconds")
    add("--foresight", type=float, default=40.0, help="seconds for the best-known search")
    add("--machines", default="", help="only these may be set (comma-separated ids)")
    add("--plans", default=",".join(PLANS), help=f"which plans; also {', '.join(RULES)}")
    add("--seed", type=int, default=1)
    add("--quiet", action="store_true", help="no progress on standard error")
    return top


def run(args: Sequence[str]) -> int:
    """Run `mindu water ...`; return 0 when done, 2 when the files or the wishes are wrong."""
    asked = parser().parse_args(args)
    voice = Voice(lang=language(asked.lang, os.environ), json=asked.json)
    try:
        report = compare(asked)
    except (UseError, InpError) as wrong:
        voice.trouble(Trouble(Words(str(wrong), wrong.zh), MEND))
        return USAGE
    except (OSError, RuntimeError) as wrong:
        voice.trouble(Trouble(Words(str(wrong), f"无法计算：{wrong}"), MEND))
        return USAGE
    voice.data(report, shown(report, voice.lang))
    return GOOD


def _rain(asked: argparse.Namespace, network: Network, path: Path) -> Rainfall:
    if not network.gauges:
        raise UseError(
            f"{path.name} is of no use: {network.path} has no rain gauge",
            f"{path.name} 无用：{network.path} 没有雨量站",
        )
    table = read_table(path, start=network.start, hours=asked.hours)
    rate = np.nan_to_num(spread(table, network.gauges, what="rain gauge", path=path))
    return Rainfall(t=table.t, rate=np.maximum(rate, 0.0))


def _stage(asked: argparse.Namespace, network: Network) -> Array | None:
    """Return the tide per minute and outfall, m; free outfalls stay free unless they are named."""
    if asked.tide is None:
        return None
    table = read_table(asked.tide, start=network.start, hours=asked.hours)
    stage = spread(table, network.outfalls, what="outfall", path=asked.tide)
    tidal = np.array([k not in {"FREE", "NORMAL"} for k in network.outfall_kind])
    if len(table.columns) == 1 and tidal.any():
        stage[:, ~tidal] = np.nan
    t = np.arange(0.0, (asked.hours + BEYOND_H) * 3600.0, STEP_S)
    return np.column_stack([np.interp(t, table.t, stage[:, k]) for k in range(stage.shape[1])])


def _forcing(rain: Rainfall | None, stage: Array | None, hours: float, factor: float) -> Forcing:
    t = np.arange(0.0, (hours + BEYOND_H) * 3600.0, STEP_S)
    rate = rain.at(t) * factor if rain is not None and rain.rate.shape[1] else None
    return Forcing(t0=0.0, step_s=STEP_S, rain=rate, stage=stage)


def compare(asked: argparse.Namespace) -> dict[str, object]:
    """Run the comparison and return the report."""
    network = read_network(asked.file)
    own_length = asked.hours is None
    asked.hours = min(network.hours, LONGEST_H) if own_length else asked.hours
    if not asked.hours > 0:
        raise UseError("the event has no length; give --hours", "事件没有时长，请给出 --hours")
    stick = _yardstick(asked, network)
    wanted = [p.strip() for p in asked.plans.split(",") if p.strip()]
    known = (*PLANS, *RULES)
    if set(wanted) - set(known):
        odd, all_ = ", ".join(sorted(set(wanted) - set(known))), ", ".join(known)
        raise UseError(
            f"no such plan: {odd}; there are: {all_}", f"没有此方案：{odd}；现有：{all_}"
        )
    plans, mind = run_all(stick, wanted)
    notes = list(network.warnings)
    if own_length and network.hours > LONGEST_H:
        notes.append(f"the file runs {network.hours:.0f} h; cut to {LONGEST_H:.0f} h (--hours)")
    if not stick.laid.frame.free.any():
        notes.append("nothing in this network can be set: only doing nothing can be run")
    return report_of(asked, stick, plans, mind, notes)


def _yardstick(asked: argparse.Namespace, network: Network) -> Yardstick:
    """Lay out the network, hear its weather, and hand over how to open the plant and the twin."""
    own = written.read(asked.file.read_bytes().decode("utf-8", errors="replace"), network)
    named = [m for m in asked.machines.split(",") if m]
    laid = roles.layout(network, named=named, moved=written.acted(own, network))
    rough = MISMATCH_ROUGHNESS if asked.mismatch else 1.0
    hours = asked.hours + BEYOND_H
    says = silent if asked.quiet else Progress()

    def plant(rules: str) -> Twin:
        changes = Changes(hours=hours, roughness=rough)
        return open_twin(asked.file, own_rules=rules == "own", changes=changes)

    def twin() -> Twin:
        return open_twin(asked.file, changes=Changes(hours=hours))

    given = _rain(asked, network, asked.rain) if asked.rain else None
    rain, stage = given or listen(twin(), hours=asked.hours, says=says), _stage(asked, network)
    return Yardstick(
        network=network,
        laid=laid,
        yard=cost.yard(network, laid),
        scene=_scene(asked, rain, stage),
        plant=plant,
        twin=twin,
        habit=_habit(asked, network, rain, stage, own),
        watch=monotonic,
        says=says,
        foresight_s=asked.foresight,
    )


def _scene(asked: argparse.Namespace, rain: Rainfall, stage: Array | None) -> Scene:
    felt = rain if asked.rain or asked.mismatch else None
    factor = MISMATCH_RAIN if asked.mismatch else 1.0
    return Scene(
        hours=asked.hours,
        step_s=STEP_S,
        forcing=_forcing(felt, stage, asked.hours, factor),
        rain=rain,
        noise_m=asked.noise,
        faults=asked.faults,
        seed=asked.seed,
    )


def _habit(
    asked: argparse.Namespace,
    network: Network,
    rain: Rainfall,
    stage: Array | None,
    own: Policy | None,
) -> Habit:
    sure = float(asked.forecast == "perfect")
    brought = rain if sure else None
    if asked.forecast not in {"perfect", "persistence"}:
        brought = _rain(asked, network, Path(asked.forecast))
    tuning = Tuning(
        horizon_s=asked.horizon * 3600.0, budget_s=asked.budget, rollouts=asked.rollouts
    )
    return Habit(
        every_s=asked.every * 60.0,
        tuning=tuning,
        seed=asked.seed,
        hours=asked.hours,
        brought=brought,
        sure=sure,
        own=() if own is None else (own,),
        stage=stage,
    )
