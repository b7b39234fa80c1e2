"""What waits: a client's request, held for one browser while the person signs in and reads."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

import msgspec

from mindu.base.records import Words
from mindu.base.time import MINUTE
from mindu.console.identity.claims import SCOPES, SUBJECTS
from mindu.console.identity.web.site import Visit
from mindu.console.people.store import sealed

WAITS, MOST = 30 * MINUTE, 100_000  # how long a request waits; how many do at once
SHOWN = 120  # characters of a value on the consent page
Sent = dict[str, list[str]]


def keep(visit: Visit, sent: Sent) -> str:
    """Keep a request for this browser; return its name."""
    store, name = visit.house.store, token_urlsafe(24)
    row = (sealed(name), sealed(visit.browser), msgspec.json.encode(sent),
           visit.house.now().timestamp())  # fmt: skip
    with store.lock:
        store.run("INSERT INTO pending VALUES(?,?,?,?)", row)
        sql = "DELETE FROM pending WHERE rowid <= (SELECT max(rowid) FROM pending) - ?"
        store.run(sql, (MOST,))
    return name


def find(visit: Visit, name: str) -> tuple[Sent, datetime] | None:
    """Return a request that waits for this browser, and since when."""
    sql = "SELECT told, at FROM pending WHERE digest=? AND browser=?"
    found = visit.house.store.one(sql, sealed(name), sealed(visit.browser))
    now = visit.house.now()
    if found is None or found[1] < (now - WAITS).timestamp():
        return None
    at = datetime.fromtimestamp(found[1], now.tzinfo)
    return msgspec.json.decode(found[0], type=Sent), at


def leads(visit: Visit, name: str) -> tuple[str, ...]:
    """Return where a form of this page may end: browsers hold redirects after it to the policy."""
    told = find(visit, name) if name else None
    parts = urlsplit("" if told is None else told[0].get("redirect_uri", [""])[0])
    return (f"{parts.scheme}://{parts.netloc}",) if parts.netloc else ()


def drop(visit: Visit, name: str) -> None:
    """Forget a request that was answered."""
    store = visit.house.store
    with store.lock:
        store.run("DELETE FROM pending WHERE digest=?", (sealed(name),))


def values(visit: Visit, scope: str) -> str:
    """Return what a scope tells of who is signed in, as the consent page shows it."""
    assert visit.session is not None, "who consents is signed in"
    facts = visit.house.citizens.facts(visit.session.subject.id)
    told = [str(facts.get(field) or "") for field in SCOPES[scope].claims.values()]
    told = [visit.say(SUBJECTS[one]) if one in SUBJECTS else one for one in told]
    return visit.say(Words(", ", "、")).join(one[:SHOWN] for one in told if one)


def matters(visit: Visit, names: tuple[str, ...]) -> str:
    """Return what a delegation is limited to, as people call it."""
    said = (visit.house.matters.get(name, Words(name, name)) for name in names)
    return visit.say(Words(", ", "、")).join(visit.say(one) for one in said)


def acting(visit: Visit) -> list[dict[str, Any]]:
    """Return for whom the person who is signed in may act now."""
    assert visit.session is not None, "who acts is signed in"
    house, now = visit.house, visit.house.now()
    held = house.delegations.held(visit.session.subject.id)
    return [
        {
            "id": one.id, "name": house.citizens.facts(one.principal).get("name", ""),
            "may": one.says,
            "matters": matters(visit, one.matters), "until": one.last,
        }
        for one in held if one.holds(now)
    ]  # fmt: skip
