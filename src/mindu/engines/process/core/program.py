"""A definition made ready: expressions compiled once, ways through the drawing worked out once."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from mindu.engines.process.model import ACTIVITIES, Definition, Node
from mindu.engines.rules import Expression, Limits, compile_feel, plain
from mindu.engines.rules.library.catalogue import builtins
from mindu.engines.rules.syntax.stream import KEYWORDS

WORD = re.compile(r"[^\W\d]\w*")
PATIENT = frozenset({"inclusive", "complex"})
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
LIMITS = Limits(steps=200_000)  # one expression of a process may cost so much and no more
CALLS = re.compile(  # a function that is called is no variable, nor is the name of a type
    "|".join(rf"\b{re.escape(name)}\s*\(" for name in sorted(builtins(), key=len, reverse=True))
    + r"|\binstance of\s+[\w <>,:]+"
)


class Said(msgspec.Struct, frozen=True):
    """What a decision model said."""

    value: Any
    basis: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Library(Protocol):
    """Where an engine finds definitions and decisions."""

    def program(self, key: str) -> "Program":
        """Return a definition by the key that an instance pins; KeyError where it is lost."""
        ...

    def called(self, process: str) -> str:
        """Return the key of the newest definition with that process; KeyError names those there."""
        ...

    def decide(self, decision: str, inputs: Mapping[str, Any], now: datetime) -> Said:
        """Decide; KeyError names the decisions that there are."""
        ...

    def workday(self, since: datetime, days: int) -> datetime:
        """Return when so many working days after a moment are over, by the house's calendar."""
        ...


def expression(text: str, words: tuple[str, ...] = ()) -> Expression:
    """Compile FEEL that may read any name it spells; FeelError says what is wrong and where."""
    found = set(WORD.findall(CALLS.sub(" ", QUOTED.sub(" ", text)))) - KEYWORDS
    return compile_feel(text, sorted(found | set(words)))


class Program:
    """One definition, ready to run."""

    def __init__(self, definition: Definition, key: str) -> None:
        """Work out what every step would ask for again."""
        self.definition, self.key = definition, key
        self.nodes, self.flows, self.bodies = (
            definition.nodes,
            definition.flows,
            definition.bodies,
        )
        self.boundary: dict[str, tuple[Node, ...]] = {}
        self.event_subs: dict[str, tuple[tuple[Node, Node], ...]] = {}
        self.links: dict[tuple[str, str], str] = {}
        self._texts: dict[str, Expression] = {}
        self._reach: dict[str, dict[str, frozenset[str]]] = {}
        self.patient = frozenset(  # gateways that wait until nothing more can come, or enough did
            n.id for n in self.nodes.values() if n.kind in PATIENT and len(n.into) > 1
        )
        self._note()

    def _note(self) -> None:
        boundary: dict[str, list[Node]] = {}
        subs: dict[str, list[tuple[Node, Node]]] = {}
        for node in self.nodes.values():
            if node.kind == "boundary":
                boundary.setdefault(node.attached, []).append(node)
            elif self.definition.event_sub(node):
                starts = self.definition.starts(node.inner)
                subs.setdefault(node.body, []).extend((node, start) for start in starts[:1])
            elif node.kind == "catch" and node.trigger.kind == "link":
                self.links[node.body, node.trigger.name] = node.id
        self.boundary = {host: tuple(found) for host, found in boundary.items()}
        self.event_subs = {body: tuple(found) for body, found in subs.items()}

    def eval(self, text: str, values: Mapping[str, object], now: datetime) -> tuple[Any, str]:
        """Return the plain value of FEEL, and its first warning."""
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = expression(text, self.definition.words)
        answer = found.eval(values, now=now, limits=LIMITS)
        told = answer.warnings[0].en if answer.warnings else ""
        return plain(answer.value), told

    def names(self, text: str) -> tuple[str, ...]:
        """Return the variables that FEEL reads."""
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = expression(text, self.definition.words)
        return tuple(name for name, _ in found.compiled.inputs)

    def handler(self, node: Node) -> str:
        """Return the activity that takes this one back, empty where none does."""
        for event in self.boundary.get(node.id, ()):
            if event.trigger.kind == "compensation":
                return event.handler or (self.flows[event.out[0]].target if event.out else "")
        return ""

    def reaches(self, gateway: str) -> dict[str, frozenset[str]]:
        """Return, for each flow into a gateway, the nodes that lead to it and not through it."""
        found = self._reach.get(gateway)
        if found is None:
            into = self.nodes[gateway].into
            found = {flow: self._behind(flow, gateway) for flow in into}
            self._reach[gateway] = found
        return found

    def _behind(self, flow: str, gateway: str) -> frozenset[str]:
        seen: set[str] = set()
        todo = [self.flows[flow].source]
        while todo:
            name = todo.pop()
            if name in seen or name == gateway:
                continue
            seen.add(name)
            node = self.nodes[name]
            todo += [self.flows[one].source for one in node.into if one in self.flows]
            if node.kind == "boundary":
                todo.append(node.attached)
            if node.kind == "catch" and node.trigger.kind == "link":
                todo += [n.id for n in self.nodes.values() if _throws(n, node)]
        return frozenset(seen)


def _throws(node: Node, catch: Node) -> bool:
    same = node.body == catch.body and node.trigger.name == catch.trigger.name
    return same and node.kind == "throw" and node.trigger.kind == "link"


def is_activity(node: Node) -> bool:
    """Say whether a node is an activity."""
    return node.kind in ACTIVITIES
