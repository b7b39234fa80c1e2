"""A checkpoint: the head of a log as a short signed note that anybody can keep and compare.

The form is that of the C2SP tlog-checkpoint and signed-note pages, with Ed25519.
"""

from base64 import b64decode, b64encode
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_DASH = "\N{EM DASH} "


class Checkpoint(NamedTuple):
    """What a note says: which log, how many entries, and their tree head in hex."""

    origin: str
    size: int
    root: str


def note(said: Checkpoint) -> str:
    """Return the text that is signed."""
    root = b64encode(bytes.fromhex(said.root)).decode("ascii")
    return f"{said.origin}\n{said.size}\n{root}\n"


def signed(said: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """Return the note with a signature under the signer's name."""
    text = note(said)
    seal = b64encode(_hint(name, key.public_key()) + key.sign(text.encode())).decode("ascii")
    return f"{text}\n{_DASH}{name} {seal}\n"


def opened(text: str, name: str, key: Ed25519PublicKey) -> Checkpoint:
    """Return what a note says, once the signature of that name is checked.

    Raises:
        ValueError: nobody of that name and key signed it, or it is no checkpoint.
    """
    body, _, seals = text.partition("\n\n")
    lines = [line.removeprefix(_DASH).split(" ") for line in seals.splitlines()]
    told = [b64decode(line[1]) for line in lines if line[0] == name and len(line) == 2]
    hint = _hint(name, key)
    if not any(_holds(key, seal[4:], f"{body}\n") for seal in told if seal[:4] == hint):
        raise ValueError(f"{name} did not sign this note; ask for another copy")
    origin, size, root = body.split("\n")[:3]
    return Checkpoint(origin, int(size), b64decode(root).hex())


def _hint(name: str, key: Ed25519PublicKey) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def _holds(key: Ed25519PublicKey, seal: bytes, text: str) -> bool:
    try:
        key.verify(seal, text.encode())
    except InvalidSignature:
        return False
    return True
