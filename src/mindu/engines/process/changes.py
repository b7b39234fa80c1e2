"""Changes between two versions of a process: each element that differs, in both languages."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from mindu.engines.process.model import Body, Definition, Flow, Node
from mindu.engines.rules.changes import Change, What, short

KINDS = {
    "task": ("task", "任务"), "manual": ("manual task", "手工任务"),
    "user": ("user task", "用户任务"), "service": ("service task", "服务任务"),
    "send": ("send task", "发送任务"), "receive": ("receive task", "接收任务"),
    "script": ("script task", "脚本任务"), "rule": ("business rule task", "规则任务"),
    "call": ("call activity", "调用活动"), "sub": ("sub-process", "子流程"),
    "exclusive": ("exclusive gateway", "排他网关"), "parallel": ("parallel gateway", "并行网关"),
    "inclusive": ("inclusive gateway", "包容网关"), "complex": ("complex gateway", "复杂网关"),
    "event": ("event-based gateway", "事件网关"),
    "start": ("start event", "开始事件"), "end": ("end event", "结束事件"),
    "catch": ("catching event", "捕获事件"), "throw": ("throwing event", "抛出事件"),
    "boundary": ("boundary event", "边界事件"),
}  # fmt: skip
FIELDS = {
    "name": ("name", "名称"), "kind": ("kind", "类型"), "body": ("sub-process", "所在子流程"),
    "triggers": ("event", "事件"), "attached": ("attached to", "附着于"),
    "interrupting": ("interrupts", "是否中断"), "loop": ("loop", "循环"),
    "default": ("default flow", "默认连线"), "condition": ("condition", "条件"),
    "compensates": ("takes back", "是否补偿"), "handler": ("handler", "补偿活动"),
    "lane": ("lane", "泳道"), "all_triggers": ("all events", "并行多重"),
    "instantiates": ("begins the process", "启动流程"), "strange": ("marker", "标记"),
    "topic": ("topic", "作业主题"), "decision": ("decision", "决定"), "called": ("calls", "调用"),
    "script": ("script", "脚本"), "result": ("result", "结果变量"), "form": ("form", "表单"),
    "assignee": ("assignee", "办理人"), "groups": ("groups", "候选组"),
    "inputs": ("inputs", "输入映射"), "outputs": ("outputs", "输出映射"),
    "term": ("term", "时限"), "stage": ("stage", "环节"), "case": ("case", "办件类型"),
    "unit": ("unit", "牵头单位"),
    "source": ("from", "起点"), "target": ("to", "终点"), "language": ("language", "表达式语言"),
}  # fmt: skip
APART = {"id", "into", "out", "inner", "work"}  # said by flows and bodies, or field by field


def compare(old: Definition, new: Definition) -> tuple[Change, ...]:
    """Return what differs between two versions; where things are drawn says nothing."""
    return (
        *_cases(old.bodies, new.bodies),
        *_all(old.nodes, new.nodes),
        *_all(old.flows, new.flows),
    )


def _cases(old: Mapping[str, Body], new: Mapping[str, Body]) -> Iterator[Change]:
    """Tell what a process says of the case that it is, where it says another thing now."""
    for name in old.keys() & new.keys():
        one, other = old[name], new[name]
        told = [(FIELDS[field], getattr(one, field), getattr(other, field))
                for field in ("case", "term", "unit")
                if getattr(one, field) != getattr(other, field)]  # fmt: skip
        if told:
            called = other.name or name
            en = "; ".join(f"{n[0]} was {a!r}, is {b!r}" for n, a, b in told)
            zh = ";".join(f"{n[1]}原为“{a}”,现为“{b}”" for n, a, b in told)
            yield Change("changed", name, f"process {called!r}: {en}", f"流程“{called}”:{zh}")


def _all(old: Mapping[str, Node | Flow], new: Mapping[str, Node | Flow]) -> Iterator[Change]:
    for name, one in old.items():
        if name not in new:
            yield _whole("removed", one)
    for name, one in new.items():
        if name not in old:
            yield _whole("added", one)
        elif old[name] != one:
            yield from _between(old[name], one)


def _called(one: Node | Flow) -> tuple[str, str]:
    if isinstance(one, Flow):
        name = f" {one.name!r}" if one.name else ""
        zh = f"“{one.name}”" if one.name else ""
        return (
            f"flow{name} ({one.source} → {one.target})",
            f"连线{zh}({one.source} → {one.target})",
        )
    en, zh = KINDS[one.kind]
    return f"{en} {one.called()}", f"{zh}“{one.name or one.id}”({one.id})"


def _whole(what: What, one: Node | Flow) -> Change:
    en, zh = _called(one)
    done = {"added": ("was added", "新增"), "removed": ("was taken out", "删除")}[what]
    return Change(what, one.id, f"{en} {done[0]}", f"{done[1]}{zh}")


def _between(old: Node | Flow, new: Node | Flow) -> Iterator[Change]:
    before, after = _fields(old), _fields(new)
    en, zh = _called(new)
    told = [
        (FIELDS[name], _value(before[name]), _value(after[name]))
        for name in before
        if before[name] != after.get(name, before[name])
    ]
    if told:
        yield Change(
            "changed",
            new.id,
            f"{en}: " + "; ".join(f"{n[0]} was {a!r}, is {b!r}" for n, a, b in told),
            f"{zh}:" + ";".join(f"{n[1]}原为“{a}”,现为“{b}”" for n, a, b in told),
        )


def _fields(one: Node | Flow) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in one.__struct_fields__ if name not in APART}
    if isinstance(one, Node):
        told |= {name: getattr(one.work, name) for name in one.work.__struct_fields__}
    return told


def _value(value: object) -> str:
    if isinstance(value, str | bool):
        return short(str(value))
    plain = msgspec.to_builtins(value)
    return short(msgspec.json.encode(_lean(plain)).decode()) if plain else ""


def _lean(value: Any) -> Any:  # noqa: ANN401 - any plain value
    """Leave out what says nothing."""
    if isinstance(value, dict):
        return {k: _lean(v) for k, v in value.items() if v not in ("", None, (), [])}
    return [_lean(one) for one in value] if isinstance(value, list | tuple) else value
