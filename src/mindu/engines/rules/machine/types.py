"""Types as FEEL writes them, made of FEEL's own and of those a model declares."""

from collections.abc import Callable

from mindu.engines.rules.machine.core import Types
from mindu.engines.rules.syntax.tree import TypeOf
from mindu.engines.rules.value.types import ANY, Type, builtin, list_of

Declared = Callable[[str], Type | None]


def types_from(declared: Declared) -> Types:
    """Return what finds the type that is written, model types by their declared name."""

    def find(written: TypeOf) -> Type | None:
        if written.parts or written.fields or written.result is not None:
            return _composed(written, find)
        return declared(written.name) or builtin(written.name)

    return find


def _composed(written: TypeOf, find: Types) -> Type:
    parts = tuple(find(part) or ANY for part in written.parts)
    if written.name == "list":
        return list_of(parts[0])
    if written.name == "range":
        return Type("range", f"range<{parts[0].name}>", element=parts[0])
    if written.name == "context":
        fields = tuple((name, find(part) or ANY) for name, part in written.fields)
        return Type("context", "context", fields=fields)
    assert written.result is not None, "only functions are left"
    return Type("function", "function", element=find(written.result) or ANY, parameters=parts)


def no_types(_name: str) -> Type | None:
    """Declare no types."""
    return None
