"""Sessions: who is signed in, by a secret that only their browser holds."""

from datetime import datetime
from secrets import token_urlsafe

from mindu.base.time import DAY, HOUR
from mindu.console.people.accounts import Accounts, Person
from mindu.console.people.store import Store, sealed

IDLE, WHOLE = 12 * HOUR, 7 * DAY  # a session ends after so long without a word, and at the latest
SESSIONS = 10_000  # kept at once; the stalest go first
AWAKE_S = 60.0  # s between two notes that a session is in use


class Sessions:
    """Opens, recognises and ends sessions."""

    def __init__(self, store: Store, accounts: Accounts) -> None:
        """Read and write this store."""
        self._store, self._accounts = store, accounts

    def open(self, name: str, now: datetime) -> str:
        """Open a session; return its secret."""
        sid, at = token_urlsafe(32), now.timestamp()
        with self._store.lock:
            self._store.run("INSERT INTO session VALUES(?,?,?,?)", (sealed(sid), name, at, at))
            self._store.run(
                "DELETE FROM session WHERE digest IN "
                "(SELECT digest FROM session ORDER BY seen DESC LIMIT -1 OFFSET ?)",
                (SESSIONS,),
            )
        return sid

    def who(self, sid: str, now: datetime) -> Person | None:
        """Return whose session that is, unless it ended; looking keeps it awake."""
        found = self._store.one("SELECT name, since, seen FROM session WHERE digest=?", sealed(sid))
        if not found:
            return None
        name, since, seen = found
        at = now.timestamp()
        if at - seen > IDLE.total_seconds() or at - since > WHOLE.total_seconds():
            self.shut(sid)
            return None
        if at - seen > AWAKE_S:
            with self._store.lock:
                self._store.run("UPDATE session SET seen=? WHERE digest=?", (at, sealed(sid)))
        return self._accounts.person(name)

    def shut(self, sid: str) -> None:
        """End a session."""
        with self._store.lock:
            self._store.run("DELETE FROM session WHERE digest=?", (sealed(sid),))
