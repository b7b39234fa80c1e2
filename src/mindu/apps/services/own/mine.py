"""Mine: which cases are whose, and every use of somebody's data across them."""

from collections.abc import Mapping
from typing import Any

from mindu.apps.services.counter import Counter

MOST = 200  # cases and uses that a page lists, the newest first


class Mine:
    """Finds cases by applicant; not safe for threads by itself."""

    def __init__(self, counter: Counter) -> None:
        """Look through a counter's log."""
        self._counter = counter
        self._cases: dict[str, list[int]] = {}
        self._known = 0

    def cases(self, subject: str) -> list[int]:
        """Return somebody's cases, the newest first."""
        processes = self._counter.processes
        for instance, applicant in processes.begun(self._known):
            self._cases.setdefault(applicant, []).append(instance)
        self._known = len(processes.memory.log)
        return list(reversed(self._cases.get(subject, [])[-MOST:]))

    def uses(self, subject: str) -> list[Mapping[str, Any]]:
        """Return every use of somebody's data, the newest first."""
        found = [use for case in self.cases(subject) for use in self._counter.receipts(case)]
        return sorted(found, key=lambda use: int(use["entry"]), reverse=True)[:MOST]
