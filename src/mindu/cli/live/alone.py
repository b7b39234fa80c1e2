"""A night without the brain: the same plant, weather and faults, under each hand rule in turn."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from mindu.base.records import Words
from mindu.cli.live.built import STEP, Wanted, alone, rules
from mindu.console.words import number, pick, term

Says = Callable[[str, float], None]


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What one night came to: the plant's own balance, and what became of the commands."""

    flood_m3: float
    rain_m3: float
    outflow_m3: float
    pumped_m3: float
    energy_kwh: float
    proposed: int = 0
    confirmed: int = 0
    sent: int = 0
    refused: int = 0  # by the stations
    withheld: int = 0  # no longer fitted at the last look
    infeasible: int = 0  # settings that a machine could not or must not have taken
    kept: int = 0  # promises of what was sent
    broken: int = 0


def left_alone(wanted: Wanted, says: Says) -> dict[str, Came]:
    """Live the night without the brain under every hand rule, the stations' own first."""
    return {rule: _alone(wanted, rule, says) for rule in rules()}


def _alone(wanted: Wanted, rule: str, says: Says) -> Came:
    world = alone(wanted, rule)
    try:
        turns = round(wanted.hours / (STEP / timedelta(hours=1)))
        for turn in range(1, turns + 1):
            world.step(STEP)
            says(f"alone, {rule}", turn / turns)
        return balance(world)
    finally:
        world.close()


def afterwards(flood_m3: float, by_rule: Mapping[str, float], lang: str) -> str:
    """Say what each hand rule came to in the night as it was, and what the best would have saved.

    This is regret against what is known afterwards: the very plant, weather and faults.
    """
    order = sorted(by_rule, key=lambda rule: by_rule[rule])
    each = [f"{term(rule, lang)} {number(by_rule[rule])}" for rule in order]
    regret = max(flood_m3 - by_rule[order[0]], 0.0)
    said = Words(
        f"Flood under each hand rule, m3: {', '.join(each)}. Regret against the best: "
        f"{number(regret)} m3.",
        f"各人工规则的内涝水量 m3:{'、'.join(each)}。较最优者的遗憾:{number(regret)} m3。",
    )
    return pick(said, lang)


def balance(world: Any) -> Came:  # noqa: ANN401 - any pretend city that keeps its balance
    """Return what a night came to by the plant's own balance."""
    totals = world.totals()
    return Came(
        flood_m3=totals.flood_m3,
        rain_m3=totals.rain_m3,
        outflow_m3=totals.outflow_m3,
        pumped_m3=totals.pumped_m3,
        energy_kwh=totals.energy_kwh,
        infeasible=world.stations.infeasible,
    )
