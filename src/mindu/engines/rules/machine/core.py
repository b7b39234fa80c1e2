"""The heart of the machine: scopes with slots, and the table of what builds which form.

A built form is a closure over a frame. A frame is a flat list: the run first, then the values of
the names that the expression reads from outside, then one slot for each name it binds itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mindu.engines.rules.library.catalogue import builtins
from mindu.engines.rules.library.registry import Builtin
from mindu.engines.rules.syntax.tree import Node, TypeOf
from mindu.engines.rules.value.run import Exhausted, Refused
from mindu.engines.rules.value.types import ANY, Type

Frame = list[Any]
Code = Callable[[Frame], Any]
Types = Callable[[TypeOf], Type | None]


@dataclass(slots=True)
class Plan:
    """What one expression needs: its slots, and what each slot is filled from."""

    outside: frozenset[str]
    types: Types
    slots: int = 1
    inputs: dict[str, int] = field(default_factory=dict)

    def slot(self) -> int:
        """Return a new slot."""
        self.slots += 1
        return self.slots - 1

    def input(self, name: str) -> int:
        """Return the slot of a name from outside."""
        if name not in self.inputs:
            self.inputs[name] = self.slot()
        return self.inputs[name]


@dataclass(frozen=True, slots=True)
class Scope:
    """The names in sight of a form: bound here or further out, or members of a filtered item."""

    plan: Plan
    parent: "Scope | None" = None
    bound: Mapping[str, int] = field(default_factory=dict)
    item: int | None = None  # the slot of a filter's item, whose members are names too

    def inner(self, bound: Mapping[str, int], item: int | None = None) -> "Scope":
        """Return a scope inside this one."""
        return Scope(self.plan, self, bound, item)

    def find(self, name: str) -> tuple[int | Builtin | None, list[int]]:
        """Return where a name is found at last, and the items to ask before."""
        items: list[int] = []
        scope: Scope | None = self
        while scope is not None:
            if scope.item is not None:
                items.append(scope.item)
            if name in scope.bound:
                return scope.bound[name], items
            scope = scope.parent
        if name in self.plan.outside:
            return self.plan.input(name), items
        return builtins().get(name), items


Build = Callable[[Any, Scope], Code]
FORMS: dict[type[Node], Build] = {}


def builds(kind: type[Node]) -> Callable[[Build], Build]:
    """Register what builds a form."""

    def register(body: Build) -> Build:
        FORMS[kind] = body
        return body

    return register


def build(node: Node, scope: Scope) -> Code:
    """Return the closure of a form."""
    return FORMS[type(node)](node, scope)


def refuse(frame: Frame, at: int, why: Refused) -> object:
    """Answer a refusal with null and a warning; an exhausted run goes on up."""
    if isinstance(why, Exhausted):
        raise why
    frame[0].warn(at, why.code, *why.about)
    return None


def typed(scope: Scope, written: TypeOf | None) -> Type:
    """Return the type that is written, Any where none is or none is known."""
    if written is None:
        return ANY
    return scope.plan.types(written) or ANY
