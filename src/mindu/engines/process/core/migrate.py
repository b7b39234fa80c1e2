"""Migration: an instance goes on under another version, by a declared mapping of old to new."""

from collections.abc import Mapping

from msgspec.structs import replace

from mindu.engines.process.core import frames
from mindu.engines.process.core.back.outcomes import dropped
from mindu.engines.process.core.program import Program
from mindu.engines.process.core.work import ITEM, UNDO, Work
from mindu.engines.process.happenings import Migrate, Stuck
from mindu.engines.process.model import GATEWAYS
from mindu.engines.process.state import Frame, Join, Token, Wait, Write


def carry_over(work: Work, told: Migrate) -> None:
    """Carry everything over, or say what has no place in the new version."""
    try:
        new = work.library.program(told.to)
    except KeyError:
        raise Stuck(told.to, "there is no such version", "没有这个版本") from None
    old = work.program
    own = [f.id for f in work.frames.values() if work.of(f.id) is old]
    ours = set(own)
    tokens = [t for t in work.tokens.values() if t.frame in ours]
    waits = [w for w in work.waits.values() if w.frame in ours]
    done = {node for frame in own for node in work.frames[frame].visits}
    dropped(work, own, {one for one in done if _named(told.nodes, one) not in new.nodes})
    work.writes = [_write(one, told, ours) for one in work.writes]
    work.undone = tuple(sorted({_named(told.nodes, one) for one in work.undone}))
    for frame in own:
        work.frames[frame] = _frame(work.frames[frame], told, new)
    for token in tokens:
        work.tokens[token.id] = _token(token, told, old, new)
    for wait in waits:
        _wait(work, wait, told, new)
    work.program = new
    for token in tokens:
        _edges(work, work.tokens[token.id])


def _named(names: Mapping[str, str], name: str) -> str:
    return names.get(name, name)


def _frame(frame: Frame, told: Migrate, new: Program) -> Frame:
    mark = frame.body[0] if frame.body[:1] in {ITEM, UNDO} else ""
    body = f"{mark}{_named(told.nodes, frame.body[len(mark) :])}"
    if body[len(mark) :] not in (new.nodes if mark else new.bodies):
        raise _homeless(frame.body)
    joins = {
        _named(told.nodes, gateway): Join(
            join.whole, {_named(told.flows, flow): part for flow, part in join.parts.items()}
        )
        for gateway, join in frame.joins.items()
    }
    return replace(
        frame,
        body=body,
        visits={_named(told.nodes, n): v for n, v in frame.visits.items()
                if _named(told.nodes, n) in new.nodes},
        joins={g: j for g, j in joins.items() if g in new.nodes
               and set(j.parts) <= set(new.nodes[g].into)},
        records=tuple(replace(r, node=_named(told.nodes, r.node),
                              handler=_named(told.nodes, r.handler)) for r in frame.records),
    )  # fmt: skip


def _write(write: Write, told: Migrate, ours: set[int]) -> Write:
    path = ((at, _named(told.nodes, node) if at in ours else node, threads)
            for at, node, threads in write.path)  # fmt: skip
    return replace(write, path=tuple(path))


def _token(token: Token, told: Migrate, old: Program, new: Program) -> Token:
    node, via = _named(told.nodes, token.node), _named(told.flows, token.via)
    before, after = old.nodes[token.node], new.nodes.get(node)
    if after is None or after.kind != before.kind:
        raise _homeless(token.node)
    if after.body != _named(told.nodes, before.body):
        raise Stuck(
            node,
            "it stands in another sub-process in the new version: map it to one in the same",
            "新版本中它位于另一个子流程:请映射到同一子流程中的节点",
        )
    if after.kind not in GATEWAYS:
        via = ""
    if via and via not in after.into:
        raise Stuck(
            node,
            f"a token waits here that came by {token.via}: map this flow to one that leads here",
            f"有令牌经连线“{token.via}”到此等待:请把该连线映射到新版本的入向连线",
        )
    then = _named(told.nodes, token.then) if token.then else ""
    if then and then not in new.nodes:
        raise _homeless(token.then)
    return replace(token, node=node, via=via, then=then)


def _wait(work: Work, wait: Wait, told: Migrate, new: Program) -> None:
    node = _named(told.nodes, wait.node)
    if node in new.nodes:
        work.waits[wait.id] = replace(wait, node=node)
    elif wait.kind in {"task", "job", "choose"}:
        raise _homeless(wait.node)
    else:
        work.close(wait.id)  # an event at an edge that the new version no longer draws


def _edges(work: Work, token: Token) -> None:
    """Wait for the events that the new version draws at an activity's edge."""
    if token.inner:
        return
    awaited = {wait.node for wait in work.waits.values() if wait.token == token.id}
    for event in work.of(token.frame).boundary.get(token.node, ()):
        if event.id not in awaited and event.trigger.kind in frames.AWAITED:
            frames.await_event(work, event, token.frame, token.id)


def _homeless(name: str) -> Stuck:
    return Stuck(
        name,
        "the case stands here, and the new version has no such node of the same kind: map it",
        "办件正停在此处,而新版本没有同类节点:请在映射中指明",
    )
