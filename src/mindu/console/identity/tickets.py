"""Tickets: codes, access tokens and refresh tokens; each is known by its digest alone.

All tokens that follow from one code are a family. A code or refresh token that comes a second time
was copied by somebody: the whole family ends.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe

import msgspec

from mindu.base.time import DAY, MINUTE
from mindu.console.people.store import Store, sealed

CODE_LIVES = timedelta(seconds=60)
ACCESS_LIVES = 10 * MINUTE
FAMILY_LIVES = 30 * DAY  # of a refresh token and all that follow from it
SWEEP = MINUTE  # between two looks for what ran out
REPLAYED = "replayed"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was granted: to whom, about whom, how it was proved; what ID tokens are made from."""

    client: str
    subject: str
    scope: str
    amr: tuple[str, ...]
    auth_time: int  # s since the epoch
    nonce: str = ""
    acting: str = ""  # the delegation under which the subject acts
    redirect: str = ""
    challenge: str = ""
    family: str = ""
    session: str = ""  # the name under which the client knows the session

    @property
    def code_challenge(self) -> str:
        """What the verifier must hash to, as authlib asks for it."""
        return self.challenge

    @property
    def code_challenge_method(self) -> str:
        """How: there is one way."""
        return "S256"

    def get_redirect_uri(self) -> str:
        """Return where the code went."""
        return self.redirect

    def get_scope(self) -> str:
        """Return what was granted."""
        return self.scope


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A token that is good: whose, and of which family."""

    digest: bytes
    kind: str
    asked: Asked
    until: datetime

    def check_client(self, client: object) -> bool:
        """Say whether it was issued to this client, as authlib asks."""
        return getattr(client, "id", None) == self.asked.client

    def get_scope(self) -> str:
        """Return what was granted."""
        return self.asked.scope


class Replayed(ValueError):  # noqa: N818 - an answer, not a fault
    """Something that works once came twice; its family has ended."""

    def __init__(self, asked: Asked, what: str) -> None:
        """Keep whose it was."""
        super().__init__(f"a {what} came a second time")
        self.asked, self.what = asked, what


class Tickets:
    """Everything that was handed out and may come back."""

    def __init__(self, store: Store) -> None:
        """Keep them in this store."""
        self._store = store
        self._swept = float("-inf")

    def code(self, asked: Asked, now: datetime) -> str:
        """Return a code for what was granted; it works once, for a minute, for its client."""
        self._sweep(now)
        code = token_urlsafe(32)
        asked = msgspec.structs.replace(asked, family=token_urlsafe(16))
        told, until = msgspec.json.encode(asked), (now + CODE_LIVES).timestamp()
        with self._store.lock:
            row = (sealed(code), asked.client, asked.nonce, told, until)
            self._store.run("INSERT INTO code VALUES(?,?,?,?,?,0)", row)
        return code

    def saw(self, client: str, nonce: str) -> bool:
        """Say whether a client used this nonce with a code that is still remembered."""
        sql = "SELECT 1 FROM code WHERE client=? AND nonce=?"
        return bool(nonce) and self._store.one(sql, client, nonce) is not None

    def redeem(self, code: str, client: str, now: datetime) -> Asked | None:
        """Return what a code stands for and use it up; None where it is none of this client's.

        Raises:
            Replayed: it was used before; what followed from it has ended.
        """
        with self._store.lock:
            sql = "SELECT told, until, spent FROM code WHERE digest=? AND client=?"
            found = self._store.one(sql, sealed(code), client)
            if found is None:
                return None
            asked = msgspec.json.decode(found[0], type=Asked)
            if found[2]:
                self.end(asked.family, REPLAYED)
                raise Replayed(asked, "code")
            self._store.run("UPDATE code SET spent=1 WHERE digest=?", (sealed(code),))
        return asked if found[1] >= now.timestamp() else None

    def begin(self, asked: Asked, now: datetime) -> None:
        """Begin the family that a code stands for."""
        told, until = msgspec.json.encode(asked), (now + FAMILY_LIVES).timestamp()
        with self._store.lock:
            row = (asked.family, asked.client, asked.subject, told, until)
            self._store.run("INSERT INTO family VALUES(?,?,?,?,?,'')", row)

    def keep(self, token: str, kind: str, family: str, now: datetime) -> None:
        """Keep a token that is handed out."""
        lives = ACCESS_LIVES if kind == "access" else FAMILY_LIVES
        row = (sealed(token), kind, family, (now + lives).timestamp())
        with self._store.lock:
            self._store.run("INSERT INTO token VALUES(?,?,?,?,0)", row)

    def held(self, token: str, kind: str, now: datetime) -> Held | None:
        """Return what a token is good for; None where it is good for nothing.

        Raises:
            Replayed: it is a refresh token that was used before; its family has ended.
        """
        sql = (
            "SELECT t.family, t.until, t.spent, f.told, f.until FROM token t "
            "JOIN family f ON f.id=t.family WHERE t.digest=? AND t.kind=? AND f.ended=''"
        )
        with self._store.lock:
            found = self._store.one(sql, sealed(token), kind)
            if found is None:
                return None
            asked = msgspec.json.decode(found[3], type=Asked)
            if found[2]:
                self.end(found[0], REPLAYED)
                raise Replayed(asked, "refresh token")
        until = min(found[1], found[4])
        if until < now.timestamp():
            return None
        at = datetime.fromtimestamp(until, now.tzinfo)
        return Held(digest=sealed(token), kind=kind, asked=asked, until=at)

    def spend(self, held: Held) -> None:
        """Use a refresh token up."""
        with self._store.lock:
            self._store.run("UPDATE token SET spent=1 WHERE digest=?", (held.digest,))

    def end(self, family: str, why: str) -> None:
        """End a family: none of its tokens is good any more."""
        with self._store.lock:
            sql = "UPDATE family SET ended=? WHERE id=? AND ended=''"
            self._store.run(sql, (why, family))

    def end_all(self, why: str, *, subject: str, client: str = "", acting: str = "") -> int:
        """End all families of a subject, or those with one client or delegation; say how many."""
        with self._store.lock:
            sql = "SELECT id, told FROM family WHERE subject=? AND ended=''"
            rows = list(self._store.run(sql, (subject,)))
            told = [(row[0], msgspec.json.decode(row[1], type=Asked)) for row in rows]
            found = [
                family for family, asked in told
                if (not client or asked.client == client) and (not acting or asked.acting == acting)
            ]  # fmt: skip
            for family in found:
                self.end(family, why)
        return len(found)

    def _sweep(self, now: datetime) -> None:
        """Forget what ran out, now and then; a spent code is remembered as long as its family."""
        at = now.timestamp()
        if at - self._swept < SWEEP.total_seconds():
            return
        self._swept = at
        long = at - FAMILY_LIVES.total_seconds()
        with self._store.lock:
            for sql, told in (
                ("DELETE FROM code WHERE until<?", long), ("DELETE FROM token WHERE until<?", at),
                ("DELETE FROM family WHERE until<?", at),
                ("DELETE FROM pending WHERE at<?", at - DAY.total_seconds()),
            ):  # fmt: skip
                self._store.run(sql, (told,))
