"""Reading a licence: its lines and how it stands, as a person reads them."""

from collections.abc import Mapping
from datetime import datetime

from mindu.apps.services.counter import Counter
from mindu.apps.services.licences.kinds import KINDS, NUMBER
from mindu.apps.services.licences.status import Status
from mindu.city import Words
from mindu.engines.forms.form import Field
from mindu.engines.forms.render import shown

STATUS = {
    Status.VALID: Words("valid", "有效"),
    Status.SUSPENDED: Words("suspended", "暂停使用"),
    Status.REVOKED: Words("revoked", "已吊销"),
}
OVER = Words("no longer valid: it ran out", "已过有效期")


def stands(status: Status, until: datetime | None, now: datetime) -> Words:
    """Return how a licence stands; one that ran out is not valid, whatever its list says."""
    over = status is Status.VALID and until is not None and until <= now
    return OVER if over else STATUS[status]


def label(item: str, name: str, lang: str) -> str:
    """Return what a claim of an item's licence is called."""
    if name == NUMBER:
        return "证照编号" if lang == "zh" else "number"
    found = KINDS[item].claims.get(name)
    return name if found is None else (found[1].zh if lang == "zh" else found[1].en)


def lines(
    counter: Counter, item: str, claims: Mapping[str, object], lang: str
) -> tuple[tuple[str, str, str], ...]:
    """Return claims as rows; a choice is said in the words in which it was offered."""
    asked = _asked(counter, item)
    found = []
    for name, value in claims.items():
        field = asked.get(name)
        options = () if field is None else field.options
        found.append((label(item, name, lang), shown(value, options, lang), ""))
    return tuple(found)


def _asked(counter: Counter, item: str) -> dict[str, Field]:
    """Return the question behind each claim of an item's licence."""
    for package in counter.packages.values():
        for part in package.parts:
            if part.item == item:
                fields = package.filled().fields
                named = {name: part.maps.get(own, "") for name, (own, _) in
                         KINDS[item].claims.items()}  # fmt: skip
                return {name: fields[one] for name, one in named.items() if one in fields}
    return {}
