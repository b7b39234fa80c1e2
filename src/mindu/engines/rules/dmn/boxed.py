"""Boxed expressions: literal, context, list, relation, invocation and function."""

from collections.abc import Callable

from mindu.engines.rules.dmn.place import BOXES, Place, box, boxed_child, boxes, nothing, taking
from mindu.engines.rules.dmn.xml import Element
from mindu.engines.rules.machine.core import Code, Frame, refuse
from mindu.engines.rules.value.kinds import Function, callee
from mindu.engines.rules.value.run import Refused, Run
from mindu.engines.rules.value.types import ANY


@boxes("literalExpression")
def literal(place: Place, element: Element) -> Code:
    """Compile a literal expression."""
    language = element.get("expressionLanguage")
    if language and "FEEL" not in language.upper():
        place.room.problem(
            place.where,
            f"expressions are FEEL, not {language!r}: rewrite it in FEEL",
            f"表达式须用 FEEL,不能用“{language}”:请改写为 FEEL",
        )
        return nothing
    text = element.text_of("text")
    if not text:
        return nothing
    return place.literal(text)


@boxes("context")
def context(place: Place, element: Element) -> Code:
    """Compile a boxed context; an entry without a name is its result."""
    steps: list[tuple[str, int, Code]] = []
    result: Code | None = None
    for entry in element.all("contextEntry"):
        variable = entry.first("variable")
        name = "" if variable is None else variable.get("name")
        code = boxed_child(place, entry) or nothing
        if not name:
            result = code
            break
        type_ = place.room.typed(place.where, variable)
        slot = place.slot()
        steps.append((name, slot, code if type_ is ANY else taking(code, type_)))
        place = place.bind({name: slot})
    return _made(steps, result)


def _made(steps: list[tuple[str, int, Code]], result: Code | None) -> Code:
    def make(frame: Frame) -> object:
        made: dict[str, object] = {}
        for name, slot, code in steps:
            made[name] = frame[slot] = code(frame)
        return made if result is None else result(frame)

    return make


@boxes("list")
def list_(place: Place, element: Element) -> Code:
    """Compile a boxed list."""
    items = [box(place, child) for child in element.children if child.tag in BOXES]
    return lambda frame: [item(frame) for item in items]


@boxes("relation")
def relation(place: Place, element: Element) -> Code:
    """Compile a relation: a list of contexts, one for each row."""
    names = [column.get("name") for column in element.all("column")]
    rows = [
        [box(place, cell) for cell in row.children if cell.tag in BOXES]
        for row in element.all("row")
    ]
    return lambda frame: [
        {name: cell(frame) for name, cell in zip(names, row, strict=False)} for row in rows
    ]


@boxes("invocation")
def invocation(place: Place, element: Element) -> Code:
    """Compile an invocation: a function, and its parameters bound by name."""
    function = boxed_child(place, element) or nothing
    bound: list[tuple[str, Code]] = []
    for binding in element.all("binding"):
        parameter = binding.first("parameter")
        if parameter is not None:
            type_ = place.room.typed(place.where, parameter)
            code = boxed_child(place, binding) or nothing
            bound.append((parameter.get("name"), taking(code, type_)))

    def invoke(frame: Frame) -> object:
        found = function(frame)
        given = {name: code(frame) for name, code in bound}
        try:
            return callee(found).call_named(frame[0], given)
        except ArithmeticError:
            frame[0].warn(-1, "number", getattr(found, "name", ""))
        except Refused as why:
            refuse(frame, -1, why)
        return None

    return invoke


@boxes("functionDefinition")
def function(place: Place, element: Element) -> Code:
    """Compile a function definition: parameters with types, and a body."""
    parameters = list(element.all("formalParameter"))
    names = tuple(parameter.get("name") for parameter in parameters)
    types = tuple(place.room.typed(place.where, parameter) for parameter in parameters)
    result = place.room.typed(place.where, element)
    if result.kind == "function":
        result = result.element or ANY
    kind = element.get("kind", "FEEL")
    where = place.where
    if kind != "FEEL":
        place.room.problem(
            where,
            f"the function is written in {kind}, which is not run here: rewrite it in FEEL",
            f"函数用 {kind} 编写,此处不执行:请改写为 FEEL",
        )
        return lambda _frame: Function(where, names, types, _external(kind))
    slots = {name: place.slot() for name in names}
    body = boxed_child(place.bind(slots), element) or nothing

    def make(frame: Frame) -> object:
        kept = list(frame)

        def enter(run: Run, arguments: list[object]) -> object:
            inner = list(kept)
            inner[0] = run
            for name, value in zip(names, arguments, strict=True):
                inner[slots[name]] = value
            return body(inner)

        return Function(where, names, types, enter, result)

    return make


def _external(kind: str) -> Callable[[Run, list[object]], object]:
    def refuse_it(_run: Run, _arguments: list[object]) -> object:
        raise Refused("external", kind)

    return refuse_it
