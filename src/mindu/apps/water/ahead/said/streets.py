"""The streets, where no gauge stands: the twin's word, moved by what people there say.

Whoever judges that a road stands under water is heard by the name of the finding, wherever the
thing they speak of has a place on the map: callers today, crews or cameras tomorrow. How deep it is
said to be is a reading with a wide error, one's own eyes on the spot one with a small one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, exp, hypot, radians, sqrt

import numpy as np

from mindu.apps.water.ahead.fan import LEADS, LEVEL, Ensemble
from mindu.apps.water.ahead.lagged import Present
from mindu.apps.water.ahead.room import Room
from mindu.city import MINUTE, Forecast, Projected, View
from mindu.engines.hydraulics.port import Array, Network

HEARD = "flooded_road"  # the finding, whoever holds it
MODEL = "twin and what people say"
REACH_M = 400.0  # m between a road and the place whose water stands on it
DEGREE_M = 111_320.0
# min after which e of what is missed now is missed no more: sewers empty such ponds in 10 to 30
ALIKE_MIN = 25.0
# A street drains as the drawing says, or worse: leaves before the inlets, rubbish in the sewer.
# What is said decides between the two, and then how much worse.
RIGHT_SD, RIGHT_SHARE = 0.05, 0.10  # m and share: how far off the twin may be beside a gauge
ALONE_SD, ALONE_SHARE = 0.15, 0.40  # and where no gauge beside it speaks
WORSE, WORSE_SD = 0.15, 0.40  # chance beforehand, and m by which the water may then differ
SAID_SD, SAID_SHARE = 0.08, 0.40  # m and share: what several callers together may be off by
EYES_SD = 0.03  # m: what a crew may be off by
AHEAD_SHARE = 0.35  # share of what stands there by which the coming hour is unsure
SEEN_FOR, SAID_FOR = 6 * MINUTE, 10 * MINUTE  # how long a look, and what was said, speaks of now
UNSAID, UNSAID_SD = 0.12, 0.4  # m: a road under water of which nobody now says how deep
Z90 = 1.645


@dataclass(frozen=True, slots=True)
class Said:
    """What people say of the water on one street now: m, and its standard error."""

    place: int
    deep: float
    sd: float

    def off(self, over: float) -> float:
        """Return how much more is said than the twin has, m.

        People call as the water comes and not again as it rises, so their words never lower what
        the twin says; only eyes on the spot do.
        """
        off = self.deep - over
        return off if self.sd <= EYES_SD else max(off, 0.0)


def heard(room: Room, see: View) -> Iterator[Said]:
    """Yield what is said of each place of the network where a road is held to be under water."""
    network, found = room.twin.network, dict[int, Said]()
    for about, _ in see.heard(HEARD):
        spot = _spot(about, see)
        place = nearest(network, spot, room.gauged, room.names.nodes) if spot else -1
        if place >= 0:
            said = _said(place, about, see)
            kept = found.get(place)
            found[place] = said if kept is None or said.sd < kept.sd else kept
    yield from found.values()


def foretold(room: Room, now: Present, said: Sequence[Said], told: Ensemble) -> list[Projected]:
    """Return a forecast of the level of every street that people say is under water."""
    return [
        Projected(about=room.names.nodes[word.place], record=_forecast(room, now, word, told, k))
        for k, word in enumerate(said)
    ]


@dataclass(frozen=True, slots=True)
class Own:
    """What twin and gauges say of one street: (1 + leads) m over it, now and ahead; its error."""

    over: Array
    sd: float  # m, now
    gauged: bool  # a gauge of the same water speaks: nobody's word makes that better (measured)


def by_gauges(room: Room, now: Present, place: int, told: Ensemble, k: int) -> Own:
    """Return what is known of a street without its people.

    What the gauge of the water beside shows above the twin, the street will mostly show as well.
    """
    depth = np.concatenate([[_nowcast(room, now, place)], told.mid[:, k]])
    beside = beside_gauge(room, place)
    gauged = beside >= 0 and bool(np.isfinite(now.levels[beside]))
    if gauged:
        left = room.calibration.left
        fade = np.clip(left[:, 0] / left[:, 1], 0.0, 1.0)
        depth = depth + np.concatenate([[1.0], fade]) * now.miss[beside]
    over = np.maximum(depth - room.twin.network.full_depth[place], 0.0)
    sd, share = (RIGHT_SD, RIGHT_SHARE) if gauged else (ALONE_SD, ALONE_SHARE)
    return Own(over, sd + share * float(over[0]), gauged)


def mended(own: Own, said: Said | None) -> tuple[Array, Array]:
    """Return (mid, sd) m over the street at each lead.

    What is left of the difference now fades with the lead, and with it what was gained in sureness.
    """
    shift, unsure = (0.0, own.sd) if said is None or own.gauged else shifted(own, said)
    left = np.exp(-LEADS / ALIKE_MIN)
    mid = np.maximum(own.over[1:] + left * shift, 0.0)
    now = left**2 * unsure**2 + (1.0 - left**2) * own.sd**2
    return mid, np.sqrt(now + (AHEAD_SHARE * LEADS / 60.0 * mid) ** 2)


def shifted(own: Own, said: Said) -> tuple[float, float]:
    """Return by how much the water stands above the twin, m, and its sd: two normals, weighed."""
    off = said.off(float(own.over[0]))
    weight, mean, square = [], [], []
    for chance, sd in ((1.0 - WORSE, own.sd), (WORSE, WORSE_SD)):
        whole = sd**2 + said.sd**2
        trust = sd**2 / whole
        weight.append(chance / sqrt(whole) * exp(-0.5 * off**2 / whole))
        mean.append(trust * off)
        square.append(trust * said.sd**2 + (trust * off) ** 2)
    total = sum(weight) or 1.0
    shift = sum(w * m for w, m in zip(weight, mean, strict=True)) / total
    second = sum(w * q for w, q in zip(weight, square, strict=True)) / total
    return shift, sqrt(max(second - shift**2, EYES_SD**2))


def beside_gauge(room: Room, place: int) -> int:
    """Return which gauge's water a street drains into: the nearest on the map; -1 if none."""
    network, best, at = room.twin.network, REACH_M, -1
    spot = network.xy.get(network.nodes[place])
    for g, node in enumerate(room.places.tolist()):
        xy = network.xy.get(network.nodes[node])
        if spot is not None and xy is not None and (away := apart(spot, xy)) < best:
            best, at = away, g
    return at


def nearest(
    network: Network, spot: tuple[float, float], gauged: Sequence[str], names: Sequence[str]
) -> int:
    """Return the place without a gauge that is nearest a spot given in degrees; -1 if none is."""
    best, at = REACH_M, -1
    for k, name in enumerate(network.nodes):
        xy = network.xy.get(name)
        plain = network.node_kind[k] == "junction" and np.isfinite(network.full_depth[k])
        if xy is None or not plain or names[k] in gauged:
            continue
        away = apart(spot, xy)
        if away < best:
            best, at = away, k
    return at


def apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance between two points given in degrees, m."""
    east = (b[0] - a[0]) * cos(radians((a[1] + b[1]) / 2.0))
    return hypot(east, b[1] - a[1]) * DEGREE_M


def _nowcast(room: Room, now: Present, place: int) -> float:
    """Return the water in a place now, by the twin at the roughness that is believed."""
    plain = now.twin.see().depth[[place]]
    if now.rough is None:
        return float(plain[0])
    return float(room.belief.mended(plain, now.rough.see().depth[[place]])[0])


def _spot(about: str, see: View) -> tuple[float, float] | None:
    thing = see.twins.get(about) if about in see.twins else None
    x, y = getattr(thing, "x", None), getattr(thing, "y", None)
    return (x, y) if isinstance(x, float) and isinstance(y, float) else None


def _said(place: int, about: str, see: View) -> Said:
    """Return the best word on a road: whoever looked, else what callers say."""
    if see.fresh(about, "depth", SEEN_FOR):
        last = see.last(about, "depth")
        assert last is not None, "what is fresh was heard"
        return Said(place, last[1], EYES_SD)
    last = see.last(about, "said") if see.fresh(about, "said", SAID_FOR) else None
    if last is None:
        return Said(place, UNSAID, UNSAID_SD)
    return Said(place, last[1], SAID_SD + SAID_SHARE * last[1])


def _forecast(room: Room, now: Present, said: Said, told: Ensemble, k: int) -> Forecast:
    full = float(room.twin.network.full_depth[said.place])
    mid, sd = mended(by_gauges(room, now, said.place, told, k), said)
    leads = tuple(float(lead) for lead in LEADS)
    low, middle, high = (
        tuple(round(full + float(v), 4) for v in row)
        for row in (np.maximum(mid - Z90 * sd, 0.0), mid, mid + Z90 * sd)
    )
    return Forecast("level", "m", leads, low, middle, high, level=LEVEL, model=MODEL)
