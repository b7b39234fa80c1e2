"""The pages of what is open: the list, one table whole, the year's plan, and how machines read."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mindu.brain.opening.openings import holder
from mindu.data.gateway.allow import Refused
from mindu.data.gateway.forms import forms_of
from mindu.data.gateway.want import Want
from mindu.data.grants.ask import User
from mindu.data.opening.opening import Opening
from mindu.edge.portal import chart
from mindu.edge.portal.draw import spots
from mindu.edge.portal.portal import PAGE, Portal
from mindu.edge.portal.render import page
from mindu.edge.portal.visitor import Visitor, visitor
from mindu.edge.portal.words import pick, say

FIRST_ROWS = 20  # of a preview


class Pages:
    """The pages of one portal."""

    def __init__(self, portal: Portal) -> None:
        """Show this portal."""
        self._portal = portal

    async def home(self, request: Request) -> Response:
        """List what is open."""
        who = visitor(request, self._portal.secret)
        return await run_in_threadpool(self._home, who)

    async def table(self, request: Request) -> Response:
        """Show one table: what it is, its first rows, a chart, a map, its files."""
        who = visitor(request, self._portal.secret)
        return await run_in_threadpool(self._table, who, str(request.path_params["name"]))

    async def plan(self, request: Request) -> Response:
        """Show the year's plan."""
        who = visitor(request, self._portal.secret)
        portal = self._portal
        with portal.gateway.lock:
            planned = portal.openings.planned(portal.gateway.clock.now())
        title = say("plan", who.lang)
        return page(portal, who, "plan.html", title=title, here="/plan", planned=planned)

    async def api(self, request: Request) -> Response:
        """Show how machines read."""
        who = visitor(request, self._portal.secret)
        every = self._portal.find()
        one = every[0].dataset.name if every else "NAME"
        return page(self._portal, who, "api.html", title=say("api", who.lang), here="/api", one=one)

    def _home(self, who: Visitor) -> Response:
        portal, query = self._portal, who.query
        every = portal.find()
        found = portal.find(query.get("q", "")[:200], query.get("theme", ""),
                            query.get("owner", ""))  # fmt: skip
        start = int(query["start"]) if query.get("start", "").isdigit() else 0
        start = min(start, 10**6)
        return page(
            portal, who, "home.html", title=say("title", who.lang), here="/",
            found=[self._short(held) for held in found[start : start + PAGE]], total=len(found),
            start=start, next=start + PAGE if start + PAGE < len(found) else 0,
            themes=sorted({held.dataset.theme for held in every if held.dataset.theme}),
            owners=sorted({(holder(h.dataset), h.dataset.owner or holder(h.dataset))
                           for h in every}), every=len(every),
        )  # fmt: skip

    def _short(self, held: Opening) -> dict[str, Any]:
        used = sum(self._portal.memory.opened.ways(held.dataset.name).values())
        return {"held": held, "of": held.dataset, "used": used, "rows": held.rows}

    def _table(self, who: Visitor, name: str) -> Response:
        portal = self._portal
        user = portal.who(who)
        held = portal.opening(name)
        of, opened = held.dataset, portal.memory.opened
        shown = portal.rows(user, Want(dataset=name, limit=FIRST_ROWS)).rows
        days = opened.used(name)
        return page(
            portal, who, "table.html", title=pick(of.title, who.lang), here="/",
            held=held, of=of, names=shown.column_names, rows=shown.to_pylist(),
            forms=forms_of([f.name for f in of.fields]), ways=opened.ways(name),
            used=sum(opened.ways(name).values()), lately=sum(days.values()),
            facts=portal.facts(of), **self._drawings(user, who, held),
        )  # fmt: skip

    def _drawings(self, user: User, who: Visitor, held: Opening) -> dict[str, Any]:
        portal, of = self._portal, held.dataset
        told, found = chart.wish(of, who.query), None
        places: list[Any] = []
        try:
            if told is not None:
                rows = portal.query(user, of.name, chart.sql(of, told)).rows.to_pylist()
                found = chart.drawn(of, told, rows, who.lang)
            if spelt := chart.spots_sql(of):
                places = chart.spots(portal.query(user, of.name, spelt).rows.to_pylist())
        except Refused:  # a drawing that is too much leaves the page as it is
            found = found or None
        title = f"{pick(of.title, who.lang)}: {say('map', who.lang)}"
        return {"wish": told, "drawn": found, "places": places, "spots": spots(places, title)}
