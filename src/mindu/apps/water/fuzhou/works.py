"""Lakes, gates and pumping stations of the city, written into a model."""

from mindu.apps.water.fuzhou.draft import Draft, drain
from mindu.apps.water.fuzhou.facts import City, Lake, Point, Pump
from mindu.apps.water.fuzhou.lay import places

BRIM_M = 1.2  # bank of a lake over its fullest level, where its crest lies; assumed, 0.8 to 2.0
DEEP_M = -3.0  # invert of a gate's outfall, below any tide
LIFT_TO_M = 1.5  # invert of a pump's outfall; assumed, 0.5 to 3.0


def lake_works(draft: Draft, told: City, lake: Lake) -> None:
    """Write a lake, its land, its gate and its crest."""
    deep = lake.depth_m.value
    area = lake.volume_m3.value / deep
    draft.add(
        "STORAGE", lake.id, lake.floor_m.value, deep + BRIM_M, lake.initial_m.value, "FUNCTIONAL",
        area, 0, 0, 0, 0,
    )  # fmt: skip
    draft.put(lake.id, lake.at)
    drain(draft, told, lake.id, land=lake.land_m2.value, hill=True, rain=lake.rain)
    wide, high = lake.gate_m
    gate, crest = f"G_{lake.id}", f"W_{lake.id}"
    draft.add("ORIFICES", gate, lake.id, lake.into, "SIDE", lake.sill_m.value, 0.65, "NO", 0)
    draft.add("XSECTIONS", gate, "RECT_CLOSED", high, wide, 0, 0, 1)
    draft.add("WEIRS", crest, lake.id, lake.into, "TRANSVERSE", deep, 1.7, "NO", 0, 0)
    draft.add("XSECTIONS", crest, "RECT_OPEN", BRIM_M, lake.crest_m.value, 0, 0, 1)


def _outfall(draft: Draft, name: str, site: str, at: Point, invert: float) -> str:
    draft.add("OUTFALLS", name, invert, "TIMESERIES", f"TIDE_{site}", "NO")
    draft.put(name, at)
    return name


def units(pump: Pump) -> list[str]:
    """Return the names of a station's units."""
    return [pump.id] if pump.units == 1 else [f"{pump.id}{c}" for c in "ab"[: pump.units]]


def mouths(told: City) -> dict[str, str]:
    """Return each outfall and the tide site whose water stands before it."""
    sites = {gate.source: gate.tide for gate in told.gate if gate.tide}
    found = {f"O_{gate.id[2:]}": gate.tide for gate in told.gate if gate.tide}
    for pump in told.pump:
        if not pump.into:
            found |= {f"O_{unit[2:]}p": sites[pump.source] for unit in units(pump)}
    return found


def gates(draft: Draft, told: City) -> None:
    """Write every gate, to the tide or between two rivers."""
    stand = places(told)
    for gate in told.gate:
        if gate.source not in stand or (gate.into and gate.into not in stand):
            continue
        down = gate.into or _outfall(draft, f"O_{gate.id[2:]}", gate.tide, gate.at, DEEP_M)
        wide, high = gate.size_m
        flap = "YES" if gate.flap else "NO"
        sill = gate.sill_m.value
        draft.add("ORIFICES", gate.id, gate.source, down, "SIDE", sill, 0.65, flap, 0)
        draft.add("XSECTIONS", gate.id, "RECT_CLOSED", high, wide, 0, 0, 1)


def pumping(draft: Draft, told: City, pump: Pump) -> None:
    """Write a pumping station, unit by unit, each with a mouth of its own."""
    each, sites = pump.rate_m3_s.value / pump.units, mouths(told)
    draft.add("CURVES", f"Q_{pump.id}", "PUMP4", 0.3, 0.0)
    for depth, rate in ((0.9, each), (30.0, each)):
        draft.add("CURVES", f"Q_{pump.id}", depth, rate)
    for k, name in enumerate(units(pump)):
        at, mouth = (pump.at[0] + 0.0006 * k, pump.at[1]), f"O_{name[2:]}p"
        down = pump.into or _outfall(draft, mouth, sites[mouth], at, LIFT_TO_M)
        draft.add("PUMPS", name, pump.source, down, f"Q_{pump.id}", "OFF", 0, 0)
