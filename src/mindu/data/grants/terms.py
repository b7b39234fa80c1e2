"""Terms of an agreement between two departments: as ODRL for both, as Cedar for the gateway."""

from datetime import date
from typing import Any

import msgspec

from mindu.data.grants.ask import Action
from mindu.data.grants.duties import Duties, Mask, read

CONTEXT = "http://www.w3.org/ns/odrl.jsonld"
ACTIONS: dict[Action, str] = {"read": "read", "download": "reproduce", "query": "aggregate"}
_UNFIT = frozenset('"\\\n\r\t')


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Who lets whom use which dataset, what for, how, and until when."""

    dataset: str
    owner: str  # department that lets
    to: str  # department that may
    purpose: str
    basis: str
    until: date  # last day
    actions: tuple[Action, ...] = ("read", "query")
    duties: Duties = Duties()

    def __post_init__(self) -> None:
        """Refuse words that no policy can hold."""
        words = (self.dataset, self.owner, self.to, self.purpose, self.basis, *self.duties.rows)
        for word in words:
            if not word.strip() or _UNFIT & set(word):
                raise ValueError(f"{word!r}: give words without quotes, backslash or line breaks")
        if not self.actions:
            raise ValueError("say which of read, download and query may be done")


def cedar(terms: Terms, name: str) -> str:
    """Return the policy that lets the gateway keep the terms."""
    duties = terms.duties
    notes = {
        "id": name,
        "department": terms.to,
        "purpose": terms.purpose,
        "until": terms.until.isoformat(),
        "mask": ", ".join(f"{field}:{how}" for field, how in duties.masks),
        "fields": ", ".join(duties.fields),
        "rows": " AND ".join(f"({row})" for row in duties.rows),
        "aggregate": f"{duties.group} by {', '.join(duties.keys)}" if duties.group else "",
        "quota": f"{duties.quota}/day" if duties.quota else "",
        "says": f"agreement with {terms.owner}, on {terms.basis}",
        "zh": f"与 {terms.owner} 的共享协议,依据 {terms.basis}",
    }
    above = "\n".join(f'@{note}("{told}")' for note, told in notes.items() if told)
    actions = ", ".join(f'Action::"{action}"' for action in terms.actions)
    return (
        f"{above}\npermit (principal, action in [{actions}], "
        f'resource == Dataset::"{terms.dataset}")\n'
        f'when {{ principal.department == "{terms.to}" && context.reference != "" }};\n'
    )


def odrl(terms: Terms, name: str) -> str:
    """Return the agreement in ODRL 2.2, JSON-LD."""
    duties = terms.duties
    limits = [
        _limit("purpose", "eq", terms.purpose),
        _limit("dateTime", "lteq", {"@value": terms.until.isoformat(), "@type": "xsd:date"}),
    ]
    limits += [_limit("count", "lteq", duties.quota)] if duties.quota else []
    dataset = f"urn:mindu:dataset:{terms.dataset}"
    told = {
        "@context": [CONTEXT, {"mindu": "urn:mindu:terms:", "xsd": "http://www.w3.org/2001/XMLSchema#"}],
        "@type": "Agreement",
        "uid": f"urn:mindu:{name}",
        "assigner": f"urn:mindu:department:{terms.owner}",
        "assignee": f"urn:mindu:department:{terms.to}",
        "mindu:basis": terms.basis,
        "permission": [
            {
                "target": dataset,
                "action": [ACTIONS[action] for action in terms.actions],
                "constraint": limits,
                "duty": _obliged(duties),
            }
        ],
        "prohibition": [{"target": dataset, "action": "distribute"}],
    }  # fmt: skip
    return msgspec.json.encode(told).decode()


def of_odrl(text: str | bytes) -> Terms:
    """Read an agreement that `odrl` wrote, or another side wrote in the same words.

    Raises:
        ValueError: it is no such agreement.
    """
    try:
        told: dict[str, Any] = msgspec.json.decode(text)
        (permission,) = told["permission"]
        limits = {one["leftOperand"]: one["rightOperand"] for one in permission["constraint"]}
        named = {theirs: ours for ours, theirs in ACTIONS.items()}
        return Terms(
            dataset=permission["target"].removeprefix("urn:mindu:dataset:"),
            owner=told["assigner"].removeprefix("urn:mindu:department:"),
            to=told["assignee"].removeprefix("urn:mindu:department:"),
            purpose=limits["purpose"],
            basis=told["mindu:basis"],
            until=date.fromisoformat(limits["dateTime"]["@value"]),
            actions=tuple(named[action] for action in permission["action"]),
            duties=_duties(permission.get("duty", []), limits.get("count", 0)),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as wrong:
        raise ValueError(f"this is no agreement of one permission ({wrong}); see odrl()") from wrong


def _limit(left: str, operator: str, right: object) -> dict[str, object]:
    return {"leftOperand": left, "operator": operator, "rightOperand": right}


def _obliged(duties: Duties) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [
        {"action": "anonymize", "mindu:field": field, "mindu:mask": how}
        for field, how in duties.masks
    ]
    found += [{"action": "anonymize", "mindu:only": list(duties.fields)}] if duties.fields else []
    found += [{"action": "anonymize", "mindu:rows": row} for row in duties.rows]
    if duties.group:
        found.append(
            {"action": "aggregate", "mindu:people": duties.group, "mindu:by": list(duties.keys)}
        )
    return found


def _duties(told: list[dict[str, Any]], quota: int) -> Duties:
    """Return the duties, read by the same reader that reads a policy's."""
    masks: list[tuple[str, Mask]] = []
    notes: dict[str, str] = {"quota": f"{int(quota)}/day"} if quota else {}
    rows: list[str] = []
    for one in told:
        if "mindu:mask" in one:
            masks.append((one["mindu:field"], one["mindu:mask"]))
        elif "mindu:only" in one:
            notes["fields"] = ", ".join(one["mindu:only"])
        elif "mindu:rows" in one:
            rows.append(one["mindu:rows"])
        else:
            notes["aggregate"] = f"{int(one['mindu:people'])} by {', '.join(one['mindu:by'])}"
    notes["mask"] = ", ".join(f"{field}:{how}" for field, how in masks)
    return msgspec.structs.replace(read(notes), rows=tuple(rows))
