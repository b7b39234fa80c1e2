"""Moves along the path: back, out, still, on, over; no token is lost or doubled by any of them."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from mindu.engines.process.core import frames, migrate
from mindu.engines.process.core.back.outcomes import all_taken, at_work, came_of, taken_from
from mindu.engines.process.core.back.rewind import joins_since, not_direct, rewind
from mindu.engines.process.core.signing import signed
from mindu.engines.process.core.threads import added, any_within
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
from mindu.engines.process.state import WHOLE, Frame, Pause, Token, Visit, Wait

RETURNABLE = {"task", "choose"}


def _return(work: Work, told: Return) -> None:
    """Go back to an earlier node, or to the applicant."""
    signed(told)
    wait = work.waits.get(told.wait)
    if wait is None or wait.kind not in RETURNABLE:
        raise Stuck(f"#{told.wait}", "there is no such open task", "没有这个待办任务")
    token = work.tokens[wait.token]
    if not told.to:
        _not_there(work, token)
        _to_applicant(work, token, direct=told.direct)
        return
    at = _in_sight(work, token, told.to)
    if at.id == token.id and told.to == token.node:
        raise work.stuck(told.to, "it stands there already", "已在该节点")
    then = token.node if told.direct else ""
    if told.direct and at.id != token.id:
        raise not_direct(work, token)
    rewind(work, at, told.to, then=then)


def _in_sight(work: Work, token: Token, to: str) -> Token:
    """Return the token, or the one around it, in whose frame a node was visited."""
    at: Token | None = token
    while at is not None:
        frame = work.frames[at.frame]
        if to in frame.visits and not _ahead(frame, at, to):
            return at
        at = work.tokens.get(frame.host)
    raise work.stuck(
        to,
        "this task cannot go back there: it was not done on the way here, or it lies inside a "
        "sub-process that is over; return to the sub-process itself",
        "不能退回到该节点:它不在已走过的路径上,或位于已结束的子流程内;请退回到子流程本身",
    )


def _ahead(frame: Frame, token: Token, to: str) -> bool:
    """Say whether a node was begun after the one where a token stands: it would be skipped to."""
    mine = frame.visits.get(token.node)
    return mine is not None and (mine.step, mine.turn) < (
        frame.visits[to].step, frame.visits[to].turn)  # fmt: skip


def _not_there(work: Work, token: Token) -> None:
    """Refuse what waits for the applicant already: where it comes back to would be lost."""
    root = next(frame for frame in work.frames.values() if not frame.parent)
    if token.frame == root.id and token.node == _start(work, root):
        raise work.stuck(token.node, "it is with the applicant already", "已在申请人处")


def _to_applicant(work: Work, token: Token, *, direct: bool) -> None:
    """Let the applicant mend the application: the case waits at its beginning."""
    root = next(frame for frame in work.frames.values() if not frame.parent)
    alone = [t.id for t in work.tokens.values() if t.frame == root.id] == [token.id]
    if direct and not (alone and token.frame == root.id):
        raise not_direct(work, token)
    then = token.node if direct else ""
    start = _start(work, root)
    inside = [t for t in work.tokens.values() if t.frame == root.id]
    threads = added([*root.ended, *(one for t in inside for one in t.threads)])
    begun = at_work(work)
    for one in inside:
        work.kill(one.id)
    for sub in [f for f in work.frames.values() if f.parent == root.id and not f.host]:
        work.clear(sub.id)
        work.frames.pop(sub.id, None)
    started = root.started or 1
    root = replace(root, ended=(), started=started, gone=())
    work.frames[root.id] = root
    if not direct:
        all_taken(work, begun)
    elif token.node in root.visits:
        visit = root.visits[token.node]
        taken_from(work, root.id, came_of(root, visit, token.threads, []),
                   to=token.node, only={token.node}, begun=begun)  # fmt: skip
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
    return bool(joins_since(frame, visit, token.threads))


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
    all_taken(work, at_work(work))
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
