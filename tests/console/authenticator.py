"""A security key in software, for whoever tests a door that takes passkeys."""

import base64
import json
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256


class Authenticator:
    """A security key in software: it makes one credential and signs what it is asked."""

    def __init__(self, site: str, origin: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = b"credential-of-a-test"
        self.site, self.origin, self.count = site, origin, 0

    def create(self, asked: dict[str, str]) -> dict[str, object]:
        numbers = self.key.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (numbers.x, numbers.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(0x45) + held
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._told({"attestationObject": _b64(made)}, asked, "webauthn.create")

    def sign(self, asked: dict[str, str]) -> dict[str, object]:
        self.count += 1
        data = self._data(0x05)
        client = self._client(asked, "webauthn.get")
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"authenticatorData": _b64(data), "signature": _b64(signature)}
        return self._told(parts, asked, "webauthn.get")

    def _data(self, flags: int) -> bytes:
        return sha256(self.site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, asked: dict[str, str], kind: str) -> bytes:
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin}
        return json.dumps(told).encode()

    def _told(self, parts: dict[str, str], asked: dict[str, str], kind: str) -> dict[str, object]:
        parts["clientDataJSON"] = _b64(self._client(asked, kind))
        return {
            "id": _b64(self.id),
            "rawId": _b64(self.id),
            "type": "public-key",
            "response": parts,
        }


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
