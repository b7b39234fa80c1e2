"""Moves along the path: back, out, still, on, over; no token is lost or doubled by any of them."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from mindu.engines.process.core import frames, migrate
from mindu.engines.process.core.signing import signed
from mindu.engines.process.core.state import (
    WHOLE,
    Frame,
    Join,
    Pause,
    Threads,
    Token,
    Visit,
    Wait,
)
from mindu.engines.process.core.threads import added, all_within, any_within, minus, within
from mindu.engines.process.core.work import Work
from mindu.engines.process.happenings import (
    Migrate,
    Reminded,
    Resume,
    Return,
    Stuck,
    Suspend,
    Urge,
    Void,
    Withdraw,
)

RETURNABLE = {"task", "choose"}


def _return(work: Work, told: Return) -> None:
    """Go back to an earlier node, or to the applicant."""
    signed(told)
    wait = work.waits.get(told.wait)
    if wait is None or wait.kind not in RETURNABLE:
        raise Stuck(f"#{told.wait}", "there is no such open task", "没有这个待办任务")
    token = work.tokens[wait.token]
    if not told.to:
        _to_applicant(work, token, direct=told.direct)
        return
    at = _in_sight(work, token, told.to)
    if at.id == token.id and told.to == token.node:
        raise work.stuck(told.to, "it stands there already", "已在该节点")
    then = token.node if told.direct else ""
    if told.direct and at.id != token.id:
        raise _not_direct(work, token)
    rewind(work, at, told.to, then=then)


def _in_sight(work: Work, token: Token, to: str) -> Token:
    """Return the token, or the one around it, in whose frame a node was visited."""
    at: Token | None = token
    while at is not None:
        frame = work.frames[at.frame]
        if to in frame.visits:
            return at
        at = work.tokens.get(frame.host)
    raise work.stuck(
        to,
        "this task cannot go back there: it was not done on the way here, or it lies inside a "
        "sub-process that is over; return to the sub-process itself",
        "不能退回到该节点:它不在已走过的路径上,或位于已结束的子流程内;请退回到子流程本身",
    )


def rewind(work: Work, token: Token, to: str, *, then: str = "") -> None:
    """Take away all that came of a visit, and begin it again; joins since then are undone."""
    frame = work.frames[token.frame]
    visit = frame.visits[to]
    if all_within(token.threads, visit.threads):
        whole, joins = visit.threads, []
    else:
        joins = _joins(frame, visit, token.threads)
        if not joins:
            raise work.stuck(
                to,
                "it lies on another branch that is still under way: return it from its own task, "
                "or return to before the split",
                "该节点在另一条未结束的分支上:请在该分支内退回,或退回到分支之前",
            )
        whole = frame.joins[joins[0]].whole
    gathered = _gather(work, frame.id, whole, to)
    if then and (joins or gathered != token.threads):
        raise _not_direct(work, token)
    for gateway in joins:
        gathered = _unjoin(work, frame.id, gateway, visit, gathered)
    _forget(work, frame.id, to)
    back = work.put(to, frame.id, gathered)
    work.tokens[back.id] = replace(back, then=then)


def _not_direct(work: Work, token: Token) -> Stuck:
    return work.stuck(
        work.node(token),
        "it cannot come straight back here: other branches would be left out; return without "
        "`direct`",
        "不能直接返回本节点:会漏掉其他分支;请改为逐级重走",
    )


def _joins(frame: Frame, visit: Visit, threads: Threads) -> list[str]:
    """Return the joins to undo, from the outermost in, so that a visit's own branch is free."""
    found: list[str] = []
    target = visit.threads
    outer = [g for g, join in frame.joins.items() if all_within(threads, join.whole)]
    outer = [g for g in outer if _side(frame.joins[g], target)]
    while outer:
        gateway = max(outer, key=lambda g: -len(frame.joins[g].whole[0]))
        found.append(gateway)
        part = frame.joins[gateway].parts[_side(frame.joins[gateway], target)]
        if all_within(part, target):
            return found
        outer = [
            g
            for g, join in frame.joins.items()
            if g not in found and all_within(part, join.whole) and _side(join, target)
        ]
    return []


def _side(join: Join, threads: Threads) -> str:
    """Return the flow by which threads came to a join, empty where they did not."""
    return next((f for f, part in join.parts.items() if all_within(threads, part)), "")


def _unjoin(work: Work, frame: int, gateway: str, visit: Visit, gathered: Threads) -> Threads:
    """Put what came from the other sides back before a gateway; return the side that is redone."""
    found = work.frames[frame]
    join = found.joins[gateway]
    side = _side(join, visit.threads)
    for flow, part in join.parts.items():
        if flow != side:
            back = work.put(gateway, frame, part)
            work.queue.remove(back.id)
            work.tokens[back.id] = replace(back, via=flow, since=work.step)
    every = added(one for part in join.parts.values() for one in part)
    ended = added((*found.ended, *minus(gathered, every)))
    left = {name: one for name, one in found.joins.items() if name != gateway}
    work.frames[frame] = replace(found, ended=ended, joins=left)
    return join.parts[side]


def _gather(work: Work, frame: int, whole: Threads, to: str) -> Threads:
    """Take away every token that came of these threads; return what they come to."""
    gathered: list[str] = []
    for token in [t for t in work.tokens.values() if t.frame == frame]:
        if not any_within(token.threads, whole):
            continue
        if not all_within(token.threads, whole):
            raise work.stuck(
                to,
                "its branch has run together with another since: return to before both",
                "该分支已与其他分支汇合:请退回到两者之前",
            )
        gathered += token.threads
        work.kill(token.id)
    found = work.frames[frame]
    gathered += [one for one in found.ended if within(one, whole)]
    left = tuple(one for one in found.ended if not within(one, whole))
    work.frames[frame] = replace(found, ended=left)
    return added(gathered)


def _forget(work: Work, frame: int, to: str) -> None:
    """Let complex gateways ahead of a node begin anew with the sides that it leads to."""
    found, program = work.frames[frame], work.of(frame)
    left = tuple(
        mark
        for mark in found.gone
        if to not in program.reaches(mark.partition("|")[0])[mark.partition("|")[2]]
    )
    if left != found.gone:
        work.frames[frame] = replace(found, gone=left)


def _to_applicant(work: Work, token: Token, *, direct: bool) -> None:
    """Let the applicant mend the application: the case waits at its beginning."""
    root = next(frame for frame in work.frames.values() if not frame.parent)
    alone = [t.id for t in work.tokens.values() if t.frame == root.id] == [token.id]
    if direct and not (alone and token.frame == root.id):
        raise _not_direct(work, token)
    then = token.node if direct else ""
    start = _start(work, root)
    inside = [t for t in work.tokens.values() if t.frame == root.id]
    threads = added([*root.ended, *(one for t in inside for one in t.threads)])
    for one in inside:
        work.kill(one.id)
    for sub in [f for f in work.frames.values() if f.parent == root.id and not f.host]:
        work.clear(sub.id)
        work.frames.pop(sub.id, None)
    started = root.started or 1
    root = replace(root, ended=(), started=started, gone=())
    work.frames[root.id] = root
    back = Token(work.number(), start, root.id, threads or (WHOLE,), then=then)
    back = work.rest(back)
    node = work.node(back)
    work.open(Wait(work.number(), "task", start, back.id, root.id, node.name, who=work.applicant))
    _rearm(work, root)


def _start(work: Work, root: Frame) -> str:
    starts = work.of(root.id).definition.starts(root.body)
    return next(n.id for n in starts)


def _rearm(work: Work, root: Frame) -> None:
    """Wait again for what an interrupting event sub-process had stopped waiting for."""
    awaited = {wait.node for wait in work.waits.values() if wait.frame == root.id}
    for sub, event in work.of(root.id).event_subs.get(root.body, ()):
        if event.id not in awaited and event.interrupting and event.trigger.kind in frames.AWAITED:
            frames.await_event(work, event, root.id, 0, shown=sub.name)


def _withdraw(work: Work, told: Withdraw) -> None:
    """Take one's own step back while nobody has gone on."""
    signed(told)
    found = [f for f in work.frames.values() if told.node in f.visits]
    if not found:
        raise work.stuck(told.node, "nobody has done it in this case", "本办件没有办理过该节点")
    frame = found[-1]
    visit = frame.visits[told.node]
    if not visit.done or visit.by != told.by:
        raise work.stuck(
            told.node, f"{told.by} has not completed it", f"该节点不是由{told.by}办结的"
        )
    came = [t for t in work.tokens.values() if t.frame == frame.id and t.since == visit.done]
    came = [t for t in came if any_within(t.threads, visit.threads) or _joined(frame, visit, t)]
    if not came or not all(_untouched(work, t, visit.done) for t in _all_of(work, frame, visit)):
        raise work.stuck(
            told.node,
            "somebody has gone on since, or a machine's call is out: ask them to return it",
            "后续节点已办理或已对外调用:请由后续节点退回",
        )
    rewind(work, came[0], told.node)


def _joined(frame: Frame, visit: Visit, token: Token) -> bool:
    return bool(_joins(frame, visit, token.threads))


def _all_of(work: Work, frame: Frame, visit: Visit) -> list[Token]:
    return [
        t
        for t in work.tokens.values()
        if t.frame == frame.id
        and (any_within(t.threads, visit.threads) or _joined(frame, visit, t))
    ]


def _untouched(work: Work, token: Token, step: int) -> bool:
    """Say whether a token came to rest in a step, and nothing has been done with it since."""
    if token.since != step or any(one.votes for one in token.rounds):
        return False
    if any(w.token == token.id and w.kind == "job" for w in work.waits.values()):
        return False
    hosted = {f.id for f in work.frames.values() if f.host == token.id}
    inside = [t for t in work.tokens.values() if t.frame in hosted]
    return all(_untouched(work, one, step) for one in inside)


def _urge(work: Work, told: Urge) -> None:
    signed(told)
    for wait in work.waits.values():
        if wait.kind in RETURNABLE:
            work.effects.append(Reminded(wait=wait, why=told.why))


def _suspend(work: Work, told: Suspend) -> None:
    """Stop the clock."""
    signed(told)
    work.paused = Pause(work.now, told.why, told.by, told.kind)


def _resume(work: Work, told: Resume) -> None:
    """Let the clock go on; timers ring as much later as it stood still."""
    signed(told)
    if work.paused is None:
        raise Stuck("", "the case is not suspended", "办件没有中止")
    still = max(work.now - work.paused.since, work.now - work.now)
    for wait in list(work.waits.values()):
        if wait.due is not None:
            work.waits[wait.id] = replace(wait, due=wait.due + still)
    work.paused = None
    root = next(frame.id for frame in work.frames.values() if not frame.parent)
    work.note(root, told.vars)


def _void(work: Work, told: Void) -> None:
    signed(told)
    if told.status not in {"void", "withdrawn"}:
        raise Stuck("", "a case is void or withdrawn", "办件只能作废或由申请人撤回")
    if told.status == "withdrawn" and told.by != work.applicant:
        raise Stuck("", "only the applicant withdraws an application", "只有申请人可以撤回申请")
    work.finish(told.status, told.why)


def _migrate(work: Work, told: Migrate) -> None:
    signed(told)
    migrate.carry_over(work, told)


Take = Callable[[Work, Any], None]
TAKE: dict[type, Take] = {
    Return: _return,
    Withdraw: _withdraw,
    Urge: _urge,
    Suspend: _suspend,
    Resume: _resume,
    Void: _void,
    Migrate: _migrate,
}
