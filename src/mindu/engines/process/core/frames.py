"""Frames begin and end; events are waited for inside them."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from mindu.engines.process.core import times
from mindu.engines.process.core.work import Work
from mindu.engines.process.model import Node, Timer, Trigger
from mindu.engines.process.state import WHOLE, Frame, Token, Wait

AWAITED = {"message", "timer", "signal", "conditional"}


def begin(work: Work, frame: Frame, *, start: str = "") -> Frame:
    """Open a frame over a body, with a token at each of its starts."""
    number, body = frame.id, frame.body
    work.frames[number] = frame
    program = work.of(number)
    plain = [
        node
        for node in program.definition.starts(body)
        if node.kind != "start" or node.trigger.kind == "none"
    ]
    starts = [program.nodes[start]] if start else plain
    if not starts:
        raise work.stuck(
            body,
            "it has no start event that begins by itself: draw one",
            "没有可直接开始的开始事件:请添加",
        )
    work.frames[number] = replace(frame, started=len(starts))
    for index, node in enumerate(starts):
        work.put(node.id, number, (WHOLE if index == 0 else f"+{number}:{index}",))
    for sub, event in program.event_subs.get(body, ()):
        if event.trigger.kind in AWAITED:
            await_event(work, event, number, 0, shown=sub.name)
    return work.frames[number]


def await_event(work: Work, node: Node, frame: int, token: int, *, shown: str = "") -> None:
    """Wait for each trigger of an event, or for the message of a receive task."""
    for trigger in node.triggers:
        work.open(_wait(work, node, trigger, frame, token, shown=shown))


def _wait(work: Work, node: Node, trigger: Trigger, frame: int, token: int, *, shown: str) -> Wait:
    key, due, again, every = "", None, 0, ""
    if trigger.kind == "timer":
        due, again, every = rings(work, frame, node, trigger.timer)
    elif trigger.key:
        value, told = work.eval(frame, trigger.key)
        if value is None:
            raise work.stuck(
                node,
                f"its correlation key {trigger.key!r} is null ({told}): set the variable first",
                f"关联键“{trigger.key}”为空({told}):请先设置变量",
            )
        key = str(value)
    name = trigger.name or shown
    return Wait(
        work.number(), trigger.kind, node.id, token, frame, name, key, due, again=again, every=every
    )


def rings(work: Work, frame: int, node: Node, timer: Timer | None) -> tuple[datetime, int, str]:
    """Return when a timer rings, how often again, and how long between."""
    where = node.called()
    if timer is None:
        raise work.stuck(node, "its timer says no time: give one", "定时器没有时间:请填写")
    text: Any = timer.text.removeprefix("=").strip()
    if not times.literal(timer.text):
        value, told = work.eval(frame, text)
        if value is None:
            raise work.stuck(
                node, f"its time {text!r} is null ({told})", f"时间“{text}”的结果为空({told})"
            )
        text = str(value)
    if timer.kind == "cycle":
        return times.cycle(work.now, text, where)
    days = times.working(text) if timer.kind == "duration" else None
    if days is not None:
        return work.library.workday(work.now, days), 0, ""
    if timer.kind == "duration":
        return times.later(work.now, text, where), 0, ""
    return times.moment(text, where), 0, ""


def trigger_sub(work: Work, frame: int, sub: Node, start: Node) -> Frame:
    """Begin an event sub-process; an interrupting one takes all else in the frame away."""
    if start.interrupting:
        work.clear(frame)
        work.frames[frame] = replace(work.frames[frame], ended=(), started=0)
    return begin(work, Frame(work.number(), sub.inner, frame), start=start.id)


def interrupt(work: Work, token: Token, event: Node) -> Token:
    """Go out of an activity by a boundary event; return the token that goes out."""
    if event.interrupting:
        work.kill(token.id)
        return work.put(event.id, token.frame, token.threads)
    frame = work.frames[token.frame]
    work.frames[frame.id] = replace(frame, started=frame.started + 1)
    out = work.put(event.id, token.frame)
    work.tokens[out.id] = replace(out, threads=(f"+{out.id}",))
    return work.tokens[out.id]
