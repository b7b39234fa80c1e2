"""One subscription: what it is about, when it is told, and to whom (clause 5.2.12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from mindu.edge.ngsild.asking.ask import Question, question
from mindu.edge.ngsild.asking.whom import meant, selectors
from mindu.edge.ngsild.model.contexts import Contexts
from mindu.edge.ngsild.model.facts import member, moment, uri
from mindu.edge.ngsild.model.problems import Problem, bad
from mindu.edge.ngsild.model.show import Form, View

SHELF = "subscriptions"
SCHEMES = ("http", "https", "mqtt", "mqtts")
FORMATS = {"normalized": "normalized", "concise": "concise", "keyValues": "simplified",
           "simplified": "simplified"}  # fmt: skip
TRIGGERS = {
    "entityCreated", "entityUpdated", "entityDeleted", "attributeCreated", "attributeUpdated",
    "attributeDeleted",
}  # fmt: skip
USUAL = frozenset({"attributeCreated", "attributeUpdated"})
BOTH = {"entityUpdated": {"attributeCreated", "attributeUpdated", "attributeDeleted"}}
ACCEPTS = ("application/json", "application/ld+json", "application/geo+json")


class Kept(msgspec.Struct, frozen=True):
    """A subscription as it is kept: as it was told, under which context, of which tenant."""

    told: dict[str, Any]
    context: Any
    tenant: str
    made: int
    changed: int


KEPT = msgspec.json.Decoder(Kept)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription, ready to be held against changes. Times in epoch ms, spans in ms."""

    id: str
    tenant: str
    asked: Question
    watched: frozenset[str]
    triggers: frozenset[str]
    form: Form
    attrs: tuple[str, ...]
    endpoint: Mapping[str, Any]
    context: Any
    every: float
    throttling: float
    expires: float
    active: bool
    geo: bool = False

    def alive(self, now: float) -> bool:
        """Say whether it is told of anything at an instant."""
        return self.active and (not self.expires or now < self.expires)

    def wants(self, view: View, event: str, attrs: frozenset[str]) -> bool:
        """Say whether a change of an entity is to be told."""
        if event not in self.triggers or (self.watched and not self.watched & attrs):
            return False
        whom = self.asked.whom
        if whom and not any(meant(one, view) for one in whom):
            return False
        return event == "entityDeleted" or self.asked.holds(view)


def ready(key: str, kept: Kept, contexts: Contexts) -> Subscription:
    """Return a kept subscription, ready.

    Raises:
        Problem: a part of it does not fit.
    """
    told, context = kept.told, contexts.of(kept.context)
    note = told["notification"]
    whom, geo = selectors(told.get("entities"), context), member(told, "geoQ")
    asked = question({**geo, "q": told.get("q"), "scopeQ": told.get("scopeQ")}, context, whom)
    attrs = tuple(context.expand(it) for it in note.get("attributes") or note.get("pick") or ())
    triggers = frozenset(told.get("notificationTrigger") or USUAL)
    triggers |= frozenset(it for name in triggers for it in BOTH.get(name, ()))
    style = FORMATS[note.get("format", "normalized")]
    form = Form(context, style, bool(note.get("sysAttrs")), str(told.get("lang") or ""), attrs)
    return Subscription(
        key.rpartition("\n")[2], kept.tenant, asked,
        frozenset(context.expand(it) for it in told.get("watchedAttributes") or ()),
        triggers, form, attrs, note["endpoint"], kept.context,
        float(told.get("timeInterval") or 0) * 1000, float(told.get("throttling") or 0) * 1000,
        moment(told["expiresAt"], "expiresAt") if told.get("expiresAt") else 0.0,
        bool(told.get("isActive", True)), note["endpoint"].get("accept") == ACCEPTS[2],
    )  # fmt: skip


def checked(told: object, contexts: Contexts, context: object, now: int) -> dict[str, Any]:
    """Return a subscription that fits, as it will be kept.

    Raises:
        Problem: a part of it does not fit.
    """
    if not isinstance(told, Mapping) or told.get("type") != "Subscription":
        raise bad("a subscription has the type Subscription")
    found = {k: v for k, v in told.items() if k != "@context"}
    empty = [k for k, v in found.items() if v is None or v in ("", [], {})]
    if empty:
        raise bad(f"{empty[0]} is told, but empty")
    if not any(found.get(it) for it in ("entities", "watchedAttributes")):
        raise bad("a subscription needs entities or watchedAttributes")
    _entities(found.get("entities"))
    _times(found, now)
    _note(found.get("notification"))
    strange = {*found.get("notificationTrigger", ())} - TRIGGERS
    if strange:
        raise bad(f"notificationTrigger: {min(strange)} is none of {sorted(TRIGGERS)}")
    ready("x", Kept(found, context, "", now, now), contexts)
    return found


def _entities(told: object) -> None:
    if told is None:
        return
    if not isinstance(told, Sequence) or not all(
        isinstance(it, Mapping) and it.get("type") for it in told
    ):
        raise bad("entities is a list of objects, each with a type")
    for it in told:
        if it.get("id"):
            uri(it["id"], "entities.id")


def _times(told: Mapping[str, Any], now: int) -> None:
    for name in ("timeInterval", "throttling"):
        value = told.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
            raise bad(f"{name} is a number of seconds above 0")
    if "timeInterval" in told and ("throttling" in told or "watchedAttributes" in told):
        raise bad("timeInterval stands alone: without throttling and watchedAttributes")
    if "expiresAt" in told and moment(told["expiresAt"], "expiresAt") <= now:
        raise bad("expiresAt is past")
    if not isinstance(told.get("isActive", True), bool):
        raise bad("isActive is true or false")
    lists = [told.get(k) for k in ("watchedAttributes", "notificationTrigger") if k in told]
    if not all(isinstance(it, list) and all(isinstance(n, str) for n in it) for it in lists):
        raise bad("watchedAttributes and notificationTrigger are lists of names")


def _note(note: object) -> None:
    if not isinstance(note, Mapping) or not isinstance(note.get("endpoint"), Mapping):
        raise bad("a subscription needs notification.endpoint")
    if str(note.get("format", "normalized")) not in FORMATS:
        raise bad(f"notification.format is one of {', '.join(FORMATS)}")
    for it in (note[name] for name in ("attributes", "pick") if name in note):
        if not it or not isinstance(it, list) or not all(isinstance(n, str) for n in it):
            raise bad("notification.attributes and pick are lists of names, and not empty")
    endpoint = note["endpoint"]
    told = uri(endpoint.get("uri"), "endpoint.uri")
    try:
        address = urlsplit(told)
        fits = address.scheme in SCHEMES and address.hostname and address.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise bad(f"endpoint.uri is an address of {', '.join(SCHEMES)}")
    if endpoint.get("accept", ACCEPTS[0]) not in ACCEPTS:
        raise bad(f"endpoint.accept is one of {', '.join(ACCEPTS)}")


def reachable(endpoint: Mapping[str, Any], allowed: Sequence[str]) -> None:
    """Refuse an endpoint that the settings do not name.

    Raises:
        Problem: they do not.
    """
    address = urlsplit(str(endpoint["uri"]))
    usual = {"http": 80, "https": 443, "mqtt": 1883, "mqtts": 8883}[address.scheme]
    here = {f"{address.hostname}:{address.port or usual}", str(address.hostname)}
    if not here & set(allowed):
        why = f"{address.hostname} is not among the hosts that may be notified: see `notify`"
        raise Problem("Forbidden", why, 403)
