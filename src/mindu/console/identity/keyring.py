"""The keyring: keys that sign ID tokens, published before they sign and after they stopped."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from mindu.base.time import DAY, HOUR
from mindu.console.people.store import Store

ALG, BITS = "RS256", 2048  # every OpenID client knows it (Discovery 1.0, section 3)
SIGNS, AHEAD = 90 * DAY, 1 * DAY  # how long a key signs; how long it is published before
STAYS = 2 * HOUR  # how long a key that stopped is published: longer than any ID token lives


class NotOurs(ValueError):  # noqa: N818 - an answer, not a fault
    """A token that none of our keys signed, or that says something else than it must."""


def made() -> bytes:
    """Return a new private key as PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Keyring:
    """The signing keys, in the order in which they sign."""

    def __init__(self, store: Store, make: Callable[[], bytes] = made) -> None:
        """Keep keys in this store; `make` makes a new one."""
        self._store, self._make = store, make

    def rotate(self, now: datetime, *, ahead: timedelta = timedelta(0)) -> str:
        """Add a key that signs after `ahead`; return its name. The one before stays published."""
        pem, since = self._make(), (now + ahead).timestamp()
        kid = sha256(pem).hexdigest()[:16]
        with self._store.lock:
            self._store.run("UPDATE signing SET until=? WHERE until IS NULL", (since,))
            self._store.run("INSERT INTO signing VALUES(?,?,?,NULL)", (kid, pem, since))
            gone = (now - STAYS).timestamp()
            self._store.run("DELETE FROM signing WHERE until<?", (gone,))
        return kid

    def jwks(self, now: datetime) -> dict[str, Any]:
        """Return the public halves of all keys that may have signed, or will sign soon."""
        self._ready(now)
        keys = [key.as_dict(private=False) for key in self._keys()]
        return {"keys": [{**key, "use": "sig", "alg": ALG} for key in keys]}

    def sign(self, claims: dict[str, Any], now: datetime, *, kind: str = "JWT") -> str:
        """Return claims signed by the key of the hour."""
        self._ready(now)
        sql = "SELECT kid, pem FROM signing WHERE since<=? ORDER BY since DESC LIMIT 1"
        found = self._store.one(sql, now.timestamp())
        assert found is not None, "a keyring that is ready has a key that signs"
        head = {"alg": ALG, "kid": found[0], "typ": kind}
        return jwt.encode(head, claims, RSAKey.import_key(found[1]), algorithms=[ALG])

    def opened(self, token: str, *, kind: str = "JWT") -> dict[str, Any]:
        """Return the claims of a token that we signed; its times are the caller's to judge.

        Raises:
            NotOurs: it is malformed, changed, of another kind, or signed by somebody else.
        """
        keys = KeySet(list(self._keys()))
        try:
            found = jwt.decode(token, keys, algorithms=[ALG])
        except (JoseError, ValueError, TypeError, json.JSONDecodeError) as no:
            raise NotOurs("no key of this provider signed it") from no
        if found.header.get("typ") != kind:
            raise NotOurs(f"it is no {kind}")
        return dict(found.claims)

    def _keys(self) -> list[RSAKey]:
        with self._store.lock:
            rows = list(self._store.run("SELECT kid, pem FROM signing ORDER BY since"))
        return [RSAKey.import_key(pem, {"kid": kid}) for kid, pem in rows]

    def _ready(self, now: datetime) -> None:
        """See to it that a key signs now, and that its successor is published in time."""
        newest = self._store.one("SELECT since FROM signing ORDER BY since DESC LIMIT 1")
        if newest is None:
            self.rotate(now)
        elif newest[0] + (SIGNS - AHEAD).total_seconds() <= now.timestamp():
            self.rotate(now, ahead=AHEAD)
