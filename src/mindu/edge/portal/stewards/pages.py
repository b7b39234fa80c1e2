"""The stewards' pages: what is declared and how it stands, one table, the plan, one request."""

import csv
from io import StringIO
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mindu.base.records import Words
from mindu.brain.opening.check import Checked, Proposal
from mindu.brain.opening.openings import holder
from mindu.data.catalog.dataset import Dataset, Grade
from mindu.data.opening.opening import PLAN_COLUMNS
from mindu.edge.portal.held import Missing, Seat, Stewards
from mindu.edge.portal.portal import PAGE, Portal
from mindu.edge.portal.render import page
from mindu.edge.portal.stewards.words import told
from mindu.edge.portal.visitor import Visitor, visitor

HERE = "/steward"
DONE = frozenset({"open", "close", "plan", "answer", "to", "hide"})  # what may have been done


class Shown:
    """What stewards see of one portal."""

    def __init__(self, portal: Portal, stewards: Stewards) -> None:
        """Show this portal to these stewards."""
        self._portal, self._stewards = portal, stewards

    async def listed(self, request: Request) -> Response:
        """List the tables that are declared, and the requests that wait."""
        return await run_in_threadpool(self._listed, *self.came(request))

    async def table(self, request: Request) -> Response:
        """Show one table with the form that opens or closes it."""
        name = str(request.path_params["name"])
        return await run_in_threadpool(self.one_table, *self.came(request), name)

    async def plan(self, request: Request) -> Response:
        """Show the plan as it can be laid down anew."""
        return await run_in_threadpool(self.the_plan, *self.came(request))

    async def request(self, request: Request) -> Response:
        """Show one request with the forms that answer it."""
        number = int(request.path_params["number"])
        return await run_in_threadpool(self.one_request, *self.came(request), number)

    def came(self, request: Request) -> tuple[Visitor, Seat]:
        """Return who comes, seated.

        Raises:
            NoSeat: nobody who is known as a steward.
        """
        return visitor(request, self._portal.secret), self._stewards.seat(request)

    def _listed(self, who: Visitor, seat: Seat) -> Response:
        portal = self._portal
        now, words = portal.gateway.clock.now(), who.query.get("q", "").strip().lower()[:100]
        with portal.gateway.lock:
            self._stewards.refresh()
            every = [
                one for _, one in sorted(portal.openings.declared.items())
                if words in f"{one.name} {one.title.en} {one.title.zh} {holder(one)}".lower()
            ]  # fmt: skip
            start = min(who.start, len(every))
            rows = [self._stands(one) for one in every[start : start + PAGE]]
            numbers = portal.requests.numbers()[:PAGE]
            asked = [one for n in numbers if (one := portal.requests.get(n, now)) and not one.done]
        more = start + PAGE if start + PAGE < len(every) else 0
        return self._page(who, seat, "stewards.html", rows=rows, asked=asked, total=len(every),
                          start=start, next=more)  # fmt: skip

    def _stands(self, one: Dataset) -> dict[str, Any]:
        opened = self._portal.memory.opened
        stands = "open" if opened.get(one.name) else "closed" if opened.closed(one.name) else "shut"
        return {"of": one, "holder": holder(one), "stands": stands,
                "refused": opened.refused(one.name)}  # fmt: skip

    def one_table(
        self, who: Visitor, seat: Seat, name: str, typed: Proposal | None = None,
        found: Checked | None = None, wrong: Words | None = None,
    ) -> Response:  # fmt: skip
        """Show one table, with what was typed and found."""
        portal = self._portal
        with portal.gateway.lock:
            self._stewards.refresh()
            of = portal.openings.declared.get(name)
            if of is None:
                raise Missing(Words(f"there is no dataset {name[:63]}", f"没有数据集 {name[:63]}"))
            held = portal.memory.opened.get(name)
        fits = tuple(f.name for f in of.fields if f.grade < Grade.SENSITIVE and not f.sealed)
        asked = typed or Proposal(fields=fits, quasi=of.quasi, licence=of.licence)
        return self._page(
            who, seat, "steward_table.html", held=held, asked=asked,
            found=found, wrong=wrong, code=400 if wrong else 200, **self._stands(of),
        )  # fmt: skip

    def the_plan(
        self, who: Visitor, seat: Seat, text: str = "", wrong: Words | None = None
    ) -> Response:
        """Show the plan, as it is or as it was typed."""
        portal = self._portal
        with portal.gateway.lock:
            held = portal.openings.planned(portal.gateway.clock.now())
        out = StringIO()
        csv.writer(out, lineterminator="\n").writerows(
            [getattr(one, column) for column in PLAN_COLUMNS] for one in held
        )
        return self._page(who, seat, "steward_plan.html", text=text or out.getvalue(), held=held,
                          wrong=wrong, code=400 if wrong else 200)  # fmt: skip

    def one_request(
        self, who: Visitor, seat: Seat, number: int, typed: str = "", wrong: Words | None = None
    ) -> Response:
        """Show one request, with what was typed."""
        portal = self._portal
        with portal.gateway.lock:
            one = portal.requests.get(number, portal.gateway.clock.now())
        if one is None:
            raise Missing(Words(f"there is no request {number}", f"没有申请 {number}"))
        return self._page(who, seat, "steward_request.html", one=one, typed=typed, wrong=wrong,
                          code=400 if wrong else 200)  # fmt: skip

    def _page(self, who: Visitor, seat: Seat, template: str, **shows: Any) -> Response:  # noqa: ANN401
        done = who.query.get("told", "")
        shows.setdefault("wrong", None)
        return page(
            self._portal, who, template, title=told("stewards", who.lang), here=HERE, seat=seat,
            s=lambda key: told(key, who.lang),
            done=told(f"done_{done}", who.lang) if done in DONE else "", **shows,
        )  # fmt: skip
