"""Who may do what to which case: by role, unit and jurisdiction; what nobody granted is denied."""

from collections.abc import Iterable
from datetime import date

import msgspec

from mindu.base.records import Words
from mindu.brain.cases import Role, Step

COLUMNS = ("id", "name", "unit", "roles", "areas", "until", "token")
AREA_DIGITS = 6  # of a county; longer codes are towns inside it, "" is the whole city


class Officer(msgspec.Struct, frozen=True):
    """Somebody who acts: roles, the unit of the desk, the jurisdictions that it covers."""

    id: str
    name: str = ""
    unit: str = ""
    roles: tuple[Role, ...] = ()
    areas: tuple[str, ...] = ()  # codes; "3501" covers "350102"; "*" covers all
    until: date | None = None  # last day; None holds on
    token: str = ""  # SHA-256 of the secret that opens the desk


MACHINE = Officer("machine", "自动", roles=(Role.MACHINE,), areas=("*",))
CALLER = Officer("caller", "来电人", roles=(Role.CALLER,), areas=("*",))


def refusal(
    officer: Officer, step: Step, *, unit: str, helpers: Iterable[str], area: str, today: date
) -> Words | None:
    """Return why this officer may not make this move, or nothing if it may be made."""
    if officer.until is not None and today > officer.until:
        return Words(
            f"{officer.id}'s rights ended on {officer.until}; renew them in the roster",
            f"{officer.id} 的权限已于 {officer.until} 到期,请在名册中续期",
        )
    held = step.roles.intersection(officer.roles)
    if not held:
        need = "、".join(sorted(step.roles))
        return Words(
            f"{step.name} takes one of the roles {need}; {officer.id} has none of them",
            f"{step.name} 需要角色 {need},{officer.id} 没有",
        )
    if covers(officer.areas, area):
        return _elsewhere(officer, step, unit, helpers)
    return Words(
        f"the case lies in {area or 'the whole city'}, outside {officer.id}'s jurisdiction",
        f"该件属 {area or '全市'},不在 {officer.id} 的管辖范围",
    )


def covers(areas: Iterable[str], area: str) -> bool:
    """Say whether one of these jurisdictions contains an area."""
    return any(told == "*" or (told and area.startswith(told)) for told in areas)


def _elsewhere(officer: Officer, step: Step, unit: str, helpers: Iterable[str]) -> Words | None:
    if step.scope != "own" or Role.MACHINE in officer.roles:
        return None
    helps = step.name == "contribute" and officer.unit in helpers
    if officer.unit and (officer.unit == unit or helps):
        return None
    return Words(
        f"the case lies with {unit or 'nobody'}, not with {officer.unit or 'no unit'}",
        f"该件由 {unit or '无单位'} 承办,不属 {officer.unit or '无单位'}",
    )


def read(rows: Iterable[Iterable[str]]) -> dict[str, Officer]:
    """Read a roster; roles and areas are parted by spaces.

    Raises:
        ValueError: names the first line that cannot be read.
    """
    found: dict[str, Officer] = {}
    for number, row in enumerate(rows, start=1):
        try:
            told = dict(zip(COLUMNS, row, strict=True))
            until = date.fromisoformat(told["until"]) if told["until"] else None
            roles = tuple(Role(role) for role in told["roles"].split())
        except ValueError as wrong:
            raise ValueError(f"line {number} of the roster cannot be read: {wrong}") from wrong
        if not told["id"] or told["id"] in found or Role.MACHINE in roles:
            raise ValueError(f"line {number} of the roster: ids are unique, nobody is a machine")
        areas = tuple(told["areas"].split())
        found[told["id"]] = Officer(
            told["id"], told["name"], told["unit"], roles, areas, until, told["token"]
        )
    return found
