"""Checking a definition: everything that cannot run, each by its element, in both languages."""

from collections.abc import Callable, Iterator

from mindu.engines.process.bpmn.case import in_case
from mindu.engines.process.bpmn.spelled import as_meant
from mindu.engines.process.core.program import expression
from mindu.engines.process.core.times import literal, readable
from mindu.engines.process.model import Body, Definition, Flow, Node, Timer
from mindu.engines.rules import FeelError, Problem

Rule = Callable[[Definition, Node], Iterator[Problem]]
CATCHES = {"message", "timer", "signal", "conditional"}
ALLOWED: dict[str, frozenset[str]] = {
    "start": frozenset({"message", "timer", "signal", "conditional", "error", "escalation"}),
    "catch": frozenset({"message", "timer", "signal", "conditional", "link"}),
    "throw": frozenset({"message", "signal", "escalation", "link", "compensation"}),
    "end": frozenset(
        {"message", "signal", "error", "escalation", "terminate", "compensation", "cancel"}
    ),
    "boundary": frozenset(
        {"message", "timer", "signal", "conditional", "error", "escalation", "compensation",
         "cancel"}
    ),
}  # fmt: skip
EVENT_ZH = {
    "none": "空", "message": "消息", "timer": "定时", "signal": "信号", "conditional": "条件",
    "error": "错误", "escalation": "升级", "compensation": "补偿", "link": "链接",
    "terminate": "终止", "cancel": "取消",
}  # fmt: skip
ALWAYS_INTERRUPTS = {"error", "cancel"}
TIMES = "PT2H, P5D, P5WD (working days), R3/PT10M, 2026-01-31T09:00:00Z, or FEEL after '='"
TIMES_ZH = "PT2H、P5D、P5WD(工作日)、R3/PT10M、2026-01-31T09:00:00Z,或以“=”开头的 FEEL"
XPATH = "http://www.w3.org/1999/XPath"


def check(definition: Definition) -> tuple[Problem, ...]:
    """Return all that keeps a definition from running; nothing: it can be published."""
    found = [problem for rule in WHOLE for problem in rule(definition)]
    for node in definition.nodes.values():
        for rule in RULES:
            found.extend(rule(definition, node))
    for flow in definition.flows.values():
        found.extend(_flow(definition, flow))
    return tuple(found)


def _bad(node: Node, en: str, zh: str) -> Problem:
    return Problem(node.called(), en, zh, node.id)


def _processes(definition: Definition) -> Iterator[Problem]:
    if not definition.processes():
        yield Problem(
            definition.name,
            "the file holds no process with anything inside: draw one",
            "文件中没有可运行的流程:请绘制流程",
        )
    for body in definition.bodies.values():
        if body.nodes and not _begins(definition, body):
            yield Problem(
                body.name or body.id,
                "nothing in it begins: draw a start event",
                "没有开始之处:请绘制开始事件",
                body.id,
            )


def _begins(definition: Definition, body: Body) -> bool:
    starts = definition.starts(body.id)
    if body.kind == "event":
        return len(starts) == 1 and starts[0].trigger.kind != "none"
    return any(s.kind != "start" or s.trigger.kind == "none" or body.root for s in starts)


def _strange(_definition: Definition, node: Node) -> Iterator[Problem]:
    if node.strange:
        yield _bad(
            node,
            f"a {node.strange} cannot run by itself: draw tasks and flows",
            f"“{node.strange}”不能自动执行:请改画任务与连线",
        )
    if node.all_triggers:
        yield _bad(
            node,
            "a parallel multiple event cannot run: draw one event after the other",
            "并行多重事件不能执行:请依次绘制各事件",
        )
    if node.instantiates and (node.kind == "event" or node.into):
        yield _bad(
            node,
            "an event-based gateway cannot begin a process: draw start events",
            "事件网关不能启动流程:请绘制开始事件",
        )


def _triggers(definition: Definition, node: Node) -> Iterator[Problem]:
    allowed = ALLOWED.get(node.kind)
    if allowed is None:
        return
    for trigger in node.triggers:
        if trigger.kind not in allowed:
            yield _bad(node, *_misplaced(trigger.kind, allowed))
    if node.kind in {"catch", "boundary"} and not node.triggers:
        yield _bad(node, "it waits for nothing: say for what", "未说明等待什么事件:请补充")
    if node.kind in {"throw", "end"} and len(node.triggers) > 1:
        yield _bad(
            node, "it throws several events: draw one after the other", "抛出多个事件:请依次绘制"
        )
    if node.kind == "boundary" and node.attached not in definition.nodes:
        yield _bad(
            node,
            "it is attached to nothing: draw it at an activity",
            "未附着在活动上:请画在活动边缘",
        )


def _misplaced(kind: str, allowed: frozenset[str]) -> tuple[str, str]:
    """Return that an event cannot stand where it does, and what can."""
    may = sorted(allowed)
    zh = "、".join(EVENT_ZH[one] for one in may)
    en = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} event cannot stand here"
    where = (" at the edge of what it takes back", "画在要撤销的活动边缘,或") if (
        kind == "compensation") else ("", "")  # fmt: skip
    return (
        f"{en}: draw it{where[0] or ' elsewhere'}, or make it one of: {', '.join(may)}",
        f"此处不能使用{EVENT_ZH.get(kind, kind)}事件:请{where[1]}改为以下之一:{zh}",
    )


def _trigger_details(definition: Definition, node: Node) -> Iterator[Problem]:
    for trigger in node.triggers if node.kind in {"start", "catch", "boundary", "receive"} else ():
        if trigger.kind == "timer":
            yield from _timer(node, trigger.timer)
        elif trigger.kind == "conditional" and not trigger.condition:
            yield _bad(
                node,
                "its condition is empty: write FEEL, such as level > 3",
                "条件为空:请用 FEEL 填写,如 level > 3",
            )
        elif trigger.kind in {"message", "signal"} and not trigger.name:
            yield _bad(
                node,
                f"its {trigger.kind} has no name: give one",
                f"{EVENT_ZH[trigger.kind]}事件没有名称:请填写",
            )
    if node.kind == "receive" and not node.triggers:
        yield _bad(node, "it receives no message: name one", "接收任务没有消息:请填写消息名称")
    if node.kind == "throw" and node.trigger.kind == "link":
        there = any(
            n.kind == "catch" and n.body == node.body and n.trigger == node.trigger
            for n in definition.nodes.values()
        )
        if not there:
            yield _bad(node, "its link leads nowhere: draw the other end", "链接没有对应的接收端")


def _timer(node: Node, timer: Timer | None) -> Iterator[Problem]:
    if timer is None or not timer.text:
        yield _bad(
            node, f"its timer says no time: write {TIMES}", f"定时器没有时间:请写 {TIMES_ZH}"
        )
    elif literal(timer.text) and not readable(timer.kind, timer.text):
        yield _bad(
            node,
            f"{timer.text!r} is no time: write {TIMES}",
            f"“{timer.text}”不是时间:请写 {TIMES_ZH}",
        )


def _gateway(definition: Definition, node: Node) -> Iterator[Problem]:
    flows = [definition.flows[f] for f in node.out]
    if node.kind in {"exclusive", "inclusive"} and len(flows) > 1:
        bare = [f for f in flows if not f.condition and f.id != node.default]
        if bare and any(f.condition for f in flows):
            names = ", ".join(f.name or f.id for f in bare)
            yield _bad(
                node,
                f"some flows out of it have a condition and {names} has none: write it, or make it "
                "the default",
                f"部分出向连线有条件而{names}没有:请补写条件或设为默认连线",
            )
    if node.kind == "complex" and len(node.into) > 1 and not node.condition:
        yield _bad(
            node,
            "it says no activation condition: write FEEL over activationCount",
            "复杂网关没有激活条件:请用 FEEL 填写(可用 activationCount)",
        )
    if node.kind == "event":
        for flow in flows:
            target = definition.nodes.get(flow.target)
            waits = target is not None and target.kind in {"catch", "receive"} and target.triggers
            if not waits:
                yield _bad(
                    node,
                    "after it only events that wait may follow: draw a catching event or a "
                    "receive task there",
                    "事件网关之后须是等待的事件:请改画捕获事件或接收任务",
                )


def _work(_definition: Definition, node: Node) -> Iterator[Problem]:
    work = node.work
    if node.kind == "script" and not work.script:
        yield _bad(node, "its script is empty: write FEEL", "脚本为空:请用 FEEL 填写")
    if node.kind == "call" and not work.called:
        yield _bad(node, "it calls no process: name one", "调用活动没有指明流程:请填写")
    loop = node.loop
    if loop is not None and loop.kind != "standard" and not (loop.cardinality or loop.collection):
        yield _bad(
            node,
            "it runs for many things and says neither how many nor which: give loopCardinality or "
            "an input collection",
            "多实例未说明次数或集合:请填写循环次数(loopCardinality)或输入集合",
        )
    takes_back = node.kind == "boundary" and node.trigger.kind == "compensation"
    if takes_back and not (node.handler or node.out):
        yield _bad(node, "nothing takes it back: draw the handler", "没有补偿活动:请绘制")


def _feel(definition: Definition, node: Node) -> Iterator[Problem]:
    texts = [node.condition, node.work.script]
    texts += [source for source, _ in (*node.work.inputs, *node.work.outputs)]
    for told in (node.work.assignee, node.work.groups, node.work.called):
        texts.append(told[1:] if told.startswith("=") else "")
    for trigger in node.triggers:
        texts += [trigger.key, trigger.condition]
        timed = "" if trigger.timer is None else trigger.timer.text
        texts.append("" if literal(timed) else timed.removeprefix("="))
    if node.loop is not None:
        loop = node.loop
        texts += [loop.cardinality, loop.collection, loop.until, loop.output_element]
    for text in texts:
        yield from _compiles(definition, (node.called(), node.id), text)


def _compiles(definition: Definition, where: tuple[str, str], text: str) -> Iterator[Problem]:
    if not text:
        return
    try:
        expression(text, definition.words)
    except FeelError as why:
        en, zh = _mended(definition, text)
        yield Problem(
            where[0],
            f"{text!r} is no FEEL: {why}; {en}",
            f"“{text}”不是 FEEL:{why.chinese};{zh}",
            where[1],
        )


def _mended(definition: Definition, text: str) -> tuple[str, str]:
    """Return how a text becomes FEEL: as it was meant where that compiles; else a rule."""
    for meant in as_meant(text):
        try:
            expression(meant, definition.words)
        except FeelError:
            continue
        return f"write {meant}", f"请改写为 {meant}"
    return (
        'write a comparison such as level = "high" or area > 300, with names without blanks',
        '请写成比较式,如 level = "high" 或 area > 300,名称中不含空格',
    )


def _flow(definition: Definition, flow: Flow) -> Iterator[Problem]:
    named = f"{flow.name!r} ({flow.id})" if flow.name else flow.id
    ends = [definition.nodes.get(end) for end in (flow.source, flow.target)]
    if None in ends:
        yield Problem(
            named, "an end of it is missing: draw it again", "连线缺少一端:请重新绘制", flow.id
        )
        return
    source, target = (end for end in ends if end is not None)
    if source.body != target.body:
        yield Problem(
            named,
            "it crosses the edge of a sub-process: end it there",
            "连线越过子流程边界:请改画",
            flow.id,
        )
    language = flow.language.lower()
    if flow.condition and language and "feel" not in language and flow.language != XPATH:
        yield Problem(
            named,
            f"its condition is written in {flow.language}: write it in FEEL",
            f"条件使用“{flow.language}”:请改用 FEEL",
            flow.id,
        )
    elif flow.condition:
        yield from _compiles(definition, (named, flow.id), flow.condition)


WHOLE: tuple[Callable[[Definition], Iterator[Problem]], ...] = (_processes, in_case)
RULES: tuple[Rule, ...] = (_strange, _triggers, _trigger_details, _gateway, _work, _feel)
