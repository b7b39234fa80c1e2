"""The notifier: reads the journal from where it was, and makes and delivers notifications."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from mindu.data.senses import frame as frames
from mindu.data.senses.beside import entities
from mindu.data.senses.beside.folds import ENTITIES
from mindu.data.senses.journal import READINGS
from mindu.data.senses.senses import Senses
from mindu.edge.ngsild.asking.ask import Ask
from mindu.edge.ngsild.model.contexts import Contexts
from mindu.edge.ngsild.model.show import View, geojson, text
from mindu.edge.ngsild.model.terms import CORE_URL
from mindu.edge.ngsild.model.town import Town, iri, when
from mindu.edge.ngsild.subs.deliver import Deliverer
from mindu.edge.ngsild.subs.outbox import Outbox, Stat
from mindu.edge.ngsild.subs.subscription import KEPT, SHELF, Subscription, ready

TICK = 0.1  # s between looks at the journal
PAGE = 1000  # entities of one periodic notification


class Change(msgspec.Struct):
    """What happened to one entity since it was looked at last."""

    tenant: str = ""
    id: str = ""
    types: list[str] = []
    events: dict[str, set[str]] = {}  # event -> attributes


class Notifier:
    """Tells subscribers of one store."""

    def __init__(self, senses: Senses, contexts: Contexts, clock: Callable[[], int]) -> None:
        """Go on where the outbox ended."""
        self.senses, self.contexts, self._clock = senses, contexts, clock
        self.town, self.outbox = Town(senses), Outbox(senses.folder / "notifications.db")
        here = (senses.journal.end, senses.journal.digest)
        self._place = (self.outbox.place() or here) if self.kept() else here
        self._ready: dict[str, tuple[bytes, Subscription]] = {}
        self._deliverer = Deliverer(self.outbox, self.subscriptions, clock)
        self._periods: dict[str, float] = {}
        senses.holds.append(lambda: self._place[0])

    def kept(self) -> dict[str, bytes]:
        """Return the subscriptions by key."""
        return self.senses.entities.shelf(SHELF)

    def subscriptions(self) -> dict[str, Subscription]:
        """Return the subscriptions, ready."""
        found = {}
        for key, body in list(self.kept().items()):
            held = self._ready.get(key)
            if held is None or held[0] is not body:
                held = self._ready[key] = (body, ready(key, KEPT.decode(body), self.contexts))
            found[key] = held[1]
        return found

    async def run(self) -> None:
        """Make and deliver until cancelled."""
        while True:
            if self.senses.journal.end != self._place[0]:
                await asyncio.to_thread(self.make)
            await asyncio.to_thread(self.periodic)
            self._deliverer.start()
            await asyncio.sleep(TICK)

    # -- making ----------------------------------------------------------------------------

    def make(self) -> int:
        """Make notifications of what the journal says since; return how many."""
        subs = self.subscriptions()
        position, digest = self._place
        if not subs:
            with self.senses.lock:
                self._place = (self.senses.journal.end, self.senses.journal.digest)
            return 0
        changes: dict[str, Change] = {}
        for end, kind, body, told in self.senses.journal.after(position, digest):
            if kind == ENTITIES:
                self._told(body, changes)
            elif kind == READINGS:
                self._read(body, changes)
            position, digest = end, told
        now = self._clock()
        notes = [
            it for key, change in changes.items() for it in self._notes(key, change, subs, now)
        ]
        self.outbox.keep(notes, position, digest, now)
        self._place = (position, digest)
        return len(notes)

    def _told(self, body: bytes, changes: dict[str, Change]) -> None:
        for told in msgspec.msgpack.decode(body, type=list[entities.Told]):
            if isinstance(told, entities.Paper | entities.Recalled):
                continue
            change = changes.setdefault(told.key, Change())
            if isinstance(told, entities.Said):
                event = "attributeUpdated" if told.now else "attributeDeleted"
                fresh = bool(told.now) and all(it.made == it.changed for it in told.now)
                event = "attributeCreated" if fresh else event
                change.events.setdefault(event, set()).add(told.attr)
                continue
            change.id, change.tenant, change.types = told.id, told.tenant, told.types
            change.events[
                "entityCreated" if isinstance(told, entities.Put) else "entityDeleted"
            ] = set()

    def _read(self, body: bytes, changes: dict[str, Change]) -> None:
        frame, registry = frames.decode(body), self.senses.registry
        for series, at in zip(frame.series.tolist(), frame.at.tolist(), strict=True):
            key, attr = registry.owner(series), iri(registry.prop(series).name)
            kept = self.senses.entities.kept.get(key)
            first = (
                next((it for it in kept.attrs.get(attr, ()) if not it.dataset), None)
                if kept
                else None
            )
            if first is None or at > when(first):  # else it came by this door, and was told of
                change = changes.setdefault(key, Change())
                change.events.setdefault("attributeUpdated", set()).add(attr)

    def _notes(
        self, key: str, change: Change, subs: dict[str, Subscription], now: int
    ) -> list[tuple[str, bytes]]:
        tenant = key.partition("::")[0] if "::" in key else ""
        view = self.town.view(key, change.tenant or tenant)
        gone = view is None
        if view is None:
            view = View(key, change.id, change.types, [], 0, now, {})
        found = []
        for name, sub in subs.items():
            if sub.every or sub.tenant != (change.tenant or tenant) or not sub.alive(now):
                continue
            wanted = [
                event for event, attrs in change.events.items()
                if (event == "entityDeleted" or not gone)
                and sub.wants(view, event, frozenset(attrs))
            ]  # fmt: skip
            stat = self.outbox.stats.get(name, Stat())
            if wanted and not (sub.throttling and now - stat.made < sub.throttling):
                found.append((name, self._body(name, sub, [view], now, gone=gone)))
        return found

    def _body(
        self, name: str, sub: Subscription, views: list[View], now: int, *, gone: bool = False
    ) -> bytes:
        data: Any = [sub.form.entity(view) for view in views]
        if gone:
            data = [{**it, "deletedAt": text(now)} for it in data]
        if sub.geo:
            data = {
                "type": "FeatureCollection",
                "features": [geojson(it, "location") for it in data],
            }
        number = self.outbox.stats.get(name, Stat())
        told: dict[str, Any] = {
            "id": f"urn:ngsi-ld:Notification:{sub.id.rpartition(':')[2]}:{now}:{number.sent}",
            "type": "Notification", "subscriptionId": sub.id, "notifiedAt": text(now), "data": data,
        }  # fmt: skip
        if sub.endpoint.get("accept") == "application/ld+json":
            told["@context"] = sub.context or CORE_URL
        return msgspec.json.encode(told)

    def periodic(self) -> None:
        """Make the notifications that are told every so often."""
        now = self._clock()
        for name, sub in self.subscriptions().items():
            if not sub.every or not sub.alive(now):
                continue
            last = self._periods.setdefault(name, self.outbox.stats.get(name, Stat()).made or now)
            if now - last >= sub.every:
                self._periods[name] = now
                views, _ = Ask(self.town).page(sub.tenant, sub.asked, 0, PAGE)
                if views:
                    body = self._body(name, sub, views, now)
                    self.outbox.keep([(name, body)], *self._place, now)
