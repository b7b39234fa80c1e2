"""Bytes of a line, cut into packets of MQTT however they come."""

from mindu.edge.mqtt.wire import BIGGEST, Wrong


class Reader:
    """Bytes that came in, cut into packets."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._held = bytearray()

    @property
    def pending(self) -> int:
        """How many bytes wait for the rest of their packet."""
        return len(self._held)

    def feed(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """Take bytes in; return the whole packets among them as (type, flags, body).

        Raises:
            Wrong: a length is malformed, or a packet is too big.
        """
        held, at, found = self._held, 0, []
        held += data
        while len(held) - at >= 2:
            length, shift, place = 0, 0, at + 1
            while place < len(held):
                byte = held[place]
                length |= (byte & 127) << shift
                place, shift = place + 1, shift + 7
                if byte < 128:
                    break
                if shift > 21:
                    raise Wrong("a packet's length is malformed")
            else:
                break
            if length > BIGGEST:
                raise Wrong(f"a packet has at most {BIGGEST} bytes", 0x95)
            if len(held) - place < length:
                break
            found.append((held[at] >> 4, held[at] & 15, bytes(held[place : place + length])))
            at = place + length
        del held[:at]
        return found
