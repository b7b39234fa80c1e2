"""Read the links of a model and what each machine can do, in SWMM's own order."""

import math
from dataclasses import dataclass

from mindu.engines.hydraulics.port import Machine
from mindu.engines.hydraulics.reading.fields import FIELDS, InpError
from mindu.engines.hydraulics.reading.nodes import Curves, Node
from mindu.engines.hydraulics.reading.options import Options
from mindu.engines.hydraulics.reading.sections import Line, Sections

LINK_KINDS = {
    "CONDUIT": "conduit", "PUMP": "pump", "ORIFICE": "orifice", "WEIR": "weir", "OUTLET": "outlet",
}  # fmt: skip
OFFSET_AT = {"CONDUIT": 5, "ORIFICE": 4, "WEIR": 4, "OUTLET": 3}  # word of the upper offset
GRAVITY = 9.81  # m/s2


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link: where it leads, and how high it stands at either end, m above the inverts."""

    id: str
    kind: str
    up: str
    down: str
    top_up: float
    top_down: float
    line: Line


@dataclass(frozen=True, slots=True)
class Section:
    """The opening of a link, in the file's units."""

    shape: str
    height: float
    width: float

    def area(self) -> float:
        """Return the open area of a circle or a rectangle."""
        if self.shape.startswith("CIRC"):
            return math.pi * self.height**2 / 4.0
        return self.height * self.width


def _rivers(file: Sections) -> dict[str, float]:
    """Return the height of every river section in [TRANSECTS]: its highest above its lowest."""
    levels: dict[str, list[float]] = {}
    name = ""
    for line in file.of("TRANSECT"):
        head = line.words[0].upper()
        if head == "X1":
            name = line.word(1, "the transect's name").upper()
            levels[name] = []
        elif head == "GR" and name:
            places = range(1, len(line.words), 2)
            levels[name] += [line.number_at(k, "an elevation") for k in places]
    return {key: max(found) - min(found) for key, found in levels.items() if found}


def read_sections_of(file: Sections) -> dict[str, Section]:
    """Read [XSECTIONS], as far as height and width go."""
    found: dict[str, Section] = {}
    rivers = _rivers(file)
    for line in file.of("XSECT"):
        shape = line.word(1, "the shape").upper()
        second = line.word(2, "the height, or the section's name")
        if shape.startswith(("IRREG", "STREET")):
            found[line.words[0].upper()] = Section(shape, rivers.get(second.upper(), 0.0), 0.0)
            continue
        height = line.number_at(2, "the height")
        custom = shape.startswith("CUSTOM")
        width = 0.0 if custom else line.number_at(3, "the width", default=0.0)
        found[line.words[0].upper()] = Section(shape, height, width)
    return found


def _offset(line: Line, k: int, invert: float, options: Options) -> float:
    value = line.number_at(k, "an offset", default=invert if options.elevation else 0.0)
    return max(value - invert if options.elevation else value, 0.0)


def _link(line: Line, nodes: dict[str, Node], options: Options, opening: Section | None) -> Link:
    ends: list[Node] = []
    for k, what in ((1, "the node it draws from"), (2, "the node it leads to")):
        name = line.word(k, what)
        if name.upper() not in nodes:
            raise line.wrong(
                f"{what}, {name!r}, is in no section of nodes; add it or mend the name",
                f"{FIELDS[what]} {name!r} 不在任何节点一节中，请补上或改名",
            )
        ends.append(nodes[name.upper()])
    up, down = ends
    height = (opening.height if opening else 0.0) * options.length
    top = [0.0, 0.0]  # a pump or an opening in the floor raises no brim
    at = OFFSET_AT.get(line.section)
    floor = line.section == "ORIFICE" and line.word(3, "the orifice's type").upper() == "BOTTOM"
    if at is not None and not floor:
        first = _offset(line, at, up.invert / options.length, options)
        top[0] = first * options.length + height
    if line.section == "CONDUIT":
        top[1] = _offset(line, 6, down.invert / options.length, options) * options.length + height
    return Link(
        id=line.words[0], kind=LINK_KINDS[line.section], up=up.id, down=down.id,
        top_up=top[0], top_down=top[1], line=line,
    )  # fmt: skip


def read_links(
    file: Sections, options: Options, nodes: dict[str, Node], openings: dict[str, Section]
) -> list[Link]:
    """Read all links; unknown ends and names that stand twice are errors."""
    lines = sorted((ln for name in LINK_KINDS for ln in file.of(name)), key=lambda ln: ln.number)
    links: list[Link] = []
    seen: set[str] = set()
    for line in lines:
        if line.words[0].upper() in seen:
            name = line.words[0]
            raise line.wrong(
                f"link {name!r} stands twice; rename one", f"管段 {name!r} 重复，请改名"
            )
        seen.add(line.words[0].upper())
        links.append(_link(line, nodes, options, openings.get(line.words[0].upper())))
    return links


def _unshaped(line: Line, en: str, zh: str) -> InpError:
    name = line.words[0]
    return InpError(
        f"[XSECTIONS] has no line for {en} {name!r}; add one",
        f"[XSECTIONS] 中没有{zh} {name!r} 的一行，请补上",
    )


def _pump(line: Line, curves: Curves, options: Options) -> tuple[float, float]:
    """Return capacity and lift from the pump's curve; nan for an ideal pump."""
    name = line.word(3, "the pump's curve") if len(line.words) > 3 else "*"
    if name == "*":
        return math.nan, math.nan
    kind, points = curves.kind(line, name), curves.points(line, name)
    if not kind.startswith("PUMP"):
        raise line.wrong(
            f"curve {name!r} is a {kind} curve; a pump needs PUMP1 to PUMP5",
            f"曲线 {name!r} 为 {kind} 曲线，水泵须用 PUMP1 至 PUMP5",
        )
    most = max((y for _, y in points), default=math.nan) * options.flow
    if kind in {"PUMP3", "PUMP5"}:
        half = [x for x, y in points if y * options.flow >= most / 2]
        return most, max(half, default=math.nan) * options.length
    return most, math.nan


def _orifice(line: Line, up: Node, opening: Section | None, options: Options) -> float:
    """Return Cd A sqrt(2 g h), h from the middle of the opening to the brim of the node above."""
    if opening is None:
        raise _unshaped(line, "orifice", "孔口")
    cd = line.number_at(5, "the discharge coefficient", default=0.65)
    area = opening.area() * options.length**2
    head = max(up.full - opening.height * options.length / 2, 0.1)
    return cd * area * math.sqrt(2 * GRAVITY * head)


def _weir(line: Line, opening: Section | None, options: Options) -> float:
    """Return C L h^1.5 (C h^2.5 for a V-notch) at the full height of the opening."""
    if opening is None:
        raise _unshaped(line, "weir", "堰")
    c = line.number_at(5, "the weir coefficient", default=1.84)
    h, cubic = opening.height, options.length**3
    if line.word(3, "the weir's type").upper().startswith("V"):
        return float(c * opening.width / 2 * h**1.5 * cubic)
    return float(c * opening.width * h**1.5 * cubic)


def _outlet(line: Line, up: Node, curves: Curves, options: Options) -> float:
    """Return the most of its rating: at the brim of the node above, or the curve's end."""
    way = line.word(4, "the outlet's rating").upper()
    if way.startswith("TAB"):
        points = curves.points(line, line.word(5, "the rating curve"))
        return max((y for _, y in points), default=math.nan) * options.flow
    c, power = line.number_at(5, "the coefficient"), line.number_at(6, "the exponent")
    depth = max(up.full / options.length, 0.0)
    return float(c * depth**power) * options.flow if depth > 0 else math.nan


def machine(
    link: Link,
    ends: tuple[Node, Node],
    opening: Section | None,
    curves: Curves,
    options: Options,
) -> Machine:
    """Return what can be set at this link."""
    line, (up, down) = link.line, ends
    lift = 0.0
    if link.kind == "pump":
        capacity, lift = _pump(line, curves, options)
        if math.isnan(lift):
            below = down.stage if not math.isnan(down.stage) else down.invert + down.initial
            lift = max(below - up.invert - up.initial, 0.0)
    elif link.kind == "orifice":
        capacity = _orifice(line, up, opening, options)
    elif link.kind == "weir":
        capacity = _weir(line, opening, options)
    else:
        capacity = _outlet(line, up, curves, options)
    return Machine(
        id=link.id,
        kind=link.kind,
        up=link.up,
        down=link.down,
        steps=link.kind == "pump",
        capacity=capacity,
        lift=lift,
        to_tide=down.kind == "outfall",
    )
