"""The book: every grant, use and refusal of identity is an entry of the log; it names no person.

A subject stands in it by a name that means nothing outside; a person's own page reads it back.
"""

from collections.abc import Mapping
from datetime import datetime

from mindu.base.records import Entry, Event, Value
from mindu.brain.memory import Memory

SUBJECT, CLIENT = "subject:", "client:"
ENROLLED, LEFT, MENDED = "identity_enrolled", "identity_left", "identity_mended"
SIGNED_IN, SIGNED_OUT, BOUND = "identity_signed_in", "identity_signed_out", "identity_bound"
REGISTERED, STRUCK = "identity_registered", "identity_struck"
ROTATED, PLACED = "identity_rotated", "identity_placed"
GRANTED, WITHDRAWN = "identity_granted", "identity_withdrawn"
USED, REFUSED = "identity_used", "identity_refused"
TOLD_OUT = "identity_sign_out_told"
OFFERED, ACCEPTED = "delegation_offered", "delegation_accepted"
ENDED, ACTED = "delegation_ended", "delegation_used"
SHOWN = 200  # entries that a person's page lists, the newest first
MOST = 5_000  # entries of one subject that are kept by number


class Book:
    """Writes what happens to identities, and finds what was written about one."""

    def __init__(self, memory: Memory) -> None:
        """Write into this memory's log."""
        self._memory = memory
        self._about: dict[str, list[int]] = {}
        self._known = 0

    def write(
        self, name: str, told: Mapping[str, Value], *, about: str, by: str, now: datetime
    ) -> int:
        """Write one entry; it is durable when this returns its number."""
        entry = self._memory.write(Event(name, dict(told)), at=now, about=about, by=by)
        self._memory.log.commit()
        return entry.seq

    def of(self, subject: str) -> list[Entry]:
        """Return what was written about a subject, the newest first."""
        self._look()
        found = self._about.get(f"{SUBJECT}{subject}", [])
        return [self._memory.log[seq] for seq in reversed(found[-SHOWN:])]

    def _look(self) -> None:
        """Take in the entries that were not seen yet."""
        for entry in self._memory.log.since(self._known):
            if entry.about.startswith(SUBJECT) and isinstance(entry.record, Event):
                held = self._about.setdefault(entry.about, [])
                held.append(entry.seq)
                if len(held) > MOST:
                    del held[: MOST // 10]
        self._known = len(self._memory.log)
