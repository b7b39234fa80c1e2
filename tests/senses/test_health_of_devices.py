"""What is judged of the health of devices: each finding where it is so, and not where it is not."""

from pathlib import Path

import pytest
from town import FIVE, T0, levels, said, town

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.flapping import SPAN
from mindu.data.senses.watch.health import Health
from mindu.perceive.declare import Device, Model, Prop, Stage


def findings(senses: Senses, at: int) -> set[tuple[str, str]]:
    told = Health(senses.registry, senses.now).judged(at, senses)
    return {(device, it.finding) for device, it in told}


@pytest.mark.parametrize("tables", [False, True])
def test_a_series_that_jumps_again_and_again_flaps_and_one_spike_does_not(
    tmp_path: Path, tables: bool,  # noqa: FBT001 - where the readings are
) -> None:  # fmt: skip
    senses = town(tmp_path)
    many, spike = [3.0, 5.0, 3.0, 5.0, 3.0], [3.0, 3.1, 6.0, 3.1, 3.2]
    senses.take([levels("g0", many), levels("g1", spike)], T0 + 4 * FIVE)
    at = T0 + 4 * FIVE
    if tables:
        senses.flush(at)
    assert findings(senses, at) == {("g0", "flapping")}
    (told,) = Health(senses.registry, senses.now).judged(at, senses)
    assert "Jumped 4 times" in told[1].says.en
    assert "跳变过快 4 次" in told[1].says.zh
    calm = at + SPAN
    senses.take([levels("g0", [3.4], start=calm), levels("g1", [3.5], start=calm)], calm)
    assert findings(senses, calm) == set(), "it is over"
    senses.close()


def test_a_device_that_falls_silent_again_and_again_flaps(tmp_path: Path) -> None:
    senses = town(tmp_path)
    times = [T0 + i * 2_400_000 for i in range(5)]  # declared: a reading within half an hour
    for at in times:
        senses.take([levels("g0", [3.0 + (at - T0) / 1e9], start=at)], at)
    assert findings(senses, times[-1]) == {("g0", "flapping")}
    assert findings(senses, times[1]) == set(), "two readings are one silence"
    senses.close()


def test_a_stuck_series_an_empty_battery_and_a_clock_ahead_are_told(tmp_path: Path) -> None:
    senses = Senses(tmp_path)
    props = (Prop(name="level", still=3600), Prop(name="battery", unit="%", low=20))
    senses.declare(Model(name="pool", props=props))
    senses.enrol([Device(id=f"p{i}", kind="pool", stage=Stage.ACTIVE) for i in range(3)])
    now = T0 + 2 * 3_600_000
    rows = [("p0", "level", T0, 1.0), ("p0", "level", now, 1.0), ("p1", "battery", now, 11.0),
            ("p2", "level", now + 30_000, 2.0), ("p2", "battery", now, 20.0)]  # fmt: skip
    senses.take([Offer("x", said(rows))], now)
    assert findings(senses, now) == {("p0", "stuck"), ("p1", "low_battery"), ("p2", "clock_ahead")}
    senses.stage(["p0", "p1", "p2"], Stage.SUSPENDED)
    assert findings(senses, now) == set(), "who is out of service is not judged"
    senses.close()
