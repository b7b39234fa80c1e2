"""The registry of clients: who may ask who somebody is, where answers go, and for what at most."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from urllib.parse import urlsplit

import msgspec

from mindu.base.records import Words
from mindu.console.identity.claims import SCOPES
from mindu.console.people.store import Store

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MOST_CLIENTS, MOST_URIS = 10_000, 10
GRANTS = ("authorization_code", "refresh_token")


class NoClient(ValueError):  # noqa: N818 - an answer, not a fault
    """A client that cannot be registered: why, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.says = Words(en, zh)


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """One registered client; its methods are those that authlib asks of one."""

    id: str
    name: Words
    redirects: tuple[str, ...]  # whole addresses, compared letter by letter
    scopes: tuple[str, ...]  # the most it may ask for
    sector: str  # clients of one sector know a person by the same name
    secret: str = ""  # SHA-256 in hex; empty: a public client
    logouts: tuple[str, ...] = ()
    hears: str = ""  # its address for back-channel logout
    since: datetime

    def get_client_id(self) -> str:
        """Return its name."""
        return self.id

    def get_default_redirect_uri(self) -> str:
        """Return none: an address is always told."""
        return ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Say whether an address was registered, letter by letter."""
        return redirect_uri in self.redirects

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Return the scope asked for; None where any part is not registered, or openid lacks."""
        asked = (scope or "").split()
        good = "openid" in asked and set(asked) <= set(self.scopes)
        return " ".join(dict.fromkeys(asked)) if good else None

    def check_client_secret(self, client_secret: str) -> bool:
        """Say whether a secret is its own."""
        told = sha256(client_secret.encode()).hexdigest()
        return bool(self.secret) and compare_digest(told, self.secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Say whether it may prove itself this way: with a secret, unless it has none."""
        return (method == "none") is not bool(self.secret)

    def check_response_type(self, response_type: str) -> bool:
        """Say whether it may ask for this: a code, nothing else."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Say whether it may use this grant."""
        return grant_type in GRANTS


class Clients:
    """All registered clients; who is not among them is refused."""

    def __init__(self, store: Store) -> None:
        """Keep them in this store."""
        self._store = store

    def find(self, client_id: str) -> Client | None:
        """Return a client."""
        found = self._store.one("SELECT told FROM client WHERE id=?", client_id)
        return None if found is None else msgspec.json.decode(found[0], type=Client)

    def every(self) -> list[Client]:
        """Return all clients."""
        with self._store.lock:
            rows = list(self._store.run("SELECT told FROM client ORDER BY id"))
        return [msgspec.json.decode(row[0], type=Client) for row in rows]

    def register(  # noqa: PLR0913 - a registration names each of its parts
        self,
        name: Words,
        redirects: Collection[str],
        scopes: Collection[str],
        *,
        now: datetime,
        sector: str = "",
        logouts: Collection[str] = (),
        hears: str = "",
    ) -> tuple[Client, str]:
        """Register a client; return it and its secret, which is told this once.

        Raises:
            NoClient: an address or scope cannot be, or the registry is full.
        """
        hosts = _sound(redirects, logouts, scopes)
        hears = hears and _safe(hears)
        if not sector and len(hosts) > 1:
            raise NoClient("addresses of several hosts need a sector", "多个域名须指定 sector")
        if len(self.every()) >= MOST_CLIENTS:
            raise NoClient("the registry is full", "登记册已满")
        secret = token_urlsafe(32)
        client = Client(
            id=f"c{token_urlsafe(12)}", name=name, redirects=tuple(redirects), scopes=tuple(scopes),
            sector=sector or hosts.pop(), logouts=tuple(logouts), since=now, hears=hears,
            secret=sha256(secret.encode()).hexdigest(),
        )  # fmt: skip
        self.keep(client)
        return client, secret

    def keep(self, client: Client) -> None:
        """Keep a client as it is told."""
        with self._store.lock:
            row = (client.id, msgspec.json.encode(client))
            self._store.run("INSERT OR REPLACE INTO client VALUES(?,?)", row)

    def remove(self, client_id: str) -> bool:
        """Take a client out; its tokens are good for nothing from now on. Say if there was one."""
        known = self.find(client_id) is not None
        with self._store.lock:
            self._store.run("DELETE FROM client WHERE id=?", (client_id,))
        return known


def _sound(
    redirects: Collection[str], logouts: Collection[str], scopes: Collection[str]
) -> set[str]:
    """Return the hosts of a client's addresses.

    Raises:
        NoClient: an address or a scope cannot be.
    """
    if not redirects or len(redirects) + len(logouts) > MOST_URIS:
        raise NoClient(f"give 1 to {MOST_URIS} addresses", f"须登记1至{MOST_URIS}个回调地址")
    strange = set(scopes) - set(SCOPES)
    if strange or "openid" not in scopes:
        known = ", ".join(SCOPES)
        raise NoClient(f"scopes are openid and of {known}", f"须含 openid,可选:{known}")
    return {_host(uri) for uri in (*redirects, *logouts)}


def _safe(uri: str) -> str:
    """Return an address that may be told of a sign-out.

    Raises:
        NoClient: it is not whole, not safe, or a pattern.
    """
    _host(uri)
    return uri


def _host(uri: str) -> str:
    """Return the host of an address that answers may go to.

    Raises:
        NoClient: it is not whole, not safe, or a pattern.
    """
    parts = urlsplit(uri)
    host = parts.hostname or ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    if not safe or not host or parts.fragment or "*" in uri or parts.username or not uri.isascii():
        raise NoClient(
            f"{uri!r} is no address for answers: whole, https (http on the loopback), no fragment",
            f"“{uri}”不能作为回调地址:须为完整的 https 地址(本机可用 http),不含片段",
        )
    return host
