"""The words of SMPP 3.4 (issue 1.2 of 1999) that a sender of text messages needs."""

from collections.abc import Iterator
from hashlib import sha256
from struct import Struct

HEAD = Struct(">IIII")  # length, command, status, sequence
BIND, SUBMIT, UNBIND, ENQUIRE = 0x02, 0x04, 0x06, 0x15  # 4.1, 4.4, 4.2, 4.11
HEAR, DELIVER = 0x01, 0x05  # bound as receiver, 4.1; what a centre hands over, 4.6
ANSWER, NACK = 0x8000_0000, 0x8000_0000  # an answer is its question with this bit; 4.3
VERSION = 0x34
UCS2 = 0x08  # data coding, 5.2.19
SPLIT = 0x40  # esm class: the text begins with a header of its own, 5.2.12
OCTETS = 140  # of one short message
PARTS = 10  # of one text; a longer one is refused
LARGEST = 64 << 10  # bytes of a PDU that is read
# Not taken and to be brought again (5.1.3): queue full, throttled, system error, not bound.
STATES = {0x14: "its queue is full", 0x58: "too many a second", 0x08: "it failed",
          0x0B: "no such number", 0x0E: "wrong password", 0x0F: "wrong system id",
          0x0D: "it binds nobody", 0x0A: "wrong sender"}  # fmt: skip


def pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    """Return one unit as it goes over the line."""
    return HEAD.pack(HEAD.size + len(body), command, status, sequence) + body


def bind(system: str, password: str, kind: str) -> bytes:
    """Return the body of a bind as transmitter."""
    return _word(system, 15) + _word(password, 8) + _word(kind, 12) + bytes([VERSION, 0, 0, 0])


def submit(sender: str, to: str, text: bytes, *, split: int, receipt: bool = False) -> bytes:
    """Return the body of a submit; `text` in UCS-2, `split` the class of the message.

    With `receipt` the centre is asked to tell what became of it (5.2.17).
    """
    source = bytes([5, 0]) + _word(sender, 20)  # alphanumeric or a short code
    if sender.isdigit():
        source = bytes([0, 1]) + _word(sender, 20)
    target = bytes([1, 1]) + _word(to, 20)  # international, E.164
    # Service, addresses, class, protocol, priority, no schedule, no validity, receipt.
    head = b"\0" + source + target
    return head + bytes([split, 0, 0, 0, 0, int(receipt), 0, UCS2, 0, len(text)]) + text


def parts(text: str, key: str) -> Iterator[tuple[int, bytes]]:
    """Yield the class and the octets of each short message that a text goes as.

    Raises:
        ValueError: it is longer than ten of them.
    """
    told = text.encode("utf-16-be", "replace")
    if len(told) <= OCTETS:
        yield 0, told
        return
    room = OCTETS - 6 & ~1  # 3GPP TS 23.040, 9.2.3.24.1: six octets tell which part it is
    pieces = list(_cut(told, room))
    if len(pieces) > PARTS:
        raise ValueError(f"the text is longer than {PARTS} short messages")
    number = sha256(key.encode()).digest()[0]
    for at, piece in enumerate(pieces, start=1):
        yield SPLIT, bytes([5, 0, 3, number, len(pieces), at]) + piece


def _cut(told: bytes, room: int) -> Iterator[bytes]:
    """Yield pieces of at most so many octets; a sign beyond the first plane is not cut in two."""
    while told:
        end = min(room, len(told))
        if end < len(told) and 0xD8 <= told[end - 2] <= 0xDB:
            end -= 2
        yield told[:end]
        told = told[end:]


def _word(text: str, most: int) -> bytes:
    """Return text that ends with a zero.

    Raises:
        ValueError: it is too long, or no ASCII.
    """
    told = text.encode("ascii")
    if len(told) > most or not text.isprintable():
        raise ValueError(f"{text!r} has more than {most} characters")
    return told + b"\0"
