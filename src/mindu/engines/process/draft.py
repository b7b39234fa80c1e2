"""A draft: a process put together by code, node after node, then a definition like any other."""

from itertools import pairwise
from typing import Any

from mindu.engines.process.model import Body, Definition, Flow, Node, Trigger, Work


class Draft:
    """A definition under construction."""

    def __init__(
        self, name: str, *, title: str = "", case: str = "", term: str = "", unit: str = ""
    ) -> None:
        """Begin a file with one process of that name, and say which kind of case it is."""
        self.name, self.title = name, title or name
        self.bodies: dict[str, Body] = {name: Body(
            id=name, kind="process", name=self.title, case=case, term=term, unit=unit
        )}  # fmt: skip
        self.nodes: dict[str, dict[str, Any]] = {}
        self.flows: dict[str, Flow] = {}

    def body(self, name: str, *, parent: str, kind: str = "sub") -> str:
        """Add the inside of a sub-process."""
        self.bodies[name] = Body(id=name, kind=kind, parent=parent)
        return name

    def node(self, name: str, kind: str, /, *, body: str = "", **told: Any) -> str:  # noqa: ANN401
        """Add a node; `told` are the fields of a Node, and of its Work."""
        work = {key: told.pop(key) for key in list(told) if key in Work.__struct_fields__}
        if name in self.nodes:
            raise ValueError(f"there is a node {name!r} already: give another id")
        inner = name if kind == "sub" else ""
        where = body or self.name
        self.nodes[name] = {
            "id": name, "kind": kind, "body": where, "inner": inner, "work": Work(**work), **told,
        }  # fmt: skip
        return name

    def event(self, name: str, kind: str, trigger: Trigger, /, **told: Any) -> str:  # noqa: ANN401
        """Add an event with its trigger."""
        return self.node(name, kind, triggers=(trigger,), **told)

    def flow(self, source: str, target: str, *, when: str = "", name: str = "") -> str:
        """Draw a flow, with a FEEL condition or none."""
        made = f"{source}_to_{target}"
        while made in self.flows:
            made += "_"
        flow = Flow(id=made, source=source, target=target, condition=when, name=name)
        self.flows[made] = flow
        return made

    def line(self, *nodes: str) -> None:
        """Draw flows from each node to the next."""
        for source, target in pairwise(nodes):
            self.flow(source, target)

    def definition(self) -> Definition:
        """Return what was drawn."""
        into: dict[str, list[str]] = {}
        out: dict[str, list[str]] = {}
        for flow in self.flows.values():
            out.setdefault(flow.source, []).append(flow.id)
            into.setdefault(flow.target, []).append(flow.id)
        nodes = {
            name: Node(**told, into=tuple(into.get(name, ())), out=tuple(out.get(name, ())))
            for name, told in self.nodes.items()
        }
        bodies = {
            name: Body(
                id=name, kind=body.kind, name=body.name, parent=body.parent, case=body.case,
                term=body.term, unit=body.unit,
                nodes=tuple(n.id for n in nodes.values() if n.body == name),
            )
            for name, body in self.bodies.items()
        }  # fmt: skip
        return Definition(
            id=f"{self.name}.file", name=self.title, nodes=nodes, flows=self.flows, bodies=bodies
        )
