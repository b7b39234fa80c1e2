"""Keys: Ed25519 and SM2 behind one interface; who checks needs only the public half.

SM2 signs with SM3 over the identity "1234567812345678" (GB/T 32918.2, GM/T 0009), as r ‖ s.
This is the algorithm, not a certified product: where the law wants one, a Signer over an HSM
(密码机) takes its place.
"""

import base64
from collections.abc import Collection, Mapping
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SM2_ID = b"1234567812345678"  # the default identity of GM/T 0009
ALGORITHMS = ("EdDSA", "SM2")


class Public(msgspec.Struct, frozen=True):
    """The public half of a key: its name, its algorithm, and the bytes in base64url."""

    kid: str
    alg: str
    key: str
    holder: str = ""  # whose it is, e.g. the department


class Signer(Protocol):
    """Signs in somebody's name."""

    @property
    def public(self) -> Public:
        """The public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature."""
        ...


def b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Return the bytes of base64url; ValueError where it is none."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


class Ed25519Signer:
    """Signs with Ed25519 (RFC 8032)."""

    def __init__(self, seed: bytes, kid: str, holder: str = "") -> None:
        """Take the 32 secret bytes."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        raw = self._key.public_key().public_bytes_raw()
        self.public = Public(kid, "EdDSA", b64(raw), holder)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature."""
        return self._key.sign(message)


class SM2Signer:
    """Signs with SM2 and SM3."""

    def __init__(self, secret: bytes, public: bytes, kid: str, holder: str = "") -> None:
        """Take the 32 secret bytes and the 64 public ones (x ‖ y)."""
        self._secret, self._raw = secret, public
        self.public = Public(kid, "SM2", b64(public), holder)

    def sign(self, message: bytes) -> bytes:
        """Return r ‖ s, 64 bytes."""
        import gmssl_pyx  # noqa: PLC0415 - loaded by who signs with it

        der = gmssl_pyx.sm2_sign(self._secret, self._raw, message, signer_id=SM2_ID)
        return _raw(bytes(der))


def verified(key: Public, message: bytes, signature: bytes) -> bool:
    """Say whether a key's owner signed a message."""
    check = CHECK.get(key.alg)
    return check is not None and check(unb64(key.key), message, signature)


def _ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _sm2(key: bytes, message: bytes, signature: bytes) -> bool:
    import gmssl_pyx  # noqa: PLC0415 - loaded by who checks with it

    if len(key) != 64 or len(signature) != 64:
        return False
    return bool(gmssl_pyx.sm2_verify(key, message, _der(signature), signer_id=SM2_ID))


CHECK = {"EdDSA": _ed25519, "SM2": _sm2}


def _der(raw: bytes) -> bytes:
    """Return r ‖ s as the DER sequence that libraries exchange."""
    body = b"".join(_integer(part) for part in (raw[:32], raw[32:]))
    return b"\x30" + bytes([len(body)]) + body


def _integer(part: bytes) -> bytes:
    part = part.lstrip(b"\x00") or b"\x00"
    part = b"\x00" + part if part[0] & 0x80 else part
    return b"\x02" + bytes([len(part)]) + part


def _raw(der: bytes) -> bytes:
    """Return the DER sequence of two integers as r ‖ s."""
    first = der[3]
    r, rest = der[4 : 4 + first], der[4 + first :]
    s = rest[2 : 2 + rest[1]]
    return b"".join(part.lstrip(b"\x00").rjust(32, b"\x00") for part in (r, s))


class Trust:
    """The public keys that somebody trusts, by name, and in whose name each may sign."""

    def __init__(self, keys: Mapping[str, Public], issuers: Mapping[str, Collection[str]]) -> None:
        """Trust these keys, each for the issuers (`iss`) listed under its name and no others."""
        self._keys = dict(keys)
        self._issuers = {kid: frozenset(names) for kid, names in issuers.items()}

    def find(self, kid: str, alg: str) -> Public | None:
        """Return a key of that name and algorithm; None where none is trusted."""
        key = self._keys.get(kid)
        return key if key is not None and key.alg == alg else None

    def speaks_for(self, kid: str, issuer: object) -> bool:
        """Say whether a key may sign in an issuer's name; without a grant it may not."""
        return isinstance(issuer, str) and issuer in self._issuers.get(kid, ())
