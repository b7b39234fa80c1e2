"""The server: authlib decides what the protocol allows; ours is who, whereto and how long.

Codes carry PKCE with S256, always; refresh tokens turn with each use; what comes twice ends all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc9207 import IssuerParameter

from mindu.console.identity.clients import Client
from mindu.console.identity.oidc.grants import Challenge, Code, Refresh, Revoke, Tokens
from mindu.console.identity.provider import Provider
from mindu.console.identity.tickets import ACCESS_LIVES, Asked

Sent = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Answer:
    """What goes back: a redirect, or a body as JSON."""

    status: int
    body: Any
    headers: list[tuple[str, str]]

    @property
    def location(self) -> str:
        """Where the browser goes, as authlib's extensions read it."""
        return next((value for name, value in self.headers if name == "Location"), "")

    @location.setter
    def location(self, value: str) -> None:
        others = [pair for pair in self.headers if pair[0] != "Location"]
        self.headers = [*others, ("Location", value)]


class _Payload(OAuth2Payload):  # type: ignore[misc]  # authlib is not typed
    def __init__(self, sent: Sent) -> None:
        self._sent = sent

    @property
    def data(self) -> dict[str, str]:
        return {name: values[0] for name, values in self._sent.items()}

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: list(values) for name, values in self._sent.items()}


class Request(OAuth2Request):  # type: ignore[misc]
    """One request of the protocol, read at the edge; its transport was looked at there."""

    def __init__(self, sent: Sent, *, method: str = "GET", authorization: str = "") -> None:
        """Take what was sent, and the header by which a client proves itself."""
        super().__init__(method, "https://here/", headers={"Authorization": authorization})
        self.payload = _Payload(sent)
        self.granted: Asked | None = None  # what the person granted, before a code is made of it

    @property
    def args(self) -> dict[str, str]:
        """What was sent in the address."""
        return dict(self.payload.data)

    @property
    def form(self) -> dict[str, str]:
        """What was sent in the body."""
        return dict(self.payload.data)


class Server(AuthorizationServer):  # type: ignore[misc]
    """The provider as authlib's authorization server."""

    def __init__(self, house: Provider) -> None:
        """Serve a provider."""
        super().__init__()
        self.house = house
        self.register_grant(Code, [Challenge(), Tokens()])
        self.register_grant(Refresh)
        self.register_endpoint(Revoke)
        self.register_extension(_Issuer)
        self.register_token_generator("default", _fresh)

    def query_client(self, client_id: str) -> Client | None:
        """Return a registered client."""
        return self.house.clients.find(client_id)

    def save_token(self, token: dict[str, Any], request: Request) -> None:
        """Keep what is handed out, by digest; write the receipt."""
        house, now = self.house, self.house.now()
        if request.authorization_code is not None:
            asked: Asked = request.authorization_code
            house.tickets.begin(asked, now)
        else:
            asked = request.refresh_token.asked
        house.tickets.keep(token["access_token"], "access", asked.family, now)
        if "refresh_token" in token:
            house.tickets.keep(token["refresh_token"], "refresh", asked.family, now)
        how = "code" if request.refresh_token is None else "refresh"
        house.used(asked, how, ["sub"], now=now)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Tell nobody: what matters is written down where it happens."""

    def create_oauth2_request(self, request: Request) -> Request:
        """Return the request, which is read already."""
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Answer:  # noqa: ANN401
        """Return what goes back."""
        return Answer(status, body, list(headers))


class _Issuer(IssuerParameter):  # type: ignore[misc]
    def __init__(self, server: Server) -> None:
        self._server = server
        self(server)

    def get_issuer(self) -> str:
        return self._server.house.issuer


def _fresh(*, scope: str, include_refresh_token: bool, **_: object) -> dict[str, Any]:
    told = {"token_type": "Bearer", "access_token": token_urlsafe(32), "scope": scope,
            "expires_in": int(ACCESS_LIVES.total_seconds())}  # fmt: skip
    if include_refresh_token and "offline_access" in scope.split():
        told["refresh_token"] = token_urlsafe(32)
    return told
