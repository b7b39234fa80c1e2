"""Digests and signatures behind one door: SHA-256 with Ed25519, or SM3 with SM2 (GM/T 0003, 0004).

Functionally the national algorithms; a certified module (密码机) takes a suite's place by being a
`Signer`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import gmssl_pyx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HALF = 32  # bytes of an SM2 private number; its public point follows in a secret
POINT = 64  # bytes of an SM2 public point


class Signer(Protocol):
    """Signs for one key."""

    @property
    def suite(self) -> str:
        """Return the name of the suite."""
        ...

    @property
    def public(self) -> bytes:
        """Return the public key, raw."""
        ...

    def sign(self, told: bytes) -> bytes:
        """Return the signature over some bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Suite:
    """One family of algorithms: a digest, a signature, and its mark in signed notes."""

    name: str
    mark: bytes  # signature type of a signed note; 0xff and words where C2SP has no number
    digest: Callable[[bytes], bytes]
    secret: Callable[[], bytes]
    signer: Callable[[bytes], Signer]
    holds: Callable[[bytes, bytes, bytes], bool]  # public key, told, signature


class _Ed25519:
    """An Ed25519 key (RFC 8032)."""

    suite = "sha256-ed25519"

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, told: bytes) -> bytes:
        """Return the signature over some bytes."""
        return self._key.sign(told)


class _Sm2:
    """An SM2 key with the default signer id; the secret is the number and the point."""

    suite = "sm3-sm2"

    def __init__(self, secret: bytes) -> None:
        if len(secret) != HALF + POINT:
            raise ValueError(f"an SM2 secret has {HALF + POINT} bytes, not {len(secret)}")
        self._number, self.public = secret[:HALF], secret[HALF:]
        if not _sm2_holds(self.public, b"pair", self.sign(b"pair")):
            raise ValueError("number and point of this SM2 secret are no pair; take a copy back")

    def sign(self, told: bytes) -> bytes:
        """Return the signature over some bytes, DER."""
        return bytes(gmssl_pyx.sm2_sign(self._number, self.public, told))


def sha256(told: bytes) -> bytes:
    """Return the SHA-256 digest."""
    return hashlib.sha256(told).digest()


def sm3(told: bytes) -> bytes:
    """Return the SM3 digest."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", told).digest()
    return bytes(gmssl_pyx.sm3_hash(told))


def _ed25519_holds(public: bytes, told: bytes, sig: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(sig, told)
    except (InvalidSignature, ValueError):
        return False
    return True


def _sm2_holds(public: bytes, told: bytes, sig: bytes) -> bool:
    try:
        point = gmssl_pyx.normalize_sm2_public_key(public)
        return bool(gmssl_pyx.sm2_verify(point, told, sig))
    except (gmssl_pyx.GmsslInnerError, ValueError):
        return False


def _sm2_secret() -> bytes:
    point, number = gmssl_pyx.sm2_key_generate()
    return bytes(number + point)


def _ed25519_secret() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


SUITES = {
    suite.name: suite
    for suite in (
        Suite("sha256-ed25519", b"\x01", sha256, _ed25519_secret, _Ed25519, _ed25519_holds),
        Suite("sm3-sm2", b"\xffsm3-sm2", sm3, _sm2_secret, _Sm2, _sm2_holds),
    )
}


def signer(suite: str, secret: bytes) -> Signer:
    """Return the signer of a secret.

    Raises:
        ValueError: no such suite, or no secret of it.
    """
    return _suite(suite).signer(secret)


def holds(suite: str, public: bytes, told: bytes, sig: bytes) -> bool:
    """Say whether a signature holds; an unknown suite holds nothing."""
    return suite in SUITES and SUITES[suite].holds(public, told, sig)


def _suite(name: str) -> Suite:
    if name not in SUITES:
        raise ValueError(f"there is no suite {name!r}; there are {', '.join(SUITES)}")
    return SUITES[name]
