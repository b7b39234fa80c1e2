"""Pre-filled answers: what the library and the identity provider know, each with its source."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mindu.apps.services.materials import Material, Materials
from mindu.city import CITY
from mindu.engines.forms import Form
from mindu.engines.forms.render import Known

IDENTITY = "identity"
NUMBER_LONG = 18  # characters of a citizen's number (GB 11643); 7 to 14 are the day of birth


def learned(materials: Materials, subject: str, claims: Mapping[str, Any], now: datetime) -> None:
    """Keep what the provider proved of a person as a material; what was only told is not kept."""
    by, on = str(claims.get("verified_by", "")), str(claims.get("verified_on", ""))
    if not by or not claims.get("real_name"):
        return
    number = str(claims.get("id_number", ""))
    told = {"name": claims["real_name"], "number": number, "born": _born(number)}
    at = datetime.fromisoformat(on).replace(tzinfo=UTC) if on else now
    before = materials.current(subject, IDENTITY, now)
    if before is not None and before.at >= at:
        return  # what was corrected since is not turned back
    kept = {name: value for name, value in told.items() if value}
    materials.keep(subject, Material(kind=IDENTITY, told=kept, vouched=by, at=at))


def prefilled(
    materials: Materials, subject: str, form: Form, values: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], dict[str, Known]]:
    """Return the answers with those that a material gives, and where each of these comes from.

    What a person answered stays as they answered it, and then it is theirs and no register's.
    """
    filled, known = by_hand(form, values), dict[str, Known]()
    himself = _as_proved(form, filled, materials.current(subject, IDENTITY, now))
    for name, field in form.fields.items():
        kind, _, part = field.source.path.partition(".")
        if field.source.kind == "applicant" or not part:
            continue
        if field.source.kind == "department" and not himself:
            continue  # it is known of who signed in, and the answers are of somebody else
        material = materials.current(subject, kind, now)
        if material is None or part not in material.told:
            continue
        filled.setdefault(name, material.told[part])
        if filled[name] == material.told[part]:
            known[name] = Known(
                date=f"{material.at.astimezone(CITY):%Y-%m-%d}", by=material.vouched
            )
    return filled, known


def by_hand(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers to what was asked; what no page asks comes from a register or not at all.

    A draft from before somebody changed an answer must not keep what a register said of it.
    """
    asked = {name for page in form.pages for name in page.fields}
    return {name: value for name, value in values.items() if name in asked}


def _as_proved(form: Form, values: Mapping[str, Any], proved: Material | None) -> bool:
    """Say whether the answers are of the very person that was proved, wherever both speak."""
    told = {} if proved is None else proved.told
    for name, field in form.fields.items():
        kind, _, part = field.source.path.partition(".")
        if kind == IDENTITY and part in told and values.get(name, told[part]) != told[part]:
            return False
    return True


def drawn_on(form: Form, known: Mapping[str, Known]) -> dict[str, list[str]]:
    """Return which materials pre-filled answers came from, with the questions of each."""
    found: dict[str, list[str]] = {}
    for name in known:
        kind = form.fields[name].source.path.partition(".")[0]
        found.setdefault(kind, []).append(name)
    return found


def _born(number: str) -> str:
    day = number[6:14]
    if len(number) != NUMBER_LONG or not day.isdigit():
        return ""
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"
