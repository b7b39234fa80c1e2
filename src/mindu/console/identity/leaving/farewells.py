"""Farewells: where each session signed in, and that its end is told to the clients it reached.

OpenID Connect Back-Channel Logout 1.0: a client with an address for it is sent a signed token that
names the session (`sid`) and the person as that client knows them. What was not taken is told again
after a while, six times at most; the sites of this house ask instead whether a session still holds.
"""

from collections.abc import Callable
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

import msgspec

from mindu.base.time import DAY, MINUTE
from mindu.console.identity.book import CLIENT, TOLD_OUT, Book
from mindu.console.identity.clients import Client, Clients
from mindu.console.people.store import Store, sealed

EVENT = "http://schemas.openid.net/event/backchannel-logout"
KIND = "logout+jwt"
LIVES = 2 * MINUTE  # of a logout token (the standard's advice)
STAYS = 8 * DAY  # longer than any session
TRIES, FIRST = 6, MINUTE  # after each try twice as long: half an hour in all
TAKEN, REFUSED = {200, 204}, 400
_DUE = """SELECT id, client, subject, sid, tries FROM farewell WHERE next<=?
  ORDER BY next, rowid LIMIT ?"""
Tells = Callable[[str, str], int]  # address, token → status; OSError: nobody answers


class Farewell(msgspec.Struct, frozen=True, kw_only=True):
    """One client that has still to hear of the end of one session."""

    id: str
    client: str
    subject: str
    sid: str
    tries: int


class Farewells:
    """Who signed in where; not a queue in memory, so a restart forgets none."""

    def __init__(self, store: Store, clients: Clients, book: Book) -> None:
        """Keep them in this store."""
        self._store, self._clients, self._book = store, clients, book

    def came(self, session: str, client: str, subject: str, now: datetime) -> str:
        """Note that a session signed in at a client; return the name the client knows it by."""
        old = (now - STAYS).timestamp()
        with self._store.lock:
            self._store.run("DELETE FROM visited WHERE at<?", (old,))
            told = (sealed(session), client, token_urlsafe(16), subject, now.timestamp())
            self._store.run("INSERT OR IGNORE INTO visited VALUES(?,?,?,?,?)", told)
            sql = "SELECT sid FROM visited WHERE session=? AND client=?"
            found = self._store.one(sql, sealed(session), client)
        assert found is not None, "it was just written"
        return str(found[0])

    def renewed(self, old: str, new: str, now: datetime) -> None:
        """Go on under a new secret: to clients it is the same session."""
        with self._store.lock:
            told = (sealed(new), now.timestamp(), sealed(old))
            self._store.run("UPDATE visited SET session=?, at=? WHERE session=?", told)

    def open(self, sid: str, client: str) -> bool:
        """Say whether a session that a client knows by this name has not been signed out."""
        sql = "SELECT 1 FROM visited WHERE sid=? AND client=?"
        return self._store.one(sql, sid, client) is not None

    def out(self, session: str, now: datetime) -> int:
        """End a session; return how many clients have to hear of it."""
        found = "SELECT client, subject, sid FROM visited WHERE session=? ORDER BY rowid"
        gone = "DELETE FROM visited WHERE session=?"
        return self._ends(found, gone, sealed(session), now)

    def out_of_all(self, subject: str, now: datetime) -> int:
        """End every session of somebody; return how many farewells there are."""
        found = "SELECT client, subject, sid FROM visited WHERE subject=? ORDER BY rowid"
        gone = "DELETE FROM visited WHERE subject=?"
        return self._ends(found, gone, subject, now)

    def _ends(self, found: str, gone: str, value: bytes | str, now: datetime) -> int:
        count = 0
        with self._store.lock:
            rows = list(self._store.run(found, (value,)))
            self._store.run(gone, (value,))
            for name, subject, sid in rows:
                client = self._clients.find(name)
                if client is not None and client.hears:
                    row = (token_urlsafe(16), name, subject, sid, now.timestamp(), 0)
                    self._store.run("INSERT INTO farewell VALUES(?,?,?,?,?,?)", row)
                    count += 1
        return count

    def due(self, now: datetime, most: int = 100) -> list[Farewell]:
        """Return who has to hear of an end now; nobody else is handed the same for a minute."""
        with self._store.lock:
            rows = list(self._store.run(_DUE, (now.timestamp(), most)))
            for row in rows:
                told = ((now + FIRST).timestamp(), row[0])
                self._store.run("UPDATE farewell SET next=? WHERE id=?", told)
        return [
            Farewell(id=row[0], client=row[1], subject=row[2], sid=row[3], tries=row[4])
            for row in rows
        ]  # fmt: skip

    def answered(self, one: Farewell, status: int, now: datetime) -> None:
        """Take in what a client answered (0: nobody did), and write down how it ended."""
        tries = one.tries + 1
        over = status in TAKEN or status == REFUSED or tries >= TRIES
        with self._store.lock:
            if over:
                self._store.run("DELETE FROM farewell WHERE id=?", (one.id,))
            else:
                again = (now + FIRST * 2**one.tries).timestamp()
                told = (again, tries, one.id)
                self._store.run("UPDATE farewell SET next=?, tries=? WHERE id=?", told)
        if over:
            said = {"how": "told" if status in TAKEN else "not taken", "status": float(status)}
            about = f"{CLIENT}{one.client}"
            self._book.write(TOLD_OUT, said, about=about, by="house", now=now)


def claims(issuer: str, sub: str, client: Client, one: Farewell, now: datetime) -> dict[str, Any]:
    """Return what a logout token says (section 2.4): no nonce, so that it is no ID token."""
    return {
        "iss": issuer, "sub": sub, "aud": client.id, "sid": one.sid, "jti": one.id,
        "iat": int(now.timestamp()), "exp": int((now + LIVES).timestamp()), "events": {EVENT: {}},
    }  # fmt: skip
