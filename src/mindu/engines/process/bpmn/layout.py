"""Laying out a process that nobody drew: columns by distance from the start, rows by branch."""

from mindu.engines.process.model import EVENTS, GATEWAYS, Body, Definition, Node, Shape

COLUMN, ROW, EDGE = 160.0, 120.0, 60.0  # diagram units between middles, and around
TURN = 20.0  # between a shape and where its line turns
SIZES = {"event": (36.0, 36.0), "gateway": (50.0, 50.0), "activity": (110.0, 80.0)}
Box = tuple[float, float, float, float]


def laid_out(definition: Definition) -> tuple[Shape, ...]:
    """Return a shape for every node and flow."""
    shapes: list[Shape] = []
    top = EDGE
    for body in definition.bodies.values():
        if body.root and body.nodes:
            inside, _, height = _body(definition, body, EDGE, top)
            shapes += inside
            top += height + ROW
    return tuple(shapes)


def _body(
    definition: Definition, body: Body, left: float, top: float
) -> tuple[list[Shape], float, float]:
    """Return the shapes of a body, and its width and height."""
    columns = _columns(definition, body)
    boxes: dict[str, Box] = {}
    shapes: list[Shape] = []
    x, bottom = left, top
    for column in columns:
        y, wide = top, 0.0
        for node in column:
            inner, width, height = _size(definition, node, x, y)
            boxes[node.id] = (x, y + (ROW - height) / 2 if height < ROW else y, width, height)
            shapes += inner
            y += max(height, ROW)
            wide = max(wide, width)
        x += wide + COLUMN - SIZES["activity"][0]
        bottom = max(bottom, y)
    own = list(boxes.values())
    _at_edges(definition, body, boxes)
    shapes = [Shape(name, box) for name, box in boxes.items()] + shapes
    for flow in definition.flows.values():
        if flow.source in boxes and flow.target in boxes:
            ends = boxes[flow.source], boxes[flow.target]
            edge = definition.nodes[flow.source].kind == "boundary"
            line = _from_edge(*ends) if edge else _line(*ends, own)
            shapes.append(Shape(flow.id, None, line))
    return shapes, x - left, bottom - top


def _size(
    definition: Definition, node: Node, x: float, y: float
) -> tuple[list[Shape], float, float]:
    if node.inner:
        body = definition.bodies[node.inner]
        inside, width, height = _body(definition, body, x + EDGE / 2, y + EDGE / 2)
        return inside, width + EDGE / 2, height + EDGE
    kind = "event" if node.kind in EVENTS else "activity"
    width, height = SIZES["gateway" if node.kind in GATEWAYS else kind]
    return [], width, height


def _columns(definition: Definition, body: Body) -> list[list[Node]]:
    """Return the nodes by their distance from the start; what stands apart comes last."""
    nodes = [n for n in definition.inside(body.id) if n.kind != "boundary"]
    edges: dict[str, list[str]] = {}
    for node in definition.inside(body.id):
        if node.kind == "boundary":
            edges.setdefault(node.attached, []).extend(node.out)
    place = _places(definition, [n.id for n in definition.starts(body.id)], edges)
    last = max(place.values(), default=0) + 1
    found: list[list[Node]] = [[] for _ in range(last + 1)]
    for node in nodes:
        found[place.get(node.id, last)].append(node)
    return [column for column in found if column]


def _places(
    definition: Definition, starts: list[str], edges: dict[str, list[str]]
) -> dict[str, int]:
    """Return the longest way from a start to every node; ways back do not count."""
    ahead: dict[str, list[str]] = {}
    done: list[str] = []
    open_: set[str] = set()
    todo = [(name, False) for name in reversed(starts)]
    while todo:
        name, left = todo.pop()
        if left:
            open_.discard(name)
            done.append(name)
        elif name not in ahead:
            open_.add(name)
            flows = (*definition.nodes[name].out, *edges.get(name, ()))
            targets = [definition.flows[flow].target for flow in flows]
            ahead[name] = [one for one in targets if one not in open_]
            todo.append((name, True))
            todo += [(one, False) for one in reversed(ahead[name])]
    place = dict.fromkeys(ahead, 0)
    for name in reversed(done):
        for one in ahead[name]:
            place[one] = max(place[one], place[name] + 1)
    return place


def _at_edges(definition: Definition, body: Body, boxes: dict[str, Box]) -> None:
    counts: dict[str, int] = {}
    for node in definition.inside(body.id):
        if node.kind == "boundary" and node.attached in boxes:
            x, y, _, height = boxes[node.attached]
            number = counts[node.attached] = counts.get(node.attached, -1) + 1
            boxes[node.id] = (x + 10 + 40 * number, y + height - 18, *SIZES["event"])


def _line(source: Box, target: Box, boxes: list[Box]) -> tuple[tuple[float, float], ...]:
    """Return a line that leaves to the right and comes in from the left, past what stands between.

    A line to the next column bends in the gap before it; one that goes farther, or back, runs in
    the gap below the row that it leaves.
    """
    begin = (source[0] + source[2], source[1] + source[3] / 2)
    end = (target[0], target[1] + target[3] / 2)
    between = [box for box in boxes if begin[0] < box[0] + box[2] and box[0] < end[0]]
    if begin[1] == end[1] and begin[0] < end[0] and not any(_in(begin[1], b) for b in between):
        return (begin, end)
    if begin[0] < end[0] and not between:
        middle = (begin[0] + end[0]) / 2
        return (begin, (middle, begin[1]), (middle, end[1]), end)
    out, into, gap = begin[0] + TURN, end[0] - TURN, begin[1] + ROW / 2
    return (begin, (out, begin[1]), (out, gap), (into, gap), (into, end[1]), end)


def _from_edge(source: Box, target: Box) -> tuple[tuple[float, float], ...]:
    """Return a line from an event at an activity's edge: down, along the gap, and in."""
    begin = (source[0] + source[2] / 2, source[1] + source[3])
    end = (target[0], target[1] + target[3] / 2)
    gap, into = begin[1] + 4, end[0] - TURN
    return (begin, (begin[0], gap), (into, gap), (into, end[1]), end)


def _in(y: float, box: Box) -> bool:
    return box[1] <= y <= box[1] + box[3]
