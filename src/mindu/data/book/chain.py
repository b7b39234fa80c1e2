"""The chain: how an entry becomes bytes, and how one digest vouches for all before it.

An entry's digest is its RFC 6962 leaf hash, so the chain and the tree are sworn to by one hash.
The bytes are MessagePack with sorted keys: a third shorter than JSON, and any float survives.
"""

from hashlib import sha256

import msgspec
import numpy as np

from mindu.base.records import Entry

GENESIS = "0" * 64


def _plain(value: object) -> object:
    """Turn a numpy number into the plain number it stands for."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a record cannot hold a {type(value).__name__}; write numbers, words or lists")


_TO = msgspec.msgpack.Encoder(enc_hook=_plain, order="deterministic")
_FROM = msgspec.msgpack.Decoder(Entry)
encode = _TO.encode
decode = _FROM.decode


def leaf(body: bytes) -> bytes:
    """Return the digest of one entry's bytes: its leaf in the Merkle tree."""
    return sha256(b"\x00" + body).digest()


def digest(entry: Entry) -> str:
    """Return the hash that the next entry must carry."""
    return leaf(encode(entry)).hex()
