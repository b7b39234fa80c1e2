"""Write the city as a SWMM 5 model: the same city and weather give the same text, byte for byte."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mindu.apps.water.fuzhou.draft import Draft, drain
from mindu.apps.water.fuzhou.facts import City, city
from mindu.apps.water.fuzhou.lay import Spot, channels, spots
from mindu.apps.water.fuzhou.works import gates, lake_works, pumping

ROUTING_S = 20  # s: at 5 s the flood of a storm night is within 1 % (docs/data.md)
SEWER_HEIGHT_M = 2.2  # assumed, 1.5 to 3.0
COVER_M = 1.0  # street over the crown of a sewer; assumed, 0.7 to 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """What falls at each rain gauge (mm/h) and stands at each tide site (m), row by row."""

    start: datetime
    hours: float
    step: timedelta = timedelta(minutes=5)
    rain: Mapping[str, Sequence[float]] = field(default_factory=dict)
    tide: Mapping[str, Sequence[float]] = field(default_factory=dict)


def network(name: str = "fuzhou", *, weather: Weather) -> str:
    """Return the .inp text of a city under the given weather.

    Raises:
        ValueError: no such city.
    """
    told, draft = city(name), Draft()
    _options(draft, told, weather)
    _rivers(draft, told)
    for lake in told.lake:
        lake_works(draft, told, lake)
    gates(draft, told)
    for pump in told.pump:
        pumping(draft, told, pump)
    _weather(draft, told, weather)
    return draft.text()


def _options(draft: Draft, told: City, weather: Weather) -> None:
    end = weather.start + timedelta(hours=weather.hours)
    draft.add("TITLE", f"{told.city.en} {told.city.zh}: schematic, levels in m above Luoling")
    for when, at in (("START", weather.start), ("REPORT_START", weather.start), ("END", end)):
        draft.add("OPTIONS", f"{when}_DATE", at.strftime("%m/%d/%Y"))
        draft.add("OPTIONS", f"{when}_TIME", at.strftime("%H:%M:%S"))
    for row in (
        "FLOW_UNITS CMS", "INFILTRATION HORTON", "FLOW_ROUTING DYNWAVE", "LINK_OFFSETS DEPTH",
        "ALLOW_PONDING YES", "SKIP_STEADY_STATE NO", "REPORT_STEP 00:05:00",
        "WET_STEP 00:01:00", "DRY_STEP 00:01:00", f"ROUTING_STEP {ROUTING_S}",
        "VARIABLE_STEP 0.75", "MINIMUM_STEP 1", "INERTIAL_DAMPING PARTIAL",
        "NORMAL_FLOW_LIMITED BOTH", "FORCE_MAIN_EQUATION H-W", "MIN_SURFAREA 12.5",
        "MAX_TRIALS 8", "HEAD_TOLERANCE 0.0015", "THREADS 1",
    ):  # fmt: skip
        draft.add("OPTIONS", row)
    draft.add("EVAPORATION", "CONSTANT 0")


def _rivers(draft: Draft, told: City) -> None:
    general, floors = told.city, {lake.id: lake.floor_m.value for lake in told.lake}
    beds: dict[str, float] = {}
    for river in told.river:
        for spot in spots(river):
            beds[spot.id] = spot.bed
            level = 0.2 if river.hill else max(general.normal_m.value - spot.bed, 0.05)
            _junction(draft, told, spot.id, bed=spot.bed, street=spot.street, depth=level)
            draft.put(spot.id, spot.at)
            inlet = spot.id if river.hill else _sewer(draft, told, spot, river.land_m2.value)
            drain(draft, told, inlet, land=river.land_m2.value, hill=river.hill, rain=river.rain)
    for c in channels(told):
        into = max(beds[c.up] - 0.3 - floors[c.down], 0.0) if c.down in floors else 0.0
        draft.add(
            "CONDUITS", c.id, c.up, c.down, c.length, general.river_n.value, 0.0, into, 0.0, 0.0
        )
        side = general.side_slope.value
        draft.add("XSECTIONS", c.id, "TRAPEZOIDAL", c.depth, c.width, side, side, 1)


def _junction(
    draft: Draft, told: City, name: str, *, bed: float, street: float, depth: float
) -> None:
    full = street - bed
    draft.add("JUNCTIONS", name, bed, full, min(depth, full), 0.0, told.city.pond_m2.value)


def _sewer(draft: Draft, told: City, spot: Spot, land: float) -> str:
    """Lay a trunk sewer beside a river node and return the name of its manhole."""
    name, general = f"{spot.id}s", told.city
    length, slope = general.sewer_length_m.value, general.sewer_slope.value
    floor = max(spot.street - COVER_M - SEWER_HEIGHT_M, spot.bed + slope * length + 0.2)
    level = max(general.normal_m.value - floor, 0.0)
    _junction(draft, told, name, bed=floor, street=spot.street + 0.05, depth=level)
    draft.put(name, (spot.at[0] + 0.0022, spot.at[1] + 0.0018))
    foot = floor - slope * length - spot.bed
    draft.add(
        "CONDUITS", f"C_{name}", name, spot.id, length, general.sewer_n.value, 0.0, foot, 0.0, 0.0
    )
    wide = _box(land * general.sewer_rate_mm_h.value / 3.6e6, slope, general.sewer_n.value)
    draft.add("XSECTIONS", f"C_{name}", "RECT_CLOSED", SEWER_HEIGHT_M, wide, 0, 0, 1)
    return name


def _box(flow: float, slope: float, n: float) -> float:
    """Return how wide a full box sewer must be to carry the flow (Manning), in steps of 0.1 m."""
    wide = 0.8
    while True:
        area = wide * SEWER_HEIGHT_M
        radius = area / (2.0 * (wide + SEWER_HEIGHT_M))
        if area * radius ** (2 / 3) * slope**0.5 / n >= flow:
            return round(wide, 1)
        wide += 0.1


def _weather(draft: Draft, told: City, weather: Weather) -> None:
    dry = (0.0,)
    for gauge in told.rain:
        draft.add("RAINGAGES", gauge.id, "INTENSITY", "0:05", 1.0, "TIMESERIES", f"F_{gauge.id}")
        draft.add("SYMBOLS", gauge.id, f"{gauge.at[0]:.5f}", f"{gauge.at[1]:.5f}")
        _series(draft, f"F_{gauge.id}", weather.rain.get(gauge.id, dry), weather)
    for site in sorted({gate.tide for gate in told.gate if gate.tide}):
        _series(draft, f"TIDE_{site}", weather.tide.get(site, dry), weather)


def _series(draft: Draft, name: str, values: Sequence[float], weather: Weather) -> None:
    for k, value in enumerate(values):
        at = weather.start + k * weather.step
        draft.add("TIMESERIES", name, at.strftime("%m/%d/%Y %H:%M:%S"), f"{value:.3f}")
