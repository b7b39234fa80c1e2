"""What a BPMN file says, as plain values: bodies, nodes, flows and the words they share."""

from collections.abc import Iterator

import msgspec

ACTIVITIES = frozenset(
    {"task", "manual", "user", "service", "send", "receive", "script", "rule", "call", "sub"}
)
GATEWAYS = frozenset({"exclusive", "parallel", "inclusive", "complex", "event"})
EVENTS = frozenset({"start", "catch", "throw", "end", "boundary"})


class Timer(msgspec.Struct, frozen=True):
    """When: a date, a duration or a cycle, as ISO 8601 text or as FEEL."""

    kind: str  # "date", "duration" or "cycle"
    text: str


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """What an event waits for or throws."""

    kind: str  # none, message, timer, signal, error, escalation, conditional, link, …
    name: str = ""  # of the message, signal or link; the code; the activity to compensate
    key: str = ""  # FEEL: which case a message belongs to
    timer: Timer | None = None
    condition: str = ""  # FEEL
    topic: str = ""  # a thrown message that a worker carries


class Loop(msgspec.Struct, frozen=True, kw_only=True):
    """How often an activity runs."""

    kind: str  # "parallel", "sequential" or "standard"
    cardinality: str = ""  # FEEL
    collection: str = ""  # FEEL
    element: str = ""
    output: str = ""
    output_element: str = ""  # FEEL
    until: str = ""  # FEEL: a multi-instance is complete, or a standard loop goes on
    before: bool = False  # a standard loop tests before its first turn
    most: int = 0  # turns of a standard loop; 0: as many as the engine allows


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What an activity has to do, and with what."""

    topic: str = ""  # of a job
    decision: str = ""
    called: str = ""  # process id, or FEEL after "="
    script: str = ""  # FEEL
    result: str = ""  # the variable that takes the result
    form: str = ""
    assignee: str = ""  # FEEL after "=", else a name
    groups: str = ""
    inputs: tuple[tuple[str, str], ...] = ()  # FEEL, variable
    outputs: tuple[tuple[str, str], ...] = ()
    term: str = ""  # until when a task is promised: "5wd", "24h"
    stage: str = ""  # of a task in a case: "accept", "deliver"; else it is a part of it


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """An activity, an event or a gateway."""

    id: str
    kind: str
    body: str  # the process or sub-process it stands in
    name: str = ""
    into: tuple[str, ...] = ()
    out: tuple[str, ...] = ()
    default: str = ""  # the flow that is taken when no other is
    triggers: tuple[Trigger, ...] = ()
    all_triggers: bool = False  # a parallel multiple event
    attached: str = ""
    interrupting: bool = True
    inner: str = ""  # the body of a sub-process
    loop: Loop | None = None
    work: Work = Work()
    compensates: bool = False  # runs only to take something back
    handler: str = ""  # of a compensation boundary event
    condition: str = ""  # FEEL: when a complex gateway goes on
    instantiates: bool = False
    lane: str = ""
    strange: str = ""  # a marker that is not executable, by its own name

    @property
    def trigger(self) -> Trigger:
        """Return the one trigger of an event."""
        return self.triggers[0] if self.triggers else NOTHING

    def called(self) -> str:
        """Return how a person would call it."""
        return f"{self.name!r} ({self.id})" if self.name else self.id


NOTHING = Trigger(kind="none")


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """A sequence flow."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    language: str = ""


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """A process or the inside of a sub-process."""

    id: str
    kind: str  # "process", "sub", "event", "transaction" or "adhoc"
    name: str = ""
    parent: str = ""
    nodes: tuple[str, ...] = ()
    executable: bool = True
    case: str = ""  # the kind of case that an instance is; empty: none
    term: str = ""  # of the whole case
    unit: str = ""  # that leads it

    @property
    def root(self) -> bool:
        """Say whether this is a process."""
        return self.kind == "process"


class Shape(msgspec.Struct, frozen=True):
    """Where an element is drawn: x, y, width, height in diagram units, or points of a line."""

    of: str
    box: tuple[float, float, float, float] | None = None
    points: tuple[tuple[float, float], ...] = ()


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """One BPMN file."""

    id: str
    name: str
    nodes: dict[str, Node]
    flows: dict[str, Flow]
    bodies: dict[str, Body]
    words: tuple[str, ...] = ()  # names of data, which FEEL may spell with blanks
    shapes: tuple[Shape, ...] = ()
    beside: dict[str, int] = {}  # elements that are drawn and not executed, by name

    def inside(self, body: str) -> Iterator[Node]:
        """Yield the nodes of a body, in the order they were drawn."""
        return (self.nodes[one] for one in self.bodies[body].nodes)

    def starts(self, body: str) -> tuple[Node, ...]:
        """Return the start events of a body; where it draws none, the nodes nothing leads to."""
        drawn = tuple(n for n in self.inside(body) if n.kind == "start")
        return drawn or tuple(n for n in self.inside(body) if self.begins(n))

    def begins(self, node: Node) -> bool:
        """Say whether a node without a start event is where its body begins."""
        apart = node.kind == "boundary" or node.compensates or self.event_sub(node)
        return not node.into and not apart and not (node.kind == "catch" and _link(node))

    def event_sub(self, node: Node) -> bool:
        """Say whether a node is an event sub-process."""
        return bool(node.inner) and self.bodies[node.inner].kind == "event"

    def processes(self) -> tuple[Body, ...]:
        """Return the processes that have something inside."""
        return tuple(body for body in self.bodies.values() if body.root and body.nodes)


def _link(node: Node) -> bool:
    return node.trigger.kind == "link"
