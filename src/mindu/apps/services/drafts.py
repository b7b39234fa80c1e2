"""Drafts: answers of forms that were not handed in yet, and are gone when they are old."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mindu.apps.services.vault import Vault

DRAFT, SEEN = "draft:", "draft_seen:"
KEEPS = timedelta(days=30)  # after the last answer; ours, told to whoever keeps one; 1 to 365 days
LOOKS = timedelta(hours=1)  # between two looks for old ones; a draft lives that much longer at most


class Drafts:
    """The drafts of one vault; how old one is counts from the first look after its last answer."""

    def __init__(self, vault: Vault) -> None:
        """Keep drafts in this vault."""
        self._vault = vault
        self._looked: datetime | None = None

    def save(self, subject: str, package: str, values: Mapping[str, Any]) -> None:
        """Keep a draft; without any answers it is taken away."""
        if values:
            self._vault.put(subject, f"{DRAFT}{package}", dict(values))
        else:
            self._vault.drop(subject, f"{DRAFT}{package}")
        self._vault.drop(subject, f"{SEEN}{package}")

    def of(self, subject: str, package: str) -> dict[str, Any]:
        """Return a draft, empty where there is none."""
        kept = self._vault.get(subject, f"{DRAFT}{package}")
        return dict(kept) if isinstance(kept, dict) else {}

    def clear(self, now: datetime) -> int:
        """Take away what nobody went on with for `KEEPS`; return how many drafts that were.

        Between two looks nothing is done. A clock that went back makes no draft older.
        """
        if self._looked is not None and self._looked <= now < self._looked + LOOKS:
            return 0
        self._looked, gone = now, 0
        for subject, name in self._vault.named(DRAFT):
            package = name.removeprefix(DRAFT)
            told = self._vault.get(subject, f"{SEEN}{package}")
            seen = datetime.fromisoformat(told) if isinstance(told, str) else None
            if seen is None or seen > now:
                self._vault.put(subject, f"{SEEN}{package}", now.isoformat())
            elif now >= seen + KEEPS:
                self.save(subject, package, {})
                gone += 1
        return gone
