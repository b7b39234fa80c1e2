"""`/entityOperations`: many entities at once; each by itself, so a bad one costs only itself."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from typing import Any

from starlette.responses import Response

from mindu.edge.ngsild.asking.ask import question
from mindu.edge.ngsild.asking.whom import selectors
from mindu.edge.ngsild.doors.call import JSON, Call
from mindu.edge.ngsild.doors.entities import Entities
from mindu.edge.ngsild.doors.parts import flat
from mindu.edge.ngsild.model.facts import identified, uri
from mindu.edge.ngsild.model.problems import Problem, bad
from mindu.edge.ngsild.telling.asker import Update
from mindu.edge.parcel import Full

MOST = 1000  # entities of one operation
One = Callable[[Call, Any], Awaitable[str]]


class Batch:
    """The endpoints of operations on many entities."""

    def __init__(self, entities: Entities) -> None:
        """Change by these endpoints' means."""
        self._of, self._changes = entities, entities.changes

    async def create(self, call: Call) -> Response:
        """Create entities."""
        done, failed = await self._each(call, self._create)
        return result(call, done, failed, good=201)

    async def upsert(self, call: Call) -> Response:
        """Create entities, or change those that are there."""
        update = "update" in call.options
        new: list[str] = []

        async def one(call: Call, body: Any) -> str:  # noqa: ANN401 - any JSON
            try:
                new.append(id_ := await self._create(call, body))
            except Problem as problem:
                if problem.kind != "AlreadyExists":
                    raise
                whole = identified(body)
                id_ = str(whole["id"])
                if update:
                    await self._changes.append(call.asker(), id_, whole, overwrite=True)
                else:
                    await self._changes.replace(call.asker(), id_, whole)
            return id_

        done, failed = await self._each(call, one)
        return result(call, new if not failed else done, failed, good=201 if new else 204)

    async def update(self, call: Call) -> Response:
        """Add attributes to entities, or tell them anew."""
        overwrite = "noOverwrite" not in call.options

        async def one(call: Call, body: Any) -> str:  # noqa: ANN401 - any JSON
            whole = identified(body)
            id_ = str(whole["id"])
            told: Update = await self._changes.append(call.asker(), id_, whole, overwrite=overwrite)
            if told.others:
                names = ", ".join(call.context.compact(attr) for attr, _ in told.others)
                raise bad(f"{id_}: {names} stood there, and shall not be overwritten")
            return id_

        return result(call, *await self._each(call, one), good=204)

    async def merge(self, call: Call) -> Response:
        """Lay what is told over entities."""

        async def one(call: Call, body: Any) -> str:  # noqa: ANN401 - any JSON
            whole = identified(body)
            id_ = str(whole["id"])
            await self._changes.merge(call.asker(), id_, whole)
            return id_

        return result(call, *await self._each(call, one), good=204)

    async def delete(self, call: Call) -> Response:
        """Delete entities, told by their ids."""

        async def one(call: Call, body: Any) -> str:  # noqa: ANN401 - any JSON
            id_ = uri(body, "id")
            await self._changes.delete(call.asker(), id_)
            return id_

        return result(call, *await self._each(call, one), good=204)

    async def query(self, call: Call) -> Response:
        """Answer a query that is told in a body."""
        told = await call.body()
        if not isinstance(told, Mapping) or told.get("type") != "Query":
            raise bad("a query has the type Query")
        whom = selectors(told.get("entities"), call.context)
        asked = flat(told)
        if not whom and not any(asked.values()):
            raise bad("say at least one of entities, attrs, q, geoQ, scopeQ")
        return await self._of.answered(call, question(asked, call.context, whom))

    async def _create(self, call: Call, body: Any) -> str:  # noqa: ANN401 - any JSON
        return await self._changes.create(call.asker(), body)

    async def _each(self, call: Call, one: One) -> tuple[list[str], list[dict[str, Any]]]:
        """Do one thing to each of a body; return the ids that it was done to, and what failed."""
        told = await call.body()
        if not isinstance(told, list):
            raise Problem("InvalidRequest", "send a list")
        if any(it is None for it in told):
            raise bad("null is no entity")
        if not 0 < len(told) <= MOST:
            raise bad(f"send 1 to {MOST} entities")
        return await gathered(call, told, one)


async def gathered(call: Call, told: list[Any], one: One) -> tuple[list[str], list[dict[str, Any]]]:
    """Do one thing to each, those of one id in their turn."""
    turns: dict[str, list[Any]] = {}
    for it in told:
        turns.setdefault(_named(it), []).append(it)
    done: list[str] = []
    failed: list[dict[str, Any]] = []

    async def turn(many: list[Any]) -> None:
        for it in many:
            try:
                own = copy(call)
                if isinstance(it, Mapping) and "@context" in it:
                    own.use(it["@context"])
                done.append(await one(own, it))
            except Problem as problem:
                failed.append({"entityId": _named(it), "error": problem.told()})
            except Full as full:
                why = Problem("TooManyPendingChanges", str(full))
                failed.append({"entityId": _named(it), "error": why.told()})

    await asyncio.gather(*(turn(many) for many in turns.values()))
    return list(dict.fromkeys(done)), failed


def _named(told: Any) -> str:  # noqa: ANN401 - any JSON
    return str(told.get("id", "")) if isinstance(told, Mapping) else str(told)


def result(call: Call, done: list[str], failed: list[dict[str, Any]], *, good: int) -> Response:
    """Return what became of many: 207 where something failed."""
    if failed:
        return call.answer({"success": done, "errors": failed}, 207, JSON)
    return call.answer(done, 201, JSON) if good == 201 else call.empty(204)
