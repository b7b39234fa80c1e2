"""A made-up tidal city: what it is told by, and how it is written as a SWMM model.

Each river: a lake at its head behind a gate, a flat channel, streets that drain to it by pipes, and
at the mouth a sluice to the tide with a pumping station beside it. All figures are invented.
"""

from dataclasses import dataclass

from mindu.apps.water.cities.weather import rain_rows, stamp, storm, tide_rows
from mindu.apps.water.cities.works import BANK, Works
from mindu.city import Random

CREST = 4.2  # m, where pumps deliver to: the dike's crest
ROOM_M2 = 20_000.0  # a basin beside the river, where there are no lakes to size it by
REACH_M, APART_M = 250.0, 1200.0  # between nodes and between rivers, on the map


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One city and its night, by a few numbers; the seed draws lengths, widths and lands."""

    name: str
    seed: int
    rivers: int = 4
    reaches: int = 8  # channel nodes a river
    pipes: int = 3  # street nodes a reach
    hours: float = 9.0
    rain_mm: float = 110.0
    rain_h: float = 3.0
    rain_from: float = 3.0  # h after the start
    again_mm: float = 0.0  # a second storm, four hours after the first began
    gauges: int = 1  # 2: the storm reaches the eastern half later, and weaker
    tide_mean: float = 1.6  # m
    tide_span: float = 4.0  # m, low to high water
    high_h: float = 4.5  # h after the start: first high water
    pump: float = 3.0  # m3/s a river; 0: none
    uneven: float = 0.0  # 0..0.8: how far lands and pumps differ from river to river
    lake_m2: float = 30_000.0  # 0: no lakes
    hills_ha: float = 30.0  # land that drains to each lake
    street_ha: float = 2.75  # land a street node, give or take
    level: float = 1.8  # m, water in the channels at the start
    flaps: bool = True  # sluices keep the tide out by themselves
    transfer: float = 0.0  # m3/s a river, pumped into a basin beside it; 0: none
    cross: str = "open"  # channels between rivers: "open", "gated" or "none"
    route_s: int = 20

    @property
    def nodes(self) -> int:
        """Return how many nodes the model has."""
        beside = (self.pump > 0) + (self.lake_m2 > 0) + 2 * (self.transfer > 0)
        return self.rivers * (self.reaches * (1 + self.pipes) + 2 + beside)

    def text(self) -> str:
        """Return the city as a SWMM 5 model."""
        works, dice = Works(), Random(self.seed)
        _options(self, works)
        _weather(self, works)
        for k in range(self.rivers):
            _river(self, works, dice, k)
            _mouth(self, works, k)
            if self.lake_m2:
                _lake(self, works, k)
            if self.transfer:
                _basin(self, works, k)
            if k and self.cross != "none":
                _crossing(self, works, k)
        return works.text()


def _options(spec: Spec, works: Works) -> None:
    works.add("TITLE", f"{spec.name}: a made-up tidal city, seed {spec.seed}")
    date, clock = stamp(0.0).split()
    until, at = stamp(spec.hours).split()
    options = {
        "FLOW_UNITS": "CMS", "INFILTRATION": "HORTON", "FLOW_ROUTING": "DYNWAVE",
        "START_DATE": date, "START_TIME": clock, "REPORT_START_DATE": date,
        "REPORT_START_TIME": clock, "END_DATE": until, "END_TIME": at,
        "REPORT_STEP": "00:05:00", "WET_STEP": "00:01:00", "DRY_STEP": "00:01:00",
        "ROUTING_STEP": spec.route_s, "VARIABLE_STEP": 0.75, "MINIMUM_STEP": 0.5,
        "INERTIAL_DAMPING": "PARTIAL", "THREADS": 1, "ALLOW_PONDING": "NO",
    }  # fmt: skip
    for key, value in options.items():
        works.add("OPTIONS", f"{key} {value}")
    works.add("EVAPORATION", "CONSTANT 0")


def _weather(spec: Spec, works: Works) -> None:
    for g in range(spec.gauges):
        rates = storm(spec.rain_mm * (1.0 - 0.35 * g), spec.rain_h)
        if spec.again_mm:
            gap = max(int((4.0 - spec.rain_h) * 12), 0)
            rates = [*rates, *([0.0] * gap), *storm(spec.again_mm, spec.rain_h, peak_at=0.6)]
        works.add("RAINGAGES", f"RG{g} INTENSITY 0:05 1.0 TIMESERIES RAIN{g}")
        works.rows["TIMESERIES"] += rain_rows(f"RAIN{g}", rates, spec.rain_from + 0.75 * g)
    works.rows["TIMESERIES"] += tide_rows(
        "TIDE", spec.hours, mean=spec.tide_mean, span=spec.tide_span, high_h=spec.high_h
    )


def _size(spec: Spec, k: int) -> float:
    """Return how large river k is beside the mean, 1 where all are alike."""
    return 1.0 + spec.uneven * (1.0 if k % 2 else -1.0)


def _gauge(spec: Spec, k: int) -> int:
    return int(k * spec.gauges / spec.rivers)


def _river(spec: Spec, works: Works, dice: Random, k: int) -> None:
    for m in range(spec.reaches):
        bed, node = 0.4 - 0.4 * m / spec.reaches, f"R{k}_{m}"
        works.junction(node, bed, deep=BANK, water=spec.level)
        works.place(node, m * REACH_M, k * APART_M)
        if m:
            long, wide = dice.uniform(200, 320), dice.uniform(6, 11)
            works.channel(f"C{k}_{m}", f"R{k}_{m - 1}", node, length=long, width=wide)
        _streets(spec, works, dice, place=(k, m))


def _streets(spec: Spec, works: Works, dice: Random, *, place: tuple[int, int]) -> None:
    """Write a chain of street nodes that drains to a reach."""
    k, m = place
    down, bed = f"R{k}_{m}", 0.4 - 0.4 * m / spec.reaches
    for n in range(spec.pipes):
        node = f"P{k}_{m}_{n}"
        works.junction(node, bed + 1.2 + 0.25 * (n + 1), deep=2.2, water=0.0)
        works.place(node, m * REACH_M, k * APART_M + (n + 1) * 150.0 * (-1) ** m)
        long, drop = dice.uniform(100, 200), 1.2 if n == 0 else 0.0
        works.pipe(f"S{node}", node, down, length=long, wide=2.0 if n < 2 else 1.5, drop=drop)
        hectares = dice.uniform(0.6, 1.4) * spec.street_ha * _size(spec, k)
        works.land(node, hectares, paved=dice.uniform(60, 85), slope=0.5, gauge=_gauge(spec, k))
        down = node


def _mouth(spec: Spec, works: Works, k: int) -> None:
    """Write the forebay with its sluice and, where there is one, its pumping station."""
    x, y, last = spec.reaches * REACH_M, k * APART_M, f"R{k}_{spec.reaches - 1}"
    works.junction(f"F{k}", -0.1, deep=BANK, water=spec.level + 0.1)
    works.channel(f"CF{k}", last, f"F{k}", length=150, width=9)
    works.add("OUTFALLS", f"SEA{k} -1.0 TIMESERIES TIDE NO")
    works.gate(f"SL{k}", f"F{k}", f"SEA{k}", high=3, wide=5, flap=spec.flaps)
    works.place(f"F{k}", x, y)
    works.place(f"SEA{k}", x + 200.0, y)
    if spec.pump:
        most = spec.pump * (2.0 - _size(spec, k))  # small rivers have the large pumps
        works.add("OUTFALLS", f"OVER{k} {CREST} FREE NO")
        works.place(f"OVER{k}", x + 200.0, y + 100.0)
        works.pump(f"PU{k}", f"F{k}", f"OVER{k}", most=most)


def _lake(spec: Spec, works: Works, k: int) -> None:
    works.add("STORAGE", f"LAKE{k} 2.0 2.6 1.2 FUNCTIONAL {spec.lake_m2:.0f} 0 0 0 0")
    works.gate(f"GL{k}", f"LAKE{k}", f"R{k}_0", high=1.5, wide=2.5, flap=False)
    works.place(f"LAKE{k}", -300.0, k * APART_M)
    works.land(f"LAKE{k}", spec.hills_ha, paved=25, slope=3, gauge=_gauge(spec, k))


def _basin(spec: Spec, works: Works, k: int) -> None:
    """Write a basin beside the river: a pump lifts water into it, a gate lets it back."""
    middle, room = spec.reaches // 2, spec.lake_m2 or ROOM_M2
    works.add("STORAGE", f"POND{k} 2.5 3.0 0.2 FUNCTIONAL {room:.0f} 0 0 0 0")
    works.junction(f"B{k}", 0.1, deep=BANK, water=spec.level)
    works.channel(f"CB{k}", f"R{k}_{middle}", f"B{k}", length=120, width=5)
    works.pump(f"PT{k}", f"B{k}", f"POND{k}", most=spec.transfer)
    works.gate(f"GP{k}", f"POND{k}", f"B{k}", high=1.0, wide=1.5, flap=True)
    works.place(f"POND{k}", middle * REACH_M, k * APART_M + 500.0)
    works.place(f"B{k}", middle * REACH_M + 60.0, k * APART_M + 60.0)


def _crossing(spec: Spec, works: Works, k: int) -> None:
    """Write the channel between two rivers, or the gate where it is gated."""
    middle = spec.reaches // 2
    near, far = f"R{k - 1}_{middle}", f"R{k}_{middle}"
    if spec.cross == "gated":
        works.gate(f"X{k}", near, far, high=2.5, wide=4, flap=False)
    else:
        works.channel(f"X{k}", near, far, length=400, width=4)
