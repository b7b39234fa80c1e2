"""A pystorms scenario opened and driven in this process, read in SI.

pystorms is GPL and no part of this house: it is driven where a developer has installed it, and
nothing of it is kept here.
"""

import importlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from mindu.engines.hydraulics.port import Array, Network, Plan, Seen

FOOT = 0.3048
READ_BACK = frozenset({"alpha", "beta", "zeta"})  # their scores look into their own logs


class Scenario(Protocol):
    """What is used of a pystorms scenario."""

    env: Any
    config: Mapping[str, Any]
    data_log: dict[str, Any]

    def step(self, actions: Sequence[float] | None = None, *, log: bool = True) -> bool:
        """Go one engine step ahead; say whether it was the last."""
        ...


def prepared(name: str) -> Path:
    """Return a copy of the scenario's network that runs on one thread and that SWMM 5.2 accepts."""
    networks: ModuleType = importlib.import_module("pystorms.networks")
    text = Path(networks.load_network(name)).read_text(encoding="utf-8", errors="replace")
    text = re.sub(r"(?mi)^THREADS\s+\d+", "THREADS 1", text)
    if name == "delta":
        text = _repaired(text)
    path = Path(mkdtemp(prefix="pystorms-")) / f"{name}.inp"
    path.write_text(text, encoding="utf-8")
    return path


def _repaired(text: str) -> str:
    """Bring initial moisture deficits above one, which SWMM 5.2 rejects, down to one."""
    head, rest = text.split("[INFILTRATION]", maxsplit=1)
    body, tail = rest.split("\n[", maxsplit=1)
    rows = []
    for line in body.splitlines():
        words = line.split()
        wrong = bool(words) and not words[0].startswith(";") and float(words[3]) > 1.0
        rows.append(" ".join([*words[:3], "1.0", *words[4:]]) if wrong else line)
    return head + "[INFILTRATION]" + "\n".join(rows) + "\n[" + tail


def opened(name: str, path: str) -> Scenario:
    """Open a scenario on the prepared copy of its network."""
    module: Any = importlib.import_module(f"pystorms.scenarios.{name}")
    module.load_network = lambda _: path
    scenario: Scenario = getattr(module, name)()
    model = scenario.env.sim._model  # noqa: SLF001
    model.getObjectIDIndex = cache(model.getObjectIDIndex)  # a search by name, at every reading
    return scenario


@dataclass(slots=True)
class Running:
    """A scenario in this process, read and driven in SI."""

    scenario: Scenario
    network: Network
    done: bool = False
    t: float = 0.0
    logs: bool = True  # a future need not, unless its score reads the log
    setting: Array = field(init=False)

    def __post_init__(self) -> None:
        self.setting = np.array([self.get("link", m.id) for m in self.network.machines])

    def get(self, what: str, name: str) -> float:
        """Read a link's setting or a node's depth."""
        env = self.scenario.env.methods
        if what == "link":
            return float(self.scenario.env._getValvePosition(name))  # noqa: SLF001
        scale = 1.0 if self.network.units in {"CMS", "LPS", "MLD"} else FOOT
        return scale * float(env["depthN"](name))

    def score(self) -> float:
        """Return the scenario's own measure so far."""
        return float(np.sum(self.scenario.data_log["performance_measure"]))

    def see(self) -> Seen:
        """Read depths and settings; flows, rain and tide are not looked at."""
        net = self.network
        if self.done:
            depth = np.zeros(len(net.nodes))
        else:
            depth = np.array([self.get("node", n) for n in net.nodes])
        return Seen(
            t=self.t,
            depth=depth,
            flow=np.zeros(len(net.links)),
            setting=self.setting.copy(),
            rain=np.zeros(len(net.gauges)),
            stage=np.zeros(len(net.outfalls)),
        )

    def advance(self, to_s: float, plan: Plan, *, look_s: float) -> list[tuple[float, Array]]:
        """Step to `to_s` under a plan; return what was seen whenever policies looked."""
        begun, look, seen_at = self.t, self.t, []
        ids = [m.id for m in self.network.machines]
        names = list(self.scenario.config["action_space"])
        start = self.scenario.env._getInitialSimulationDateTime()  # noqa: SLF001
        while not self.done and self.t < to_s - 1e-3:
            told = None  # what was told last stands
            if self.t >= look - 1e-3:
                seen = self.see()
                seen_at.append((self.t, seen.depth))
                self.setting = _wanted(plan, seen, self.t - begun)
                look += look_s
                told = [float(self.setting[ids.index(n)]) for n in names]
            self.done = bool(self.scenario.step(told, log=self.logs))
            if not self.done:
                now = self.scenario.env._getCurrentSimulationDateTime()  # noqa: SLF001
                self.t = (now - start).total_seconds()
        return seen_at


def _wanted(plan: Plan, seen: Seen, since: float) -> Array:
    tail = plan.tail.settings(seen)
    block = int((since + 1.0) // plan.block_s)
    want = (
        np.where(np.isnan(plan.blocks[block]), tail, plan.blocks[block])
        if block < len(plan.blocks)
        else tail
    )
    return np.where(np.isnan(want), seen.setting, want)
