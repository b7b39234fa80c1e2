"""The swarm: which faults are on in one run; most are off, so that the others bite hard."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from mindu.base.time import HOUR, MINUTE

# Chances a turn. Three in five of all runs know nothing of a given fault.
OFTEN = (0.0, 0.0, 0.0, 0.02, 0.15)  # of one reading, or of one sending
SELDOM = (0.0, 0.0, 0.0, 0.004, 0.03)  # that a spell begins, for one gauge, machine or region
BALKS = (0.0, 0.0, 0.0, 0.1, 0.4)  # that a spell begins, for one machine when it is moved
LONGEST = 3 * HOUR
SHORTEST = 15 * MINUTE

READING = ("silent", "late", "twice")
GAUGE = ("stuck", "drifting", "lying", "hush")
MACHINE = ("jam", "trip")
REGION = ("line_cut", "power_cut", "clock_skew")
OTHER = ("engine_dies",)
KINDS = (*READING, *GAUGE, *MACHINE, *REGION, *OTHER)
REGIONS = 3


@dataclass(frozen=True, slots=True)
class Swarm:
    """The chance of each kind of fault in one run."""

    chance: dict[str, float]

    def on(self, kind: str) -> bool:
        """Say whether that fault can happen in this run."""
        return self.chance.get(kind, 0.0) > 0.0


def drawn(dice: Random) -> Swarm:
    """Draw the faults of one run."""
    rates = dict.fromkeys(KINDS, SELDOM)
    rates |= dict.fromkeys((*READING, *OTHER), OFTEN)
    rates |= dict.fromkeys((*MACHINE, "power_cut"), BALKS)
    return Swarm({kind: dice.choice(rates[kind]) for kind in KINDS})


def calm() -> Swarm:
    """Return a run in which nothing goes wrong."""
    return Swarm({})


def spell(dice: Random) -> timedelta:
    """Draw how long one fault lasts."""
    return timedelta(seconds=dice.uniform(SHORTEST.total_seconds(), LONGEST.total_seconds()))
