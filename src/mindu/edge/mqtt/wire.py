"""MQTT 3.1.1 and 5 on the wire: as much of both standards as an intake needs.

Packets after OASIS MQTT Version 3.1.1 and Version 5.0; section numbers are those of 5.0.
"""

import struct
from dataclasses import dataclass

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = 1, 2, 3, 4, 5, 6, 7
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT = 8, 9, 10, 11, 12, 13, 14
_NAME = b"MQTT"
BIGGEST = 1 << 20  # bytes of one packet


class Wrong(Exception):  # noqa: N818 - the line is closed with this reason code
    """A packet that breaks the protocol, with the reason code of MQTT 5 (section 2.4)."""

    def __init__(self, why: str, code: int = 0x81) -> None:
        """Carry the code; 0x81 is a malformed packet."""
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class Connect:
    """What a client asks for when it connects (3.1)."""

    version: int
    client: str
    keepalive: int
    clean: bool
    user: str
    password: bytes


def packet(kind: int, body: bytes, flags: int = 0) -> bytes:
    """Return the bytes of a packet."""
    length, left = bytearray(), len(body)
    while True:
        left, digit = left >> 7, left & 127
        length.append(digit | (128 if left else 0))
        if not left:
            return bytes((kind << 4 | flags,)) + bytes(length) + body


def text(body: bytes, at: int) -> tuple[str, int]:
    """Return a UTF-8 string and where it ends."""
    raw, at = field(body, at)
    try:
        return raw.decode(), at
    except UnicodeDecodeError as wrong:
        raise Wrong("a string is not UTF-8") from wrong


def field(body: bytes, at: int) -> tuple[bytes, int]:
    """Return binary data with its two bytes of length, and where it ends."""
    if len(body) < at + 2:
        raise Wrong("a field is cut short")
    (length,) = struct.unpack_from(">H", body, at)
    end = at + 2 + length
    if len(body) < end:
        raise Wrong("a field is cut short")
    return body[at + 2 : end], end


def past_properties(body: bytes, at: int) -> int:
    """Return where the properties of MQTT 5 end."""
    length, shift = 0, 0
    while at < len(body):
        byte = body[at]
        length, at, shift = length | (byte & 127) << shift, at + 1, shift + 7
        if byte < 128:
            if at + length > len(body):
                raise Wrong("properties are cut short")
            return at + length
        if shift > 21:
            break
    raise Wrong("properties are malformed")


def connect(body: bytes) -> Connect:
    """Read a CONNECT packet (3.1)."""
    name, at = field(body, 0)
    if name != _NAME or len(body) < at + 4:
        raise Wrong("this is no MQTT 3.1.1 or 5", 0x84)
    version, flags = body[at], body[at + 1]
    (keepalive,) = struct.unpack_from(">H", body, at + 2)
    at += 4
    if version not in {4, 5}:
        raise Wrong("speak MQTT 3.1.1 or 5", 0x84)
    if flags & 1:
        raise Wrong("a reserved flag is set")
    if version == 5:
        at = past_properties(body, at)
    client, at = text(body, at)
    if flags & 4:  # a will: nobody is told here, so it is read over
        at = past_properties(body, at) if version == 5 else at
        _, at = field(body, at)
        _, at = field(body, at)
    user, at = text(body, at) if flags & 128 else ("", at)
    password, at = field(body, at) if flags & 64 else (b"", at)
    return Connect(version, client, keepalive, bool(flags & 2), user, password)


def publish(body: bytes, flags: int, version: int) -> tuple[str, int, bytes]:
    """Read a PUBLISH packet (3.3): topic, packet identifier (0 at QoS 0) and payload."""
    topic, at = text(body, 0)
    number = 0
    if flags & 6:
        if len(body) < at + 2:
            raise Wrong("a packet identifier is missing")
        (number,) = struct.unpack_from(">H", body, at)
        at += 2
        if not number:
            raise Wrong("a packet identifier is zero")
    if version == 5:
        at = past_properties(body, at)
    return topic, number, body[at:]


def connack(version: int, code: int, *, receive: int, present: bool = False) -> bytes:
    """Return a CONNACK (3.2): with MQTT 5, how many messages may be in flight, and no QoS 2."""
    session = bytes((int(present),))
    if version == 4:
        old = {0: 0, 0x84: 1, 0x85: 2, 0x86: 4, 0x87: 5, 0x97: 3}
        return packet(CONNACK, session + bytes((old.get(code, 3),)))
    told = b""
    if not code:
        told = b"\x21" + struct.pack(">H", receive)  # receive maximum
        told += b"\x24\x01"  # maximum QoS 1
        told += b"\x25\x00"  # no retained messages
        told += b"\x27" + struct.pack(">I", BIGGEST)  # maximum packet size
        told += b"\x28\x00\x29\x00\x2a\x00"  # no wildcard, identified or shared subscriptions
    return packet(CONNACK, session + bytes((code, len(told))) + told)


def puback(number: int) -> bytes:
    """Return a PUBACK (3.4): the message is durable."""
    return struct.pack(">BBH", 0x40, 2, number)


def subscribe(body: bytes, version: int) -> tuple[int, list[str]]:
    """Read a SUBSCRIBE packet (3.8): packet identifier and topic filters."""
    if len(body) < 2:
        raise Wrong("a packet identifier is missing")
    (number,) = struct.unpack_from(">H", body)
    at = past_properties(body, 2) if version == 5 else 2
    topics: list[str] = []
    while at < len(body):
        topic, at = text(body, at)
        topics, at = [*topics, topic], at + 1
    return number, topics


def published(topic: str, payload: bytes, number: int, version: int) -> bytes:
    """Return a PUBLISH of QoS 1 (3.3)."""
    head = len(raw := topic.encode()).to_bytes(2) + raw + number.to_bytes(2)
    return packet(PUBLISH, head + bytes(version == 5) + payload, 2)


def suback(number: int, codes: bytes, version: int) -> bytes:
    """Return a SUBACK (3.9)."""
    return packet(SUBACK, struct.pack(">H", number) + bytes(version == 5) + codes)
