"""A receipt's signature: the words that are signed, and whether they hold."""

import json

import msgspec

from mindu.base.records import Receipt
from mindu.base.seal import Signer, holds

HEAD = "mindu receipt 1"
SIGNED = (
    "us", "who", "department", "action", "datasets", "purpose", "basis", "reference", "ask",
    "allowed", "policies", "version", "reason", "duties", "rows", "subjects", "bulk", "suite",
    "key",
)  # fmt: skip
SHORT = 16  # hex digits by which a receipt names its key


def told(receipt: Receipt) -> bytes:
    """Return the words that are signed: anybody can write them anew with a JSON writer."""
    said = [HEAD, *(getattr(receipt, name) for name in SIGNED)]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signed(receipt: Receipt, key: Signer) -> Receipt:
    """Return the receipt under a signature."""
    bare = msgspec.structs.replace(receipt, suite=key.suite, key=key.public.hex()[:SHORT], sig=b"")
    return msgspec.structs.replace(bare, sig=key.sign(told(bare)))


def sound(receipt: Receipt, public: bytes) -> bool:
    """Say whether this key signed just these words."""
    return receipt.key == public.hex()[:SHORT] and holds(
        receipt.suite, public, told(receipt), receipt.sig
    )
