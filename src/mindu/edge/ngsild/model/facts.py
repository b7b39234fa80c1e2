"""Facts that every entity has: its id, its scope, and instants."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mindu.edge.ngsild.model.problems import Problem, bad

EXAMPLE = "2026-06-01T13:35:00Z"
_LEVEL = re.compile(r"[A-Za-z]\w*", re.ASCII)


def moment(told: object, name: str) -> float:
    """Return an instant as epoch ms.

    Raises:
        Problem: it is no instant with its zone.
    """
    try:
        at = datetime.fromisoformat(str(told).replace(",", "."))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not isinstance(told, str) or told[-1] != "Z":
        raise bad(f"{name}: {told!r} is no instant; give RFC 3339 in UTC, as in {EXAMPLE}")
    return at.timestamp() * 1000


def uri(told: object, name: str) -> str:
    """Return an address.

    Raises:
        Problem: it is none.
    """
    head, mark, rest = told.partition(":") if isinstance(told, str) else ("", "", "")
    fits = mark and rest and head[:1].isalpha() and not set('<>" {}|\\^`') & set(str(told))
    if not fits or len(str(told)) > 500 or not str(told).isascii() or not str(told).isprintable():
        raise bad(f"{name}: {told!r} is no URI")
    return str(told)


def scopes(told: object) -> list[str]:
    """Return the scopes of an entity, each beginning with a slash.

    Raises:
        Problem: they are none.
    """
    found: list[str] = []
    for it in told if isinstance(told, list) else [told]:
        levels = it.removeprefix("/").split("/") if isinstance(it, str) else [""]
        if not all(_LEVEL.fullmatch(level) for level in levels) or len(str(it)) > 200:
            raise bad("scope is a text like /city/district, or a list of them")
        found.append("/" + "/".join(levels))
    return found


def member(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object inside an object; an empty one where there is none.

    Raises:
        Problem: something else stands there.
    """
    found = told.get(name) or {}
    if not isinstance(found, Mapping):
        raise bad(f"{name} is an object")
    return found


def identified(body: object) -> dict[str, Any]:
    """Return an entity's body; `@id` and `@type` are read as `id` and `type`.

    Raises:
        Problem: it is no object, or has no id that is a URI.
    """
    if not isinstance(body, Mapping):
        raise Problem("InvalidRequest", "an entity is a JSON object")
    found = dict(body)
    for name in ("id", "type"):
        if f"@{name}" in found:
            found[name] = found.pop(f"@{name}")
    uri(found.get("id"), "id")
    return found
