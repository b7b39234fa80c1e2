"""Loading a model: from untrusted XML to parts that are compiled and joined."""

from collections.abc import Callable

from msgspec.structs import replace

from mindu.engines.rules.dmn import iterators, table
from mindu.engines.rules.dmn.boxed import function
from mindu.engines.rules.dmn.circles import circling, recursive
from mindu.engines.rules.dmn.definitions import Definitions
from mindu.engines.rules.dmn.model import Model
from mindu.engines.rules.dmn.parts import Part
from mindu.engines.rules.dmn.place import Place, Room, boxed_child
from mindu.engines.rules.dmn.problems import ModelError, Problem
from mindu.engines.rules.dmn.trace import source_basis, told
from mindu.engines.rules.dmn.xml import Element, read_xml
from mindu.engines.rules.machine.core import Plan, Scope
from mindu.engines.rules.machine.expression import Compiled
from mindu.engines.rules.machine.types import types_from
from mindu.engines.rules.syntax.names import Names
from mindu.engines.rules.value.types import ANY, Type

Resolve = Callable[[str, str], str | bytes | None]  # namespace, location → the model's text
ROOMS = (iterators, table)
DMN = "/spec/DMN/"
DEEPEST = 10  # models that import each other
KINDS = {
    "decision": "decision",
    "inputData": "input",
    "businessKnowledgeModel": "bkm",
    "decisionService": "service",
}
REQUIRED = ("requiredDecision", "requiredInput", "requiredKnowledge")
REQUIREMENTS = ("informationRequirement", "knowledgeRequirement")


def load(text: str | bytes, *, resolve: Resolve | None = None) -> Model:
    """Load a model and all that it imports; ModelError says why none of it can be used."""
    return _Loader(resolve, {}).load(text, ())


class _Loader:
    def __init__(self, resolve: Resolve | None, loaded: dict[str, Model]) -> None:
        self.resolve = resolve
        self.loaded = loaded  # by namespace

    def load(self, text: str | bytes, above: tuple[str, ...]) -> Model:
        root = read_xml(text)
        if root.tag != "definitions" or DMN not in root.space:
            raise ModelError(
                root.tag,
                "this is no DMN model: it must begin with <definitions> of a DMN namespace",
                "这不是 DMN 模型:须以 DMN 命名空间的 <definitions> 开头",
            )
        space = root.get("namespace")
        imports = self._imports(root, (*above, space))
        draft = _Draft(root, space, imports)
        model = draft.model()
        self.loaded[space] = model
        return model

    def _imports(self, root: Element, above: tuple[str, ...]) -> dict[str, Model]:
        found: dict[str, Model] = {}
        for element in root.all("import"):
            if DMN not in element.get("importType"):
                continue
            space, name = element.get("namespace"), element.get("name")
            if space in above or len(above) > DEEPEST:
                raise ModelError(
                    f"import {name!r}",
                    "models import each other in a circle: take one import out",
                    "模型互相循环导入:请去掉其中一个导入",
                )
            if space not in self.loaded:
                self._fetch(space, element.get("locationURI"), name, above)
            found[name] = self.loaded[space]
        return found

    def _fetch(self, space: str, location: str, name: str, above: tuple[str, ...]) -> None:
        text = None if self.resolve is None else self.resolve(space, location)
        if text is None:
            raise ModelError(
                f"import {name!r}",
                f"the model {space!r} was not found: give it with the one that imports it",
                f"找不到模型“{space}”:请与导入它的模型一并提供",
            )
        self.load(text, above)


class _Draft:
    """A model under construction."""

    def __init__(self, root: Element, space: str, imports: dict[str, Model]) -> None:
        self.root = root
        self.space = space
        self.imports = imports
        own = {e.get("name") for e in root.walk() if e.get("name")}
        members = own.union(*(model.members for model in imports.values()))
        self.members = frozenset(members)
        definitions = {e.get("name"): e for e in root.all("itemDefinition")}
        self.definitions = Definitions(definitions, self._outside)
        find = self.definitions.find
        self.room = Room(Names(sorted(members)), types_from(find), find)
        self.definitions.room = self.room
        self.types = {name: find(name) or ANY for name in definitions}
        self.sources = {e.get("id"): e for e in root.all("knowledgeSource")}
        self.parts: dict[str, Part] = {}

    def _outside(self, name: str) -> Type | None:
        for prefix, model in self.imports.items():
            if prefix == "" and name in model.types:
                return model.types[name]
            if prefix and name.startswith(f"{prefix}."):
                return model.types.get(name[len(prefix) + 1 :])
        local = name.rpartition(":")[2]
        return self.definitions.find(local) if local != name else None

    def model(self) -> Model:
        """Return the finished model."""
        elements = [e for e in self.root.children if e.tag in KINDS]
        for element in elements:
            self._declare(element)
        for element in elements:
            self._join(element)
        for element in elements:
            if element.tag in {"decision", "businessKnowledgeModel"}:
                self._compile(element)
        self._circles()
        return Model(
            self.root.get("name"),
            self.space,
            self.parts,
            self.types,
            self.members,
            self._placed(),
            recursive(list(self.parts.values())),
        )

    def _placed(self) -> tuple[Problem, ...]:
        """Return the problems, each with the id of what is drawn under its name."""
        drawn: dict[str, str] = {}
        for element in self.root.children:
            drawn.setdefault(element.get("name"), element.get("id"))
        return tuple(
            replace(one, element=drawn.get(one.where) or drawn.get(_owner(one.where), ""))
            for one in self.room.problems
        )

    def _declare(self, element: Element) -> None:
        name, variable = element.get("name"), element.first("variable")
        named = element.get("id") or name
        if named in self.parts:
            self.room.problem(
                name, f"the id {named!r} is given twice: change one", f"标识“{named}”重复:请改一个"
            )
            return
        self.parts[named] = Part(
            KINDS[element.tag],
            (variable.get("name") if variable is not None else "") or name,
            named,
            self.space,
            self.room.typed(name, variable),
            basis=tuple(self._basis(element)),
        )

    def _basis(self, element: Element) -> list[str]:
        found = told(element.text_of("description"))
        for requirement in element.all("authorityRequirement"):
            authority = requirement.first("requiredAuthority")
            source = self.sources.get(authority.get("href")[1:]) if authority is not None else None
            if source is not None:
                found.append(source_basis(source))
        return found

    def _part(self, element: Element) -> Part:
        return self.parts[element.get("id") or element.get("name")]

    def _target(self, where: str, href: str) -> tuple[str, Part] | None:
        space, _, named = href.rpartition("#")
        if space in {"", self.space} and named in self.parts:
            return "", self.parts[named]
        for prefix, model in self.imports.items():
            if model.space == space and named in model.parts:
                return prefix, model.parts[named]
        self.room.problem(
            where,
            f"it requires {href!r}, which is not in the model: draw the arrow again",
            f"它依赖的“{href}”不在模型中:请重新连线",
        )
        return None

    def _join(self, element: Element) -> None:
        part = self._part(element)
        for requirement in element.all(*REQUIREMENTS):
            wanted = requirement.first(*REQUIRED)
            target = None if wanted is None else self._target(part.name, wanted.get("href"))
            if target is not None:
                part.needs.append(target)
        if part.kind == "service":
            for tag, kept in (
                ("inputData", part.parameters),
                ("inputDecision", part.parameters),
                ("outputDecision", part.outputs),
            ):
                found = (self._target(part.name, e.get("href")) for e in element.all(tag))
                kept.extend(target[1] for target in found if target is not None)

    def _compile(self, element: Element) -> None:
        part = self._part(element)
        names = frozenset(under or need.name for under, need in part.needs)
        plan = Plan(names, self.room.types)
        place = Place(part.name, self.room, Scope(plan), (Names(names),))
        if part.kind == "bkm":
            body = element.first("encapsulatedLogic")
            code = None if body is None else function(place, body)
        else:
            code = boxed_child(place, element)
        if code is not None:
            part.logic = Compiled(code, plan.slots, tuple(plan.inputs.items()))

    def _circles(self) -> None:
        for part in circling(list(self.parts.values())):
            if part.kind == "decision":
                self.room.problem(
                    part.name,
                    "the decision requires itself: take one arrow of the circle out",
                    "该决定依赖自身:请去掉循环中的一条连线",
                )


def _owner(where: str) -> str:
    """Return the part that a place such as `part, row 3` is in."""
    return where.rpartition(",")[0]
