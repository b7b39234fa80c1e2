"""Checking: what a text is, what keeps it from running, and the drawing told as a list."""

from collections.abc import Iterator

from mindu.base.records import Words
from mindu.console.contract.models.modelling import Checked, Flaw, Kind, Part
from mindu.engines.process import Definition, check, read
from mindu.engines.process.changes import KINDS
from mindu.engines.rules import Model, ModelError, Problem, load
from mindu.engines.rules.dmn.xml import Element, read_xml

DMN = "/spec/DMN/"
FLAWS = 200  # told of one text
PARTS = 1_000  # listed of one text
APPROVERS = 5  # people at most that a model may ask for
DECIDES = {
    "decision": Words("decision", "决定"),
    "input": Words("input", "输入"),
    "bkm": Words("knowledge model", "知识模型"),
    "service": Words("decision service", "决定服务"),
}


def checked(text: str | bytes) -> Checked:
    """Return what a text comes to; whatever is wrong is told, nothing is raised."""
    try:
        root = read_xml(text)
    except ModelError as no:
        return Checked(kind="bpmn", names=(), flaws=(flaw(no.problem),), parts=())
    kind: Kind = "dmn" if DMN in root.space else "bpmn"
    needed = approvers(root)
    try:
        if kind == "dmn":
            return _dmn(load(text), needed)
        return _bpmn(read(text), needed)
    except ModelError as no:
        told = (flaw(no.problem),)
        return Checked(kind=kind, names=(), flaws=told, parts=(), approvers=needed)


def decides(text: str) -> bool:
    """Say whether a text is a model of decisions, by what it says first."""
    head = text[:4096]  # a process may name the language of decisions as well
    return DMN in head and "/spec/BPMN/" not in head


def flaw(problem: Problem) -> Flaw:
    """Return a problem as it goes over the wire."""
    says = Words(problem.en, problem.zh)
    return Flaw(element=problem.element, where=problem.where, says=says)


def approvers(root: Element) -> int:
    """Return how many people a model itself asks for: its property named `approvers`."""
    told = (e.get("value") for e in root.walk()
            if e.tag == "property" and e.get("name") == "approvers")  # fmt: skip
    wanted = [int(one) for one in told if one.isascii() and one.isdigit() and len(one) < 3]
    return min(max(wanted, default=1), APPROVERS) or 1


def _bpmn(definition: Definition, needed: int) -> Checked:
    flaws = tuple(flaw(one) for one in check(definition)[:FLAWS])
    parts = tuple(_nodes(definition))
    names = tuple(body.id for body in definition.processes())
    return Checked(
        kind="bpmn",
        names=names,
        flaws=flaws,
        parts=parts[:PARTS],
        more=max(len(parts) - PARTS, 0),
        approvers=needed,
    )


def _nodes(definition: Definition) -> Iterator[Part]:
    for node in definition.nodes.values():
        flows = (definition.flows[one] for one in node.out)
        yield Part(
            element=node.id,
            name=node.name,
            kind=Words(*KINDS[node.kind]),
            body=node.body,
            leads=tuple(_way(f.name or f.condition, f.target) for f in flows),
        )


def _way(when: str, target: str) -> str:
    return f"{when} → {target}" if when else target


def _dmn(model: Model, needed: int) -> Checked:
    parts = tuple(
        Part(element=part.id, name=part.name, kind=DECIDES[part.kind], body="",
             leads=tuple(need.name for _, need in part.needs))
        for part in model.parts.values()
    )  # fmt: skip
    return Checked(
        kind="dmn",
        names=(*model.names("decision"), *model.names("service")),
        flaws=tuple(flaw(one) for one in model.problems[:FLAWS]),
        warnings=tuple(flaw(one) for one in model.warnings[:FLAWS]),
        parts=parts[:PARTS],
        more=max(len(parts) - PARTS, 0),
        approvers=needed,
    )
