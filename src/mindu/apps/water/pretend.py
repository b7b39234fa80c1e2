"""The pretend city behind `mindu up`: a plant, the things that stand in it, and a twin beside it.

The plant is a process of its own with another roughness, other rain than the gauges catch and a
tide that nobody promised; the twin is opened from the same drawing without any of that.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any, Protocol

import numpy as np

from mindu.apps.water.cities.generate import BENCH, Spec
from mindu.apps.water.control.event.live import Still
from mindu.apps.water.fuzhou import facts
from mindu.apps.water.fuzhou.network import network as drawn
from mindu.apps.water.fuzhou.night import night as night_of
from mindu.apps.water.fuzhou.told import marks as marks_of
from mindu.apps.water.fuzhou.works import mouths
from mindu.apps.water.marks import Marks
from mindu.apps.water.plant.city import PretendCity
from mindu.apps.water.plant.scene import Scene, scene, stages
from mindu.apps.water.storms.catalogue import GAUGES, names
from mindu.apps.water.things import things_of
from mindu.city import Entity
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Array, Forcing, Network, Plan, Twin

ROUGHER = 1.25  # times Manning's n, where control is scored (decision page 0006)
BEYOND_H = 2.0  # h that models run past the night, so that its last minute can be read
OWN = "own"  # the storm of a made-up city: the one in its drawing
STEP_S = 300.0
Built = tuple[PretendCity, tuple[Entity, ...], dict[str, Any]]


class Opens(Protocol):
    """Opens a drawing as a live twin."""

    def __call__(self, path: str, *, own_rules: bool = ..., changes: Changes = ...) -> Twin:
        """Return the twin; `changes` is how it differs from the drawing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A city and its night before anything runs: what the twin may know, and what is to come."""

    path: str
    marks: Marks
    start: datetime
    hours: float
    rain: Array  # (steps, gauges) mm/h per five minutes
    tide: dict[str, Array] | Array  # by site, or (steps, outfalls)
    site_of: dict[str, str]

    def stage(self, network: Network) -> Array:
        """Return (steps, outfalls) of the water outside."""
        if isinstance(self.tide, dict):
            return stages(network, self.tide, self.site_of)
        return self.tide


def storm_night(open_twin: Opens, *, city: str, storm: str, seed: int) -> Built:
    """Build a night: the world to live in, what stands in it, and the engines to look ahead with.

    Raises:
        ValueError: no such city or storm; names those there are.
    """
    folder = TemporaryDirectory(prefix="mindu-night-")
    try:
        told = _draw(open_twin, folder.name, city=city, storm=storm)
        return _built(open_twin, told, seed, folder)
    except BaseException:
        folder.cleanup()
        raise


def cities() -> tuple[str, ...]:
    """Return every city that can be asked for."""
    return (*facts.CITIES, *(spec.name for spec in BENCH))


def _built(open_twin: Opens, told: Drawn, seed: int, folder: TemporaryDirectory[str]) -> Built:
    length = told.hours + BEYOND_H
    plant = open_twin(told.path, changes=Changes(hours=length, roughness=ROUGHER))
    try:
        things = things_of(plant.network, told.marks)
        lived = _lived(told, plant.network, seed)
        dice = np.random.default_rng([seed, 1])
        world = PretendCity(plant, things, lived, dice, also=folder.cleanup)
        twin = open_twin(told.path)
    except BaseException:
        plant.close()
        raise
    return world, things, {"network": twin}


def _lived(told: Drawn, network: Network, seed: int) -> Scene:
    dice = np.random.default_rng([seed, 0])
    stage = told.stage(network)
    hours = told.hours + BEYOND_H
    return scene(told.rain, stage, start=told.start, hours=hours, step_s=STEP_S, dice=dice)


def _draw(open_twin: Opens, folder: str, *, city: str, storm: str) -> Drawn:
    made_up = {spec.name: spec for spec in BENCH}
    made_up |= {f"tidal-{name}": spec for name, spec in made_up.items()}
    if city in made_up:
        return _made_up(open_twin, folder, made_up[city], storm)
    if city not in facts.CITIES:
        raise ValueError(f"no city called {city!r}; there are: {', '.join(cities())}")
    night = night_of(storm)
    weather = night.weather(rain=False, surge=False)
    return Drawn(
        path=_write(folder, city, drawn(city, weather=weather)),
        marks=marks_of(city),
        start=night.start,
        hours=night.hours,
        rain=_columns(night.rain, city),
        tide={site: level + night.push for site, level in night.tide.items()},
        site_of=mouths(facts.city(city)),
    )


def _columns(rain: Array, city: str) -> Array:
    """Return the rain of the gauges that stand in this city, in the order of its drawing."""
    return rain[:, [GAUGES.index(gauge.id) for gauge in facts.city(city).rain]]


def _made_up(open_twin: Opens, folder: str, spec: Spec, storm: str) -> Drawn:
    """Draw a made-up city: its own storm is listened to, then taken out of what the twin sees."""
    if storm != OWN:
        known = ", ".join(names())
        raise ValueError(
            f"{spec.name} has a storm of its own: ask for {OWN!r}; {storm!r} falls on "
            f"{' and '.join(facts.CITIES)} only, where there are: {known}"
        )
    text = spec.text()
    rain, stage, start = _listened(open_twin, _write(folder, f"{spec.name}-own", text), spec.hours)
    return Drawn(
        path=_write(folder, spec.name, _dry(text)),
        marks=Marks(waters=spec.name, en=spec.name, source="made up"),
        start=start,
        hours=spec.hours,
        rain=rain,
        tide=stage,
        site_of={},
    )


def _listened(open_twin: Opens, path: str, hours: float) -> tuple[Array, Array, datetime]:
    """Run a drawing's own weather once; what shows after a step fell during it."""
    twin = open_twin(path, changes=Changes(hours=hours + BEYOND_H))
    try:
        blocks = np.full((1, len(twin.network.machines)), np.nan)
        still = Plan(name="listen", blocks=blocks, block_s=86400.0, tail=Still())
        first = twin.see()
        calm = Forcing(t0=0.0, step_s=STEP_S)
        ends = STEP_S * np.arange(1, int((hours + 1.0) * 3600.0 / STEP_S))
        seen = [twin.advance(float(end), plan=still, forcing=calm) for end in ends]
        start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=twin.network.start)
        rain = np.array([s.rain for s in seen])
        return rain, np.array([s.stage for s in (first, *seen)]), start
    finally:
        twin.close()


def _dry(text: str) -> str:
    """Take the coming rain out of a drawing: of each rain series only the first row stays."""
    met: set[str] = set()
    kept = []
    for row in text.splitlines():
        series = row.split(" ", 1)[0]
        if series.startswith("RAIN") and series[4:].isdigit():
            if series in met:
                continue
            met.add(series)
        kept.append(row)
    return "\n".join(kept) + "\n"


def _write(folder: str, name: str, text: str) -> str:
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=folder, prefix=f"{name}-", suffix=".inp", delete=False
    ) as file:
        file.write(text)
        return file.name
