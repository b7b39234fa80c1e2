"""Registers: what departments know of a person who proved who they are, asked as they sign in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from mindu.apps.services.materials import Material, Materials

Registers = Callable[[str], Sequence[Material]]  # by the citizen's number


def nothing(_number: str) -> tuple[Material, ...]:
    """Know nobody: no department is connected."""
    return ()


def looked_up(
    materials: Materials, registers: Registers, subject: str, claims: Mapping[str, Any],
    now: datetime,
) -> None:  # fmt: skip
    """Keep what the registers say of a proved person; what is newer in the library stays."""
    number = str(claims.get("id_number", ""))
    if not number or not claims.get("verified_by"):
        return
    for told in registers(number):
        before = materials.current(subject, told.kind, now)
        if before is None or before.at < told.at:
            materials.keep(subject, told)
