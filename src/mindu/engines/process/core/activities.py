"""Activities: what is done, by a person, a worker, a rule or a process inside."""

from collections.abc import Callable

from msgspec.structs import replace

from mindu.engines.process.core import frames, loops
from mindu.engines.process.core.gateways import chosen
from mindu.engines.process.core.work import COMPLETE, ITEM, Work, enters
from mindu.engines.process.happenings import Decided, Threw, Vars
from mindu.engines.process.model import ACTIVITIES, Node
from mindu.engines.process.state import Frame, Record, Token, Wait

Begin = Callable[[Work, Token, Node], None]


@enters(*sorted(ACTIVITIES))
def begin(work: Work, token: Token, node: Node) -> None:
    """Begin an activity: note the visit, wait at its boundary, then work or loop."""
    token = work.rest(token)
    if not token.inner:
        work.visit(token)
        for event in work.of(token.frame).boundary.get(node.id, ()):
            if event.trigger.kind in frames.AWAITED:
                frames.await_event(work, event, token.frame, token.id)
    if node.loop is not None and not token.inner:
        if not loops.begin(work, token, node):
            finish(work, work.tokens[token.id], node)
        return
    BEGIN[node.kind](work, token, node)


def _at_once(work: Work, token: Token, node: Node) -> None:
    complete(work, token, node, {})


def _user(work: Work, token: Token, node: Node) -> None:
    who = work.text(token.frame, node.work.assignee)
    groups = work.text(token.frame, node.work.groups) or ("" if who else node.lane)
    offer(work, token, node, who=who, groups=groups)


def offer(work: Work, token: Token, node: Node, *, who: str, groups: str = "") -> Wait:
    """Put a task on the desk."""
    return work.open(
        Wait(
            work.number(), "task", node.id, token.id, token.frame, node.name,
            who=who, groups=groups, form=node.work.form,
        )
    )  # fmt: skip


def _job(work: Work, token: Token, node: Node) -> None:
    topic = node.work.topic or node.name or node.id
    work.open(Wait(work.number(), "job", node.id, token.id, token.frame, topic))


def _send(work: Work, token: Token, node: Node) -> None:
    if node.work.topic or not node.triggers:
        _job(work, token, node)
        return
    trigger = node.trigger
    key = str(work.eval(token.frame, trigger.key)[0]) if trigger.key else ""
    told = payload(work, token.frame, node)
    work.effects.append(Threw(kind="message", name=trigger.name, key=key, vars=told))
    complete(work, token, node, {})


def _receive(work: Work, token: Token, node: Node) -> None:
    frames.await_event(work, node, token.frame, token.id)


def _script(work: Work, token: Token, node: Node) -> None:
    value, told = work.eval(token.frame, node.work.script, payload(work, token.frame, node))
    if value is None and told:
        raise work.stuck(node, f"its script gives null: {told}", f"脚本的结果为空:{told}")
    complete(work, token, node, {node.work.result: value} if node.work.result else {})


def _rule(work: Work, token: Token, node: Node) -> None:
    if not node.work.decision:
        _job(work, token, node)
        return
    decision = work.text(token.frame, node.work.decision)
    inputs = {**work.seen(token.frame), **payload(work, token.frame, node)}
    try:
        said = work.library.decide(decision, inputs, work.now)
    except KeyError as why:
        raise work.stuck(
            node, f"{why.args[0]}: publish it first", f"没有决策“{decision}”:请先发布"
        ) from None
    work.effects.append(
        Decided(node=node.id, decision=decision, value=said.value, basis=said.basis)
    )
    complete(work, token, node, {node.work.result or decision: said.value})


def _sub(work: Work, token: Token, node: Node) -> None:
    if not work.of(token.frame).bodies[node.inner].nodes:
        complete(work, token, node, {})  # drawn as a box with nothing inside
        return
    values = payload(work, token.frame, node)
    frames.begin(work, Frame(work.number(), node.inner, token.frame, token.id, values))


def _call(work: Work, token: Token, node: Node) -> None:
    process = work.text(token.frame, node.work.called)
    try:
        key = work.library.called(process)
    except KeyError as why:
        raise work.stuck(
            node, f"{why.args[0]}: publish it first", f"没有流程“{process}”:请先发布"
        ) from None
    if _nested(work, token.frame) >= DEEPEST:
        raise work.stuck(
            node,
            f"processes call each other more than {DEEPEST} deep: take the circle out",
            f"流程互相调用超过{DEEPEST}层:请去掉循环调用",
        )
    inputs = {**work.seen(token.frame), **payload(work, token.frame, node)}
    frame = Frame(work.number(), process, token.frame, token.id, inputs, definition=key)
    frames.begin(work, frame)


DEEPEST = 12  # processes that call each other


def _nested(work: Work, frame: int) -> int:
    depth, at = 0, work.frames.get(frame)
    while at is not None:
        depth += bool(at.definition)
        at = work.frames.get(at.parent)
    return depth


BEGIN: dict[str, Begin] = {
    "task": _at_once,
    "manual": _at_once,
    "user": _user,
    "service": _job,
    "send": _send,
    "receive": _receive,
    "script": _script,
    "rule": _rule,
    "sub": _sub,
    "call": _call,
}


def payload(work: Work, frame: int, node: Node) -> Vars:
    """Return what an activity is given."""
    return {name: work.eval(frame, source)[0] for source, name in node.work.inputs}


def complete(work: Work, token: Token, node: Node, results: Vars, by: str = "") -> None:
    """Take an activity's results, and go on."""
    if node.work.outputs:
        results = {
            name: work.eval(token.frame, source, results)[0] for source, name in node.work.outputs
        }
    work.note(token.frame, results, token)
    if token.inner:
        work.shut(token.id)
        del work.tokens[token.id]
        work.settle(token.frame)
    else:
        finish(work, token, node, by)


def finish(work: Work, token: Token, node: Node, by: str = "") -> None:
    """Close what waited at the boundary, and go on along the flows."""
    work.shut(token.id)
    handler = work.of(token.frame).handler(node)
    if handler:
        frame = work.frames[token.frame]
        seen = {**frame.vars} if frame.parent else {}
        record = Record(node.id, handler, seen)
        work.frames[frame.id] = replace(frame, records=(*frame.records, record))
    work.visited(token, by)
    some = any(work.flow(token, flow).condition for flow in node.out)
    flows = chosen(work, token, node, most=len(node.out)) if some else node.out
    work.leave(token, flows)


def _complete(work: Work, frame: Frame) -> None:
    """A process or sub-process is done."""
    if not frame.parent:
        work.finish("ended", work.outcome)
        return
    if not frame.host:
        del work.frames[frame.id]
        work.settle(frame.parent)
        return
    token = work.tokens[frame.host]
    node = work.node(token)
    results: Vars = frame.vars if frame.definition else {}
    if node.work.outputs:
        results = {name: work.eval(frame.id, source)[0] for source, name in node.work.outputs}
    above = work.frames[frame.parent]
    if frame.records and not frame.definition:
        work.frames[above.id] = replace(above, records=(*above.records, *frame.records))
    del work.frames[frame.id]
    work.note(token.frame, results, token)
    if token.inner:
        del work.tokens[token.id]
        work.settle(token.frame)
    else:
        finish(work, token, node)


def _turn(work: Work, frame: Frame) -> None:
    """One turn of a loop is done."""
    token = work.tokens[frame.host]
    node = work.node(token)
    if loops.turned(work, frame, token, node):
        finish(work, work.tokens[token.id], node)


COMPLETE[""] = _complete
COMPLETE[ITEM] = _turn
