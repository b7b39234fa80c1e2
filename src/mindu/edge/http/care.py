"""The care of devices over HTTP: certificates, lists of devices, and their health."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.health import Health
from mindu.edge.http.asks import PAGE, whole
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.guard import Guard
from mindu.edge.keys import Keys
from mindu.perceive.declare import Device

if TYPE_CHECKING:
    from mindu.edge.certificates import Authority

PEM = "application/x-pem-file"
_PLAIN = ("kind", "group", "stage")


class Care:
    """What may be asked about devices."""

    def __init__(
        self, senses: Senses, authority: "Callable[[], Authority]", clock: Callable[[], int]
    ) -> None:
        """Care for this store's devices; `clock` says the epoch ms."""
        self._senses, self._authority, self._clock = senses, authority, clock
        self._health = Health(senses.registry, senses.now)

    def root(self, _: Request) -> Response:
        """Return the authority's certificate, which devices trust this node by."""
        return Response(self._authority().root(self._clock()), media_type=PEM)

    def certify(self, request: Request) -> Response:
        """Return a certificate for the signing request of a device."""
        days = whole(request.query_params, "days", 365, 1, 825)
        name = request.path_params["device"]
        try:
            told = self._authority().device(name, request.state.body, self._clock(), days=days)
        except KeyError as wrong:
            raise Unfit(404, str(wrong.args[0])) from wrong
        except ValueError as wrong:
            raise Unfit(422, f"send a signing request in PEM: {wrong}") from wrong
        return Response(told, media_type=PEM)

    def devices(self, request: Request) -> dict[str, Any]:
        """Return devices by kind, group, stage and facts (`fact.firmware=1.2`), page by page."""
        query = request.query_params
        start = whole(query, "from", 0, 0, 1 << 40)
        limit = whole(query, "limit", 1000, 1, PAGE)
        facts = {k[5:]: v for k, v in query.items() if k.startswith("fact.")}
        plain = {k: query[k] for k in _PLAIN if k in query}
        found: list[Device] = []
        for row in self._rows(plain, start):
            device = self._senses.registry.device(self._senses.registry.ids[row])
            if all(str(device.facts.get(k)) == v for k, v in facts.items()):
                if len(found) == limit:
                    return {"devices": found, "next": row}
                found.append(device)
        return {"devices": found}

    def _rows(self, plain: dict[str, str], start: int) -> Iterator[int]:
        registry = self._senses.registry
        kinds, groups = list(registry.kinds), list(registry.groups)
        columns = registry.devices
        for row in range(start, len(registry)):
            told = {"kind": kinds[columns["kind"][row]], "group": groups[columns["group"][row]]}
            if "stage" in plain:
                told["stage"] = registry.device(registry.ids[row]).stage
            if all(told[k] == v for k, v in plain.items()):
                yield row

    def health(self, request: Request) -> dict[str, Any]:
        """Return what is judged of the health of devices, the worst first."""
        limit = whole(request.query_params, "limit", 1000, 1, PAGE)
        found = self._health.judged(self._clock(), self._senses)
        told = [{"device": device, **msgspec.to_builtins(it)} for device, it in found[:limit]]
        return {"judgements": told, "count": len(found)}


def care(
    senses: Senses, keys: Keys, authority: "Callable[[], Authority]", clock: Callable[[], int]
) -> list[Route]:
    """Return the routes of the care of devices."""
    it = Care(senses, authority, clock)
    reading, keeping = Guard(keys, "reads"), Guard(keys, "keeps")
    return [
        Route("/v1/authority", Guard(keys, "sends")(it.root)),
        Route("/v1/certificates/{device:path}", keeping(it.certify), methods=["POST"]),
        Route("/v1/list", reading(it.devices)),
        Route("/v1/health", reading(it.health)),
    ]
