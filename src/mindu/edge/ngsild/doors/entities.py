"""`/entities`: retrieved, queried, created, replaced, merged, deleted, and their attributes."""

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mindu.edge.ngsild.asking.ask import BIGGEST, PAGE, Ask, Question, question
from mindu.edge.ngsild.asking.whom import selector
from mindu.edge.ngsild.doors.call import GEO, Call
from mindu.edge.ngsild.doors.parts import BASE, fragment, pages, updated
from mindu.edge.ngsild.model.facts import moment, uri
from mindu.edge.ngsild.model.problems import Problem, bad, missing
from mindu.edge.ngsild.model.show import View, geojson
from mindu.edge.ngsild.model.town import Town
from mindu.edge.ngsild.telling.attributes import delete, partly, wholly
from mindu.edge.ngsild.telling.changes import Changes

NEEDED = ("type", "attrs", "q", "georel", "scopeQ", "local", "pick")


class Entities:
    """The endpoints of entities."""

    def __init__(self, town: Town, changes: Changes) -> None:
        """Read this town, change it by these."""
        self.town, self.changes, self.ask = town, changes, Ask(town)

    # -- reading ---------------------------------------------------------------------------

    async def retrieve(self, call: Call) -> Response:
        """Return one entity."""
        kind, id_ = call.accepts(GEO), uri(call.path["id"], "id")
        self.known(call)
        view = await run_in_threadpool(self.view, call, id_)
        form = call.form()
        named = [it for it in form.pick if it not in {"id", "type", "scope"}]
        if named and not any(it in view.attrs for it in named) and "attrs" in call.query:
            raise missing(f"entity {id_} with these attributes")
        shown = form.entity(view)
        if not shown:
            raise missing(f"part of entity {id_} that is asked for")
        if kind == GEO:
            shown = geojson(shown, call.query.get("geometryProperty", "location"))
        return call.answer(shown, 200, kind)

    def view(self, call: Call, id_: str) -> View:
        """Return an entity as it stands.

        Raises:
            Problem: there is none of that id.
        """
        view = self.town.view(self.town.key(call.tenant, id_), call.tenant)
        if view is None:
            raise missing(f"entity {id_}")
        return view

    def known(self, call: Call) -> None:
        """Refuse a tenant of which nothing was ever told."""
        if call.tenant and call.tenant not in self.town.entities.tenants:
            raise Problem("NonexistentTenant", f"no tenant is called {call.tenant}")

    async def query(self, call: Call) -> Response:
        """Return the entities that pass a query."""
        if not any(call.query.get(name) for name in NEEDED):
            raise bad(f"say at least one of {', '.join(NEEDED)}")
        asked = question(call.query, call.context, [selector(call.query, call.context)])
        return await self.answered(call, asked)

    async def answered(self, call: Call, asked: Question) -> Response:
        """Return a page of the entities that pass a question."""
        kind = call.accepts(GEO)
        self.known(call)
        count = call.query.get("count") == "true"
        limit = call.whole("limit", PAGE, 0 if count else 1, BIGGEST)
        offset = call.whole("offset", 0, 0, 1 << 29)
        views, more = await run_in_threadpool(self.ask.page, call.tenant, asked, offset, limit)
        headers = {}
        if count:
            total = await run_in_threadpool(self.ask.count, call.tenant, asked)
            headers["NGSILD-Results-Count"] = str(total)
        links = pages(call, offset, limit, more=more)
        if links:
            headers["Link"] = links
        form = call.form()
        shown = [form.entity(view) for view in views]
        if kind == GEO:
            place = call.query.get("geometryProperty", "location")
            features = [geojson(it, place) for it in shown]
            return call.answer({"type": "FeatureCollection", "features": features}, 200, kind)
        return call.answer(shown, 200, kind, **headers)

    # -- telling ---------------------------------------------------------------------------

    async def create(self, call: Call) -> Response:
        """Let an entity come to be."""
        body = await call.body()
        id_ = await self.changes.create(call.asker(), body)
        return call.empty(201, Location=f"{BASE}/entities/{id_}")

    async def replace(self, call: Call) -> Response:
        """Tell an entity anew."""
        body = await call.body()
        await self.changes.replace(call.asker(), uri(call.path["id"], "id"), fragment(body))
        return call.empty()

    async def merge(self, call: Call) -> Response:
        """Lay what is told over an entity."""
        body, id_ = await call.body(patch=True), uri(call.path["id"], "id")
        observed = call.query.get("observedAt", "")
        if observed:
            moment(observed, "observedAt")
        await self.changes.merge(call.asker(), id_, fragment(body), observed=observed)
        return call.empty()

    async def remove(self, call: Call) -> Response:
        """Let an entity be no more."""
        await self.changes.delete(call.asker(), uri(call.path["id"], "id"))
        return call.empty()

    async def purge(self, call: Call) -> Response:
        """Let all entities that pass a query be no more."""
        if not any(call.query.get(name) for name in ("type", "attrs", "q", "georel", "scopeQ")):
            raise bad("say whom: type, attrs, q, georel or scopeQ")
        self.known(call)
        asked = question(call.query, call.context, [selector(call.query, call.context)])
        views, more = await run_in_threadpool(self.ask.page, call.tenant, asked, 0, BIGGEST)
        for view in views:
            await self.changes.delete(call.asker(), view.id)
        return await self.purge(call) if more else call.empty()

    async def append(self, call: Call) -> Response:
        """Add attributes to an entity."""
        body, id_ = await call.body(), uri(call.path["id"], "id")
        overwrite = "noOverwrite" not in call.options
        told = await self.changes.append(call.asker(), id_, fragment(body), overwrite=overwrite)
        return updated(call, told)

    async def update(self, call: Call) -> Response:
        """Tell attributes of an entity anew."""
        body, id_ = await call.body(patch=True), uri(call.path["id"], "id")
        return updated(call, await self.changes.update(call.asker(), id_, fragment(body)))

    async def partly(self, call: Call) -> Response:
        """Tell a part of one attribute anew."""
        body, id_ = await call.body(patch=True), uri(call.path["id"], "id")
        attr = call.context.expand(call.path["attr"])
        await self.changes.change(call.asker(), id_, partly(call.asker(), attr, fragment(body)))
        return call.empty()

    async def wholly(self, call: Call) -> Response:
        """Tell one attribute anew."""
        body, id_ = await call.body(), uri(call.path["id"], "id")
        attr = call.context.expand(call.path["attr"])
        await self.changes.change(call.asker(), id_, wholly(call.asker(), attr, fragment(body)))
        return call.empty()

    async def strip(self, call: Call) -> Response:
        """Take an attribute away, of one data set or of all."""
        id_, attr = uri(call.path["id"], "id"), call.context.expand(call.path["attr"])
        dataset = call.query.get("datasetId", "")
        if dataset:
            uri(dataset, "datasetId")
        all_ = call.query.get("deleteAll") == "true"
        plan = delete(call.asker(), attr, dataset, all_=all_)
        await self.changes.change(call.asker(), id_, plan)
        return call.empty()
