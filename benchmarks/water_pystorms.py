"""Control on the pystorms scenarios by their own scores, one configuration for all of them.

Install nothing here: `pip install --target FOLDER pystorms` and put FOLDER last on PYTHONPATH, or
this module says so and yields no figure. The forecast is perfect, as it is for the published plans:
the dispatcher proves its plans on forks of the running scenario. A published baseline stands only
where leaving everything alone scores as it did when the baselines were measured (same engine).
"""

import importlib.util
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.figure import Figure
from benchmarks.pystorms_scenario import prepared
from benchmarks.pystorms_twin import Storm
from mindu.apps.water.control import cost, roles
from mindu.apps.water.control.dispatcher import Dispatcher
from mindu.apps.water.control.ensemble import Member
from mindu.apps.water.control.event.live import Still
from mindu.apps.water.control.trials import Tuning
from mindu.engines.hydraulics.inp import read_network
from mindu.engines.hydraulics.port import Array, Forcing, Network, Plan

PARTS = 24  # decisions an event
UNIT = 10_000.0  # what leaving everything alone costs, whatever the scenario's own unit
TUNING = Tuning(budget_s=15.0, first=4.0, report_s=3600.0, policy_s=120.0)
LOOK = 1 / 4  # of the event is looked ahead
SAME = 0.005  # share by which a score may differ and still come from the same engine
FEW = ("theta", "zeta")
HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Scores measured with swmm-toolkit 0.17.0 (SWMM 5.2.4) on 2026-11-23."""

    hours: float
    alone: float  # everything left as "uncontrolled" means it
    first: tuple[float, ...]  # the settings that it means
    published: Mapping[str, float]  # re-run in the same engine


KNOWN = {
    "theta": Known(
        hours=78.0,
        alone=1630.34,
        first=(1, 1),
        published={"paper rule": 1125.82, "equal filling": 0.0},
    ),
    "alpha": Known(hours=12.0, alone=19_353.7, first=(1,) * 5, published={}),
    "beta": Known(
        hours=24.0, alone=2_484_540.0, first=(1, 0, 1), published={"model predictive": 2_465_230.0}
    ),
    "gamma": Known(
        hours=156.0,
        alone=400.222e6,
        first=(1,) * 11,
        published={"equal filling": 402.903e6, "static by Bayesian search": 402.196e6},
    ),
    "delta": Known(
        hours=48.0,
        alone=8.856e10,
        first=(1,) * 5,
        published={"equal filling": 2.637e10, "all shut": 1.399e10},
    ),
    "epsilon": Known(hours=360.0, alone=7688.36, first=(1,) * 11, published={}),
    "zeta": Known(
        hours=95.9,
        alone=84_302.0,
        first=(1,) * 4,
        published={"equal filling": 82_921.0, "base case": 85_320.0},
    ),
}


def left_alone(name: str, network: Network) -> float:
    """Return the scenario's score when everything is left as uncontrolled means it."""
    storm = Storm(name, network)
    try:
        storm.advance(1e9, plan=_held(_start(storm, KNOWN[name].first)), forcing=FILE)
        return storm.score()[0]
    finally:
        storm.close()


FILE = Forcing(t0=0.0, step_s=300.0, name="the file's own")


def _start(storm: Storm, first: tuple[float, ...]) -> Array:
    setting = storm.see().setting.copy()
    ids = [m.id for m in storm.network.machines]
    for name, value in zip(storm.actions(), first, strict=True):
        setting[ids.index(name)] = value
    return setting


def _held(setting: Array) -> Plan:
    return Plan(name="as it is", blocks=setting[None, :], block_s=1e9, tail=Still())


def controlled(name: str, network: Network, alone: float) -> float:
    """Return the scenario's score under the dispatcher."""
    storm = Storm(name, network, scale=UNIT / alone)
    laid = roles.layout(network, named=storm.actions())
    nil = cost.Weight(value=0.0, unit="1", low=0.0, high=0.0, source="the score counts alone")
    rates = cost.Weights(energy=nil, starts=nil, moves=nil, level=nil, near=nil, harm=nil)
    yard = cost.yard(network, laid, weights=rates)
    rng = np.random.default_rng(1)
    length = KNOWN[name].hours * HOUR
    tuning = replace(TUNING, horizon_s=LOOK * length)
    boss = Dispatcher(storm, laid, yard, rng=rng, watch=storm.watch, tuning=tuning)
    try:
        storm.advance(0.0, plan=_held(_start(storm, KNOWN[name].first)), forcing=FILE)
        while not storm.score()[1]:
            now = storm.now()
            member = Member(forcing=Forcing(t0=now, step_s=300.0, name="file"), weight=1.0)
            made = boss.decide([member], now=now, left_s=max(length - now, 900.0))
            storm.advance(now + length / PARTS, plan=made.plan, forcing=FILE)
            print(
                f"  {name} {now / HOUR:6.1f} h {storm.score()[0]:.6g} by {made.plan.name} "
                f"({made.rollouts} rollouts, {made.seconds:.1f} s of two processors)",
                file=sys.stderr,
                flush=True,
            )
        return storm.score()[0]
    finally:
        storm.close()


def figures() -> Iterator[Figure]:
    """Yield ours over the best that is published, scenario by scenario."""
    if importlib.util.find_spec("pystorms") is None:
        print(
            "  pystorms is not installed (GPL: a developer's tool, never a dependency): "
            "pip install --target FOLDER pystorms, then PYTHONPATH=FOLDER make bench",
            file=sys.stderr,
        )
        return
    chosen = KNOWN if os.environ.get("MINDU_BENCH") == "full" else FEW
    for name in chosen:
        yield from _compared(name)


def _compared(name: str) -> Iterator[Figure]:
    network = read_network(prepared(name))
    alone = left_alone(name, network)
    score = controlled(name, network, alone)
    known = KNOWN[name]
    same = abs(alone - known.alone) <= SAME * known.alone
    peers = {"left alone": alone, **(known.published if same else {})}
    best = min(peers, key=lambda k: peers[k])
    value = (score + 1e-9) / (peers[best] + 1e-9)
    yield Figure(
        name=f"pystorms {name}, its own score, ours over the best published",
        value=round(value, 5),
        unit="1",
        peer=f"{best}: {peers[best]:.6g} (ours {score:.6g})",
        goal="< 1, or both 0: no penalty is less than none",
        holds=value < 1.0 or score == peers[best] == 0.0,
    )
