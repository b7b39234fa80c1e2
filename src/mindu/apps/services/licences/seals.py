"""Seals: a key for each issuer and holder, from one secret, and the lists that issuers sign."""

import hmac
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from mindu.apps.services.licences.keys import Ed25519Signer, Trust
from mindu.apps.services.licences.kinds import KINDS
from mindu.apps.services.licences.status import Status, StatusList


class Seals:
    """The keys of a counter; where the law wants a product, a Signer over it takes their place."""

    def __init__(self, secret: bytes, base: str) -> None:
        """Let keys follow from a secret; lists are found under `base`."""
        self._secret, self._base = secret, base
        self.issuers = sorted({kind.issuer for kind in KINDS.values()})
        self._signers = {issuer: self._made(issuer) for issuer in self.issuers}
        self.keys = {one.public.kid: one.public for one in self._signers.values()}
        grants = {one.public.kid: [issuer] for issuer, one in self._signers.items()}
        self.trust = Trust(self.keys, grants)

    def of(self, issuer: str) -> Ed25519Signer:
        """Return the key of an issuer."""
        return self._signers[issuer]

    def holder(self, number: str) -> Ed25519Signer:
        """Return the key of whoever holds a licence."""
        return Ed25519Signer(self._drawn(f"holder|{number}"), "holder")

    def address(self, issuer: str) -> str:
        """Return where an issuer's list is found."""
        return f"{self._base}/licences/list/{self.of(issuer).public.kid}"

    def lists(self, rows: Iterable[tuple[str, int, Status]], now: datetime) -> dict[str, str]:
        """Return each issuer's list, signed, by its address."""
        held = {issuer: StatusList(self.address(issuer)) for issuer in self.issuers}
        for issuer, index, status in rows:
            held[issuer].set(index, status)
        return {one.uri: one.token(self.of(issuer), now) for issuer, one in held.items()}

    def _made(self, issuer: str) -> Ed25519Signer:
        kid = sha256(f"kid|{issuer}".encode()).hexdigest()[:12]
        return Ed25519Signer(self._drawn(f"issuer|{issuer}"), kid, issuer)

    def _drawn(self, name: str) -> bytes:
        return hmac.new(self._secret, name.encode(), sha256).digest()
