"""Scopes: where in the city's order an entity belongs, and how that is asked for (clause 4.19)."""

from collections.abc import Sequence
from dataclasses import dataclass

from mindu.edge.ngsild.model.problems import bad

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Scopes:
    """A scope query: any of these sets, whole."""

    sets: tuple[tuple[str, ...], ...]

    def hold(self, scope: Sequence[str]) -> bool:
        """Say whether an entity with these scopes passes."""
        return any(all(any(_fits(want, it) for it in scope) for want in some) for some in self.sets)


def scopes(told: str) -> Scopes:
    """Return a scope query: `,` or `|` is or, `;` is and, `+` one level, `#` all below.

    Raises:
        Problem: it is none.
    """
    if len(told) > LONGEST:
        raise bad(f"scopeQ has at most {LONGEST} characters")
    parts = told.replace("|", ",").replace("(", "").replace(")", "").split(",")
    sets = tuple(tuple(it.strip() for it in part.split(";")) for part in parts)
    if not all(it.startswith("/") for some in sets for it in some):
        raise bad("scopeQ names scopes that begin with a slash, as in /city/#")
    return Scopes(sets)


def _fits(want: str, scope: str) -> bool:
    wants, has = want.strip("/").split("/"), scope.strip("/").split("/")
    if wants[-1] == "#":
        wants = wants[:-1]
        if len(has) < len(wants):
            return False
        has = has[: len(wants)]
    return len(wants) == len(has) and all(w in {"+", h} for w, h in zip(wants, has, strict=True))
