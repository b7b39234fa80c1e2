"""Writing BPMN: a definition becomes a file that any editor opens; undrawn nodes are laid out."""

from collections.abc import Callable, Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

from mindu.engines.process.bpmn.layout import laid_out
from mindu.engines.process.bpmn.read import KINDS, SPACE
from mindu.engines.process.model import Definition, Flow, Loop, Node, Trigger, Work

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
OURS = "http://camunda.org/schema/zeebe/1.0"  # the open vocabulary of executable details
FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES = {"bpmn": SPACE, "bpmndi": DI, "dc": DC, "di": DD, "zeebe": OURS, "xsi": XSI}
TAGS = {kind: tag for tag, kind in reversed(KINDS.items())}
SUBS = {"sub": "subProcess", "event": "subProcess", "transaction": "transaction",
        "adhoc": "adHocSubProcess"}  # fmt: skip
Element = ET.Element


def write(definition: Definition) -> bytes:
    """Return a definition as BPMN 2.0 XML. Reading it again gives the same definition."""
    for prefix, space in PREFIXES.items():
        ET.register_namespace(prefix, space)
    return _Writer(definition).bytes()


class _Writer:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        told = {
            "id": definition.id,
            "name": definition.name,
            "targetNamespace": "urn:mindu:process",
        }
        self.root = Element(f"{{{SPACE}}}definitions", {**told, "expressionLanguage": FEEL})
        self.shared: dict[tuple[str, str, str], str] = {}

    def bytes(self) -> bytes:
        processes: list[Element] = []
        for body in self.definition.bodies.values():
            if body.root:
                told = {"id": body.id, "name": body.name}
                told["isExecutable"] = "true" if body.executable else "false"
                element = Element(f"{{{SPACE}}}process", told)
                _properties(element, {"case": body.case, "term": body.term, "unit": body.unit})
                self._inside(element, body.id)
                processes.append(element)
        self.root.extend(processes)
        self._diagram()
        out = BytesIO()
        ET.ElementTree(self.root).write(out, encoding="utf-8", xml_declaration=True)
        return out.getvalue()

    def _inside(self, parent: Element, body: str) -> None:
        nodes = list(self.definition.inside(body))
        self._lanes(parent, nodes)
        for node in nodes:
            self._node(parent, node)
        inside = {node.id for node in nodes}
        for flow in self.definition.flows.values():
            if flow.source in inside:
                _flow(parent, flow)
        for node in nodes:
            if node.handler:
                ends = {"sourceRef": node.id, "targetRef": node.handler}
                _sub(parent, "association", {"id": f"to_{node.id}", **ends})

    def _lanes(self, parent: Element, nodes: list[Node]) -> None:
        lanes: dict[str, list[str]] = {}
        for node in nodes:
            if node.lane:
                lanes.setdefault(node.lane, []).append(node.id)
        if lanes:
            box = _sub(parent, "laneSet", {"id": f"lanes_{parent.get('id')}"})
            for number, (name, inside) in enumerate(lanes.items()):
                told = {"id": f"lane_{parent.get('id')}_{number}", "name": name}
                lane = _sub(box, "lane", told)
                for one in inside:
                    _sub(lane, "flowNodeRef", {}, one)

    def _node(self, parent: Element, node: Node) -> None:
        kind = self.definition.bodies[node.inner].kind if node.inner else ""
        element = _sub(parent, SUBS[kind] if kind else TAGS[node.kind], _attributes(node, kind))
        if node.kind in {"send", "receive"} and node.triggers:
            element.set("messageRef", self._named(node.trigger))
        _extensions(element, node)
        _ends(element, node)
        if node.kind not in {"send", "receive"}:
            for trigger in node.triggers:
                self._trigger(element, trigger)
        if node.loop is not None:
            _loop(element, node.loop)
        if node.condition:
            _sub(element, "activationCondition", {}, f"={node.condition}")
        if node.inner:
            self._inside(element, node.inner)

    def _trigger(self, element: Element, trigger: Trigger) -> None:
        tag = {"compensation": "compensateEventDefinition"}.get(
            trigger.kind, f"{trigger.kind}EventDefinition"
        )
        definition = _sub(element, tag, {})
        if trigger.kind in {"message", "signal", "error", "escalation"} and trigger.name:
            definition.set(f"{trigger.kind}Ref", self._named(trigger))
        elif trigger.kind == "link":
            definition.set("name", trigger.name)
        elif trigger.kind == "compensation" and trigger.name:
            definition.set("activityRef", trigger.name)
        elif trigger.kind == "conditional":
            _sub(definition, "condition", {}, f"={trigger.condition}")
        elif trigger.timer is not None:
            _sub(definition, f"time{trigger.timer.kind.title()}", {}, trigger.timer.text)

    def _named(self, trigger: Trigger) -> str:
        """Return the id of a message, signal, error or escalation, declared once."""
        found = self.shared.get((trigger.kind, trigger.name, trigger.key))
        if found is not None:
            return found
        named = f"{trigger.kind}_{len(self.shared) + 1}"
        self.shared[trigger.kind, trigger.name, trigger.key] = named
        told = {"id": named, "name": trigger.name}
        if trigger.kind in {"error", "escalation"}:
            told[f"{trigger.kind}Code"] = trigger.name
        element = _sub(self.root, trigger.kind, told)
        if trigger.key:
            box = _sub(element, "extensionElements", {})
            _ext(box, "subscription", {"correlationKey": f"={trigger.key}"})
        return named

    def _diagram(self) -> None:
        diagram = ET.SubElement(self.root, f"{{{DI}}}BPMNDiagram", {"id": "diagram"})
        first = next((b.id for b in self.definition.bodies.values() if b.root), "")
        told = {"id": "plane", "bpmnElement": first}
        plane = ET.SubElement(diagram, f"{{{DI}}}BPMNPlane", told)
        for number, shape in enumerate(self.definition.shapes or laid_out(self.definition)):
            kind = "BPMNShape" if shape.box else "BPMNEdge"
            told = {"id": f"di_{number}", "bpmnElement": shape.of}
            element = ET.SubElement(plane, f"{{{DI}}}{kind}", told)
            if shape.box:
                names = ("x", "y", "width", "height")
                sides = {n: _short(v) for n, v in zip(names, shape.box, strict=True)}
                ET.SubElement(element, f"{{{DC}}}Bounds", sides)
            for x, y in shape.points:
                ET.SubElement(element, f"{{{DD}}}waypoint", {"x": _short(x), "y": _short(y)})


def _short(value: float) -> str:
    return repr(value).removesuffix(".0")


def _sub(parent: Element, tag: str, told: dict[str, str], text: str = "") -> Element:
    element = ET.SubElement(parent, f"{{{SPACE}}}{tag}", told)
    element.text = text or None
    return element


def _ext(parent: Element, tag: str, told: dict[str, str]) -> Element:
    return ET.SubElement(parent, f"{{{OURS}}}{tag}", {k: v for k, v in told.items() if v})


def _attributes(node: Node, kind: str) -> dict[str, str]:
    told = {"id": node.id, "name": node.name}
    if node.default:
        told["default"] = node.default
    if node.kind == "boundary":
        told |= {"attachedToRef": node.attached, "cancelActivity": _bool(node.interrupting)}
    if node.kind == "start" and not node.interrupting:
        told["isInterrupting"] = "false"
    marks = {
        "triggeredByEvent": kind == "event",
        "isForCompensation": node.compensates,
        "parallelMultiple": node.all_triggers,
        "instantiate": node.instantiates,
    }
    return told | {mark: "true" for mark, on in marks.items() if on}


def _ends(element: Element, node: Node) -> None:
    for flow in node.into:
        _sub(element, "incoming", {}, flow)
    for flow in node.out:
        _sub(element, "outgoing", {}, flow)


def _bool(value: bool) -> str:  # noqa: FBT001 - one value, no switch
    return "true" if value else "false"


def _extensions(element: Element, node: Node) -> None:
    parts = list(_parts(node.work, next((t.topic for t in node.triggers if t.topic), "")))
    told = {"term": node.work.term, "stage": node.work.stage}
    if not parts and not any(told.values()):
        return
    box = _sub(element, "extensionElements", {})
    for make in parts:
        make(box)
    if any(told.values()):
        _listed(box, told)


def _properties(parent: Element, told: dict[str, str]) -> None:
    if any(told.values()):
        _listed(_sub(parent, "extensionElements", {}), told)


def _listed(box: Element, told: dict[str, str]) -> None:
    inside = _ext(box, "properties", {})
    for name, value in told.items():
        if value:
            _ext(inside, "property", {"name": name, "value": value})


def _parts(work: Work, topic: str) -> Iterator[Callable[[Element], object]]:
    if work.topic or topic:
        yield lambda box: _ext(box, "taskDefinition", {"type": work.topic or topic})
    if work.decision:
        told = {"decisionId": work.decision, "resultVariable": work.result}
        yield lambda box: _ext(box, "calledDecision", told)
    if work.script:
        script = {"expression": f"={work.script}", "resultVariable": work.result}
        yield lambda box: _ext(box, "script", script)
    if work.called:
        yield lambda box: _ext(box, "calledElement", {"processId": work.called})
    if work.form:
        yield lambda box: _ext(box, "formDefinition", {"formId": work.form})
    if work.assignee or work.groups:
        people = {"assignee": work.assignee, "candidateGroups": work.groups}
        yield lambda box: _ext(box, "assignmentDefinition", people)
    if work.inputs or work.outputs:
        yield lambda box: _mapping(box, work)


def _mapping(box: Element, work: Work) -> None:
    mapping = _ext(box, "ioMapping", {})
    for tag, pairs in (("input", work.inputs), ("output", work.outputs)):
        for source, target in pairs:
            _ext(mapping, tag, {"source": f"={source}", "target": target})


def _loop(element: Element, loop: Loop) -> None:
    if loop.kind == "standard":
        told = {"testBefore": _bool(loop.before)}
        if loop.most:
            told["loopMaximum"] = str(loop.most)
        box = _sub(element, "standardLoopCharacteristics", told)
        if loop.until:
            _sub(box, "loopCondition", {}, f"={loop.until}")
        return
    told = {"isSequential": _bool(loop.kind == "sequential")}
    box = _sub(element, "multiInstanceLoopCharacteristics", told)
    if loop.collection or loop.output:
        details = {
            "inputCollection": f"={loop.collection}" if loop.collection else "",
            "inputElement": loop.element,
            "outputCollection": loop.output,
            "outputElement": f"={loop.output_element}" if loop.output_element else "",
        }
        _ext(_sub(box, "extensionElements", {}), "loopCharacteristics", details)
    if loop.cardinality:
        _sub(box, "loopCardinality", {}, f"={loop.cardinality}")
    if loop.until:
        _sub(box, "completionCondition", {}, f"={loop.until}")


def _flow(parent: Element, flow: Flow) -> None:
    told = {"id": flow.id, "sourceRef": flow.source, "targetRef": flow.target}
    if flow.name:
        told["name"] = flow.name
    element = _sub(parent, "sequenceFlow", told)
    if flow.condition:
        kind = {f"{{{XSI}}}type": "bpmn:tFormalExpression"}
        if flow.language:
            kind["language"] = flow.language
        _sub(element, "conditionExpression", kind, f"={flow.condition}")
