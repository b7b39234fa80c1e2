"""Gazetteer: the names of a city's places, found in a text and put on the map."""

import csv
import re
from collections.abc import Iterable, Iterator
from importlib import resources
from io import StringIO
from itertools import pairwise

import msgspec

from mindu.engines.text.places.place import Place, Shape
from mindu.engines.text.places.unknown import unknown

MOST = 5  # places told of one message
# How much a kind alone tells, before what stands beside it is weighed: our own setting, 0 to 1.
SURE = {"landmark": 0.75, "estate": 0.8, "bridge": 0.8, "road": 0.6, "water": 0.5, "town": 0.4,
        "district": 0.3}  # fmt: skip
AREAS = frozenset({"district", "town"})

_NUMBER = re.compile(r"\d{1,5}(?:-\d{1,4})?(?:号|弄|巷|#)")
_TO = re.compile(r"^.{0,6}?(?:至|到|—|--|~)")
_CROSS = re.compile(r"^.{0,3}?(?:与|和|跟|、|/)")
_CROSSING = re.compile(r"^.{0,3}?(?:交叉|交汇|路口|十字|丁字)")
_OBJECTS = re.compile(
    r"井盖|路灯|红绿灯|信号灯|护栏|路面|人行道|盲道|斑马线|公交站|公交车|"
    r"地铁|电梯|垃圾桶|垃圾站|垃圾|公厕|下水道|雨水口|排水管|"
    r"污水管|自来水管|水管|水表|燃气管|电线杆|电线|变压器|充电桩|停车位|"
    r"停车场|车位|行道树|树木|绿化带|河道|围墙|广告牌|监控|"
    r"消防通道|消火栓|楼道|外墙|屋顶|学校|幼儿园|医院|工地|搅拌站|烧烤店|"
    r"夜宵摊|KTV|共享单车|电动车|流浪狗|犬只"
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One place of the city; with a second pair of degrees a line. `alias` is `|`-separated."""

    name: str
    kind: str
    within: str
    lat: float
    lon: float
    lat2: float | None = None
    lon2: float | None = None
    within_m: float
    alias: str = ""


class _Hit(msgspec.Struct, frozen=True):
    start: int
    end: int
    entry: Entry


class Gazetteer:
    """Finds the city's own names, never another city's; unknown names are told without degrees."""

    def __init__(self, known: Iterable[Entry]) -> None:
        self._named: dict[str, Entry] = {}
        self._begin: dict[str, list[str]] = {}
        for entry in known:
            for name in (entry.name, *filter(None, entry.alias.split("|"))):
                if len(name) >= 2 and name not in self._named:
                    self._named[name] = entry
                    self._begin.setdefault(name[:2], []).append(name)
        for names in self._begin.values():
            names.sort(key=len, reverse=True)
        first = "".join(map(re.escape, sorted({pair[0] for pair in self._begin})))
        self._first = re.compile(f"[{first}]" if first else "(?!)")  # where a name may begin

    def find(self, text: str) -> tuple[Place, ...]:
        """Return at most five places of a cleaned text, the surest first."""
        hits = list(self._hits(text))
        districts = {self._district(hit.entry) for hit in hits if hit.entry.kind in AREAS} - {""}
        found = [*self._stretches(text, hits)]
        found += [self._place(text, hit, districts) for hit in hits]
        found += unknown(text, [(hit.start, hit.end) for hit in hits], districts)
        best: dict[str, Place] = {}
        for place in found:
            held = best.get(place.name)
            if held is None or place.confidence > held.confidence:
                best[place.name] = place
        return tuple(sorted(best.values(), key=lambda place: -place.confidence)[:MOST])

    def thing(self, text: str) -> str | None:
        """Return the kind of object that is named first, as said, or None."""
        found = _OBJECTS.search(text)
        return found[0] if found else None

    def _hits(self, text: str) -> Iterator[_Hit]:
        free = 0
        for found in self._first.finditer(text):
            at = found.start()
            if at < free:  # inside a name that was found
                continue
            for name in self._begin.get(text[at : at + 2], ()):
                if text.startswith(name, at):
                    free = at + len(name)
                    yield _Hit(at, free, self._named[name])
                    break

    def _district(self, entry: Entry) -> str:
        if entry.kind == "district":
            return entry.name
        above = self._named.get(entry.within)
        return above.name if above is not None and above.kind == "district" else ""

    def _place(self, text: str, hit: _Hit, districts: set[str]) -> Place:
        entry, district = hit.entry, self._district(hit.entry)
        sure = SURE.get(entry.kind, 0.5)
        after = _NUMBER.match(text, hit.end)
        said = text[hit.start : after.end()] if after else text[hit.start : hit.end]
        sure += 0.1 if after else 0.0
        if districts and district:
            sure += 0.1 if district in districts else -0.3
        line = entry.lat2 is not None
        shape: Shape = "area" if entry.kind in AREAS else "stretch" if line else "point"
        return Place(
            name=entry.name, kind=entry.kind, shape=shape, said=said, within=entry.within,
            district=district, lat=entry.lat, lon=entry.lon, lat2=entry.lat2, lon2=entry.lon2,
            within_m=entry.within_m, confidence=round(min(0.95, max(0.05, sure)), 2),
        )  # fmt: skip

    def _stretches(self, text: str, hits: list[_Hit]) -> Iterator[Place]:
        for one, other in pairwise(hits):
            if {one.entry.kind, other.entry.kind} & AREAS or one.entry is other.entry:
                continue
            between = text[one.end : other.start]
            said = text[one.start : other.end]
            if _CROSS.match(between) and _CROSSING.match(text[other.end : other.end + 6]):
                yield _between(one.entry, other.entry, said, crossing=True)
            elif _TO.match(between) and len(between) <= 10:
                yield _between(one.entry, other.entry, said, crossing=False)


def _between(one: Entry, other: Entry, said: str, *, crossing: bool) -> Place:
    """Return the stretch from one place to another, or the crossing of two."""
    (lat, lon), (lat2, lon2) = _nearest(one, other)
    within = max(one.within_m, other.within_m)
    if crossing:
        return Place(
            name=f"{one.name}与{other.name}路口", kind="crossing", shape="point", said=said,
            within=one.within, district=one.within, lat=(lat + lat2) / 2, lon=(lon + lon2) / 2,
            within_m=within, confidence=0.9,
        )  # fmt: skip
    return Place(
        name=f"{one.name}至{other.name}", kind="stretch", shape="stretch", said=said,
        within=one.within, district=one.within, lat=lat, lon=lon, lat2=lat2, lon2=lon2,
        within_m=within, confidence=0.85,
    )  # fmt: skip


def _nearest(one: Entry, other: Entry) -> tuple[tuple[float, float], tuple[float, float]]:
    pairs = [(a, b) for a in _spots(one) for b in _spots(other)]
    return min(pairs, key=lambda ab: (ab[0][0] - ab[1][0]) ** 2 + (ab[0][1] - ab[1][1]) ** 2)


def _spots(entry: Entry) -> list[tuple[float, float]]:
    if entry.lat2 is None or entry.lon2 is None:
        return [(entry.lat, entry.lon)]
    steps = [step / 10 for step in range(11)]
    return [
        (entry.lat + (entry.lat2 - entry.lat) * s, entry.lon + (entry.lon2 - entry.lon) * s)
        for s in steps
    ]


def entries(table: str) -> tuple[Entry, ...]:
    """Read a table `name,kind,within,lat,lon,lat2,lon2,within_m,alias` (UTF-8 text of a CSV)."""
    found = []
    for number, row in enumerate(csv.DictReader(StringIO(table)), start=2):
        plain = {key: value for key, value in row.items() if key and value}
        try:
            found.append(msgspec.convert(plain, Entry, strict=False))
        except msgspec.ValidationError as wrong:
            raise ValueError(f"line {number} of the gazetteer: {wrong}") from wrong
    return tuple(found)


def shipped() -> tuple[Entry, ...]:
    """Return our small table of Fuzhou: public names, degrees as `within_m` says, no survey."""
    table = resources.files(__package__).joinpath("fuzhou.csv").read_text(encoding="utf-8")
    return entries(table)


def fuzhou() -> Gazetteer:
    """Return the gazetteer of what is `shipped`."""
    return Gazetteer(shipped())
