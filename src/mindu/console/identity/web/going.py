"""Going: a client's request waits while the person signs in and agrees; then the code goes out."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.errors import AccessDeniedError
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError
from starlette.responses import JSONResponse, RedirectResponse, Response

from mindu.base.records import Words
from mindu.console.identity.book import GRANTED, SUBJECT
from mindu.console.identity.claims import SCOPES
from mindu.console.identity.clients import Client
from mindu.console.identity.levels import ACR, SAYS, least
from mindu.console.identity.oidc.server import Answer, Request
from mindu.console.identity.tickets import Asked
from mindu.console.identity.web import asking
from mindu.console.identity.web.site import Visit

GONE = Words("This request has run out: begin again where you came from.",
             "该请求已失效,请从原网站重新发起。")  # fmt: skip


def authorize(visit: Visit) -> Response:
    """Take a client's request in; a strange client or address is told to the person alone."""
    sent = {name: visit.request.query_params.getlist(name) for name in visit.request.query_params}
    sent = sent or visit.sent
    try:
        _grant(visit, sent)
        least(_first(sent, "acr_values"))
    except OAuth2Error as wrong:
        return _refused(visit, wrong, sent)
    except KeyError as wrong:
        client = visit.house.clients.find(_first(sent, "client_id"))
        assert client is not None, "a validated request is a registered client's"
        error = InvalidRequestError(str(wrong.args[0]), redirect_uri=_first(sent, "redirect_uri"))
        return _refused(visit, error, sent)
    return visit.to(f"/go?r={asking.keep(visit, sent)}")


def go(visit: Visit) -> Response:
    """Ask for what is still missing: a sign-in, a stronger proof, a consent; or send the code."""
    told = asking.find(visit, visit.one("r"))
    client = None if told is None else visit.house.clients.find(_first(told[0], "client_id"))
    if told is None or client is None:
        return visit.trouble(GONE)
    if not _signed_enough(visit, *told):
        return _sign_in(visit, told[0], client)
    return _known(visit, told[0], client)


def _sign_in(visit: Visit, sent: dict[str, list[str]], client: Client) -> Response:
    if "none" in _first(sent, "prompt").split():
        return _error(visit, sent, LoginRequiredError)
    wanted = least(_first(sent, "acr_values"))
    return visit.page("sign_in", r=visit.one("r"), client=client, wanted=wanted,
                      says=SAYS[wanted], proof=visit.house.proof, error=None)  # fmt: skip


def _known(visit: Visit, sent: dict[str, list[str]], client: Client) -> Response:
    """Go on with who signed in strongly enough: ask for the consent, unless it is known."""
    assert visit.session is not None, "who signed in enough has a session"
    scopes, prompts = _first(sent, "scope").split(), _first(sent, "prompt").split()
    choices = asking.acting(visit) if "acting" in scopes else []
    subject, now = visit.session.subject.id, visit.house.now()
    agreed = visit.house.consents.covers(subject, client.id, scopes, now)
    if agreed and not choices and "consent" not in prompts:
        return _granted(visit, sent, client, acting="")
    if "none" in prompts:
        return _error(visit, sent, ConsentRequiredError)
    return _consent(visit, sent, client, choices)


def consent(visit: Visit) -> Response:
    """Take a person's yes or no."""
    told = asking.find(visit, visit.one("r"))
    client = None if told is None else visit.house.clients.find(_first(told[0], "client_id"))
    if told is None or client is None or not _signed_enough(visit, *told):
        return visit.trouble(GONE)
    sent = told[0]
    assert visit.session is not None, "who signed in enough has a session"
    if visit.one("answer") != "yes":
        asking.drop(visit, visit.one("r"))
        visit.house.refused(client.id, "the person said no", subject=visit.session.subject.id,
                            now=visit.house.now())  # fmt: skip
        return _error(visit, sent, AccessDeniedError)
    known = {one["id"] for one in asking.acting(visit)}
    acting = visit.one("acting")
    if acting and (acting not in known or "acting" not in _first(sent, "scope").split()):
        return visit.trouble(Words("You may not act for them.", "您无权代办。"), 403)
    return _granted(visit, sent, client, acting=acting)


def _consent(
    visit: Visit, sent: dict[str, list[str]], client: Client, choices: list[dict[str, Any]]
) -> Response:
    scopes = _first(sent, "scope").split()
    visit.posts_to = (_origin(_first(sent, "redirect_uri")),)
    rows = [(SCOPES[scope].says, asking.values(visit, scope)) for scope in scopes]
    to = urlsplit(_first(sent, "redirect_uri")).netloc
    return visit.page("consent", r=visit.one("r"), client=client, to=to, rows=rows, choices=choices)


def _granted(visit: Visit, sent: dict[str, list[str]], client: Client, *, acting: str) -> Response:
    """Write the grant down and send the code to the client."""
    house, now, session = visit.house, visit.house.now(), visit.session
    assert session is not None, "a grant is somebody's"
    asking.drop(visit, visit.one("r"))
    scope = _first(sent, "scope")
    held = house.consents.give(session.subject.id, client.id, scope.split(), now)
    said = {"client": client.id, "scope": scope, "until": held.until.isoformat(),
            "acting": acting, "acr": ACR[max(session.level, 1)]}  # fmt: skip
    subject = session.subject
    house.book.write(GRANTED, said, about=f"{SUBJECT}{subject.id}", by=subject.id, now=now)
    request = Request(sent)
    request.granted = Asked(
        client=client.id, subject=subject.id, scope=scope, amr=session.amr, acting=acting,
        auth_time=int(session.at.timestamp()), nonce=_first(sent, "nonce"),
        redirect=_first(sent, "redirect_uri"), challenge=_first(sent, "code_challenge"),
        session=house.farewells.came(visit.sid, client.id, subject.id, now),
    )  # fmt: skip
    try:
        grant = visit.site.server.get_consent_grant(request, subject)
    except OAuth2Error as wrong:
        return _refused(visit, wrong, sent)
    answer = visit.site.server.create_authorization_response(request, subject, grant=grant)
    return _out(visit, answer, sent)


def _signed_enough(visit: Visit, sent: dict[str, list[str]], since: datetime) -> bool:
    """Say whether the session is strong and fresh enough for this request."""
    session = visit.session
    if session is None or session.level < least(_first(sent, "acr_values")):
        return False
    if "login" in _first(sent, "prompt").split() and session.at <= since:
        return False
    age = _first(sent, "max_age")
    old = (visit.house.now() - session.at).total_seconds()
    return not age.isdigit() or old <= int(age) or session.at > since


def _grant(visit: Visit, sent: dict[str, list[str]]) -> None:
    """Hold a request against the protocol and the registry.

    Raises:
        OAuth2Error: something is wrong with it.
    """
    if twice := sorted(name for name, values in sent.items() if len(values) > 1):
        raise InvalidRequestError(f"{', '.join(twice)} is there more than once")
    subject = None if visit.session is None else visit.session.subject
    visit.site.server.get_consent_grant(Request(sent), subject)


def _error(visit: Visit, sent: dict[str, list[str]], kind: type[OAuth2Error]) -> Response:
    uri = _first(sent, "redirect_uri")
    return _refused(visit, kind(redirect_uri=uri), sent)


def _refused(visit: Visit, wrong: OAuth2Error, sent: dict[str, list[str]]) -> Response:
    """Send an error to a client whose address is registered; else tell the person here alone."""
    client = visit.house.clients.find(_first(sent, "client_id"))
    uri = _first(sent, "redirect_uri")
    said = f"{wrong.error}: {wrong.description or ''}"
    visit.house.refused(_first(sent, "client_id"), said, now=visit.house.now())
    if client is None or not client.check_redirect_uri(uri):
        known = Words("The site that sent you is not registered here, or its address is not.",
                      "来源网站或其回调地址未在本平台登记,已拒绝。")  # fmt: skip
        return visit.trouble(known)
    wrong.redirect_uri, wrong.state = uri, _first(sent, "state")
    answer = visit.site.server.handle_error_response(Request(sent), wrong)
    visit.site.server.execute_hook("after_create_authorization_response", answer)
    return _out(visit, answer, sent)


def _out(visit: Visit, answer: Answer, sent: dict[str, list[str]]) -> Response:
    if not answer.location:
        return JSONResponse(msgspec.to_builtins(answer.body), answer.status)
    visit.posts_to = (_origin(_first(sent, "redirect_uri")),)
    return RedirectResponse(answer.location, 303)


def _origin(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _first(sent: dict[str, list[str]], name: str) -> str:
    found = sent.get(name)
    return found[0] if found else ""
