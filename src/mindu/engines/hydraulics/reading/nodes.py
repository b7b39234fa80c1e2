"""Read the nodes of a model: junctions, outfalls, storages, dividers, in SWMM's own order."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from mindu.engines.hydraulics.reading.fields import InpError
from mindu.engines.hydraulics.reading.options import Options
from mindu.engines.hydraulics.reading.sections import Line, Sections

NODE_KINDS = {
    "JUNC": "junction", "OUTFALL": "outfall", "STORAGE": "storage", "DIVIDER": "divider",
}  # fmt: skip
OUTFALL_KINDS = ("FREE", "NORMAL", "FIXED", "TIDAL", "TIMESERIES")
JUNCTION = (
    "the invert", "the full depth", "the initial depth", "the surcharge depth", "the ponded area",
)  # fmt: skip
NAN = math.nan
Curve = tuple[tuple[float, float], ...]
Terms = tuple[float, float, float, float]  # a0, a1, p, a2


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node, in SI."""

    id: str
    kind: str
    invert: float
    full: float
    initial: float
    area: float
    volume: float
    boundary: str = ""  # of an outfall
    stage: float = NAN  # of a FIXED outfall


class Curves:
    """The [CURVES] of a file by name, in the file's own units."""

    def __init__(self, file: Sections) -> None:
        self._kind: dict[str, str] = {}
        self._points: dict[str, list[tuple[float, float]]] = {}
        for line in file.of("CURVE"):
            self._take(line)

    def _take(self, line: Line) -> None:
        name, words = line.words[0].upper(), line.words
        first = 1
        if name not in self._points:
            self._points[name] = []
            self._kind[name] = line.word(1, "the curve's type").upper()
            first = 2
        elif len(words) % 2 == 0:
            first = 2  # the type is told again
        values = [line.number_at(k, "a point of the curve") for k in range(first, len(words))]
        if len(values) % 2:
            raise line.wrong(
                "a point of the curve lacks its second number", "曲线上有一点缺第二个数"
            )
        self._points[name] += list(zip(values[::2], values[1::2], strict=True))

    def kind(self, line: Line, name: str) -> str:
        """Return a curve's type, e.g. PUMP4."""
        if name.upper() not in self._kind:
            raise line.wrong(
                f"curve {name!r} is not in [CURVES]; add it or mend the name",
                f"[CURVES] 中没有曲线 {name!r}，请补上或改名",
            )
        return self._kind[name.upper()]

    def points(self, line: Line, name: str) -> Curve:
        """Return a curve's points."""
        self.kind(line, name)
        return tuple(self._points[name.upper()])


def along(curve: Curve, x: float) -> float:
    """Return y at x, level beyond the ends."""
    if not curve:
        return NAN
    if x <= curve[0][0]:
        return curve[0][1]
    for (x0, y0), (x1, y1) in pairwise(curve):
        if x <= x1:
            return y1 if x1 <= x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return curve[-1][1]


def _round(a: float, b: float, _: float) -> Terms:
    return (math.pi * a * b / 4.0, 0.0, 1.0, 0.0)


def _cone(a: float, b: float, z: float) -> Terms:
    return (math.pi * a * b / 4.0, math.pi * b * z, 1.0, math.pi * b / a * z * z)


def _bowl(a: float, b: float, height: float) -> Terms:
    return (0.0, math.pi * a * b / 4.0 / max(height, 1e-9), 1.0, 0.0)


def _pyramid(a: float, b: float, z: float) -> Terms:
    return (a * b, 2.0 * (a + b) * z, 1.0, 4.0 * z * z)


SHAPES: dict[str, Callable[[float, float, float], Terms]] = {
    "CYL": _round, "CON": _cone, "PARA": _bowl, "PYR": _pyramid,
}  # fmt: skip


def _storage_shape(line: Line, curves: Curves) -> tuple[Curve | None, Terms]:
    """Return a depth-area curve, or the terms of area = a0 + a1 d^p + a2 d^2."""
    shape = line.word(4, "the storage's shape").upper()
    if shape.startswith("TAB"):
        return curves.points(line, line.word(5, "the storage curve")), (0.0, 0.0, 1.0, 0.0)
    a, b, c = (line.number_at(k, "a number of the storage's shape") for k in (5, 6, 7))
    if shape.startswith("FUNC"):
        return None, (c, a, b, 0.0)
    terms = next((SHAPES[name] for name in SHAPES if shape.startswith(name)), None)
    if terms is None:
        told = "TABULAR, FUNCTIONAL, CYLINDRICAL, CONICAL, PARABOLOID, PYRAMIDAL"
        raise line.wrong(
            f"storage shape {shape!r} is unknown; write one of {told}",
            f"调蓄池形状 {shape!r} 不存在，应为 {told} 之一",
        )
    if min(a, b) <= 0 or c < 0:
        raise line.wrong(
            f"a {shape} storage needs length and width above 0, and a third >= 0",
            f"{shape} 调蓄池的长、宽须大于 0，第三个数不小于 0",
        )
    return None, terms(a, b, c)


def _surface(shape: tuple[Curve | None, Terms], depth: float) -> float:
    curve, terms = shape
    if curve is not None:
        return along(curve, depth)
    a0, a1, p, a2 = terms
    return a0 + (a1 * depth**p if depth > 0 else a1 * (p == 0)) + a2 * depth * depth


def _storage(line: Line, options: Options, curves: Curves) -> Node:
    unit = options.length
    full = line.number_at(2, "the full depth")
    shape = _storage_shape(line, curves)
    try:
        slices = [max(_surface(shape, full * (k + 0.5) / 64), 0.0) for k in range(64)]
        area = _surface(shape, full / 2)
    except OverflowError:
        raise line.wrong(
            "the storage's area is beyond all measure; check its shape",
            "调蓄池面积大得不合情理，请检查形状",
        ) from None
    return Node(
        id=line.words[0],
        kind="storage",
        invert=line.number_at(1, "the invert") * unit,
        full=full * unit,
        initial=line.number_at(3, "the initial depth", default=0.0) * unit,
        area=area * unit**2,
        volume=sum(slices) / 64 * full * unit**3,
    )


def _junction(line: Line, options: Options) -> Node:
    unit = options.length
    invert, full, first, _, pond = (
        line.number_at(k, what, default=None if k == 1 else 0.0)
        for k, what in enumerate(JUNCTION, 1)
    )
    area = pond * unit**2 if pond > 0 else NAN
    return Node(
        id=line.words[0], kind="junction", invert=invert * unit, full=full * unit,
        initial=first * unit, area=area, volume=NAN,
    )  # fmt: skip


def _divider(line: Line, options: Options) -> Node:
    way = line.word(3, "the divider's type").upper()[:3]
    first = 4 + {"TAB": 1, "CUT": 1, "WEI": 3}.get(way, 0)
    full, initial = (line.number_at(first + k, "a depth", default=0.0) for k in (0, 1))
    unit = options.length
    return Node(
        id=line.words[0], kind="divider", invert=line.number_at(1, "the invert") * unit,
        full=full * unit, initial=initial * unit, area=NAN, volume=NAN,
    )  # fmt: skip


def _outfall(line: Line, options: Options) -> Node:
    told = line.word(2, "the outfall's type").upper()
    kind = next((k for k in OUTFALL_KINDS if told.startswith(k)), None)
    if kind is None:
        raise line.wrong(
            f"outfall type {told!r} is unknown; write one of {', '.join(OUTFALL_KINDS)}",
            f"排放口类型 {told!r} 不存在，应为 {'、'.join(OUTFALL_KINDS)} 之一",
        )
    stage = line.number_at(3, "the fixed stage") * options.length if kind == "FIXED" else NAN
    return Node(
        id=line.words[0], kind="outfall", invert=line.number_at(1, "the invert") * options.length,
        full=0.0, initial=0.0, area=NAN, volume=NAN, boundary=kind, stage=stage,
    )  # fmt: skip


def read_nodes(file: Sections, options: Options, curves: Curves) -> list[Node]:
    """Read all nodes; a name that stands twice is an error."""
    lines = sorted((ln for name in NODE_KINDS for ln in file.of(name)), key=lambda ln: ln.number)
    nodes: list[Node] = []
    seen: set[str] = set()
    for line in lines:
        if line.words[0].upper() in seen:
            name = line.words[0]
            raise line.wrong(
                f"node {name!r} stands twice; rename one", f"节点 {name!r} 重复，请改名"
            )
        seen.add(line.words[0].upper())
        if line.section == "STORAGE":
            nodes.append(_storage(line, options, curves))
        else:
            read = {"JUNC": _junction, "OUTFALL": _outfall, "DIVIDER": _divider}[line.section]
            nodes.append(read(line, options))
    if not nodes:
        raise InpError(
            f"{file.path}: no [JUNCTIONS], [OUTFALLS] or [STORAGE]: nothing to run",
            f"{file.path}：没有 [JUNCTIONS]、[OUTFALLS] 或 [STORAGE]，无可计算",
        )
    return nodes
