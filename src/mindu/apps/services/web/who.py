"""Who asks: an applicant by a sealed cookie, or who signed in, for themselves or another."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

import msgspec

from mindu.city import Words

COOKIE, DAYS = "mindu_applicant", 30
SIGNED, HOURS = "mindu_signed", 8  # who signed in, and for how long
ASKED = "mindu_asked"  # a sign-in that is under way


class Begun(Protocol):
    """A sign-in that was begun."""

    @property
    def address(self) -> str:
        """Where the browser goes."""
        ...

    @property
    def state(self) -> str:
        """What comes back with it."""
        ...

    @property
    def nonce(self) -> str:
        """What the token carries."""
        ...

    @property
    def verifier(self) -> str:
        """What proves that the code was asked for here."""
        ...


class Scope(Protocol):
    """What a delegation in force is for."""

    @property
    def matters(self) -> tuple[str, ...]:
        """The packages that it is limited to; empty: all."""
        ...

    @property
    def last(self) -> str:
        """Its last day."""
        ...

    @property
    def says(self) -> Words:
        """What it lets another do, in words."""
        ...

    def reaches(self, what: str, matter: str) -> bool:
        """Say whether it is for this act in this matter."""
        ...


class SignsIn(Protocol):
    """A provider of identities, as this site is its client."""

    def begin(self, *, acr: str = "", lang: str = "") -> Begun:
        """Begin a sign-in, in a language."""
        ...

    def finish(self, code: str, begun: Any) -> dict[str, Any] | None:  # noqa: ANN401
        """Return what is told of who signed in."""
        ...

    def open(self, sid: str) -> bool:
        """Say whether a session has not been signed out at the provider."""
        ...

    def holds(self, delegation: str) -> bool:
        """Say whether a delegation is in force."""
        ...

    def scope(self, delegation: str) -> Scope | None:
        """Return what a delegation is for, while it is in force; looking is no use of it."""
        ...

    def acts(self, delegation: str, *, what: str, matter: str, by: str) -> bool:
        """Use a delegation, with a receipt; say whether it holds and reaches so far."""
        ...


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a sign-in under way must remember."""

    address: str = ""
    state: str
    nonce: str
    verifier: str
    then: str = "/"
    lang: str = ""


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed in: their name here, for whom they act, and how it was proved."""

    sub: str
    name: str = ""
    acr: str = ""
    until: float
    behalf: str = ""  # the name of whom they act for
    behalf_name: str = ""
    delegation: str = ""
    sid: str = ""  # the session at the provider


def seal(secret: bytes, text: str) -> str:
    """Return the keyed digest of a text."""
    return hmac.new(secret, text.encode(), sha256).hexdigest()[:32]


def sealed(secret: bytes, kind: str, text: str) -> str:
    """Return a text with its seal, as a cookie holds it."""
    return f"{text}.{seal(secret, f'{kind}|{text}')}"


def opened(secret: bytes, kind: str, cookie: str) -> str:
    """Return the text that was sealed here, empty where it was not."""
    text, _, mark = cookie.rpartition(".")
    good = hmac.compare_digest(mark.encode(), seal(secret, f"{kind}|{text}").encode())
    return text if text and good else ""


def packed(secret: bytes, kind: str, told: msgspec.Struct) -> str:
    """Return a value as a sealed cookie."""
    return sealed(secret, kind, msgspec.json.encode(told).hex())


def signed_in(secret: bytes, cookie: str, now: datetime) -> Signed | None:
    """Return who a cookie says is signed in, while that holds."""
    text = opened(secret, SIGNED, cookie)
    try:
        told = msgspec.json.decode(bytes.fromhex(text), type=Signed) if text else None
    except (ValueError, msgspec.MsgspecError):
        return None
    return told if told is not None and told.until > now.timestamp() else None


def asked(secret: bytes, cookie: str) -> Asked | None:
    """Return the sign-in that a cookie says is under way."""
    text = opened(secret, ASKED, cookie)
    try:
        return msgspec.json.decode(bytes.fromhex(text), type=Asked) if text else None
    except (ValueError, msgspec.MsgspecError):
        return None


def told_of(claims: dict[str, Any], now: datetime) -> Signed:
    """Return who signed in, from what the provider says."""
    behalf = claims.get("on_behalf_of") or {}
    until = now + timedelta(hours=HOURS)
    return Signed(
        sub=str(claims["sub"]), name=str(claims.get("name", "")), acr=str(claims.get("acr", "")),
        until=until.timestamp(), behalf=str(behalf.get("sub", "")),
        behalf_name=str(behalf.get("name", "")), delegation=str(behalf.get("delegation", "")),
        sid=str(claims.get("sid", "")),
    )  # fmt: skip
