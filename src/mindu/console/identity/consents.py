"""Consents: what a person let a client know, until when; taken back, it ends at the next use."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from mindu.base.time import DAY
from mindu.console.people.store import Store

LIVES = 365 * DAY  # then the person is asked again


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A person lets a client know these scopes, until then."""

    client: str
    scopes: tuple[str, ...]
    until: datetime


class Consents:
    """All consents that hold."""

    def __init__(self, store: Store) -> None:
        """Keep them in this store."""
        self._store = store

    def give(self, subject: str, client: str, scopes: Collection[str], now: datetime) -> Consent:
        """Keep a consent; it takes the place of an older one of the same two, and adds to it."""
        before = self.of(subject, client, now)
        both = tuple(dict.fromkeys((*(before.scopes if before else ()), *scopes)))
        told = Consent(client=client, scopes=both, until=now + LIVES)
        row = (subject, client, " ".join(both), told.until.timestamp())
        with self._store.lock:
            self._store.run("INSERT OR REPLACE INTO consent VALUES(?,?,?,?)", row)
        return told

    def of(self, subject: str, client: str, now: datetime) -> Consent | None:
        """Return the consent that a subject gave a client, while it holds."""
        return next((one for one in self.every(subject, now) if one.client == client), None)

    def every(self, subject: str, now: datetime) -> list[Consent]:
        """Return all consents of a subject that hold."""
        sql = (
            "SELECT client, scopes, until FROM consent WHERE subject=? AND until>? ORDER BY client"
        )
        with self._store.lock:
            rows = list(self._store.run(sql, (subject, now.timestamp())))
        return [
            Consent(client=client, scopes=tuple(scopes.split()),
                    until=datetime.fromtimestamp(until, now.tzinfo))
            for client, scopes, until in rows
        ]  # fmt: skip

    def covers(self, subject: str, client: str, scopes: Collection[str], now: datetime) -> bool:
        """Say whether a subject let a client know all of these scopes."""
        held = self.of(subject, client, now)
        return held is not None and set(scopes) <= set(held.scopes)

    def take_back(self, subject: str, client: str) -> bool:
        """Take a consent back; say whether there was one."""
        with self._store.lock:
            sql = "DELETE FROM consent WHERE subject=? AND client=? RETURNING 1"
            return next(self._store.run(sql, (subject, client)), None) is not None
