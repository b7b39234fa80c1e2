"""A checkpoint: the head of a log as a short signed note that anybody can keep and compare.

The form is that of the C2SP tlog-checkpoint and signed-note pages. Ed25519 signs as they say; SM2
signs beside it under a type of its own, which others pass over.
"""

import binascii
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import NamedTuple

from mindu.base.seal import SUITES, Signer, holds

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


def signed(said: Checkpoint, name: str, *keys: Signer) -> str:
    """Return the note with one signature by each key, all under the signer's name."""
    text = note(said)
    lines = [f"{_DASH}{name} {_seal(name, key, text)}\n" for key in keys]
    return f"{text}\n{''.join(lines)}"


def opened(text: str, name: str, suite: str, public: bytes) -> Checkpoint:
    """Return what a note says, once the signature of that name is checked.

    Raises:
        ValueError: nobody of that name and key signed it, or it is no checkpoint.
    """
    body, _, seals = text.partition("\n\n")
    lines = [line.removeprefix(_DASH).split(" ") for line in seals.splitlines()]
    told = [_raw(line[1]) for line in lines if line[0] == name and len(line) == 2]
    hint = _hint(name, suite, public)
    said = f"{body}\n".encode()
    if not any(holds(suite, public, said, seal[4:]) for seal in told if seal[:4] == hint):
        raise ValueError(f"{name} did not sign this note; ask for another copy")
    origin, size, root = body.split("\n")[:3]
    return Checkpoint(origin, int(size), b64decode(root).hex())


def _seal(name: str, key: Signer, text: str) -> str:
    hint = _hint(name, key.suite, key.public)
    return b64encode(hint + key.sign(text.encode())).decode("ascii")


def _raw(seal: str) -> bytes:
    try:
        return b64decode(seal, validate=True)
    except binascii.Error:
        return b""


def _hint(name: str, suite: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + SUITES[suite].mark + public).digest()[:4]
