"""A burst: plain PUBLISH packets of QoS 1 that came together, cut and acknowledged in one go.

Whatever is not plain (another QoS, properties, longer packets) is left to the ordinary reader.
"""

from typing import NamedTuple

PLAIN = 0x32  # PUBLISH, QoS 1, not sent again, not retained
LONG = 127
_NONE = bytes(2)
Said = tuple[bytes, bytes]  # topic, payload


class Burst(NamedTuple):
    """What was cut: messages, their packet identifiers, and how many bytes they took."""

    messages: list[Said]
    numbers: list[bytes]
    end: int

    @property
    def plain(self) -> bool:
        """Say whether all are readings; receipts and Observations mean something else."""
        told = self.messages
        return not any(t.endswith(b"/receipts") or t.startswith(b"v1.1/") for t, _ in told)

    def acknowledged(self) -> bytes:
        """Return the PUBACK packets of all (3.4)."""
        return b"\x40\x02" + b"\x40\x02".join(self.numbers)


def cut(data: bytes, version: int) -> Burst:
    """Cut what is plain from the beginning of some bytes (3.3)."""
    messages: list[Said] = []
    numbers: list[bytes] = []
    at, size = 0, len(data)
    properties = int(version == 5)
    while at + 6 < size and data[at] == PLAIN:
        length, start = data[at + 1], at + 2
        if length > LONG:
            if data[start] > LONG:
                break
            length, start = (length & LONG) | data[start] << 7, start + 1
        stop = start + length
        topic = start + 2
        body = topic + (data[start] << 8 | data[start + 1]) + 2
        if stop > size or body + properties > stop or (properties and data[body]):
            break
        number = data[body - 2 : body]
        if number == _NONE:
            break
        messages.append((data[topic : body - 2], data[body + properties : stop]))
        numbers.append(number)
        at = stop
    return Burst(messages, numbers, at)
