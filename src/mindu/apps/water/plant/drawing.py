"""A city and its night before anything runs: what its twin may know, and what is to come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from tempfile import NamedTemporaryFile
from typing import Protocol

import numpy as np

from mindu.apps.water.cities.generate import BENCH, Spec
from mindu.apps.water.control.event.live import Still
from mindu.apps.water.fuzhou import facts
from mindu.apps.water.fuzhou.network import network as drawn
from mindu.apps.water.fuzhou.night import night as night_of
from mindu.apps.water.fuzhou.told import marks as marks_of
from mindu.apps.water.fuzhou.works import mouths
from mindu.apps.water.marks import Marks
from mindu.apps.water.plant.scene import stages
from mindu.apps.water.storms.catalogue import GAUGES, names
from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.port import Array, Forcing, Network, Plan, Twin

BEYOND_H = 2.0  # h that models run past the night, so that its last minute can be read
OWN = "own"  # the storm of a made-up city: the one in its drawing
STEP_S = 300.0


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
    tide: Callable[[Network], Array]  # (steps, outfalls) m: what the tables say of each outfall
    push: Array  # (steps,) m: what the wind adds, which no table says

    def foretold(self, network: Network) -> Array:
        """Return the tide as the tables have it: (steps, outfalls) m."""
        return self.tide(network)

    def stage(self, network: Network) -> Array:
        """Return the water outside as it will be: (steps, outfalls) m."""
        tide = self.tide(network)
        push = np.interp(np.arange(len(tide)), np.arange(len(self.push)), self.push)
        return np.asarray(tide + push[:, None])


def cities() -> tuple[str, ...]:
    """Return every city that can be asked for."""
    return (*facts.CITIES, *(spec.name for spec in BENCH))


def rising_h(city: str, storm: str) -> float:
    """Return the hours into a night at which its rain passes half its height; 0 where none falls.

    A made-up city says when its rain begins, and that is taken.

    Raises:
        ValueError: no such city or storm; names those there are.
    """
    spec = _made_up_cities().get(city)
    if spec is not None:
        return spec.rain_from
    _known(city)
    rain = _columns(night_of(storm).rain, city).mean(axis=1)
    return float(np.argmax(rain >= rain.max() / 2.0)) * STEP_S / 3600.0


def _made_up_cities() -> dict[str, Spec]:
    named = {spec.name: spec for spec in BENCH}
    return named | {f"tidal-{name}": spec for name, spec in named.items()}


def _known(city: str) -> None:
    if city not in facts.CITIES:
        raise ValueError(f"no city called {city!r}; there are: {', '.join(cities())}")


def draw(open_twin: Opens, folder: str, *, city: str, storm: str) -> Drawn:
    """Draw a city for a storm into a folder.

    Raises:
        ValueError: no such city or storm; names those there are.
    """
    spec = _made_up_cities().get(city)
    if spec is not None:
        return _made_up(open_twin, folder, spec, storm)
    _known(city)
    night = night_of(storm)
    weather = night.weather(rain=False, surge=False)
    return Drawn(
        path=_write(folder, city, drawn(city, weather=weather)),
        marks=marks_of(city),
        start=night.start,
        hours=night.hours,
        rain=_columns(night.rain, city),
        tide=lambda net: stages(net, night.tide, mouths(facts.city(city))),
        push=night.push,
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
        tide=lambda _: stage,
        push=np.zeros(1),
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
