"""A night of the small pretend city, opened, told what to do and lived by the tests."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from mindu.apps.water.plant.city import PretendCity
from mindu.apps.water.pretend import night_alone
from mindu.city import Action, Happening, Reading, Words
from mindu.engines.hydraulics.twin import open_twin

CITY, STORM = "fuzhou-small", "haikui-2023-wushan"
FIVE = timedelta(minutes=5)
SAYS = Words("try", "试")


def opened(seed: int = 1) -> PretendCity:
    return night_alone(open_twin, city=CITY, storm=STORM, seed=seed)[0]


@dataclass(frozen=True)
class Lived:
    """A night without a brain, and all that its gauges said."""

    world: PretendCity
    told: list[Reading | Happening]


def now(world: PretendCity) -> float:
    return world.truth().t


def tell(world: PretendCity, verb: str, **args: float) -> None:
    action = Action(verb, on=world.name, says=SAYS, args=dict(args))
    world.send(action, world.start + timedelta(seconds=now(world)))


def setting(world: PretendCity, machine: str) -> float:
    names = world.stations.names
    return float(world.truth().setting[names.index(machine)])


def lived(world: PretendCity, hours: float) -> list[Reading | Happening]:
    at, told = world.start, list(world.read(world.start))
    for _ in range(int(hours * 12)):
        world.step(FIVE)
        at += FIVE
        told += world.read(at)
    return told


def levels(told: list[Reading | Happening], about: str) -> dict[float, float]:
    start = told[0].at
    return {
        (r.at - start).total_seconds(): r.value
        for r in told
        if isinstance(r, Reading) and r.about == about and r.prop == "level"
    }


def digest(seed: int, hours: float) -> str:
    world = opened(seed)
    try:
        return hashlib.sha256(repr(lived(world, hours)).encode()).hexdigest()
    finally:
        world.close()
