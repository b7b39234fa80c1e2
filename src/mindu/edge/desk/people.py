"""Who sits at the desk: officers sign in with number and secret; a session lives a shift."""

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.office import Office
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.limits import Limits, Rate

SHIFT = timedelta(hours=9)
MOST = 5_000  # sessions at once; the oldest ends first
TRIES = Rate(6, 30)  # wrong sign-ins of one officer or address


class People:
    """The sessions of one desk; they end with the process."""

    def __init__(self, office: Office) -> None:
        """Start with nobody."""
        self._office = office
        self._held: OrderedDict[str, tuple[str, datetime]] = OrderedDict()
        self._tries = Limits(TRIES)

    def barred(self, name: str, address: str, now: datetime) -> bool:
        """Say whether there were too many wrong tries for this officer, or from this address."""
        keys = (f"who:{name}", f"from:{address}")
        return any(self._tries.left(key, now.timestamp()) < 1.0 for key in keys)

    def sign_in(self, name: str, secret: str, address: str, now: datetime) -> str | None:
        """Return a new session, or None: unknown, wrong, expired, or too many wrong tries.

        A whole centre signs in from one address as its shift begins: what was right counts nothing.
        """
        if self.barred(name, address, now):
            return None
        officer = self._office.officer(name)
        known = officer.token if officer is not None else ""
        right = compare_digest(sha256(secret.encode()).hexdigest(), known or "-")
        if officer is None or not known or not right or not _serves(officer, now):
            for key in (f"who:{name}", f"from:{address}"):
                self._tries.take(key, now.timestamp())
            return None
        session = secrets.token_urlsafe(32)
        self._held[session] = (name, now + SHIFT)
        if len(self._held) > MOST:
            self._held.popitem(last=False)
        return session

    def who(self, session: str, now: datetime) -> Officer | None:
        """Return the officer of a session that still holds."""
        found = self._held.get(session)
        if found is None or now > found[1]:
            self._held.pop(session, None)
            return None
        officer = self._office.officer(found[0])
        return officer if officer is not None and _serves(officer, now) else None

    def sign_out(self, session: str) -> None:
        """End a session."""
        self._held.pop(session, None)


def _serves(officer: Officer, now: datetime) -> bool:
    return officer.until is None or now.astimezone(CITY).date() <= officer.until
