"""Health of level gauges: silent, impossible, leaping, stuck, or off what the twin knows."""

from datetime import timedelta

import numpy as np

from mindu.apps.water.kinds import Junction, Storage
from mindu.apps.water.loops.ahead import evidence
from mindu.apps.water.loops.apart import off
from mindu.apps.water.loops.say import called, metres
from mindu.apps.water.loops.weather import waters
from mindu.apps.water.loops.where import Gauged, believed, gauged
from mindu.apps.water.params import LEAP, STUCK
from mindu.city import DAY, HOUR, MINUTE, Judgement, Loop, Severity, View, Words

SILENT = 30 * MINUTE
LIES = 0.05  # m below the bed that a gauge may show by noise
ABOVE = 3.0  # m above the bank: no inner river stands there
SAME = 1e-4  # m: a number that does not even flicker
OTHERS = 12  # gauges asked whether water moves
MOVES = 0.03  # m: others have moved by so much

Found = tuple[str, Severity, str, str]


def judge(place: Gauged, see: View) -> Judgement | None:
    """Find a gauge that cannot be believed, the plainest reason first."""
    for look in (_impossible, _silent, _leaps, _stuck, _off):
        found = look(place, see)
        if found is not None:
            return _judgement(place, found, see)
    return None


def _judgement(place: Gauged, found: Found, see: View) -> Judgement:
    finding, severity, en, zh = found
    name = called(place)
    return Judgement(
        finding,
        severity,
        Words(f"{name.en}: {en}", f"{name.zh}：{zh}"),
        confidence=0.8,
        evidence=evidence(place, see),
    )


def _silent(place: Gauged, see: View) -> Found | None:
    if see.fresh(place.id, "level", SILENT):
        return None
    return "silent", Severity.BLUE, "gauge silent for over half an hour", "水位站失联超过30分钟"


def _impossible(place: Gauged, see: View) -> Found | None:
    level = place.level
    can_be = believed(place, see) is not None
    if level is None or (can_be and -LIES <= level <= place.bank_mark + ABOVE):
        return None
    en = f"shows {metres(level)}, which cannot be"
    return "impossible", Severity.YELLOW, en, f"读数{metres(level)}不可能"


def _leaps(place: Gauged, see: View) -> Found | None:
    """Find a level that leaps up and down again faster than water can."""
    at, values = see.window(place.id, "level", HOUR)
    if len(at) < 3:
        return None
    rate = np.diff(values) / np.maximum(np.diff(at), 1.0) * 3600.0
    if rate.max(initial=0.0) <= see[LEAP] or rate.min(initial=0.0) >= -see[LEAP]:
        return None
    en = f"leaps by {float(np.abs(np.diff(values)).max()):.2f} m within minutes, up and down"
    return "leaps", Severity.YELLOW, en, "数分钟内上下跳变，疑似失真"


def _stuck(place: Gauged, see: View) -> Found | None:
    past = timedelta(minutes=see[STUCK])
    at, values = see.window(place.id, "level", past)
    if len(at) < 6 or float(np.ptp(values)) > SAME or not _rained(see, past):
        return None
    if _others(place, see, past) <= MOVES:
        return None
    en = f"has shown {metres(float(values[-1]))} for {see[STUCK]:.0f} min while the water moves"
    return "stuck", Severity.YELLOW, en, f"{see[STUCK]:.0f}分钟读数不变，而周边水位在变"


def _off(place: Gauged, see: View) -> Found | None:
    """Find a gauge whose twin, fed by all the others, no longer believes it."""
    far = off(place, see)
    if far is None:
        return None
    en = f"stands {far:+.2f} m off what the twin and the other gauges say"
    return "drifting", Severity.YELLOW, en, f"与孪生及其他测站相差{far:+.2f} m"


def _rained(see: View, past: timedelta) -> bool:
    whole = waters(see)
    if whole is None:
        return False
    _, rate = see.window(whole.id, "rain", past)
    return bool(len(rate)) and float(rate.max()) > 1.0


def _others(place: Gauged, see: View, past: timedelta) -> float:
    """Return how far other gauges have moved: the median over a few, spread evenly."""
    rest = [p for p in gauged(see) if p.id != place.id]
    asked = rest[:: max(len(rest) // OTHERS, 1)]
    spans = [float(np.ptp(v)) for p in asked if len(v := see.window(p.id, "level", past)[1]) > 1]
    return float(np.median(spans)) if spans else 0.0


GAUGES = Loop(
    name="gauges",
    of=Junction,
    needs={"level": DAY},
    also=("level", "rain"),
    judge=judge,
    title=Words("Health of level gauges", "水位站健康"),
)
LAKE_GAUGES = Loop(
    name="lake_gauges",
    of=Storage,
    needs={"level": DAY},
    also=("level", "rain"),
    judge=judge,
    title=Words("Health of lake gauges", "湖库测站健康"),
)
