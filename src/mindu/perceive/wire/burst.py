"""A burst: plain PUBLISH packets of QoS 1 that came together, cut and acknowledged in one go.

Whatever is not plain (another QoS, no topic, properties, longer packets) is left to the ordinary
reader.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from mindu.base.slot import Slot
from mindu.perceive.said import Said
from mindu.perceive.wire.topics import Message, said

PLAIN = 0x32  # PUBLISH, QoS 1, not sent again, not retained
LONG = 127
_NONE = bytes(2)


class Burst(NamedTuple):
    """What was cut: the packets, for which version, how many, and the PUBACKs of all (3.4).

    `plain`: all are readings; receipts and Observations mean something else.
    """

    data: bytes
    version: int
    size: int
    acknowledged: bytes
    plain: bool
    messages: list[Message] | None = None

    @property
    def end(self) -> int:
        """How many bytes were cut."""
        return len(self.data)

    def told(self) -> list[Message]:
        """Return topics and payloads."""
        messages = self.messages
        return ordinary(self.data, self.version).told() if messages is None else messages


class Quick(Protocol):
    """Cuts and reads sooner, to the same outcome."""

    def cut(self, data: bytes, version: int) -> Burst:
        """Cut what is plain from the beginning of some bytes."""
        ...

    def read(self, bursts: Sequence[Burst]) -> Said | None:
        """Return the readings of several bursts; None if one of them is more than a number."""
        ...


QUICK: Slot[Quick] = Slot()


def cut(data: bytes, version: int) -> Burst:
    """Cut what is plain from the beginning of some bytes (3.3)."""
    return ordinary(data, version) if QUICK.held is None else QUICK.held.cut(data, version)


def read(bursts: Sequence[Burst]) -> list[Said]:
    """Return what several bursts say: single readings as one, the others each."""
    found = QUICK.held.read(bursts) if QUICK.held is not None else None
    if found is not None:
        return [found]
    return said([message for burst in bursts for message in burst.told()])


def ordinary(data: bytes, version: int) -> Burst:
    """Cut packet by packet."""
    messages: list[Message] = []
    numbers: list[bytes] = []
    at, size = 0, len(data)
    properties, plain = int(version == 5), True
    while at + 6 < size and data[at] == PLAIN:
        length, start = data[at + 1], at + 2
        if length > LONG:
            if data[start] > LONG:
                break
            length, start = (length & LONG) | data[start] << 7, start + 1
        stop = start + length
        topic = start + 2
        named = data[start] << 8 | data[start + 1]
        body = topic + named + 2
        if stop > size or not named or body + properties > stop or (properties and data[body]):
            break
        number = data[body - 2 : body]
        if number == _NONE:
            break
        name = data[topic : body - 2]
        plain = plain and not (name.endswith(b"/receipts") or name.startswith(b"v1.1/"))
        messages.append((name, data[body + properties : stop]))
        numbers.append(number)
        at = stop
    told = b"\x40\x02" + b"\x40\x02".join(numbers) if numbers else b""
    return Burst(data[:at], version, len(numbers), told, plain, messages)
