"""The engine: `step(state, happening, now)` gives the next state and what follows from it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from mindu.engines.process.core import activities, events, frames, gateways, paths, signing
from mindu.engines.process.core.program import Library
from mindu.engines.process.core.work import Work
from mindu.engines.process.happenings import (
    AnyHappening,
    Choose,
    Closed,
    Complete,
    Done,
    Failed,
    Got,
    Migrate,
    Moved,
    Opened,
    Rang,
    Resume,
    Set,
    Start,
    Stuck,
    Urge,
    Void,
)
from mindu.engines.process.model import Trigger
from mindu.engines.process.state import Frame, State, Token, Wait

ROOMS = (activities, events, gateways)
WHILE_PAUSED = (Done, Failed, Void, Resume, Urge, Set, Migrate)


class Engine:
    """Steps instances of the definitions that a library holds. It keeps nothing itself."""

    def __init__(self, library: Library) -> None:
        """Use a library."""
        self.library = library

    def start(self, definition: str, happening: Start, now: datetime) -> Moved:
        """Begin an instance of a definition; Stuck says why it cannot."""
        state = State(definition=definition, applicant=happening.applicant)
        work = Work(state, self.library, now)
        body = happening.process or _only(work)
        if body not in work.program.bodies or not work.program.bodies[body].root:
            raise work.stuck(body, "there is no such process", "没有这个流程")
        frames.begin(work, Frame(work.number(), body, vars=happening.vars), start=happening.node)
        return self._moved(work)

    def step(self, state: State, happening: AnyHappening, now: datetime) -> Moved:
        """Take one step; Stuck says why it cannot be taken, and the state stays as it was."""
        if state.status != "running":
            raise Stuck(
                "",
                f"the case is over ({state.status}): nothing more can happen to it",
                f"办件已结束({state.status}),不能再操作",
            )
        if state.paused is not None and not isinstance(happening, WHILE_PAUSED):
            raise Stuck(
                "",
                f"the case is suspended ({state.paused.why}): resume it first",
                f"办件已中止({state.paused.why}):请先恢复",
            )
        work = Work(state, self.library, now)
        TAKE[type(happening)](work, happening)
        return self._moved(work)

    def _moved(self, work: Work) -> Moved:
        work.run()
        if work.status == "running" and not work.waits:
            raise _dead(work)
        before = {wait.id: wait for wait in work.state.waits}
        opened = [Opened(wait=w) for i, w in work.waits.items() if before.get(i) != w]
        closed = [Closed(wait=w) for i, w in before.items() if i not in work.waits]
        state = State(
            definition=work.program.key,
            status=work.status,
            step=work.step,
            next=work.count,
            frames=tuple(work.frames.values()),
            tokens=tuple(work.tokens.values()),
            waits=tuple(work.waits.values()),
            paused=work.paused,
            outcome=work.outcome,
            applicant=work.applicant,
            left=work.left,
            writes=tuple(work.writes) if work.status == "running" else (),
            undone=work.undone,
        )
        return Moved(
            state=state,
            passed=tuple(work.passed),
            effects=(*work.effects, *closed, *opened),
            at=work.now,
        )


def _only(work: Work) -> str:
    """Return the one process of a file that can begin by itself."""
    found = [body.id for body in work.program.definition.processes() if body.executable]
    found = found or [body.id for body in work.program.definition.processes()]
    if len(found) != 1:
        raise work.stuck(
            work.program.definition.id,
            f"the file has the processes {', '.join(found)}: say which one begins",
            f"文件包含多个流程({'、'.join(found)}):请指明要启动哪一个",
        )
    return found[0]


def _dead(work: Work) -> Stuck:
    """Return the refusal of a step after which nothing could ever happen again."""
    joins = sorted({work.node(token).called() for token in work.tokens.values()})
    return Stuck(
        joins[0] if joins else "",
        "after this step nothing is waited for and nothing moves: a join waits for a branch that "
        "cannot come; draw the join so that every branch that was split arrives",
        "此后再无等待也无移动:合并网关等待的分支不会到来,请让每个拆分的分支都能到达合并",
    )


def waiting(work: Work, number: int, *kinds: str) -> tuple[Wait, Token]:
    """Return a wait and its token; Stuck where it is over."""
    wait = work.waits.get(number)
    if wait is None or wait.kind not in kinds:
        raise Stuck(
            f"#{number}",
            "this is waited for no more: look at the case again",
            "该待办已不存在:请刷新办件",
        )
    token = work.tokens.get(wait.token)
    assert token is not None, "tasks and jobs belong to tokens"
    return wait, token


def _complete(work: Work, told: Complete) -> None:
    wait, token = waiting(work, told.wait, "task")
    if token.rounds:
        signing.vote(work, wait, told)
        return
    values = dict(told.vars)
    if told.yes is not None:
        values.setdefault("approved", told.yes)
    signing.done(work, token, values, told.by)


def _choose(work: Work, told: Choose) -> None:
    _, token = waiting(work, told.wait, "choose")
    node = work.node(token)
    wrong = set(told.flows) - set(node.out)
    most = 1 if node.kind == "exclusive" else len(node.out)
    if wrong or not 1 <= len(set(told.flows)) <= most:
        raise work.stuck(
            node,
            f"choose {'one' if most == 1 else 'one or more'} of {', '.join(node.out)}",
            f"请从{'、'.join(node.out)}中选择",
        )
    work.shut(token.id)
    work.leave(token, tuple(flow for flow in node.out if flow in told.flows))


def _done(work: Work, told: Done) -> None:
    _, token = waiting(work, told.wait, "job")
    node = work.node(token)
    if node.kind in {"throw", "end"}:
        work.shut(token.id)
        work.note(token.frame, told.vars, token)
        events.thrown(work, token, node)
    else:
        activities.complete(work, token, node, _named(node.work.result, told.vars))


def _named(result: str, values: dict[str, Any]) -> dict[str, Any]:
    """Put a worker's single unnamed value under the name that the activity gives its result."""
    return {result: values["result"]} if result and set(values) == {"result"} else values


def _failed(work: Work, told: Failed) -> None:
    _, token = waiting(work, told.wait, "job")
    trigger = Trigger(kind="error", name=told.code)
    if not events.at_activity(work, token, trigger, told.vars):
        raise work.stuck(
            work.node(token),
            f"nothing catches the error {told.code!r}: mend what failed and let it run again",
            f"没有事件捕获错误“{told.code}”:请排除故障后重试",
        )


def _rang(work: Work, told: Rang) -> None:
    wait = _wanted(work, told.wait, "timer")
    if wait.due is not None and wait.due > work.now:
        raise Stuck(
            wait.node,
            f"its timer rings at {wait.due:%Y-%m-%d %H:%M:%S} UTC, not yet",
            f"定时器将于{wait.due:%Y-%m-%d %H:%M:%S}(UTC)触发,时间未到",
        )
    events.came(work, wait, {})


def _got(work: Work, told: Got) -> None:
    events.came(work, _wanted(work, told.wait, "message", "signal"), told.vars)


def _wanted(work: Work, number: int, *kinds: str) -> Wait:
    wait = work.waits.get(number)
    if wait is None or wait.kind not in kinds:
        raise Stuck(f"#{number}", "this is waited for no more", "已不再等待该事件")
    return wait


def _set(work: Work, told: Set) -> None:
    root = next(frame.id for frame in work.frames.values() if not frame.parent)
    work.note(root, told.vars)


Take = Callable[[Work, Any], None]
TAKE: dict[type, Take] = {
    Complete: _complete,
    Choose: _choose,
    Done: _done,
    Failed: _failed,
    Rang: _rang,
    Got: _got,
    Set: _set,
    **signing.TAKE,
    **paths.TAKE,
}
