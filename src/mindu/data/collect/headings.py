"""Headings as people write them: units in brackets, merged cells, full-width signs, spaces."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from mindu.data.collect.declare import Column
from mindu.perceive.scale import turned

_SPACE = re.compile(r"\s+")
_UNIT = re.compile(r"^(.*?)[(\[【〔]\s*(?:单位[:：]?)?\s*([^()\[\]【】〔〕]{1,20})\s*[)\]】〕]$")
_SLASH = re.compile(r"^(.*[\u4e00-\u9fff])/([A-Za-z%°℃µμ][\w/%°³²]{0,9})$")
# What people write in China for a unit; money and counts have no unit in SI.
_WRITTEN = {
    "米": "m", "毫米": "mm", "厘米": "cm", "公里": "km", "千米": "km", "平方米": "m2",
    "平方公里": "km2", "平方千米": "km2", "公顷": "har", "立方米": "m3", "升": "L", "毫升": "mL",
    "立方米/秒": "m3/s", "立方米每秒": "m3/s", "升/秒": "L/s", "毫米/小时": "mm/h", "米/秒": "m/s",
    "千米/小时": "km/h", "公里/小时": "km/h", "吨": "t", "千克": "kg", "公斤": "kg", "克": "g",
    "毫克/升": "mg/L", "摄氏度": "Cel", "度": "deg", "秒": "s", "分钟": "min", "小时": "h",
    "天": "d", "日": "d", "百分比": "%", "千瓦时": "kW.h", "千瓦": "kW", "兆帕": "MPa",
    "千帕": "kPa",
}  # fmt: skip
_TIMES = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_COUNTED = frozenset("元人次户件辆个家座条处宗册项所台套栋亩")


def plain(told: str) -> str:
    """Return a heading without the accidents of its writing."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", told))


def parted(told: str) -> tuple[str, str]:
    """Return (heading, unit) of a heading with its unit in brackets or behind a stroke.

    >>> parted("水位 （米）")
    ('水位', '米')
    """
    flat = plain(told)
    found = _UNIT.match(flat) or _SLASH.match(flat)
    if found is None or not found[1] or not _is_unit(found[2]):
        return flat, ""
    return found[1], found[2]


def factor(told: str, kept: str) -> tuple[float, float] | None:
    """Return (factor, offset) that turn numbers in one unit into another; None if none do.

    >>> factor("万元", "元")
    (10000.0, 0.0)
    """
    here, there = _WRITTEN.get(told, told), _WRITTEN.get(kept, kept)
    times = 1.0
    for unit, up in ((here, True), (there, False)):
        scale, rest = _TIMES.get(unit[:1], 1.0), unit[1:]
        if unit[:1] in _TIMES and rest:
            times *= scale if up else 1 / scale
            here, there = (rest, there) if up else (here, rest)
    if _WRITTEN.get(here, here) == _WRITTEN.get(there, there):
        return times, 0.0
    found = turned(_WRITTEN.get(here, here), _WRITTEN.get(there, there))
    return None if found is None else (found[0] * times, found[1])


def joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one heading a column from several rows of headings, merged cells filled to the right.

    A cell that repeats the one above says nothing new; the lower rows come last.
    """
    filled = [_filled(row, i == len(rows) - 1) for i, row in enumerate(rows)]
    found = []
    for column in zip(*filled, strict=True):
        parts: list[str] = []
        for told in map(plain, column):
            if told and (not parts or parts[-1] != told):
                parts.append(told)
        found.append("/".join(parts))
    return list(unique(found))


def unique(headings: Sequence[str]) -> Iterator[str]:
    """Yield headings of which no two are alike; an empty one is called by its place."""
    seen: dict[str, int] = {}
    for i, told in enumerate(headings):
        name = told or f"column{i + 1}"
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}#{seen[name]}"


def _filled(row: Sequence[str], last: bool) -> list[str]:  # noqa: FBT001 - of one call
    if last:
        return list(row)
    found, before = [], ""
    for told in row:
        before = told or before
        found.append(before)
    return found


def match(columns: Sequence[Column], headings: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Return where each declared column stands among the headings, and the unit told there.

    Raises:
        ValueError: a required column is not there, or its unit cannot be turned into ours.
    """
    places: dict[str, tuple[int, str]] = {}
    whole = {plain(told): i for i, told in reversed(list(enumerate(headings)))}
    split = {parted(told)[0]: i for i, told in reversed(list(enumerate(headings)))}
    for column in columns:
        wanted = plain(column.heading or column.name)
        place = whole.get(wanted, split.get(wanted, -1))
        if place < 0:
            if column.required:
                raise ValueError(f"no heading is {wanted!r}; there are {_some(headings)}")
            continue
        unit = parted(headings[place])[1]
        if unit and column.unit and column.of in {"whole", "number"}:
            if factor(unit, column.unit) is None:
                raise ValueError(f"{wanted} comes in {unit}, which is no {column.unit}")
            places[column.name] = place, unit
        else:
            places[column.name] = place, ""
    if not places:
        raise ValueError(f"no declared column is among the headings: {_some(headings)}")
    return places


def _some(headings: Sequence[str]) -> str:
    told = ", ".join(h[:30] for h in headings[:20])
    return f"{told} …" if len(headings) > 20 else told


def _is_unit(told: str) -> bool:
    bare = told[1:] if told[:1] in _TIMES and len(told) > 1 else told
    known = _WRITTEN.get(bare, bare)
    return bare[-1:] in _COUNTED or any(turned(known, base) for base in _BASES)


_BASES = (
    "m", "K", "Pa", "m3/s", "m/s", "m3", "m2", "1", "V", "A", "W", "J", "kg", "g/m3", "s", "deg",
    "S/m",
)  # fmt: skip
