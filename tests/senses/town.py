"""A small town of gauges for the tests of the senses."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.data.senses.tail import Rows, joined
from mindu.perceive.declare import Device, Model, Prop, Stage
from mindu.perceive.said import Said

T0 = 1_780_272_000_000  # 2026-06-01 00:00 UTC, epoch ms
FIVE = 300_000
DAY = 86_400_000
LEVEL = Prop(
    name="level", unit="m", low=-2, high=10, rate=6, jump=1, still=3600, silence=1800,
    every=300, decimals=2, datum="yellow-sea-1985",
)  # fmt: skip
RAIN = Prop(name="rain", unit="mm/h", low=0, high=300, decimals=1)
GAUGE = Model(name="gauge", props=(LEVEL, RAIN))


def town(folder: Path, count: int = 4, *, flush_rows: int = 1_000_000) -> Senses:
    """Open a town of so many gauges on a grid of a hundredth of a degree."""
    senses = Senses(folder / "senses", flush_rows=flush_rows)
    if not len(senses.registry):
        senses.declare(GAUGE)
        senses.enrol(gauges(count))
    return senses


def gauges(count: int) -> list[Device]:
    return [
        Device(
            id=f"g{i}", kind="gauge", lon=119.3 + 0.01 * i, lat=26.1, group=f"district-{i % 2}",
            stage=Stage.ACTIVE,
        )
        for i in range(count)
    ]  # fmt: skip


def said(
    rows: Sequence[tuple[str, str, int, float]],
    *,
    seq: Sequence[int] | None = None,
    unit: Sequence[str] | None = None,
    datum: Sequence[str] | None = None,
) -> Said:
    """Return rows of (device, property, epoch ms, value) as a message."""
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    return Said(
        device=columns[0],
        prop=columns[1],
        at=np.array(columns[2], np.int64),
        value=np.array(columns[3], np.float64),
        seq=None if seq is None else np.array(seq, np.int64),
        unit=unit,
        datum=datum,
    )


def held(senses: Senses, device: str, prop: str = "level") -> Rows:
    """Return every reading that stands of one series, by time."""
    series, far = senses.registry.one(device, prop), 1 << 50
    with senses.moves:  # no rows are on their way into the tables meanwhile
        return joined([*senses.table.of(series, 0, far), *senses.intake.tail.of(series, 0, far)])


def levels(name: str, values: Sequence[float], *, start: int = T0, every: int = FIVE) -> Offer:
    """Return one gauge's levels, one every five minutes."""
    rows = [(name, "level", start + i * every, value) for i, value in enumerate(values)]
    return Offer("line", said(rows))
