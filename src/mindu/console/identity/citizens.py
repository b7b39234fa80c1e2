"""Citizens: persons and firms who sign in, and staff by the console's own accounts.

What names them lies in the vault; the log knows them by names that mean nothing outside.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from secrets import token_hex
from typing import Protocol

import msgspec

from mindu.console.contract.common import Role
from mindu.console.people.accounts import Accounts, Wrong
from mindu.console.people.challenges import Challenges
from mindu.console.people.keys import Keys
from mindu.console.people.store import Store

KINDS = ("person", "firm", "staff")
FACTS = "identity"  # what the vault keeps under a subject
STAFF = "staff:"  # before the name of a console account


class Vault(Protocol):
    """Where what names a person is kept."""

    def put(self, subject: str, name: str, value: object) -> None:
        """Keep a value."""
        ...

    def get(self, subject: str, name: str) -> object | None:
        """Return it."""
        ...

    def erase(self, subject: str) -> bool:
        """Forget all of a subject."""
        ...


class Subject(msgspec.Struct, frozen=True):
    """Somebody who can sign in; `id` means nothing outside and stands in the log."""

    id: str
    name: str  # by which they sign in
    kind: str


class Citizens:
    """Everybody who can sign in."""

    def __init__(self, store: Store, vault: Vault, staff: Accounts | None = None) -> None:
        """Keep accounts in this store; staff sign in by the console's accounts."""
        self._store, self.vault, self._staff = store, vault, staff
        self.accounts = Accounts(store)
        self.keys, self.challenges = Keys(store), Challenges()

    def enrol(
        self, name: str, kind: str, password: str, facts: Mapping[str, object], *, now: datetime
    ) -> Subject:
        """Make an account of a person or firm.

        Raises:
            Wrong: the name is taken or cannot be.
            Weak: the password is too weak.
        """
        if kind not in {"person", "firm"} or name.startswith(STAFF):
            raise Wrong("an account is a person's or a firm's, and no name begins with staff:")
        with self._store.lock:
            person = self.accounts.add(name, "viewer", password=password, now=now)
            return self._subject(person.name, kind, facts, now)

    def check(self, kind: str, name: str, password: str, now: datetime) -> Subject | None:
        """Return the subject whose password this is; it takes as long where there is none."""
        if kind != "staff":
            person = self.accounts.check(name, password)
            found = None if person is None else self.named(person.name)
            return found if found is not None and found.kind == kind else None
        held = None if self._staff is None else self._staff.check(name, password)
        if held is None:
            return None
        known = self.named(f"{STAFF}{held.name}")
        if known is not None:
            return known
        with self._store.lock:
            self.accounts.add(f"{STAFF}{held.name}", "viewer", now=now)
            return self._subject(f"{STAFF}{held.name}", "staff", {"name": held.name}, now)

    def mend(self, name: str, password: str) -> None:
        """Give whoever signs in by this name a new password; all their sessions end.

        Raises:
            Weak: the password is too weak.
        """
        if name.startswith(STAFF) and self._staff is not None:
            self._staff.set_password(name.removeprefix(STAFF), password)
            with self._store.lock:
                self._store.run("DELETE FROM session WHERE name=?", (name,))
        else:
            self.accounts.set_password(name, password)

    def named(self, name: str) -> Subject | None:
        """Return who signs in by this name, while they may."""
        found = self._store.one("SELECT id, name, kind FROM subject WHERE name=?", name.strip())
        return self._alive(None if found is None else Subject(*found))

    def of(self, subject: str) -> Subject | None:
        """Return a subject by its name in the log, while it may sign in."""
        found = self._store.one("SELECT id, name, kind FROM subject WHERE id=?", subject)
        return self._alive(None if found is None else Subject(*found))

    def role(self, subject: Subject) -> Role | None:
        """Return the console's role of somebody of the staff."""
        if subject.kind != "staff" or self._staff is None:
            return None
        person = self._staff.person(subject.name.removeprefix(STAFF))
        return None if person is None else person.role

    def offices(self, subject: Subject) -> tuple[str, ...]:
        """Return the departments and windows that somebody of the staff works for."""
        return self.offices_of(subject.name.removeprefix(STAFF)) if subject.kind == "staff" else ()

    def offices_of(self, name: str) -> tuple[str, ...]:
        """Return the departments and windows of a console account."""
        sql = "SELECT office FROM office WHERE name=? ORDER BY office"
        with self._store.lock:
            rows = list(self._store.run(sql, (name,)))
        return tuple(row[0] for row in rows)

    def place(self, name: str, offices: Collection[str]) -> None:
        """Let somebody of the staff work for these offices, and no others."""
        with self._store.lock:
            self._store.run("DELETE FROM office WHERE name=?", (name,))
            for office in offices:
                self._store.run("INSERT OR IGNORE INTO office VALUES(?,?)", (name, office))

    def reach(self, name: str) -> tuple[str, str]:
        """Return where somebody of the staff is told of deadlines: phone and mail, or empty."""
        found = self._store.one("SELECT phone, mail FROM reach WHERE name=?", name)
        return ("", "") if found is None else (str(found[0]), str(found[1]))

    def reached(self, name: str, phone: str, mail: str) -> None:
        """Tell somebody of the staff there from now on."""
        with self._store.lock:
            self._store.run("INSERT OR REPLACE INTO reach VALUES(?,?,?)", (name, phone, mail))

    def facts(self, subject: str) -> dict[str, object]:
        """Return what the vault keeps of a subject, in plain."""
        found = self.vault.get(subject, FACTS)
        return dict(found) if isinstance(found, dict) else {}

    def learn(self, subject: str, facts: Mapping[str, object]) -> None:
        """Keep more of a subject, or newer."""
        self.vault.put(subject, FACTS, {**self.facts(subject), **facts})

    def leave(self, subject: Subject) -> None:
        """Take an account away with its facts; the log keeps a name that means nothing."""
        self.accounts.remove(subject.name)
        with self._store.lock:
            for sql in (
                "DELETE FROM signed WHERE subject=?", "DELETE FROM bound WHERE subject=?",
                "DELETE FROM consent WHERE subject=?", "DELETE FROM subject WHERE id=?",
            ):  # fmt: skip
                self._store.run(sql, (subject.id,))
        self.vault.erase(subject.id)

    def bind(self, subject: Subject, bid: str, how: str, now: datetime) -> None:
        """Bind an outside identity to a subject; one outside identity has one subject.

        Raises:
            Wrong: it is somebody else's.
        """
        other = self.bound(bid)
        if other is not None and other.id != subject.id:
            raise Wrong("this identity is bound to another account")
        with self._store.lock:
            row = (bid, subject.id, how, now.timestamp())
            self._store.run("INSERT OR REPLACE INTO bound VALUES(?,?,?,?)", row)

    def bound(self, bid: str) -> Subject | None:
        """Return whose outside identity this is."""
        found = self._store.one("SELECT subject FROM bound WHERE bid=?", bid)
        return None if found is None else self.of(str(found[0]))

    def _subject(self, name: str, kind: str, facts: Mapping[str, object], now: datetime) -> Subject:
        subject = Subject(f"{kind[0]}{token_hex(8)}", name, kind)
        row = (subject.id, name, kind, now.timestamp())
        self._store.run("INSERT INTO subject VALUES(?,?,?,?)", row)
        self.learn(subject.id, {**facts, "kind": kind})
        return subject

    def _alive(self, subject: Subject | None) -> Subject | None:
        if subject is None or subject.kind != "staff":
            return subject
        return subject if self.role(subject) is not None else None
