"""Proposals of loops as a city asks a node for them, and a person's answer to one."""

from typing import Any

import msgspec

from mindu.base.records import Value, Words
from mindu.edge.straight import JSON, Declined, asked

PATIENCE = 10.0  # s for one answer


class Reading(msgspec.Struct, frozen=True):
    """By which reading a loop judged. `at`: epoch ms."""

    device: str
    prop: str
    at: int
    value: float | None


class Told(msgspec.Struct, frozen=True):
    """What a loop would tell which device."""

    device: str
    command: str
    args: dict[str, Value]


class Proposal(msgspec.Struct, frozen=True):
    """One proposal that waits. `at`: epoch ms."""

    node: str
    number: int
    loop: str
    at: int
    why: Words
    reading: Reading
    command: Told


class Waiting(msgspec.Struct, frozen=True):
    """What waits at an instant of the node that was asked, epoch ms."""

    proposals: list[Proposal]
    now: int


_WAITING = msgspec.json.Decoder(Waiting)


class Line:
    """The line to the node that hears of proposals."""

    def __init__(self, url: str, key: str) -> None:
        """Ask at this address with this key, which `reads` and `orders`."""
        self.url, self._key = url.rstrip("/"), key

    def waiting(self) -> Waiting:
        """Return the proposals that wait.

        Raises:
            OSError: the line is down.
            ValueError: the key is refused, or the answer is none of a node.
        """
        told = asked(f"{self.url}/v1/proposals?limit=1000", self._key, None, JSON, PATIENCE)
        return _WAITING.decode(told)

    def answer(self, node: str, number: int, *, yes: bool, who: str, note: str) -> None:
        """Hand a person's answer over; the same again is the same.

        Raises:
            OSError: the line is down.
            Declined: the node will not take it, and says why.
        """
        said: dict[str, Any] = {
            "node": node, "number": number, "yes": yes, "who": who[:500], "note": note[:500],
        }  # fmt: skip
        asked(f"{self.url}/v1/proposals", self._key, msgspec.json.encode(said), JSON, PATIENCE)


__all__ = ["Declined", "Line", "Proposal", "Waiting"]
