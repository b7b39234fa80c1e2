"""The routes of the provider: which are pages of ours, and which clients speak to."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mindu.base.records import Words
from mindu.console.identity.oidc.server import Server
from mindu.console.identity.provider import Provider
from mindu.console.identity.web import entering, going, keyed, mending, offering, own, protocol
from mindu.console.identity.web.door import SAFE, Page, door
from mindu.console.identity.web.site import Site, Visit
from mindu.engines.forms.render import style

NOWHERE = Words("There is nothing here.", "没有这个页面。")
GET, BOTH, POST = ("GET",), ("GET", "POST"), ("POST",)


SPOKEN: tuple[tuple[str, Page, tuple[str, ...]], ...] = (
    ("/.well-known/openid-configuration", protocol.discovery, GET),
    ("/jwks", protocol.jwks, GET),
    ("/authorize", going.authorize, BOTH),
    ("/token", protocol.token, POST),
    ("/revoke", protocol.revoke, POST),
    ("/userinfo", protocol.userinfo, BOTH),
    ("/logout", protocol.logout, BOTH),
)
SHOWN: tuple[tuple[str, Page, tuple[str, ...]], ...] = (
    ("/go", going.go, GET),
    ("/consent", going.consent, POST),
    ("/sign-in", entering.show, GET),
    ("/password", entering.by_password, POST),
    ("/enrol", entering.enrol, BOTH),
    ("/new-password", mending.new_password, BOTH),
    ("/prove", entering.prove, POST),
    ("/proved", entering.proved, GET),
    ("/pretend", entering.pretend, BOTH),
    ("/passkey.js", keyed.script, GET),
    ("/passkey/{step}", keyed.passkey, POST),
    ("/sign-out", protocol.sign_out, POST),
    ("/", own.own, GET),
    ("/take-back", own.take_back, POST),
    ("/offer", offering.offer, POST),
    ("/accept", own.accept, POST),
    ("/end", own.end, POST),
    ("/credential", own.credential, GET),
    ("/check", own.check, BOTH),
)


def application(house: Provider) -> Starlette:
    """Return the provider as an ASGI application, to be mounted at its issuer's path."""
    site = Site(house, Server(house))
    spoken = [door(site, path, page, methods, ours=False) for path, page, methods in SPOKEN]
    shown = [door(site, *one) for one in SHOWN]
    sheet = Route("/frame.css", _sheet)
    return Starlette(routes=[sheet, *spoken, *shown, door(site, "/{rest:path}", nowhere)])


def _sheet(_request: Request) -> Response:
    """Give the style sheet of all pages."""
    return Response(style(), 200, {**SAFE, "Cache-Control": "max-age=3600"}, "text/css")


def nowhere(visit: Visit) -> Response:
    """Say that there is no such page."""
    return visit.trouble(NOWHERE, 404)
