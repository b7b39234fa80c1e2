"""Trucks that tell where they are, and a yard with a fence, for the tests of fences."""

from pathlib import Path
from typing import Any

from town import FIVE, T0, said, town

from mindu.data.senses.beside.fences import Fence, encode
from mindu.data.senses.beside.folds import FENCES
from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.perceive.declare import Device, Model, Prop, Stage

TRACK = (Prop(name="lon", unit="deg", decimals=7), Prop(name="lat", unit="deg", decimals=7))
YARD = [(119.0, 26.0), (119.1, 26.0), (119.1, 26.1), (119.0, 26.1)]
OUT, IN = 118.9, 119.05


def fleet(folder: Path, count: int = 2) -> Senses:
    senses = town(folder)
    if "truck" not in senses.registry.kinds:
        senses.declare(Model(name="truck", props=TRACK))
        ids = [f"t{i}" for i in range(count)]
        senses.enrol([Device(id=i, kind="truck", stage=Stage.ACTIVE, group=i) for i in ids])
    return senses


def put(senses: Senses, name: str = "yard", **more: Any) -> None:  # noqa: ANN401
    fence = Fence(name, [YARD], "tester", T0, **more)
    senses.fences.check(fence)
    senses.commit([(FENCES, encode([fence]))])


def drive(senses: Senses, device: str, *lons: float, start: int = T0, every: int = FIVE) -> None:
    for i, lon in enumerate(lons):
        at = start + i * every
        rows = [(device, "lon", at, lon), (device, "lat", at, 26.05)]
        senses.take([Offer("line", said(rows))], at)
