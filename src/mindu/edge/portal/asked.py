"""The pages of what people leave with us: requests and votes, and keys of their own."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mindu.base.records import Words
from mindu.brain.casework.refusals import Refusal
from mindu.edge.counter.limits import bounded
from mindu.edge.portal import keys
from mindu.edge.portal.held import Missing
from mindu.edge.portal.portal import PAGE, Portal
from mindu.edge.portal.render import HEADERS, page
from mindu.edge.portal.visitor import Visitor, remember, trusted, visitor
from mindu.edge.portal.words import SAID, say

FIELDS, BODY = 8, 32 << 10  # of a form


class Stale(Refusal):
    """A form of another site, of another browser, or of long ago."""


class Asked:
    """What the public leaves with one portal."""

    def __init__(self, portal: Portal) -> None:
        """Take it in for this portal."""
        self._portal = portal

    # -- requests --------------------------------------------------------------------------

    async def listed(self, request: Request) -> Response:
        """List the requests, and show the form."""
        who = visitor(request, self._portal.secret)
        return await run_in_threadpool(self._listed, who, "", {})

    async def one(self, request: Request) -> Response:
        """Show one request."""
        who = visitor(request, self._portal.secret)
        return await run_in_threadpool(self._one, who, int(request.path_params["number"]))

    async def ask(self, request: Request) -> Response:
        """Take a request in."""
        who, told = await self._form(request)
        return await run_in_threadpool(self._ask, who, told)

    async def vote(self, request: Request) -> Response:
        """Take a vote."""
        who, _ = await self._form(request)
        return await run_in_threadpool(self._vote, who, int(request.path_params["number"]))

    def _listed(self, who: Visitor, wrong: str, typed: dict[str, str], code: int = 200) -> Response:
        portal, now = self._portal, self._portal.gateway.clock.now()
        start = int(who.query["start"]) if who.query.get("start", "").isdigit() else 0
        with portal.gateway.lock:
            numbers = portal.requests.numbers()
            shown = numbers[start : start + PAGE]
            found = [one for n in shown if (one := portal.requests.get(n, now)) is not None]
        return page(
            portal, who, "requests.html", title=say("requests", who.lang), here="/requests",
            code=code, found=found, total=len(numbers), start=start, wrong=wrong, typed=typed,
            next=start + PAGE if start + PAGE < len(numbers) else 0,
        )  # fmt: skip

    def _one(self, who: Visitor, number: int) -> Response:
        portal, now = self._portal, self._portal.gateway.clock.now()
        with portal.gateway.lock:
            found = portal.requests.get(number, now)
            voted = portal.browser(who) in portal.memory.opened.voters(number)
        if found is None:
            raise Missing(Words(f"there is no request {number}", f"没有申请 {number}"))
        told = who.query.get("told", "")
        return page(
            portal, who, "request.html", title=found.title, here="/requests", one=found,
            voted=voted, told=say(told, who.lang) if told in _TOLD else "",
        )  # fmt: skip

    def _ask(self, who: Visitor, told: FormData) -> Response:
        portal, now = self._portal, self._portal.gateway.clock.now()
        typed = {name: str(told.get(name, "")) for name in ("title", "text")}
        if told.get("website"):  # a field that nobody sees: a machine filled it in
            return RedirectResponse(who.to("/requests"), 303, HEADERS)
        portal.quota.write(who.address, now)
        title, text = (portal.mask(typed[name]) for name in ("title", "text"))
        try:
            with portal.gateway.lock:
                number = portal.requests.ask(title, text, voter=portal.browser(who), now=now)
                portal.memory.log.commit()
        except Refusal as no:
            says = no.says.zh if who.lang == "zh" else no.says.en
            return self._listed(who, says, typed, 400)
        return remember(
            RedirectResponse(who.to(f"/requests/{number}", told="asked"), 303, HEADERS), who
        )

    def _vote(self, who: Visitor, number: int) -> Response:
        portal, now = self._portal, self._portal.gateway.clock.now()
        portal.quota.vote(who.address, number, now)
        with portal.gateway.lock:
            counted = portal.requests.vote(number, voter=portal.browser(who), now=now)
            portal.memory.log.commit()
        told = "voted" if counted else "voted_before"
        return RedirectResponse(who.to(f"/requests/{number}", told=told), 303, HEADERS)

    # -- keys ------------------------------------------------------------------------------

    async def keys(self, request: Request) -> Response:
        """Show this browser's keys, and the form that makes one."""
        return self._keys(visitor(request, self._portal.secret))

    async def key_act(self, request: Request) -> Response:
        """Make a key, or take one back."""
        who, told = await self._form(request)
        return await run_in_threadpool(self._key_act, who, told)

    def _keys(self, who: Visitor, secret: str = "", said: str = "", wrong: str = "") -> Response:
        portal = self._portal
        with portal.gateway.lock:
            held = keys.of(portal.memory, portal.browser(who))
        return page(
            portal, who, "keys.html", title=say("keys", who.lang), here="/keys", held=held,
            secret=secret, told=said, wrong=wrong, code=400 if wrong else 200,
        )  # fmt: skip

    def _key_act(self, who: Visitor, told: FormData) -> Response:
        portal, now = self._portal, self._portal.gateway.clock.now()
        portal.quota.write(who.address, now)
        secret, said = "", ""
        try:
            with portal.gateway.lock:
                owner = portal.browser(who)
                if name := str(told.get("take", "")):
                    gone = keys.take_back(portal.memory, name, owner=owner, now=now)
                elif pasted := str(told.get("pasted", "")).strip():
                    gone = keys.void(portal.memory, pasted, now=now)
                else:
                    label = portal.mask(str(told.get("label", "")))
                    secret, gone = keys.give(portal.memory, label, owner, now=now), False
                portal.memory.log.commit()
        except Refusal as no:
            return self._keys(who, wrong=no.says.zh if who.lang == "zh" else no.says.en)
        said = say("key_gone", who.lang) if gone else ""
        missing = "" if gone or secret else say("not_there", who.lang)
        return self._keys(who, secret=secret, said=said, wrong=missing)

    async def _form(self, request: Request) -> tuple[Visitor, FormData]:
        """Return who sends a form, and what it says.

        Raises:
            Stale: it is not theirs, or comes from another site.
        """
        who = visitor(request, self._portal.secret)
        told = await bounded(request, BODY).form(max_files=0, max_fields=FIELDS)
        if not trusted(request, who, str(told.get("token", ""))):
            raise Stale(Words(
                f"{SAID['stale'].en} {SAID['load'].en}", f"{SAID['stale'].zh}{SAID['load'].zh}"
            ))  # fmt: skip
        return who, told


_TOLD = frozenset({"asked", "voted", "voted_before"})
