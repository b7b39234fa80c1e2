"""Every address of NGSI-LD that is offered, and the right that each asks for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.edge.group import Group
from mindu.edge.keys import Keys
from mindu.edge.ngsild.doors.batch import Batch
from mindu.edge.ngsild.doors.contexts import Shelf
from mindu.edge.ngsild.doors.corrections import Corrections
from mindu.edge.ngsild.doors.discovery import Discovery
from mindu.edge.ngsild.doors.entities import Entities
from mindu.edge.ngsild.doors.entrance import Do, Entrance
from mindu.edge.ngsild.doors.parts import BASE
from mindu.edge.ngsild.doors.subscriptions import Subscriptions
from mindu.edge.ngsild.doors.temporal import Pasts
from mindu.edge.ngsild.model.contexts import Contexts
from mindu.edge.ngsild.model.town import Town
from mindu.edge.ngsild.subs.notify import Notifier
from mindu.edge.ngsild.telling.changes import Changes
from mindu.edge.porch import Porch


@dataclass(frozen=True, slots=True)
class Parts:
    """What the door is made of."""

    porch: Porch
    group: Group
    keys: Keys
    contexts: Contexts
    notifier: Notifier
    notify: tuple[str, ...]  # hosts that may be notified


Table = list[tuple[str, dict[str, tuple[str, Do]]]]


def of_entities(entities: Entities, batch: Batch) -> Table:
    """Return the addresses of entities."""
    return [
        ("/entities", {"GET": ("reads", entities.query), "POST": ("keeps", entities.create),
                       "DELETE": ("keeps", entities.purge)}),
        ("/entities/{id}", {"GET": ("reads", entities.retrieve), "PUT": ("keeps", entities.replace),
                            "PATCH": ("sends", entities.merge),
                            "DELETE": ("keeps", entities.remove)}),
        ("/entities/{id}/attrs", {"POST": ("sends", entities.append),
                                  "PATCH": ("sends", entities.update)}),
        ("/entities/{id}/attrs/{attr:path}", {"PATCH": ("sends", entities.partly),
                                              "PUT": ("sends", entities.wholly),
                                              "DELETE": ("sends", entities.strip)}),
        ("/entityOperations/create", {"POST": ("keeps", batch.create)}),
        ("/entityOperations/upsert", {"POST": ("keeps", batch.upsert)}),
        ("/entityOperations/update", {"POST": ("sends", batch.update)}),
        ("/entityOperations/merge", {"POST": ("sends", batch.merge)}),
        ("/entityOperations/delete", {"POST": ("keeps", batch.delete)}),
        ("/entityOperations/query", {"POST": ("reads", batch.query)}),
    ]  # fmt: skip


def of_time(pasts: Pasts, corrects: Corrections) -> Table:
    """Return the addresses of time."""
    return [
        ("/temporal/entities", {"GET": ("reads", pasts.query), "POST": ("keeps", pasts.create)}),
        ("/temporal/entities/{id}", {"GET": ("reads", pasts.retrieve),
                                     "DELETE": ("keeps", pasts.delete)}),
        ("/temporal/entities/{id}/attrs", {"POST": ("sends", pasts.add)}),
        ("/temporal/entities/{id}/attrs/{attr}", {"DELETE": ("sends", corrects.strip)}),
        ("/temporal/entities/{id}/attrs/{attr}/{instance}", {"PATCH": ("sends", corrects.correct),
                                                             "DELETE": ("sends", corrects.drop)}),
        ("/temporal/entityOperations/query", {"POST": ("reads", pasts.posted)}),
    ]  # fmt: skip


def of_the_rest(subs: Subscriptions, shelf: Shelf, there: Discovery) -> Table:
    """Return the addresses of all else."""
    return [
        ("/subscriptions", {"GET": ("reads", subs.query), "POST": ("keeps", subs.create)}),
        ("/subscriptions/{id}", {"GET": ("reads", subs.retrieve), "PATCH": ("keeps", subs.update),
                                 "DELETE": ("keeps", subs.delete)}),
        ("/jsonldContexts", {"GET": ("reads", shelf.list), "POST": ("keeps", shelf.add)}),
        ("/jsonldContexts/{key:path}", {"GET": ("reads", shelf.serve),
                                        "DELETE": ("keeps", shelf.delete)}),
        ("/types", {"GET": ("reads", there.types)}),
        ("/types/{name:path}", {"GET": ("reads", there.type)}),
        ("/attributes", {"GET": ("reads", there.attributes)}),
        ("/attributes/{name:path}", {"GET": ("reads", there.attribute)}),
    ]  # fmt: skip


def routes(parts: Parts) -> list[Route]:
    """Return the routes of this door."""
    senses = parts.porch.senses
    town = Town(senses)
    entities = Entities(town, Changes(town, parts.group, parts.porch))
    subs = Subscriptions(parts.notifier, parts.group, parts.notify)
    shelf = Shelf(parts.contexts, parts.group)
    told = [
        *of_entities(entities, Batch(entities)),
        *of_time(Pasts(entities), Corrections(entities)),
        *of_the_rest(subs, shelf, Discovery(town)),
    ]
    entrance = Entrance(parts.keys, parts.contexts, parts.porch.clock)
    return [_route(path, verbs, entrance, end) for path, verbs in told for end in ("", "/")]


def _route(path: str, verbs: dict[str, tuple[str, Do]], entrance: Entrance, end: str) -> Route:
    ready: dict[str, Callable[[Request], Awaitable[Response]]] = {
        verb: entrance(right, do) for verb, (right, do) in verbs.items()
    }

    async def endpoint(request: Request) -> Response:
        return await ready.get(request.method, ready.get("GET", next(iter(ready.values()))))(
            request
        )

    return Route(BASE + path + end, endpoint, methods=list(verbs))
