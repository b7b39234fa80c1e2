"""The house of people: accounts, sessions and keys over one store."""

from pathlib import Path

from mindu.console.people.accounts import Accounts
from mindu.console.people.challenges import Challenges
from mindu.console.people.keys import Keys
from mindu.console.people.sessions import Sessions
from mindu.console.people.store import FILE, Store


class People:
    """All that is known of people; it never enters the log, which knows names alone."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the folder's store, or keep it in memory."""
        self._store = Store(None if folder is None else folder / FILE)
        self.accounts = Accounts(self._store)
        self.sessions = Sessions(self._store, self.accounts)
        self.keys = Keys(self._store)
        self.challenges = Challenges()
        self.secret = self._store.secret("csrf")

    @property
    def owned(self) -> bool:
        """Say whether an admin can sign in again: by a password or a passkey."""
        admins = [p for p in self.accounts.everybody() if p.role == "admin"]
        return any(p.password or self.keys.passkeys(p.name) for p in admins)

    def close(self) -> None:
        """Let the file go."""
        self._store.close()
