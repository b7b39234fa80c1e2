"""Who is signed in: sessions that know how it was proved, and when; each proof is a new secret."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from mindu.console.identity.citizens import Citizens, Subject
from mindu.console.identity.leaving.farewells import Farewells
from mindu.console.identity.levels import joined, level_of
from mindu.console.people.sessions import Sessions
from mindu.console.people.store import Store, sealed


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is signed in: how it was proved, and when last."""

    subject: Subject
    amr: tuple[str, ...]
    at: datetime

    @property
    def level(self) -> int:
        """The level of assurance."""
        return level_of(self.amr)


class Signed:
    """Opens, recognises and ends sessions of citizens."""

    def __init__(self, store: Store, citizens: Citizens, farewells: Farewells) -> None:
        """Keep them in this store; clients hear of their ends."""
        self._store, self._citizens, self._farewells = store, citizens, farewells
        self._sessions = Sessions(store, citizens.accounts)

    def open(self, subject: Subject, amr: Collection[str], now: datetime, *, old: str = "") -> str:
        """Open a session, or make one stronger: always under a new secret; `old` ends."""
        before = self.session(old, now) if old else None
        mine = before is not None and before.subject.id == subject.id
        methods = joined(before.amr if before is not None and mine else (), tuple(amr))
        sid = self._sessions.open(subject.name, now)
        if mine:
            self._farewells.renewed(old, sid, now)
        if old:
            self.shut(old, now)
        with self._store.lock:
            row = (sealed(sid), subject.id, " ".join(methods), now.timestamp())
            self._store.run("INSERT INTO signed VALUES(?,?,?,?)", row)
        return sid

    def session(self, sid: str, now: datetime) -> Session | None:
        """Return whose session that is, unless it ended or its account did."""
        if not sid or self._sessions.who(sid, now) is None:
            return None
        found = self._store.one("SELECT subject, amr, at FROM signed WHERE digest=?", sealed(sid))
        subject = None if found is None else self._citizens.of(found[0])
        if found is None or subject is None:
            return None
        at = datetime.fromtimestamp(found[2], now.tzinfo)
        return Session(subject=subject, amr=tuple(found[1].split()), at=at)

    def shut(self, sid: str, now: datetime) -> None:
        """End a session; the clients where it signed in have to hear of it."""
        self._sessions.shut(sid)
        self._farewells.out(sid, now)
        with self._store.lock:
            self._store.run("DELETE FROM signed WHERE digest=?", (sealed(sid),))
