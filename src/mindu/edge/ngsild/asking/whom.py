"""Whom a question is about: ids, types and a pattern (clauses 4.17 and 5.7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mindu.edge.ngsild.asking.paths import matcher
from mindu.edge.ngsild.model.facts import uri
from mindu.edge.ngsild.model.problems import bad
from mindu.edge.ngsild.model.show import View
from mindu.edge.ngsild.model.terms import Context


@dataclass(frozen=True, slots=True)
class Selector:
    """Whom a question is about: none of ids, types or pattern means anybody."""

    ids: tuple[str, ...] = ()
    types: tuple[tuple[str, ...], ...] = ()  # any of these sets, whole
    pattern: str = ""

    def fits(self, view: View) -> bool:
        """Say whether an entity is meant, but for the pattern."""
        if self.ids and view.id not in self.ids:
            return False
        return not self.types or any(set(all_) <= set(view.types) for all_ in self.types)


def meant(one: Selector, view: View) -> bool:
    """Say whether an entity is meant."""
    return one.fits(view) and (not one.pattern or matcher(one.pattern)(view.id))


def selector(told: Mapping[str, Any], context: Context) -> Selector:
    """Return whom `id`, `type` and `idPattern` mean."""
    ids = tuple(uri(it, "id") for it in names(told.get("id")))
    pattern = str(told.get("idPattern") or "")
    if pattern:
        matcher(pattern)
    return Selector(ids, types(told.get("type"), context), pattern)


def selectors(told: object, context: Context) -> list[Selector]:
    """Return whom the `entities` of a body mean; none where it has none.

    Raises:
        Problem: they are no list of objects.
    """
    many = told or []
    if not isinstance(many, list) or not all(isinstance(it, Mapping) for it in many):
        raise bad("entities is a list of objects, each with a type")
    return [selector(it, context) for it in many]


def types(told: object, context: Context) -> tuple[tuple[str, ...], ...]:
    """Return the sets of types that a selection of types means (clause 4.17)."""
    text = ",".join(names(told)).replace("|", ",").replace("(", "").replace(")", "")
    if text in {"", "*"}:
        return ()
    return tuple(
        tuple(context.expand(it.strip()) for it in part.replace("&", ";").split(";"))
        for part in text.split(",")
    )


def names(told: object) -> list[str]:
    """Return a list that is told as such, or with commas."""
    if told is None or told == "":
        return []
    many = told if isinstance(told, list) else str(told).split(",")
    found = [str(it).strip() for it in many]
    if not all(found):
        raise bad("a name in a list is empty")
    return found
