"""`/subscriptions`: who shall be told of what."""

from typing import Any

import msgspec
from starlette.responses import Response

from mindu.data.senses.beside.entities import MOST_PAPERS, Paper, encode
from mindu.data.senses.beside.folds import ENTITIES
from mindu.edge.group import Group
from mindu.edge.ngsild.asking.ask import BIGGEST, PAGE
from mindu.edge.ngsild.doors.call import Call
from mindu.edge.ngsild.doors.parts import BASE, fragment, pages
from mindu.edge.ngsild.model.facts import moment, uri
from mindu.edge.ngsild.model.problems import Problem, bad, missing
from mindu.edge.ngsild.model.show import text
from mindu.edge.ngsild.model.terms import CORE_URL
from mindu.edge.ngsild.subs.notify import Notifier
from mindu.edge.ngsild.subs.outbox import Stat
from mindu.edge.ngsild.subs.subscription import KEPT, SHELF, Kept, checked, reachable


class Subscriptions:
    """The endpoints of subscriptions."""

    def __init__(self, notifier: Notifier, group: Group, allowed: tuple[str, ...]) -> None:
        """Keep subscriptions of this notifier; only these hosts may be notified."""
        self._notifier, self._group, self._allowed = notifier, group, allowed

    async def create(self, call: Call) -> Response:
        """Take a subscription in."""
        body = fragment(await call.body())
        told = checked(body, self._notifier.contexts, call.address or [], call.now)
        reachable(told["notification"]["endpoint"], self._allowed)
        given = told.get("id")
        id_ = uri(given, "id") if given is not None else self._fresh(call)
        told["id"] = id_
        key = named(call, id_)

        def decide() -> Any:  # noqa: ANN401 - frames and an answer
            if key in self._notifier.kept():
                raise Problem("AlreadyExists", f"{id_} is there already")
            if len(self._notifier.kept()) >= MOST_PAPERS:
                raise Problem("TooManyResults", f"{MOST_PAPERS} subscriptions are kept already")
            return self._paper(key, Kept(told, call.address or [], call.tenant, call.now, call.now))

        await self._group.do("subscriptions", decide)
        return call.empty(201, Location=f"{BASE}/subscriptions/{id_}")

    def _fresh(self, call: Call) -> str:
        kept, number = self._notifier.kept(), call.now
        while named(call, f"urn:ngsi-ld:Subscription:{number}") in kept:
            number += 1
        return f"urn:ngsi-ld:Subscription:{number}"

    @staticmethod
    def _paper(key: str, kept: Kept | None) -> Any:  # noqa: ANN401 - frames and an answer
        body = msgspec.json.encode(kept) if kept is not None else b""
        return [(ENTITIES, encode([Paper(SHELF, key, body)]))], lambda: None

    async def update(self, call: Call) -> Response:
        """Change a subscription."""
        body = fragment(await call.body(patch=True))
        key, id_ = self._key(call)
        if body.get("id", id_) != id_:
            raise bad("the id of a subscription stays")

        def decide() -> Any:  # noqa: ANN401 - frames and an answer
            kept = self._held(key, id_)
            more = {k: v for k, v in body.items() if k != "@context"}
            note = more.get("notification")
            if isinstance(note, dict):
                more["notification"] = {**kept.told["notification"], **note}
            gone = [k for k, v in more.items() if v is None or v == "urn:ngsi-ld:null"]
            whole = {k: v for k, v in {**kept.told, **more}.items() if k not in gone}
            context = call.address or kept.context
            told = checked(whole, self._notifier.contexts, context, call.now)
            reachable(told["notification"]["endpoint"], self._allowed)
            return self._paper(key, Kept(told, context, kept.tenant, kept.made, call.now))

        await self._group.do("subscriptions", decide)
        return call.empty()

    async def delete(self, call: Call) -> Response:
        """Withdraw a subscription, and all that waits for it."""
        key, id_ = self._key(call)

        def decide() -> Any:  # noqa: ANN401 - frames and an answer
            self._held(key, id_)
            return self._paper(key, None)

        await self._group.do("subscriptions", decide)
        self._notifier.outbox.forget(key)
        return call.empty()

    async def retrieve(self, call: Call) -> Response:
        """Return one subscription."""
        kind = call.accepts()
        key, id_ = self._key(call)
        return call.answer(self._shown(call, key, self._held(key, id_)), 200, kind)

    async def query(self, call: Call) -> Response:
        """Return subscriptions, page by page."""
        kind, count = call.accepts(), call.query.get("count") == "true"
        limit = call.whole("limit", PAGE, 0 if count else 1, BIGGEST)
        offset = call.whole("offset", 0, 0, 1 << 29)
        mine = [(key, it) for key, body in self._notifier.kept().items()
                if (it := KEPT.decode(body)).tenant == call.tenant]  # fmt: skip
        some = mine[offset : offset + limit]
        links = pages(call, offset, limit, more=len(mine) > offset + limit)
        headers = {"Link": links} if links else {}
        if count:
            headers["NGSILD-Results-Count"] = str(len(mine))
        return call.answer([self._shown(call, *it) for it in some], 200, kind, **headers)

    def _key(self, call: Call) -> tuple[str, str]:
        id_ = uri(call.path["id"], "id")
        return named(call, id_), id_

    def _held(self, key: str, id_: str) -> Kept:
        body = self._notifier.kept().get(key)
        if body is None:
            raise missing(f"subscription {id_}")
        return KEPT.decode(body)

    def _shown(self, call: Call, key: str, kept: Kept) -> dict[str, Any]:
        told = {**kept.told}
        stat = self._notifier.outbox.stats.get(key, Stat())
        note = {**told["notification"], "endpoint": {**told["notification"]["endpoint"]}}
        times = {"lastNotification": stat.last, "lastSuccess": stat.success,
                 "lastFailure": stat.failure}  # fmt: skip
        if stat.last:
            note |= {k: text(v) for k, v in times.items() if v}
            note |= {"timesSent": stat.sent, "timesFailed": stat.failed}
            note["status"] = "failed" if stat.failure > stat.success else "ok"
        told["notification"] = note
        active = bool(told.get("isActive", True))
        past = told.get("expiresAt") and moment(told["expiresAt"], "expiresAt") <= call.now
        told["isActive"] = active
        told["status"] = "expired" if past else "active" if active else "paused"
        told.setdefault(
            "jsonldContext", kept.context if isinstance(kept.context, str) else CORE_URL
        )
        if "sysAttrs" in call.options:
            told |= {"createdAt": text(kept.made), "modifiedAt": text(kept.changed)}
        return told


def named(call: Call, id_: str) -> str:
    """Return the key of a subscription: no two tenants share one."""
    return f"{call.tenant}\n{id_}"
