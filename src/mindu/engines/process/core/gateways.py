"""Gateways: where tokens are split and joined."""

from msgspec.structs import replace

from mindu.engines.process.core.frames import await_event
from mindu.engines.process.core.threads import added
from mindu.engines.process.core.work import QUIET, Work, enters
from mindu.engines.process.model import Node
from mindu.engines.process.state import Join, Token, Wait


@enters("exclusive")
def exclusive(work: Work, token: Token, node: Node) -> None:
    """Take the first flow whose condition holds; where none is drawn, ask a person."""
    if asks(work, token, node):
        ask(work, token, node)
    else:
        work.leave(token, chosen(work, token, node, most=1))


@enters("parallel")
def parallel(work: Work, token: Token, node: Node) -> None:
    """Wait for a token from every side, then go on along all flows."""
    if len(node.into) > 1:
        work.rest(token)
        here = waiting(work, token.frame, node)
        if set(here) != set(node.into):
            return
        token = joined(work, here)
    work.leave(token, node.out)


@enters("inclusive")
def inclusive(work: Work, token: Token, node: Node) -> None:
    """Wait for those that are on their way, then go on along the flows whose condition holds."""
    if len(node.into) > 1:
        work.rest(token)  # `still` lets it go on
    else:
        fork(work, token, node)


@enters("complex")
def complex_(work: Work, token: Token, node: Node) -> None:
    """Go on as soon as the activation condition holds; stragglers are taken in."""
    if len(node.into) < 2:
        fork(work, token, node)
        return
    gone = _gone(work, token.frame, node)
    if gone and token.via not in gone:
        _straggler(work, token, node, gone)
    else:
        work.rest(token)  # `still` lets it go on


def _gone(work: Work, frame: int, node: Node) -> set[str]:
    marks = (one.partition("|") for one in work.frames[frame].gone)
    return {flow for gateway, _, flow in marks if gateway == node.id}


def _activated(work: Work, frame: int, node: Node, here: dict[str, Token]) -> bool:
    """Say whether a complex gateway goes on with what is there, and note it."""
    more = {"activationCount": len(here)}
    if _gone(work, frame, node) or not work.holds(frame, node.condition, node, more):
        return False
    if len(here) < len(node.into):
        marks = tuple(f"{node.id}|{flow}" for flow in here)
        found = work.frames[frame]
        work.frames[frame] = replace(found, gone=(*found.gone, *marks))
    return True


def _straggler(work: Work, token: Token, node: Node, gone: set[str]) -> None:
    frame = work.frames[token.frame]
    left = (*frame.gone, f"{node.id}|{token.via}")
    if gone | {token.via} >= set(node.into):
        left = tuple(one for one in left if one.partition("|")[0] != node.id)
    work.frames[frame.id] = replace(frame, gone=left)
    work.end(token)


@enters("event")
def event_based(work: Work, token: Token, node: Node) -> None:
    """Wait for the first of several events."""
    work.rest(token)
    for name in node.out:
        target = work.of(token.frame).nodes[work.flow(token, name).target]
        await_event(work, target, token.frame, token.id)


def waiting(work: Work, frame: int, node: Node) -> dict[str, Token]:
    """Return the first token from each side that rests at a gateway."""
    found: dict[str, Token] = {}
    for token in work.tokens.values():
        here = token.frame == frame and token.node == node.id
        if here and token.via in node.into and token.since:
            found.setdefault(token.via, token)
    return found


def joined(work: Work, here: dict[str, Token]) -> Token:
    """Make one token of several: its threads are theirs added up."""
    first, *others = here.values()
    for other in others:
        del work.tokens[other.id]
    threads = added(thread for token in here.values() for thread in token.threads)
    work.tokens[first.id] = Token(first.id, first.node, first.frame, threads)
    work.absorb(first.frame)
    token, frame = work.tokens[first.id], work.frames[first.frame]
    join = Join(token.threads, {flow: one.threads for flow, one in here.items()})
    work.frames[frame.id] = replace(frame, joins={**frame.joins, first.node: join})
    return token


def fork(work: Work, token: Token, node: Node) -> None:
    """Go on along every flow whose condition holds."""
    if asks(work, token, node):
        ask(work, token, node)
    elif node.kind == "complex" and not any(work.flow(token, f).condition for f in node.out):
        work.leave(token, node.out)
    else:
        work.leave(token, chosen(work, token, node, most=len(node.out)))


def asks(work: Work, token: Token, node: Node) -> bool:
    """Say whether no flow of a split has a condition, so that a person chooses."""
    apart = node.kind == "complex" or len(node.out) < 2
    return not apart and not any(work.flow(token, f).condition for f in node.out)


def ask(work: Work, token: Token, node: Node) -> None:
    """Let a person choose the way."""
    work.rest(token)
    number, groups = work.number(), node.lane
    work.open(Wait(number, "choose", node.id, token.id, token.frame, node.name, groups=groups))


def chosen(work: Work, token: Token, node: Node, *, most: int) -> tuple[str, ...]:
    """Return the flows to go on along: those whose condition holds, else the default."""
    found: list[str] = []
    for name in node.out:
        flow = work.flow(token, name)
        if name == node.default or len(found) >= most:
            continue
        if not flow.condition or work.holds(token.frame, flow.condition, node):
            found.append(name)
    if found or not node.out:
        return tuple(found)
    if node.default:
        return (node.default,)
    raise work.stuck(
        node,
        "no flow out of it has a condition that holds, and none is the default: draw a default",
        "没有任何出向连线的条件成立,也没有默认连线:请设置默认连线",
    )


def still(work: Work) -> bool:
    """Let gateways go on to which nothing more can come, or that have enough."""
    held = [t for t in work.tokens.values() if t.node in work.of(t.frame).patient]
    asked = {wait.token for wait in work.waits.values() if wait.kind == "choose"} if held else ()
    for token in held:
        if token.id in asked:
            continue
        node = work.node(token)
        here = waiting(work, token.frame, node)
        if here and _goes(work, token.frame, node, here):
            fork(work, joined(work, here), node)
            return True
    return False


def _goes(work: Work, frame: int, node: Node, here: dict[str, Token]) -> bool:
    if node.kind == "complex":
        return _activated(work, frame, node, here)
    return not _expected(work, frame, node, set(here))


def _expected(work: Work, frame: int, node: Node, filled: set[str]) -> bool:
    """Say whether a token may still come to an empty side, and to no side that is filled."""
    reach = work.of(frame).reaches(node.id)
    near = frozenset[str]().union(*(reach[flow] for flow in filled if flow in reach))
    far = frozenset[str]().union(*(reach[flow] for flow in node.into if flow not in filled))
    return any(
        token.node in far and token.node not in near
        for token in work.tokens.values()
        if token.frame == frame and token.node != node.id
    )


QUIET.append(still)
