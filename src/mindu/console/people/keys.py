"""Keys: one-time keys for a first sign-in, and passkeys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from mindu.base.time import HOUR
from mindu.console.contract.common import Role
from mindu.console.people.store import Store, sealed

KEY_LIVES = 24 * HOUR
LABEL = 60  # characters


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey of a person."""

    id: bytes
    name: str
    key: bytes
    count: int
    label: str


class Keys:
    """What lets somebody in besides a password."""

    def __init__(self, store: Store) -> None:
        """Read and write this store."""
        self._store = store

    def key_for(self, name: str, role: Role, now: datetime, lives: timedelta = KEY_LIVES) -> str:
        """Return a key that signs in once as that person, or makes the account."""
        key = token_urlsafe(24)
        row = (sealed(key), name, role, (now + lives).timestamp())
        with self._store.lock:
            self._store.run("DELETE FROM once WHERE until<?", (now.timestamp(),))
            self._store.run("INSERT INTO once VALUES(?,?,?,?)", row)
        return key

    def offered(self, key: str, now: datetime) -> tuple[str, Role] | None:
        """Return what a key is for while it is good, without using it up."""
        found = self._store.one("SELECT name, role, until FROM once WHERE digest=?", sealed(key))
        return (found[0], found[1]) if found and found[2] >= now.timestamp() else None

    def use(self, key: str, now: datetime) -> tuple[str, Role] | None:
        """Use a key up; return what it was for, None if it was used before or is too old."""
        with self._store.lock:
            found = self.offered(key, now)
            self._store.run("DELETE FROM once WHERE digest=?", (sealed(key),))
        return found

    def add_passkey(self, passkey: Passkey, now: datetime) -> None:
        """Keep a passkey."""
        row = (passkey.id, passkey.name, passkey.key, passkey.count, passkey.label[:LABEL])
        with self._store.lock:
            sql = "INSERT OR REPLACE INTO passkey VALUES(?,?,?,?,?,?)"
            self._store.run(sql, (*row, now.timestamp()))

    def whose(self, credential: bytes) -> Passkey:
        """Return the passkey with that id.

        Raises:
            KeyError: nobody has it.
        """
        sql = "SELECT id, name, key, count, label FROM passkey WHERE id=?"
        found = self._store.one(sql, credential)
        if found is None:
            raise KeyError("nobody has this passkey")
        return Passkey(*found)

    def passkeys(self, name: str) -> list[Passkey]:
        """Return a person's passkeys."""
        sql = "SELECT id, name, key, count, label FROM passkey WHERE name=? ORDER BY since"
        with self._store.lock:
            return [Passkey(*row) for row in self._store.run(sql, (name,))]

    def counted(self, credential: bytes, count: int) -> None:
        """Note how often a passkey has signed: a copy would run behind."""
        with self._store.lock:
            self._store.run("UPDATE passkey SET count=? WHERE id=?", (count, credential))
