"""Accounts: names, roles and passwords as argon2 digests."""

from dataclasses import dataclass
from datetime import datetime

from mindu.console.contract.common import ROLES, Role
from mindu.console.people.password import WRONG, digest_of, fits
from mindu.console.people.store import Store

NAME = 60  # characters
_PERSON = "SELECT account.name, role, digest, coalesce(department, '') FROM account " \
    "LEFT JOIN unit ON unit.name = account.name"  # fmt: skip


class Wrong(ValueError):  # noqa: N818 - an answer to a person
    """A name, password or role that cannot be."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has an account."""

    name: str
    role: Role
    password: bool = False
    department: str = ""  # the one they sign for; "": any


class Accounts:
    """Everybody who has an account."""

    def __init__(self, store: Store) -> None:
        """Read and write this store."""
        self._store = store

    def add(self, name: str, role: Role, *, password: str = "", now: datetime) -> Person:
        """Make an account.

        Raises:
            Wrong: the name is taken or none, the role is none, or the password is too weak.
        """
        name = name.strip()
        if not name or len(name) > NAME or not name.isprintable():
            raise Wrong(f"a name has 1 to {NAME} printable characters")
        if role not in ROLES[1:]:
            raise Wrong(f"a role is one of {', '.join(ROLES[1:])}")
        digest = digest_of(password, name) if password else ""
        with self._store.lock:
            if self.person(name):
                raise Wrong(f"{name} has an account already")
            row = (name, role, digest, now.timestamp())
            self._store.run("INSERT INTO account VALUES(?,?,?,?)", row)
        return Person(name, role, bool(digest))

    def person(self, name: str) -> Person | None:
        """Return who has that name."""
        found = self._store.one(f"{_PERSON} WHERE account.name=?", name)
        return Person(found[0], found[1], bool(found[2]), found[3]) if found else None

    def everybody(self) -> list[Person]:
        """Return all accounts by name."""
        with self._store.lock:
            rows = self._store.run(f"{_PERSON} ORDER BY account.name")
            return [Person(name, role, bool(digest), unit) for name, role, digest, unit in rows]

    def set_role(self, name: str, role: Role) -> None:
        """Give a person another role; the last admin stays one.

        Raises:
            Wrong: there is nobody of that name, or it is the last admin.
        """
        self._keeps_an_admin(name)
        with self._store.lock:
            self._store.run("UPDATE account SET role=? WHERE name=?", (role, name))

    def set_department(self, name: str, department: str) -> None:
        """Say for which department a person signs; "" lets them sign for any.

        Raises:
            Wrong: there is nobody of that name, or the code is none.
        """
        if len(department) > NAME or not department.isprintable():
            raise Wrong(f"a department's code has at most {NAME} printable characters")
        with self._store.lock:
            if self.person(name) is None:
                raise Wrong(f"nobody is named {name}")
            self._store.run("DELETE FROM unit WHERE name=?", (name,))
            if department:
                self._store.run("INSERT INTO unit VALUES(?,?)", (name, department))

    def set_password(self, name: str, password: str) -> None:
        """Give a person a new password; their other sessions end.

        Raises:
            Wrong: it is too weak.
        """
        digest = digest_of(password, name)
        with self._store.lock:
            self._store.run("UPDATE account SET digest=? WHERE name=?", (digest, name))
            self._store.run("DELETE FROM session WHERE name=?", (name,))

    def remove(self, name: str) -> None:
        """Take an account away with all that belongs to it; the last admin stays.

        Raises:
            Wrong: there is nobody of that name, or it is the last admin.
        """
        self._keeps_an_admin(name)
        with self._store.lock:
            for table in ("session", "passkey", "once", "unit", "account"):
                self._store.run(f"DELETE FROM {table} WHERE name=?", (name,))  # noqa: S608

    def check(self, name: str, password: str) -> Person | None:
        """Return the person if the password is theirs; it takes as long where there is nobody."""
        found = self._store.one("SELECT digest FROM account WHERE name=?", name.strip())
        digest = found[0] if found and found[0] else WRONG
        good = fits(password, digest) and digest != WRONG
        return self.person(name.strip()) if good else None

    def _keeps_an_admin(self, name: str) -> None:
        person = self.person(name)
        if person is None:
            raise Wrong(f"nobody is named {name}")
        admins = [p.name for p in self.everybody() if p.role == "admin"]
        if admins == [name]:
            raise Wrong(f"{name} is the last admin: make another one first")
