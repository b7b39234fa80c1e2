"""`/jsonldContexts`: the contexts that are kept here (clause 5.13). Nothing is ever fetched."""

from typing import Any

from starlette.responses import Response

from mindu.data.senses.beside.entities import Paper, encode
from mindu.data.senses.beside.folds import ENTITIES
from mindu.edge.group import Group
from mindu.edge.ngsild.doors.call import JSON, Call
from mindu.edge.ngsild.doors.parts import BASE
from mindu.edge.ngsild.model.contexts import Contexts
from mindu.edge.ngsild.model.problems import Problem, missing
from mindu.edge.ngsild.model.show import text


class Shelf:
    """The endpoints of contexts."""

    def __init__(self, contexts: Contexts, group: Group) -> None:
        """Keep contexts here."""
        self._contexts, self._group = contexts, group

    async def add(self, call: Call) -> Response:
        """Keep a context."""
        body = await call.body(plain=True)

        def decide() -> Any:  # noqa: ANN401 - frames and an answer
            paper = self._contexts.new(body, call.now)
            return [(ENTITIES, encode([paper]))], lambda: paper

        paper: Paper = await self._group.do("contexts", decide)
        return call.empty(201, Location=f"{BASE}/jsonldContexts/{paper.key}")

    async def list(self, call: Call) -> Response:
        """Return the addresses of all contexts, or with `details` what is known of each."""
        base = str(call.request.base_url).rstrip("/") + f"{BASE}/jsonldContexts/"
        kinds = {"Hosted": self._contexts.hosted(), "Cached": self._contexts.given}
        wanted = call.query.get("kind", "").capitalize()
        told = [self._told(kind, key, base, call.now) for kind, them in kinds.items()
                for key in them if wanted in {"", kind}]  # fmt: skip
        if call.query.get("details") == "true":
            return call.answer(told, 200, JSON)
        return call.answer([it["URL"] for it in told], 200, JSON)

    def _told(self, kind: str, key: str, base: str, now: int) -> dict[str, Any]:
        hosted = self._contexts.hosted().get(key)
        return {
            "URL": base + key if kind == "Hosted" else key, "localId": key, "kind": kind,
            "timestamp": text(hosted.made if hosted is not None else now),
        }  # fmt: skip

    async def serve(self, call: Call) -> Response:
        """Return a context, or with `details` what is known of it."""
        key = call.path["key"]
        body = self._contexts.body(key)
        if body is None:
            raise missing(f"context {key}")
        if call.query.get("details") == "true":
            base = str(call.request.base_url).rstrip("/") + f"{BASE}/jsonldContexts/"
            kind = "Hosted" if key in self._contexts.hosted() else "Cached"
            return call.answer(self._told(kind, key, base, call.now), 200, JSON)
        return call.answer(body, 200, JSON)

    async def delete(self, call: Call) -> Response:
        """Withdraw a context."""
        key = call.path["key"]
        if key in self._contexts.given:
            raise Problem("OperationNotSupported", "that context comes from the settings")

        def decide() -> Any:  # noqa: ANN401 - frames and an answer
            return [(ENTITIES, encode([self._contexts.withdrawn(key)]))], lambda: None

        await self._group.do("contexts", decide)
        return call.empty()
