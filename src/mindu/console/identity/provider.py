"""The provider: its parts in one value, and what it tells of a subject to one client."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mindu.base.records import Words
from mindu.base.time import MINUTE
from mindu.brain.memory import Memory
from mindu.console.identity.book import CLIENT, REFUSED, SUBJECT, USED, Book
from mindu.console.identity.citizens import Citizens, Vault
from mindu.console.identity.claims import claims_of, pairwise
from mindu.console.identity.clients import Client, Clients
from mindu.console.identity.consents import Consents
from mindu.console.identity.delegation import Delegations
from mindu.console.identity.keyring import Keyring, made
from mindu.console.identity.leaving.farewells import KIND, Farewell, Farewells, Tells
from mindu.console.identity.leaving.farewells import claims as leaving
from mindu.console.identity.levels import acr_of
from mindu.console.identity.proof import Proves
from mindu.console.identity.signed import Signed
from mindu.console.identity.store import opened
from mindu.console.identity.tickets import Asked, Tickets
from mindu.console.people.accounts import Accounts
from mindu.console.people.store import Store

ID_LIVES = 10 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Everything that an answer of the provider is made from."""

    issuer: str  # its address; every token carries it
    now: Callable[[], datetime]
    store: Store
    book: Book
    citizens: Citizens
    signed: Signed
    clients: Clients
    keyring: Keyring
    tickets: Tickets
    consents: Consents
    delegations: Delegations
    farewells: Farewells
    tells: Tells | None = None  # carries a sign-out to a client; None: nobody is told
    proof: Proves | None = None
    matters: Mapping[str, Words] = field(default_factory=dict)  # that one may act in; {}: any
    secret: str = field(repr=False)  # behind pairwise names and forms

    def sub(self, subject: str, client: Client) -> str:
        """Return the name under which a client's sector knows a subject."""
        return pairwise(self.secret, client.sector, subject)

    def id_claims(self, asked: Asked, client: Client, now: datetime) -> dict[str, Any]:
        """Return what an ID token says."""
        told: dict[str, Any] = {
            "iss": self.issuer, "sub": self.sub(asked.subject, client), "aud": client.id,
            "iat": int(now.timestamp()), "exp": int((now + ID_LIVES).timestamp()),
            "auth_time": asked.auth_time, "acr": acr_of(asked.amr), "amr": list(asked.amr),
        }  # fmt: skip
        if asked.session:
            told["sid"] = asked.session
        if asked.nonce:
            told["nonce"] = asked.nonce
        return {**told, **self._acting(asked, client, now)}

    def told(self, asked: Asked, client: Client, now: datetime) -> dict[str, Any] | None:
        """Return what the client is told of the subject now, with a receipt; None: nothing more.

        A subject that left, a consent that was taken back or ran out, tell nothing.
        """
        subject = self.citizens.of(asked.subject)
        scopes = set(asked.scope.split())
        if subject is None or not self.consents.covers(subject.id, client.id, scopes, now):
            self.refused(asked.client, "no consent, or nobody", subject=asked.subject, now=now)
            return None
        claims = claims_of(scopes, self.citizens.facts(subject.id))
        if "staff" in scopes and (role := self.citizens.role(subject)) is not None:
            claims |= {"role": role, "offices": list(self.citizens.offices(subject))}
        claims |= self._acting(asked, client, now)
        self.used(asked, "userinfo", sorted(claims), now=now)
        return {"sub": self.sub(subject.id, client), **claims}

    def farewell(self, one: Farewell, now: datetime) -> tuple[str, str] | None:
        """Return where to, and the token that tells a client of a sign-out; None: it is gone."""
        client = self.clients.find(one.client)
        if client is None or not client.hears:
            return None
        told = leaving(self.issuer, self.sub(one.subject, client), client, one, now)
        return client.hears, self.keyring.sign(told, now, kind=KIND)

    def used(self, asked: Asked, how: str, claims: list[str], *, now: datetime) -> None:
        """Write a receipt: who was told what of whom."""
        told = {"client": asked.client, "how": how, "claims": ", ".join(claims),
                "scope": asked.scope, "acting": asked.acting}  # fmt: skip
        self.book.write(USED, told, about=f"{SUBJECT}{asked.subject}", by=asked.client, now=now)

    def refused(self, client: str, why: str, *, now: datetime, subject: str = "") -> None:
        """Write down that something was refused, and why; of a strange client its name alone."""
        about = f"{SUBJECT}{subject}" if subject else f"{CLIENT}{client[:64]}"
        told = {"client": client[:64], "why": why[:200]}
        self.book.write(REFUSED, told, about=about, by=client[:64] or "nobody", now=now)

    def _acting(self, asked: Asked, client: Client, now: datetime) -> dict[str, object]:
        """Return for whom the subject acts, while that delegation holds."""
        if not asked.acting or "acting" not in asked.scope.split():
            return {}
        told = self.delegations.find(asked.acting)
        if told is None or not told.holds(now) or told.delegate != asked.subject:
            return {}
        name = self.citizens.facts(told.principal).get("name", "")
        return {"on_behalf_of": {
            "sub": self.sub(told.principal, client), "name": name, "delegation": told.id,
            "may": list(told.may), "matters": list(told.matters),
            "until": int(told.until.timestamp()),
        }}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What a provider stands on."""

    folder: Path | None  # of its store; None: in memory
    memory: Memory
    vault: Vault
    issuer: str
    now: Callable[[], datetime]
    staff: Accounts | None = None  # the console's
    proof: Proves | None = None
    make: Callable[[], bytes] = made  # a new signing key
    tells: Tells | None = None
    matters: Mapping[str, Words] = field(default_factory=dict)  # by name; {}: any word


def provider(on: Wiring) -> Provider:
    """Return a provider over a store, a log and a vault."""
    store, book = opened(on.folder), Book(on.memory)
    citizens, keyring = Citizens(store, on.vault, on.staff), Keyring(store, on.make)
    clients = Clients(store)
    farewells = Farewells(store, clients, book)
    return Provider(
        issuer=on.issuer.rstrip("/"), now=on.now, store=store, book=book, citizens=citizens,
        signed=Signed(store, citizens, farewells), clients=clients, keyring=keyring,
        farewells=farewells, tells=on.tells, matters=on.matters,
        tickets=Tickets(store), consents=Consents(store), proof=on.proof,
        delegations=Delegations(store, keyring, book), secret=store.secret("pairwise"),
    )  # fmt: skip
