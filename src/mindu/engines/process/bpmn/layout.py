"""Laying out a process that nobody drew: columns by distance from the start, rows by branch."""

from mindu.engines.process.model import EVENTS, GATEWAYS, Body, Definition, Node, Shape

COLUMN, ROW, EDGE = 160.0, 120.0, 60.0  # diagram units between middles, and around
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
    _at_edges(definition, body, boxes)
    shapes = [Shape(name, box) for name, box in boxes.items()] + shapes
    for flow in definition.flows.values():
        if flow.source in boxes and flow.target in boxes:
            shapes.append(Shape(flow.id, None, _line(boxes[flow.source], boxes[flow.target])))
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
    place = {n.id: 0 for n in definition.starts(body.id)}
    todo = list(place)
    while todo:
        name = todo.pop(0)
        for flow in (*definition.nodes[name].out, *edges.get(name, ())):
            target = definition.flows[flow].target
            if target not in place:
                place[target] = place[name] + 1
                todo.append(target)
    last = max(place.values(), default=0) + 1
    found: list[list[Node]] = [[] for _ in range(last + 1)]
    for node in nodes:
        found[place.get(node.id, last)].append(node)
    return [column for column in found if column]


def _at_edges(definition: Definition, body: Body, boxes: dict[str, Box]) -> None:
    counts: dict[str, int] = {}
    for node in definition.inside(body.id):
        if node.kind == "boundary" and node.attached in boxes:
            x, y, _, height = boxes[node.attached]
            number = counts[node.attached] = counts.get(node.attached, -1) + 1
            boxes[node.id] = (x + 10 + 40 * number, y + height - 18, *SIZES["event"])


def _line(source: Box, target: Box) -> tuple[tuple[float, float], ...]:
    begin = (source[0] + source[2], source[1] + source[3] / 2)
    end = (target[0], target[1] + target[3] / 2)
    if begin[1] == end[1]:
        return (begin, end)
    middle = (begin[0] + end[0]) / 2
    return (begin, (middle, begin[1]), (middle, end[1]), end)
