"""Reading a BPMN file: untrusted XML becomes a definition, or a reason why it is none."""

from mindu.engines.process.bpmn import details
from mindu.engines.process.bpmn.details import Shared, feel, local
from mindu.engines.process.bpmn.spelled import in_feel, results
from mindu.engines.process.model import Body, Definition, Flow, Node, Shape, Trigger
from mindu.engines.rules import ModelError
from mindu.engines.rules.dmn.xml import Element, read_xml

SPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MOST = 10_000  # nodes of one file
KINDS = {
    "startEvent": "start", "endEvent": "end", "boundaryEvent": "boundary",
    "intermediateCatchEvent": "catch", "intermediateThrowEvent": "throw",
    "task": "task", "manualTask": "manual", "userTask": "user", "serviceTask": "service",
    "sendTask": "send", "receiveTask": "receive", "scriptTask": "script",
    "businessRuleTask": "rule", "callActivity": "call",
    "subProcess": "sub", "transaction": "sub", "adHocSubProcess": "sub",
    "exclusiveGateway": "exclusive", "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive", "complexGateway": "complex", "eventBasedGateway": "event",
}  # fmt: skip
STRANGE = {  # flow nodes of BPMN that no engine can run by themselves
    "choreographyTask", "subChoreography", "callChoreography",
    "conversation", "subConversation", "callConversation",
}  # fmt: skip
CALLED = {"globalTask", "globalUserTask", "globalManualTask", "globalScriptTask",
          "globalBusinessRuleTask"}  # fmt: skip


def read(text: str | bytes) -> Definition:
    """Read a BPMN file; ModelError says why it is none. `check` says whether it can run."""
    root = read_xml(text)
    if root.tag != "definitions" or root.space != SPACE:
        raise ModelError(
            root.tag,
            "this is no BPMN 2.0 file: it must begin with <definitions> of the BPMN namespace",
            "这不是 BPMN 2.0 文件:须以 BPMN 命名空间的 <definitions> 开头",
        )
    return _Draft(root).definition()


class _Draft:
    """A definition under construction."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.shared: Shared = {
            e.get("id"): e for e in root.children if e.get("id") and e.tag not in KINDS
        }
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.bodies: dict[str, Body] = {}
        self.lanes: dict[str, str] = {}
        self.handlers: dict[str, str] = {}
        self.words: list[str] = []
        self.beside: dict[str, int] = {}

    def definition(self) -> Definition:
        for element in self.root.children:
            if element.tag == "process":
                self._body(element, "process", "")
            elif element.tag in CALLED:
                self._task_apart(element)
            elif element.tag in {"collaboration", "choreography"}:
                self._count(element)
        self._ends()
        return Definition(
            id=self.root.get("id"),
            name=self.root.get("name") or self.root.get("id"),
            nodes=self.nodes,
            flows=self.flows,
            bodies=self.bodies,
            words=tuple(dict.fromkeys(self.words)),
            shapes=tuple(_shapes(self.root)),
            beside=self.beside,
        )

    def _task_apart(self, element: Element) -> None:
        """A task that stands by itself is a process of one task."""
        body, kind = element.get("id"), element.tag.removeprefix("global")
        node = f"{body}.task"
        one = KINDS[kind[0].lower() + kind[1:]]
        work = details.work(element, self.shared)
        self._add(Node(id=node, kind=one, body=body, name=element.get("name"), work=work))
        self.bodies[body] = Body(id=body, kind="process", name=element.get("name"), nodes=(node,))

    def _body(self, element: Element, kind: str, parent: str) -> None:
        name = element.get("id")
        if not name or name in self.bodies:
            raise ModelError(
                element.tag,
                f"line {element.line}: every process and sub-process needs an id of its own",
                f"第{element.line}行:每个流程和子流程都须有唯一的 id",
            )
        self._lanes(element)
        inside: list[str] = []
        self.bodies[name] = Body(id=name, kind=kind)
        for child in element.children:
            if child.tag in KINDS or child.tag in STRANGE:
                inside.append(self._node(child, name))
            elif child.tag == "sequenceFlow":
                self._flow(child)
            else:
                self._artifact(child)
        self.bodies[name] = Body(
            id=name,
            kind=kind,
            name=" ".join(element.get("name").split()),
            parent=parent,
            nodes=tuple(inside),
            executable=element.get("isExecutable", "true") == "true",
            **_of_a_case(element, kind),
        )

    def _node(self, element: Element, body: str) -> str:
        kind = KINDS.get(element.tag, "task")
        name = element.get("id")
        found = Node(
            id=name,
            kind=kind,
            body=body,
            name=" ".join(element.get("name").split()),
            default=local(element.get("default")),
            triggers=self._triggers(kind, element),
            all_triggers=element.get("parallelMultiple") == "true",
            attached=local(element.get("attachedToRef")),
            interrupting=self._interrupts(kind, element),
            inner=name if kind == "sub" else "",
            loop=details.loop(element),
            work=details.work(element, self.shared),
            compensates=element.get("isForCompensation") == "true",
            condition=feel(element.text_of("activationCondition")),
            instantiates=element.get("instantiate") == "true",
            lane=self.lanes.get(name, ""),
            strange=_strange(element),
        )
        self._add(found)
        if kind == "sub":
            self._body(element, _sub(element), body)
        self.words += [one for _, one in (*found.work.inputs, *found.work.outputs)]
        self.words += [w for w in (found.work.result, *_loop_words(found)) if w]
        self.words += [name for source, _ in found.work.outputs for name in results(source)]
        return name

    def _triggers(self, kind: str, element: Element) -> tuple[Trigger, ...]:
        if kind in {"send", "receive"}:
            return details.message(element, self.shared)
        return details.triggers(element, self.shared)

    def _interrupts(self, kind: str, element: Element) -> bool:
        mark = "cancelActivity" if kind == "boundary" else "isInterrupting"
        return element.get(mark, "true") == "true"

    def _add(self, node: Node) -> None:
        if not node.id or node.id in self.nodes:
            raise ModelError(
                node.called(),
                "every element needs an id of its own: give another",
                "每个元素须有唯一的 id:请修改",
                node.id,
            )
        if len(self.nodes) >= MOST:
            raise ModelError(
                node.called(),
                f"a file may hold {MOST} nodes: split the process by call activities",
                f"一个文件至多{MOST}个节点:请用调用活动拆分流程",
            )
        self.nodes[node.id] = node

    def _flow(self, element: Element) -> None:
        condition = element.first("conditionExpression")
        if condition is not None and not condition.text.strip():
            condition = None
        self.flows[element.get("id")] = Flow(
            id=element.get("id"),
            source=local(element.get("sourceRef")),
            target=local(element.get("targetRef")),
            name=" ".join(element.get("name").split()),
            condition="" if condition is None else in_feel(feel(condition.text)),
            language="" if condition is None else condition.get("language"),
        )

    def _artifact(self, element: Element) -> None:
        if element.tag == "association":
            source, target = local(element.get("sourceRef")), local(element.get("targetRef"))
            self.handlers[source] = target
        if element.tag in {"dataObject", "dataObjectReference", "dataStoreReference", "property"}:
            self.words.append(element.get("name"))
        if element.tag not in {"extensionElements", "documentation", "laneSet", "incoming"}:
            self._count(element)

    def _count(self, element: Element) -> None:
        self.beside[element.tag] = self.beside.get(element.tag, 0) + 1

    def _lanes(self, element: Element) -> None:
        for lane in (one for box in element.all("laneSet") for one in box.walk()):
            if lane.tag == "lane":
                for reference in lane.all("flowNodeRef"):
                    self.lanes[local(reference.text)] = lane.get("name")

    def _ends(self) -> None:
        """Tell every node its flows, and every compensation event its handler."""
        into: dict[str, list[str]] = {}
        out: dict[str, list[str]] = {}
        for flow in self.flows.values():
            out.setdefault(flow.source, []).append(flow.id)
            into.setdefault(flow.target, []).append(flow.id)
        for name, node in self.nodes.items():
            ends = tuple(into.get(name, ())), tuple(out.get(name, ()))
            handler = self.handlers.get(name, "") if node.kind == "boundary" else ""
            self.nodes[name] = _ended(node, ends, handler)


def _ended(node: Node, ends: tuple[tuple[str, ...], tuple[str, ...]], handler: str) -> Node:
    told = {name: getattr(node, name) for name in node.__struct_fields__}
    return Node(**{**told, "into": ends[0], "out": ends[1], "handler": handler})


def _of_a_case(element: Element, kind: str) -> dict[str, str]:
    told = details.properties(element) if kind == "process" else {}
    return {name: told.get(name, "") for name in ("case", "term", "unit")}


def _sub(element: Element) -> str:
    if element.tag == "subProcess":
        return "event" if element.get("triggeredByEvent") == "true" else "sub"
    return "transaction" if element.tag == "transaction" else "adhoc"


def _strange(element: Element) -> str:
    return element.tag if element.tag in STRANGE or element.tag == "adHocSubProcess" else ""


def _loop_words(node: Node) -> tuple[str, ...]:
    return () if node.loop is None else (node.loop.element, node.loop.output)


def _shapes(root: Element) -> list[Shape]:
    found = []
    for element in (e for diagram in root.all("BPMNDiagram") for e in diagram.walk()):
        of = local(element.get("bpmnElement"))
        if element.tag == "BPMNShape" and (box := element.first("Bounds")) is not None:
            x, y, width, height = (_number(box.get(n)) for n in ("x", "y", "width", "height"))
            found.append(Shape(of, (x, y, width, height)))
        elif element.tag == "BPMNEdge":
            points = tuple(
                (_number(p.get("x")), _number(p.get("y"))) for p in element.all("waypoint")
            )
            found.append(Shape(of, None, points))
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
