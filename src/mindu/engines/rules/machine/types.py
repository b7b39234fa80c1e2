"""Types as FEEL writes them, made of FEEL's own and of those a model declares."""

from collections.abc import Callable

from mindu.engines.rules.machine.core import Types
from mindu.engines.rules.syntax.tree import TypeOf
from mindu.engines.rules.value.types import ANY, Type, builtin, list_of

Declared = Callable[[str], Type | None]


def types_from(declared: Declared) -> Types:
    """Return what finds the type that is written, model types by their declared name."""

    def find(written: TypeOf) -> Type | None:
        parts = [find(part) or ANY for part in written.parts]
        if written.name == "list" and parts:
            return list_of(parts[0])
        if written.name == "range" and parts:
            return Type("range", f"range<{parts[0].name}>", element=parts[0])
        if written.name == "context" and written.fields:
            fields = tuple((name, find(part) or ANY) for name, part in written.fields)
            return Type("context", "context", fields=fields)
        if written.name == "function" and written.result is not None:
            result = find(written.result) or ANY
            return Type("function", "function", element=result, parameters=tuple(parts))
        return declared(written.name) or builtin(written.name)

    return find


def no_types(_name: str) -> Type | None:
    """Declare no types."""
    return None
