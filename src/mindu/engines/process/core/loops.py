"""Loops: an activity for each of many things, at once or one after the other."""

from typing import Any

from msgspec.structs import replace

from mindu.engines.process.core.work import ITEM, Work
from mindu.engines.process.model import Loop, Node
from mindu.engines.process.state import Frame, Repeat, Token

MOST_ITEMS = 1_000  # of one multi-instance activity
MOST_TURNS = 1_000  # of a standard loop


def begin(work: Work, token: Token, node: Node) -> bool:
    """Begin a loop; False when it has no turn at all."""
    loop = node.loop
    assert loop is not None, "only a node with a loop begins one"
    if loop.kind == "standard":
        return _standard(work, token, node, loop)
    items, total = _items(work, token, node, loop)
    if total == 0:
        _output(work, token, loop, ())
        return False
    begun = total if loop.kind == "parallel" else 1
    blank = (None,) * total if loop.output else ()
    repeat = Repeat(loop.kind, items, total, begun, 0, blank)
    work.tokens[token.id] = replace(token, repeat=repeat)
    for index in range(begun):
        _turn(work, work.tokens[token.id], node, index)
    return True


def _items(work: Work, token: Token, node: Node, loop: Loop) -> tuple[tuple[Any, ...] | None, int]:
    items: tuple[Any, ...] | None = None
    if loop.collection:
        value, told = work.eval(token.frame, loop.collection)
        if not isinstance(value, list):
            raise work.stuck(
                node,
                f"it runs for each of {loop.collection!r}, which is {value!r} and no list ({told})",
                f"多实例集合“{loop.collection}”的值是{value!r},不是列表({told})",
            )
        items, total = tuple(value), len(value)
    else:
        value, told = work.eval(token.frame, loop.cardinality)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise work.stuck(
                node,
                f"it runs {loop.cardinality!r} times, which is {value!r} and no count ({told})",
                f"多实例次数“{loop.cardinality}”的值是{value!r},不是次数({told})",
            )
        total = value
    if total > MOST_ITEMS:
        raise work.stuck(
            node,
            f"it would run {total} times; {MOST_ITEMS} is the most: split the list",
            f"将运行{total}次,最多{MOST_ITEMS}次:请拆分列表",
        )
    return items, total


def _standard(work: Work, token: Token, node: Node, loop: Loop) -> bool:
    if loop.before and loop.until and not work.holds(token.frame, loop.until, node):
        return False
    most = min(loop.most or MOST_TURNS, MOST_TURNS)
    repeat = Repeat(loop.kind, None, most, 1)
    work.tokens[token.id] = replace(token, repeat=repeat)
    _turn(work, work.tokens[token.id], node, 0)
    return True


def _turn(work: Work, token: Token, node: Node, index: int) -> None:
    repeat = token.repeat
    assert repeat is not None, "a turn belongs to a loop"
    assert node.loop is not None, "a turn belongs to a loop"
    values: dict[str, Any] = {"loopCounter": index + 1}
    if repeat.items is not None and node.loop.element:
        values[node.loop.element] = repeat.items[index]
    if node.loop.output_element.isidentifier():
        values.setdefault(node.loop.output_element, None)
    number = work.number()
    work.frames[number] = Frame(number, f"{ITEM}{node.id}", token.frame, token.id, values)
    inner = work.put(node.id, number)
    work.tokens[inner.id] = replace(inner, inner=True)


def turned(work: Work, frame: Frame, token: Token, node: Node) -> bool:
    """Take in one turn; True when the loop is over."""
    repeat, loop = token.repeat, node.loop
    assert repeat is not None, "a turn belongs to a loop"
    assert loop is not None, "a turn belongs to a loop"
    results = list(repeat.results)
    if loop.output:
        value, _ = work.eval(frame.id, loop.output_element or "null")
        results[frame.vars["loopCounter"] - 1] = value
    repeat = replace(repeat, done=repeat.done + 1, results=tuple(results))
    work.tokens[token.id] = replace(token, repeat=repeat)
    above = work.frames[frame.parent]
    if frame.records:
        work.frames[above.id] = replace(above, records=(*above.records, *frame.records))
    over = _over(work, frame, node, repeat)
    del work.frames[frame.id]
    if over:
        for left in [f.id for f in work.frames.values() if f.host == token.id]:
            work.clear(left)
            del work.frames[left]
        _output(work, token, loop, repeat.results)
    elif repeat.begun < repeat.total and loop.kind != "parallel":
        work.tokens[token.id] = replace(token, repeat=replace(repeat, begun=repeat.begun + 1))
        _turn(work, work.tokens[token.id], node, repeat.begun)
    return over


def _over(work: Work, frame: Frame, node: Node, repeat: Repeat) -> bool:
    loop = node.loop
    assert loop is not None, "a turn belongs to a loop"
    if repeat.done >= repeat.total:
        return True
    if loop.kind == "standard":
        return not loop.until or not work.holds(frame.parent, loop.until, node)
    counts = {
        "numberOfInstances": repeat.total,
        "numberOfCompletedInstances": repeat.done,
        "numberOfActiveInstances": repeat.begun - repeat.done,
        "numberOfTerminatedInstances": 0,
        "nrOfInstances": repeat.total,
        "nrOfCompletedInstances": repeat.done,
        "nrOfActiveInstances": repeat.begun - repeat.done,
    }
    return bool(loop.until) and work.holds(frame.id, loop.until, node, counts)


def _output(work: Work, token: Token, loop: Loop, results: tuple[Any, ...]) -> None:
    if loop.output:
        work.note(token.frame, {loop.output: list(results)}, token)
