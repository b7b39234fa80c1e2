"""Building calls, functions written in place, and `instance of`."""

from mindu.engines.rules.library.registry import Builtin
from mindu.engines.rules.machine.core import Code, Frame, Scope, build, builds, refuse, typed
from mindu.engines.rules.syntax.tree import Call, Definition, InstanceOf, Name
from mindu.engines.rules.value.kinds import Function, callee
from mindu.engines.rules.value.run import Refused, Run


@builds(Call)
def call(node: Call, scope: Scope) -> Code:
    """Build a call, with arguments in order or by name."""
    known = _known(node, scope)
    function = build(node.function, scope) if known is None else _constant(known)
    if node.named is not None:
        return _by_name(node, scope, function)
    given, place = [build(argument, scope) for argument in node.given], node.at
    if known is not None:
        return _built_in(known, given, place)

    def invoke(frame: Frame) -> object:
        found = function(frame)
        arguments = [argument(frame) for argument in given]
        try:
            return callee(found).call(frame[0], arguments)
        except ArithmeticError:
            frame[0].warn(place, "number", getattr(found, "name", ""))
        except Refused as why:
            refuse(frame, place, why)
        return None

    return invoke


def _known(node: Call, scope: Scope) -> Builtin | None:
    """Return the built-in function that is called: known at once, also inside a filter."""
    if not isinstance(node.function, Name):
        return None
    found, _ = scope.find(node.function.name)
    return found if isinstance(found, Builtin) else None


def _constant(value: object) -> Code:
    return lambda _frame: value


def _built_in(function: Builtin, given: list[Code], place: int) -> Code:
    name = function.name

    def invoke(frame: Frame) -> object:
        try:
            return function.call(frame[0], [argument(frame) for argument in given])
        except ArithmeticError:
            frame[0].warn(place, "number", name)
        except Refused as why:
            refuse(frame, place, why)
        return None

    return invoke


def _by_name(node: Call, scope: Scope, function: Code) -> Code:
    assert node.named is not None, "called for arguments by name only"
    given = [(name, build(argument, scope)) for name, argument in node.named]
    place = node.at

    def invoke(frame: Frame) -> object:
        found = function(frame)
        arguments = {name: argument(frame) for name, argument in given}
        try:
            return callee(found).call_named(frame[0], arguments)
        except ArithmeticError:
            frame[0].warn(place, "number", getattr(found, "name", ""))
        except Refused as why:
            refuse(frame, place, why)
        return None

    return invoke


@builds(Definition)
def definition(node: Definition, scope: Scope) -> Code:
    """Build a function that keeps the frame it was written in."""
    names = tuple(name for name, _ in node.parameters)
    types = tuple(typed(scope, written) for _, written in node.parameters)
    if node.external:
        return lambda _frame: Function("", names, types, _external)
    slots = [scope.plan.slot() for _ in names]
    body = build(node.body, scope.inner(dict(zip(names, slots, strict=True))))

    def make(frame: Frame) -> object:
        kept = list(frame)

        def enter(run: Run, arguments: list[object]) -> object:
            inner = list(kept)
            inner[0] = run
            for slot, value in zip(slots, arguments, strict=True):
                inner[slot] = value
            return body(inner)

        return Function("", names, types, enter)

    return make


def _external(_run: Run, _arguments: list[object]) -> object:
    raise Refused("external", "java/pmml")


@builds(InstanceOf)
def instance_of(node: InstanceOf, scope: Scope) -> Code:
    """Build a question for the type of a value; null is of no type."""
    of, place = build(node.of, scope), node.at
    type_ = scope.plan.types(node.type)
    wanted = node.type.name

    def ask(frame: Frame) -> object:
        value = of(frame)
        if type_ is None:
            frame[0].warn(place, "unknown", wanted, "", "")
            return None
        return value is not None and type_.holds(frame[0], value, limits=False)

    return ask
