"""Challenges: what a passkey must sign, kept for one visitor until it is answered once."""

from collections import OrderedDict
from threading import Lock

MOST = 1_000  # held at once; the stalest go first


class Challenges:
    """The open challenges by visitor."""

    def __init__(self) -> None:
        """Start with none."""
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def remember(self, sid: str, challenge: bytes) -> None:
        """Keep a visitor's newest challenge."""
        with self._lock:
            self._held[sid] = challenge
            self._held.move_to_end(sid)
            if len(self._held) > MOST:
                self._held.popitem(last=False)

    def recall(self, sid: str) -> bytes:
        """Return a visitor's challenge, once.

        Raises:
            KeyError: none is open.
        """
        with self._lock:
            return self._held.pop(sid)
