"""Events: what comes in, what goes out, and what goes up."""

from collections.abc import Callable

from msgspec.structs import replace

from mindu.engines.process.core import activities, frames, times
from mindu.engines.process.core.program import is_activity
from mindu.engines.process.core.work import COMPLETE, QUIET, UNDO, Work, enters
from mindu.engines.process.happenings import Threw, Vars
from mindu.engines.process.model import Node, Trigger
from mindu.engines.process.state import Frame, Token, Wait

Throw = Callable[[Work, Token, Node], None]


@enters("start", "boundary")
def pass_(work: Work, token: Token, node: Node) -> None:
    """Go on: what the event waited for is there."""
    work.leave(token, node.out)


@enters("catch")
def catch(work: Work, token: Token, node: Node) -> None:
    """Wait for the event."""
    if node.trigger.kind in {"link", "none"}:
        work.leave(token, node.out)
        return
    work.rest(token)
    frames.await_event(work, node, token.frame, token.id)


@enters("throw", "end")
def throw(work: Work, token: Token, node: Node) -> None:
    """Send the event out, then go on or end."""
    THROW[node.trigger.kind](work, token, node)


def thrown(work: Work, token: Token, node: Node) -> None:
    """Go on after an event is out."""
    if token.id not in work.tokens:
        return
    token = work.tokens[token.id]
    if node.kind == "end":
        if not work.frames[token.frame].parent:
            work.outcome = node.name or work.outcome
        work.end(token)
    else:
        work.leave(token, node.out)


def _message(work: Work, token: Token, node: Node) -> None:
    trigger = node.trigger
    if trigger.topic or node.work.topic:
        topic = trigger.topic or node.work.topic
        token = work.rest(token)
        work.open(Wait(work.number(), "job", node.id, token.id, token.frame, topic))
        return
    key = str(work.eval(token.frame, trigger.key)[0]) if trigger.key else ""
    told = activities.payload(work, token.frame, node)
    work.effects.append(Threw(kind="message", name=trigger.name, key=key, vars=told))
    thrown(work, token, node)


def _signal(work: Work, token: Token, node: Node) -> None:
    name, told = node.trigger.name, activities.payload(work, token.frame, node)
    hears = [w.id for w in work.waits.values() if w.kind == "signal" and w.name == name]
    work.effects.append(Threw(kind="signal", name=name, vars=told))
    thrown(work, token, node)
    for wait in hears:
        if wait in work.waits:
            came(work, work.waits[wait], told)


def _escalation(work: Work, token: Token, node: Node) -> None:
    raised(work, token.frame, node.trigger, {})
    thrown(work, token, node)


def _error(work: Work, token: Token, node: Node) -> None:
    told = activities.payload(work, token.frame, node)
    if not raised(work, token.frame, node.trigger, told) and token.id in work.tokens:
        work.finish("failed", node.trigger.name or node.name or "error")


def _terminate(work: Work, token: Token, node: Node) -> None:
    frame = token.frame
    if not work.frames[frame].parent:
        work.outcome = node.name or work.outcome
    work.clear(frame)
    work.settle(frame)


def _link(work: Work, token: Token, node: Node) -> None:
    target = work.of(token.frame).links[node.body, node.trigger.name]
    work.tokens[token.id] = replace(token, node=target)
    work.queue.append(token.id)


def _compensate(work: Work, token: Token, node: Node) -> None:
    frame = work.frames[token.frame]
    if frame.body and not frame.host and frame.parent:
        frame = work.frames[frame.parent]  # an event sub-process takes back what is around it
    wanted = node.trigger.name
    records = tuple(r for r in reversed(frame.records) if not wanted or r.node == wanted)
    left = tuple(r for r in frame.records if r not in records)
    work.frames[frame.id] = replace(frame, records=left)
    work.tokens[token.id] = replace(work.rest(token), undo=records)
    _undo(work, work.tokens[token.id], node)


def _undo(work: Work, token: Token, node: Node) -> None:
    """Run the next handler; when none is left, go on."""
    if not token.undo:
        if node.trigger.kind == "cancel":
            _cancelled(work, token, node)
        else:
            thrown(work, token, node)
        return
    record, left = token.undo[0], token.undo[1:]
    work.tokens[token.id] = replace(token, undo=left)
    number = work.number()
    body = f"{UNDO}{record.handler}"
    work.frames[number] = Frame(number, body, token.frame, token.id, dict(record.seen))
    inner = work.put(record.handler, number)
    work.tokens[inner.id] = replace(inner, inner=True)


def _undone(work: Work, frame: Frame) -> None:
    token = work.tokens[frame.host]
    del work.frames[frame.id]
    _undo(work, token, work.node(token))


def _cancelled(work: Work, token: Token, node: Node) -> None:
    """Leave a transaction by its cancel event."""
    if not raised(work, token.frame, node.trigger, {}):
        raise work.stuck(
            node,
            "no cancel event is drawn at the edge of its transaction: draw one",
            "事务边界上没有取消事件:请添加",
        )


def _plain(work: Work, token: Token, node: Node) -> None:
    thrown(work, token, node)


THROW: dict[str, Throw] = {
    "none": _plain,
    "message": _message,
    "signal": _signal,
    "escalation": _escalation,
    "error": _error,
    "terminate": _terminate,
    "link": _link,
    "compensation": _compensate,
    "cancel": _compensate,
}
COMPLETE[UNDO] = _undone


def raised(work: Work, frame: int, trigger: Trigger, told: Vars) -> bool:
    """Let an error, escalation or cancel go up until something catches it; say whether it did."""
    at: Frame | None = work.frames[frame]
    apart = False  # an event sub-process is not asked about what it throws itself
    while at is not None:
        program = work.of(at.id)
        for sub, start in () if apart else program.event_subs.get(at.body, ()):
            if _catches(start, trigger):
                work.note(at.id, told, work.tokens.get(at.host))
                frames.trigger_sub(work, at.id, sub, start)
                return True
        apart = not at.host
        if at.host and _at_edge(work, work.tokens[at.host], trigger, told):
            return True
        at = work.frames.get(at.parent)
    return False


def _at_edge(work: Work, token: Token, trigger: Trigger, told: Vars) -> bool:
    for event in work.of(token.frame).boundary.get(token.node, ()):
        if _catches(event, trigger):
            work.note(token.frame, told, token)
            frames.interrupt(work, token, event)
            return True
    return False


def at_activity(work: Work, token: Token, trigger: Trigger, told: Vars) -> bool:
    """Let an error that a worker met be caught at its activity's edge, or further up."""
    return _at_edge(work, token, trigger, told) or raised(work, token.frame, trigger, told)


def _catches(event: Node, trigger: Trigger) -> bool:
    return any(
        one.kind == trigger.kind and one.name in {"", trigger.name} for one in event.triggers
    )


def came(work: Work, wait: Wait, told: Vars) -> None:
    """Take in what was waited for: a message, a signal, a timer, a condition."""
    node = work.of(wait.frame).nodes[wait.node]
    _again(work, wait, node)
    if node.kind == "start":
        sub = next(s for s, e in work.of(wait.frame).event_subs[_body(work, wait)] if e is node)
        work.note(wait.frame, told, work.tokens.get(work.frames[wait.frame].host))
        frames.trigger_sub(work, wait.frame, sub, node)
        return
    token = work.tokens[wait.token]
    if node.kind == "boundary":
        work.note(token.frame, told, token)
        frames.interrupt(work, token, node)
        return
    if token.node != node.id:  # an event-based gateway
        work.shut(token.id)
        token = replace(token, node=node.id, inner=False)
        work.tokens[token.id] = token
        work.passed.append(node.id)
        if is_activity(node):
            work.visit(token)
    if is_activity(node):
        activities.complete(work, token, node, told)
    else:
        _caught(work, token, node, told)


def _caught(work: Work, token: Token, node: Node, told: Vars) -> None:
    work.shut(token.id)
    if node.work.outputs:
        told = {n: work.eval(token.frame, text, told)[0] for text, n in node.work.outputs}
    work.note(token.frame, told, token)
    work.leave(token, node.out)


def _body(work: Work, wait: Wait) -> str:
    return work.frames[wait.frame].body


def _again(work: Work, wait: Wait, node: Node) -> None:
    """Close a wait that is over; what does not interrupt may happen again."""
    once = node.interrupting or node.kind not in {"boundary", "start"}
    if once or (wait.kind == "timer" and wait.again == 0):
        work.close(wait.id)
    elif wait.kind == "timer":
        _, _, every = frames.rings(work, wait.frame, node, node.trigger.timer)
        due = times.again(wait.due or work.now, work.now, every, node.called())
        work.waits[wait.id] = replace(wait, due=due, again=wait.again - (wait.again > 0))
    elif wait.kind == "conditional":
        work.waits[wait.id] = replace(wait, again=1)  # it rests until it has been false


def _conditions(work: Work) -> bool:
    """Let conditional events happen whose condition has become true."""
    for wait in list(work.waits.values()):
        if wait.kind != "conditional":
            continue
        node = work.of(wait.frame).nodes[wait.node]
        value, _ = work.eval(wait.frame, node.trigger.condition)
        if value is True and not wait.again:
            came(work, wait, {})
            return True
        if value is not True and wait.again:
            work.waits[wait.id] = replace(wait, again=0)
    return False


QUIET.append(_conditions)
