"""The addresses that clients speak to: discovery, keys, tokens, user info, revocation, logout."""

from typing import Any
from urllib.parse import urlencode

from authlib.oauth2 import rfc8414, rfc9207
from authlib.oidc.discovery import OpenIDProviderMetadata
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from mindu.base.records import Words
from mindu.console.identity.book import SIGNED_OUT, SUBJECT
from mindu.console.identity.claims import SCOPES
from mindu.console.identity.keyring import ALG, NotOurs
from mindu.console.identity.leaving.farewells import REFUSED
from mindu.console.identity.levels import ACR
from mindu.console.identity.oidc.server import Answer, Request
from mindu.console.identity.provider import Provider
from mindu.console.identity.tickets import Held
from mindu.console.identity.web.site import Visit

PROVES = ["client_secret_basic", "client_secret_post", "none"]
OUT = Words("You are signed out.", "您已退出登录。")


def metadata(house: Provider) -> dict[str, Any]:
    """Return what the provider can do (OpenID Connect Discovery 1.0)."""
    at = house.issuer
    told = {
        "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
        "userinfo_endpoint": f"{at}/userinfo", "revocation_endpoint": f"{at}/revoke",
        "end_session_endpoint": f"{at}/logout", "jwks_uri": f"{at}/jwks",
        "backchannel_logout_supported": True, "backchannel_logout_session_supported": True,
        "scopes_supported": list(SCOPES), "response_types_supported": ["code"],
        "response_modes_supported": ["query"], "subject_types_supported": ["pairwise"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "id_token_signing_alg_values_supported": [ALG],
        "acr_values_supported": list(ACR.values()),
        "token_endpoint_auth_methods_supported": PROVES,
        "revocation_endpoint_auth_methods_supported": PROVES,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "claims_supported": ["sub", "sid", "acr", "amr", "auth_time", "on_behalf_of", "role",
                             "offices",
                             *(claim for scope in SCOPES.values() for claim in scope.claims)],
        "ui_locales_supported": ["zh", "en"], "request_parameter_supported": False,
        "request_uri_parameter_supported": False, "claims_parameter_supported": False,
    }  # fmt: skip
    found = OpenIDProviderMetadata(told)
    if at.startswith("https:"):  # what authlib checks holds for addresses with TLS alone
        found.validate([rfc8414.AuthorizationServerMetadata, rfc9207.AuthorizationServerMetadata])
    return told


def discovery(visit: Visit) -> Response:
    """Say what the provider can do."""
    return JSONResponse(metadata(visit.house))


def jwks(visit: Visit) -> Response:
    """Tell the public keys."""
    return JSONResponse(visit.house.keyring.jwks(visit.house.now()))


def token(visit: Visit) -> Response:
    """Redeem a code, or turn a refresh token."""
    return _json(visit.site.server.create_token_response(_asked(visit)))


def revoke(visit: Visit) -> Response:
    """Take a token back."""
    return _json(visit.site.server.create_endpoint_response("revocation", _asked(visit)))


def userinfo(visit: Visit) -> Response:
    """Tell what the subject lets the client know, while they do."""
    kind, _, token = visit.request.headers.get("authorization", "").partition(" ")
    held = _held(visit, token.strip()) if kind.lower() == "bearer" else None
    client = None if held is None else visit.house.clients.find(held.asked.client)
    told = None
    if held is not None and client is not None:
        told = visit.house.told(held.asked, client, visit.house.now())
    if told is None:
        refused = JSONResponse({"error": "invalid_token"}, 401)
        refused.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return refused
    return JSONResponse(told)


def logout(visit: Visit) -> Response:
    """End the session: at once for a client that proves whose it is, else after a yes here."""
    hint, client_id = visit.one("id_token_hint"), visit.one("client_id")
    claims: dict[str, Any] = {}
    try:
        claims = visit.house.keyring.opened(hint) if hint else {}
    except NotOurs:
        return visit.trouble(Words("This token is none of ours.", "令牌无效。"))
    client = visit.house.clients.find(str(claims.get("aud", "")))
    if client is None or (client_id and client_id != client.id):
        return visit.page("logout", claims=None)
    session = visit.session
    if session is not None and visit.house.sub(session.subject.id, client) == claims.get("sub"):
        out(visit)
    back = visit.one("post_logout_redirect_uri")
    if back not in client.logouts:
        return _telling(visit, visit.page("told", title=OUT, texts=()))
    state = visit.one("state")
    query = f"{'&' if '?' in back else '?'}{urlencode({'state': state})}" if state else ""
    return _telling(visit, RedirectResponse(f"{back}{query}", 303))


def sign_out(visit: Visit) -> Response:
    """End the session for who asked from a page of ours."""
    out(visit)
    return _telling(visit, visit.page("told", title=OUT, texts=()))


def out(visit: Visit) -> None:
    """End the session and write that down."""
    if visit.session is not None:
        subject = visit.session.subject.id
        visit.house.book.write(SIGNED_OUT, {}, about=f"{SUBJECT}{subject}", by=subject,
                               now=visit.house.now())  # fmt: skip
    visit.house.signed.shut(visit.sid, visit.house.now())
    visit.sid, visit.session = "", None


def _telling(visit: Visit, response: Response) -> Response:
    """Let the other clients hear of it once the browser has its answer."""
    response.background = BackgroundTask(tell, visit.house)
    return response


async def tell(house: Provider) -> None:
    """Tell clients of sessions that ended; what one does not take is tried again later."""
    tells = house.tells
    for one in () if tells is None else house.farewells.due(house.now()):
        assert tells is not None, "somebody tells"
        told, status = house.farewell(one, house.now()), REFUSED
        if told is not None:
            try:
                status = await run_in_threadpool(tells, *told)
            except OSError:
                status = 0
        house.farewells.answered(one, status, house.now())


def _held(visit: Visit, token: str) -> Held | None:
    return visit.house.tickets.held(token, "access", visit.house.now()) if token else None


def _asked(visit: Visit) -> Request:
    told = visit.request.headers.get("authorization", "")
    return Request(visit.sent, method="POST", authorization=told)


def _json(answer: Answer) -> Response:
    response = JSONResponse(answer.body, answer.status)
    for name, value in answer.headers:
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response
