"""What the model file cannot hold of the city: names, owners, marks, and who has a gauge."""

from mindu.apps.water.fuzhou.facts import City, city
from mindu.apps.water.fuzhou.lay import spots
from mindu.apps.water.fuzhou.works import BRIM_M, units
from mindu.apps.water.marks import Marked, Marks

WARN_UNDER_M = 0.5  # warned from so far under the street or a lake's fullest; assumed, 0.3 to 0.8
FLUSH_M = (3.8, 4.8)  # levels kept while flushing; assumed, see `normal_m` in city.toml
SOURCE = "city.toml, schematic 示意"


def marks(name: str = "fuzhou") -> Marks:
    """Return names, owners and marks of a city; every river node and lake has a level gauge."""
    told = city(name)
    nodes = _rivers(told) | _lakes(told) | _mouths(told)
    gauged = [spot.id for river in told.river for spot in spots(river)]
    return Marks(
        waters=name,
        en=told.city.en,
        zh=told.city.zh,
        owner="市城区水系联排联调中心",
        source=SOURCE,
        gauged=(*gauged, *(lake.id for lake in told.lake)),
        node=nodes,
        machine=_machines(told),
        gauge={g.id: Marked(en=g.en, zh=g.zh, owner="福州市气象局") for g in told.rain},
    )


def _rivers(told: City) -> dict[str, Marked]:
    found = {}
    for river in told.river:
        for k, spot in enumerate(spots(river), 1):
            bank = spot.street - spot.bed
            en, zh = f"{river.en} {k}", f"{river.zh}{k}号断面"
            warn = bank - WARN_UNDER_M
            found[spot.id] = Marked(en=en, zh=zh, owner=river.owner, warn=warn, bank=bank)
            if not river.hill:
                street = Marked(en=f"{en}, street", zh=f"{zh}路面", owner=river.owner)
                found[f"{spot.id}s"] = street
    return found


def _lakes(told: City) -> dict[str, Marked]:
    return {
        lake.id: Marked(
            en=lake.en,
            zh=lake.zh,
            owner=lake.owner,
            warn=lake.depth_m.value,
            bank=lake.depth_m.value + BRIM_M,
        )
        for lake in told.lake
    }


def _mouths(told: City) -> dict[str, Marked]:
    found = {
        f"O_{gate.id[2:]}": Marked(en=f"{gate.en}, outside", zh=f"{gate.zh}外江", owner=gate.owner)
        for gate in told.gate
        if gate.tide
    }
    for pump in told.pump:
        for unit in units(pump) if not pump.into else ():
            mouth = Marked(en=f"{pump.en}, outside", zh=f"{pump.zh}外江", owner=pump.owner)
            found[f"O_{unit[2:]}p"] = mouth
    return found


def _machines(told: City) -> dict[str, Marked]:
    beds = {spot.id: spot.bed for river in told.river for spot in spots(river)}
    beds |= {lake.id: lake.floor_m.value for lake in told.lake}
    low, high = FLUSH_M
    found = {}
    for lake in told.lake:
        found[f"G_{lake.id}"] = Marked(en=f"{lake.en} Gate", zh=f"{lake.zh}闸", owner=lake.owner)
        crest = Marked(en=f"{lake.en} Spillway", zh=f"{lake.zh}溢流堰", ours=False)
        found[f"W_{lake.id}"] = crest
    for gate in told.gate:
        bed = beds[gate.source]
        found[gate.id] = Marked(
            en=gate.en,
            zh=gate.zh,
            owner=gate.owner,
            flush=bool(gate.tide) and not gate.flap,
            flush_low=max(low - bed, 0.1),
            flush_high=high - bed,
        )
    for pump in told.pump:
        for k, unit in enumerate(units(pump), 1):
            tail = ("", "") if pump.units == 1 else (f" unit {k}", f"{k}号机")
            found[unit] = Marked(en=pump.en + tail[0], zh=pump.zh + tail[1], owner=pump.owner)
    return found
