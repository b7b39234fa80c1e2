"""The grants: a code with PKCE becomes tokens once; a refresh token turns; both are given back."""

from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from authlib.oidc.core.grants.util import create_half_hash

from mindu.console.identity.book import SUBJECT, WITHDRAWN
from mindu.console.identity.citizens import Subject
from mindu.console.identity.clients import Client
from mindu.console.identity.keyring import ALG
from mindu.console.identity.provider import Provider
from mindu.console.identity.tickets import Asked, Held, Replayed

SECRET = ["client_secret_basic", "client_secret_post"]


class Code(AuthorizationCodeGrant):  # type: ignore[misc]  # authlib is not typed
    """A code is given to who consented, and redeemed once by the client it was given to."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = [*SECRET, "none"]

    def save_authorization_code(self, code: str, request: Any) -> None:  # noqa: ANN401
        """Do nothing: the code is a ticket already."""

    def generate_authorization_code(self) -> str:
        """Return a ticket for what the person granted."""
        house, request = self.server.house, self.request
        asked: Asked = request.granted
        return str(house.tickets.code(asked, house.now()))

    def query_authorization_code(self, code: str, client: Client) -> Asked | None:
        """Return what a code stands for, and use it up whatever follows."""
        house = self.server.house
        try:
            found: Asked | None = house.tickets.redeem(code, client.id, house.now())
        except Replayed as twice:
            _told(house, twice)
            return None
        if found is None:
            house.refused(client.id, "a code that is none of its own, or too old", now=house.now())
        return found

    def delete_authorization_code(self, authorization_code: Asked) -> None:
        """Do nothing: it was used up when it was asked for."""

    def authenticate_user(self, authorization_code: Asked) -> Subject | None:
        """Return who granted it, while they may sign in."""
        found: Subject | None = self.server.house.citizens.of(authorization_code.subject)
        return found


class Challenge(CodeChallenge):  # type: ignore[misc]
    """PKCE with S256, of every client; plain or none is a downgrade and refused."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:  # noqa: ANN401
        """Refuse a request without a challenge, or whose method is not told to be S256.

        Raises:
            InvalidRequestError: it is so.
        """
        told = grant.request.payload.data
        if not told.get("code_challenge") or told.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with code_challenge_method=S256 is required")
        super().validate_code_challenge(grant, redirect_uri)


class Tokens(OpenIDCode):  # type: ignore[misc]
    """ID tokens: pairwise names, our clock, our keys."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:  # noqa: ANN401
        """Say whether this client used a nonce before."""
        return bool(self._server.house.tickets.saw(request.payload.client_id, nonce))

    def __call__(self, grant: Any) -> None:  # noqa: ANN401
        """Stand behind a grant."""
        self._server = grant.server
        super().__call__(grant)

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:  # noqa: ANN401
        """Return the signed ID token."""
        house, now = self._server.house, self._server.house.now()
        half = create_half_hash(token["access_token"], ALG)
        claims = house.id_claims(request.authorization_code, request.client, now)
        return str(house.keyring.sign({**claims, "at_hash": half.decode()}, now))


class Refresh(RefreshTokenGrant):  # type: ignore[misc]
    """A refresh token is good once; the next comes with the answer."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = [*SECRET, "none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Held | None:
        """Return what a refresh token is good for; one that comes twice ends its family."""
        house = self.server.house
        try:
            held: Held | None = house.tickets.held(refresh_token, "refresh", house.now())
        except Replayed as twice:
            _told(house, twice)
            return None
        if held is None or not held.check_client(self.request.client):
            client = self.request.client.id
            house.refused(client, "a refresh token that is none of its own", now=house.now())
            return None
        scopes = held.asked.scope.split()
        subject, now = held.asked.subject, house.now()
        return held if house.consents.covers(subject, held.asked.client, scopes, now) else None

    def authenticate_user(self, refresh_token: Held) -> Subject | None:
        """Return whose it is, while they may sign in."""
        found: Subject | None = self.server.house.citizens.of(refresh_token.asked.subject)
        return found

    def revoke_old_credential(self, refresh_token: Held) -> None:
        """Use the old one up."""
        self.server.house.tickets.spend(refresh_token)


class Revoke(RevocationEndpoint):  # type: ignore[misc]
    """A client gives a token back (RFC 7009): its whole family ends."""

    CLIENT_AUTH_METHODS: ClassVar = [*SECRET, "none"]

    def query_token(self, token_string: str, _token_type_hint: str | None) -> Held | None:
        """Return what a token is good for, of either kind."""
        house = self.server.house
        try:
            for kind in ("access", "refresh"):
                held: Held | None = house.tickets.held(token_string, kind, house.now())
                if held is not None:
                    return held
        except Replayed as twice:
            _told(house, twice)
        return None

    def revoke_token(self, token: Held, _request: Any) -> None:  # noqa: ANN401
        """End its family, and write that down."""
        house, asked = self.server.house, token.asked
        house.tickets.end(asked.family, "given back")
        told = {"client": asked.client, "what": "tokens"}
        about = f"{SUBJECT}{asked.subject}"
        house.book.write(WITHDRAWN, told, about=about, by=asked.client, now=house.now())


def _told(house: Provider, twice: Replayed) -> None:
    asked = twice.asked
    house.refused(asked.client, str(twice), subject=asked.subject, now=house.now())
