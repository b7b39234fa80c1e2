"""What three storms teach: the error of a storm not yet seen, with learned numbers and as filed."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from mindu.apps.water.ahead.calibrate import Lived, Numbers, Taught, error, fit, replay
from mindu.apps.water.cities.generate import Spec
from mindu.apps.water.control.candidates import ruled
from mindu.apps.water.control.event.plans import listen
from mindu.apps.water.control.roles import layout
from mindu.apps.water.control.rules.hand import prepared
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Forcing, Twin
from mindu.engines.hydraulics.twin import open_twin

RAIN, ROUGH, NOISE_M = 1.15, 1.25, 0.02
STORMS = ((90.0, 2.5, 3.0), (130.0, 3.0, 5.0), (110.0, 4.0, 7.0))  # mm, h, h of high water
HOURS = 7.0
STEP_S = 300.0


def storm(number: int) -> Spec:
    """Return the city under its first, second or third storm."""
    depth, length, high = STORMS[number]
    return Spec(
        name=f"school-{number + 1}",
        seed=41,
        rivers=3,
        reaches=6,
        pipes=1,
        hours=HOURS,
        rain_mm=depth,
        rain_h=length,
        rain_from=1.5,
        high_h=high,
    )


def schooled(folder: Path) -> Iterator[Figure]:
    """Yield the error on the second and third storm after learning from those before."""
    taught: Taught | None = None
    for number in range(len(STORMS)):
        spec = storm(number)
        path = folder / f"{spec.name}.inp"
        path.write_text(spec.text(), encoding="utf-8")
        print(f"  {spec.name}", file=sys.stderr, flush=True)

        def opened(changes: Changes, path: Path = path) -> Twin:
            return open_twin(path, changes=replace(changes, hours=HOURS + 2.0))

        lived, land = _lived(path, number)
        if taught is not None:
            filed = error(replay(opened, Numbers(), lived), lived)
            learned = error(replay(opened, taught.numbers(), lived), lived)
            yield Figure(
                name=f"level RMSE with what was learned over as filed, storm {number + 1} of 3",
                value=round(learned / filed, 4),
                unit="1",
                peer=f"the model as filed, {filed:.3f} m",
                goal="< 1",
                holds=learned < filed,
            )
        taught = fit(opened, taught or Taught(land=land), lived)


def _lived(path: Path, number: int) -> tuple[Lived, float]:
    """Let a plant with other rain and roughness live the storm, and keep what gauges showed."""
    rng = np.random.default_rng(number)
    calm = open_twin(path, changes=Changes(hours=HOURS + 2.0))
    rain = listen(calm, hours=HOURS + 1.0, says=lambda _name, _share: None)
    plant = open_twin(path, changes=Changes(hours=HOURS + 2.0, roughness=ROUGH))
    network = plant.network
    rule = ruled(prepared(layout(network).frame), block_s=900.0, machines=len(network.machines))
    places = np.array([i for i, kind in enumerate(network.node_kind) if kind != "outfall"])
    settings, levels = [], []
    for k in range(1, int(HOURS * 3600.0 / STEP_S)):
        begin = plant.now()
        felt = rain.at(np.arange(begin, k * STEP_S, 60.0)) * RAIN
        forcing = Forcing(t0=begin, step_s=60.0, rain=felt)
        seen = plant.advance(k * STEP_S, plan=rule, forcing=forcing)
        settings.append(seen.setting)
        levels.append(seen.depth[places] + rng.normal(0.0, NOISE_M, len(places)))
    plant.close()
    end = len(settings) * STEP_S
    return Lived(
        begin=0.0,
        end=end,
        settings=np.array(settings),
        forcing=Forcing(t0=0.0, step_s=60.0, rain=rain.at(np.arange(0.0, end, 60.0))),
        instants=np.arange(1.0, len(settings) + 1.0) * STEP_S,
        levels=np.array(levels),
        places=places,
    ), float(network.subcatchment_area.sum())
