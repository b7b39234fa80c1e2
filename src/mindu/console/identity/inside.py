"""Inside: a site of this very house as a client of its provider; it gets no more than any other.

It is registered, asks for a code with PKCE, proves itself by its secret, and holds the ID token
against the provider's keys; only the line between the two is a call instead of the network.
"""

import base64
from collections.abc import Collection
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

import msgspec

from mindu.base.records import Words
from mindu.console.identity.book import CLIENT, REGISTERED
from mindu.console.identity.clients import Client
from mindu.console.identity.delegated import Delegation, NotSo
from mindu.console.identity.keyring import NotOurs
from mindu.console.identity.oidc.server import Request, Server
from mindu.console.identity.provider import Provider


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that was begun: where the browser goes, and what its site must remember."""

    address: str
    state: str
    nonce: str
    verifier: str


class Inside:
    """One site of the house that lets people sign in."""

    def __init__(
        self, house: Provider, name: Words, back: str, scopes: Collection[str], *, sector: str
    ) -> None:
        """Register the site, where it is not; its secret is made anew at each start."""
        self._house, self._server, self._back = house, Server(house), back
        self._scope = " ".join(("openid", *scopes))
        known = [one for one in house.clients.every() if one.redirects == (back,)]
        now = house.now()
        for one in known:
            house.clients.remove(one.id)
        made, self._secret = house.clients.register(
            name, [back], self._scope.split(), now=now, sector=sector
        )
        self.client = made if not known else _renamed(made, known[0].id)
        house.clients.remove(made.id)
        house.clients.keep(self.client)
        if not known:
            told = {"scopes": self._scope, "sector": sector}
            house.book.write(REGISTERED, told, about=f"{CLIENT}{made.id}", by="house", now=now)

    def begin(self, *, acr: str = "", lang: str = "") -> Begun:
        """Begin a sign-in, in the language of the page that it is begun from."""
        state, nonce, verifier = (token_urlsafe(48) for _ in range(3))
        challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
        told = {
            "response_type": "code", "client_id": self.client.id, "redirect_uri": self._back,
            "scope": self._scope, "state": state, "nonce": nonce, "acr_values": acr,
            "code_challenge": challenge.decode(), "code_challenge_method": "S256",
            **({"ui_locales": lang} if lang else {}),
        }  # fmt: skip
        address = f"{self._house.issuer}/authorize?{urlencode(told)}"
        return Begun(address=address, state=state, nonce=nonce, verifier=verifier)

    def finish(self, code: str, begun: Begun) -> dict[str, Any] | None:
        """Return what the provider says of who signed in; None where it says nothing."""
        told = {
            "grant_type": ["authorization_code"], "code": [code], "redirect_uri": [self._back],
            "code_verifier": [begun.verifier],
        }  # fmt: skip
        proof = base64.b64encode(f"{self.client.id}:{self._secret}".encode()).decode()
        asked = Request(told, method="POST", authorization=f"Basic {proof}")
        answer = self._server.create_token_response(asked)
        if answer.status != 200:
            return None
        now = self._house.now()
        try:
            claims = self._house.keyring.opened(answer.body["id_token"])
        except NotOurs:
            return None
        sound = claims["aud"] == self.client.id and claims["nonce"] == begun.nonce
        if not sound or claims["iss"] != self._house.issuer or claims["exp"] <= now.timestamp():
            return None
        held = self._house.tickets.held(answer.body["access_token"], "access", now)
        more = None if held is None else self._house.told(held.asked, self.client, now)
        return None if more is None else {**claims, **more}

    def open(self, sid: str) -> bool:
        """Say whether a session has not been signed out at the provider."""
        return self._house.farewells.open(sid, self.client.id)

    def holds(self, delegation: str) -> bool:
        """Say whether a delegation is in force."""
        return self.scope(delegation) is not None

    def scope(self, delegation: str) -> Delegation | None:
        """Return what a delegation in force lets another do; looking is no use of it."""
        told = self._house.delegations.find(delegation)
        return told if told is not None and told.holds(self._house.now()) else None

    def acts(self, delegation: str, *, what: str, matter: str, by: str) -> bool:
        """Use a delegation, with a receipt; say whether it holds and reaches so far."""
        told = self._house.delegations.find(delegation)
        if told is None or self._house.sub(told.delegate, self.client) != by:
            return False
        try:
            self._house.delegations.use(told, what=what, matter=matter, by=self.client.id,
                                        now=self._house.now())  # fmt: skip
        except NotSo as no:
            self._house.refused(self.client.id, str(no), subject=told.principal,
                                now=self._house.now())  # fmt: skip
            return False
        return True


def _renamed(client: Client, name: str) -> Client:
    return msgspec.structs.replace(client, id=name)
