"""Tasks: what lies on desks in a state of an instance, node by node."""

import msgspec

from mindu.engines.process import State, Wait
from mindu.engines.process.core.program import Library
from mindu.engines.process.model import Node


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One node that waits for people."""

    node: str
    name: str
    unit: str  # the group it was offered to, as drawn where one person has it
    who: str  # who has it; empty while it is offered
    stage: str  # "accept", "deliver" or none
    term: str
    mends: bool  # it waits for the applicant

    @property
    def part(self) -> bool:
        """Say whether it is a part of its case: neither its beginning nor its end."""
        return not self.stage and not self.mends


def tasks(state: State, library: Library) -> list[Task]:
    """Return what waits for people; of several who sign at one node the first stands for all."""
    found: dict[str, Task] = {}
    for wait in state.waits:
        if wait.kind == "task" and wait.node not in found:
            found[wait.node] = _task(wait, _node(state, wait, library))
    return list(found.values())


def _task(wait: Wait, node: Node) -> Task:
    drawn = "" if node.work.groups.startswith("=") else node.work.groups
    return Task(
        node=wait.node, name=node.name or node.id, unit=wait.groups or drawn or node.lane,
        who=wait.who, stage=node.work.stage, term=node.work.term, mends=node.kind == "start",
    )  # fmt: skip


def _node(state: State, wait: Wait, library: Library) -> Node:
    frames = {frame.id: frame for frame in state.frames}
    at = frames.get(wait.frame)
    while at is not None and not at.definition:
        at = frames.get(at.parent)
    return library.program(state.definition if at is None else at.definition).nodes[wait.node]
