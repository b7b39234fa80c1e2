"""`/temporal/entities`: how entities came to be as they are, told, asked and corrected."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mindu.data.senses.beside.entities import Instance
from mindu.edge.ngsild.asking.ask import BIGGEST, PAGE, Ask, question
from mindu.edge.ngsild.asking.temporal import Temporal
from mindu.edge.ngsild.asking.when import When, when
from mindu.edge.ngsild.asking.whom import selector, selectors
from mindu.edge.ngsild.doors.call import Call
from mindu.edge.ngsild.doors.entities import NEEDED, Entities
from mindu.edge.ngsild.doors.parts import BASE, flat, fragment, pages
from mindu.edge.ngsild.model.facts import identified, member, uri
from mindu.edge.ngsild.model.problems import Problem, bad, missing
from mindu.edge.ngsild.model.show import View, text
from mindu.edge.ngsild.telling.asker import Update
from mindu.edge.ngsild.telling.draft import Draft

Cut = tuple[float, float] | None


class Pasts:
    """The endpoints of time."""

    def __init__(self, entities: Entities) -> None:
        """Read and change what these read and change."""
        self._of, self._temporal = entities, Temporal(entities.town)
        self._ask = Ask(entities.town)

    async def retrieve(self, call: Call) -> Response:
        """Return the past of one entity."""
        kind, id_ = call.accepts(), uri(call.path["id"], "id")
        self._of.known(call)
        asked = self._when(call, needs=False)
        view = await run_in_threadpool(self._of.view, call, id_)
        form = self._form(call)
        attrs = [it for it in form.pick if it not in {"id", "type", "scope"}]
        if attrs and not set(attrs) & {*view.attrs, *self._temporal.recalled(view)}:
            raise missing("attribute of that name here")
        shown = await run_in_threadpool(self._temporal.entity, view, asked, form)
        cut = await run_in_threadpool(self._temporal.cut, view, asked, form)
        return call.answer(shown, 206 if cut else 200, kind, **_range(cut))

    async def query(self, call: Call) -> Response:
        """Return the past of the entities that pass a query."""
        if not any(call.query.get(name) for name in NEEDED):
            raise bad(f"say at least one of {', '.join(NEEDED)}")
        whom = selector(call.query, call.context)
        return await self._page(call, {**call.query}, [whom], call.query)

    async def posted(self, call: Call) -> Response:
        """Answer a temporal query that is told in a body."""
        told = await call.body()
        if not isinstance(told, Mapping) or told.get("type") != "Query":
            raise bad("a query has the type Query")
        whom = selectors(told.get("entities"), call.context)
        times = {k: str(v) for k, v in member(told, "temporalQ").items()}
        return await self._page(call, flat(told), whom, {**call.query, **times})

    async def _page(
        self, call: Call, told: Mapping[str, Any], whom: list[Any], times: Mapping[str, str]
    ) -> Response:
        kind, asked = call.accepts(), self._when(call, times, needs=True)
        self._of.known(call)
        limit = call.whole("limit", PAGE, 1, BIGGEST)
        offset = call.whole("offset", 0, 0, 1 << 29)
        form, base = self._form(call), question(told, call.context, whom)

        def look() -> tuple[list[dict[str, Any]], int, bool, Cut]:
            views = [v for v in self._ask.passing(call.tenant, base)
                     if self._temporal.has(v, asked, base.attrs)]  # fmt: skip
            some = views[offset : offset + limit]
            shown = [self._temporal.entity(v, asked, form) for v in some]
            cuts = [it for v in some if (it := self._temporal.cut(v, asked, form)) is not None]
            cut = (min(a for a, _ in cuts), max(b for _, b in cuts)) if cuts else None
            return shown, len(views), len(views) > offset + limit, cut

        shown, total, more, cut = await run_in_threadpool(look)
        links = pages(call, offset, limit, more=more)
        headers = {"Link": links} if links else {}
        if call.query.get("count") == "true":
            headers["NGSILD-Results-Count"] = str(total)
        return call.answer(shown, 206 if cut else 200, kind, **headers, **_range(cut))

    def _when(self, call: Call, told: Mapping[str, str] | None = None, *, needs: bool) -> When:
        asked = when(told if told is not None else call.query, needs=needs)
        aggregates = "aggregatedValues" in call.options or call.query.get("aggrMethods")
        if aggregates and not asked.methods:
            raise bad("aggregatedValues needs aggrMethods")
        return asked

    def _form(self, call: Call) -> Any:  # noqa: ANN401 - the form, of temporal style
        form = call.form()
        style = "simplified" if "temporalValues" in call.options else form.style
        return replace(form, style=style)

    # -- telling ---------------------------------------------------------------------------

    async def create(self, call: Call) -> Response:
        """Tell the past of an entity, which comes to be where there was none."""
        body = await call.body()
        told = identified(body)
        try:
            head = {k: v for k, v in told.items() if k in {"id", "type", "scope"}}
            await self._of.changes.create(call.asker(), head)
            status = 201
        except Problem as problem:
            if problem.kind != "AlreadyExists":
                raise
            status = 204
        await self._tell(call, told["id"], told)
        if status == 204:
            return call.empty()
        return call.empty(201, Location=f"{BASE}/temporal/entities/{told['id']}")

    async def add(self, call: Call) -> Response:
        """Tell more of the past of an entity."""
        body, id_ = await call.body(), uri(call.path["id"], "id")
        await self._tell(call, id_, fragment(body))
        return call.empty()

    async def _tell(self, call: Call, id_: str, body: Mapping[str, Any]) -> None:
        by = call.asker()
        attrs: dict[str, list[Instance]] = {}
        for name, told in body.items():
            if name not in {"id", "type", "scope", "@context", "createdAt", "modifiedAt"}:
                many = told if isinstance(told, list) else [told]
                found = [by.parser.instance(name, it) for it in many]
                attrs[call.context.expand(name)] = found

        def plan(draft: Draft, key: str, view: View) -> Update:
            draft.lasting(key, view)
            for attr, many in attrs.items():
                named = [
                    msgspec.structs.replace(it, name=f"urn:ngsi-ld:instance:{by.now}-{i}")
                    for i, it in enumerate(many)
                ]
                newest = max(named, key=lambda it: it.observed)
                held = [it for it in view.attrs.get(attr, []) if it.dataset != newest.dataset]
                draft.say(key, attr, [*held, newest], named)
            return Update(tuple(attrs))

        await self._of.changes.change(by, id_, plan)

    async def delete(self, call: Call) -> Response:
        """Let an entity and its kept past be no more."""
        return await self._of.remove(call)


def _range(cut: Cut) -> dict[str, str]:
    """Return the header that says from when to when a past is told in part."""
    return {"Content-Range": f"date-time {text(cut[0])}-{text(cut[1])}/*"} if cut else {}
