"""Keys of the data doors: digests in a table of the log, each somebody's or a subject's own."""

import secrets
from datetime import date, datetime
from hashlib import sha256

from mindu.base.records import Table
from mindu.brain.casework.office import Office
from mindu.data.grants.ask import User
from mindu.data.grants.policies import CITY

TABLE = "data_keys"
COLUMNS = ("name", "digest", "department", "roles", "subject", "until")
MOST = 100_000  # keys of one table


def holder(office: Office, key: str, now: datetime) -> tuple[User, str] | None:
    """Return whose key it is, and which subject of the vault, if it is a subject's."""
    laid = office.memory.tables.get(TABLE)
    wanted, today = sha256(key.encode()).hexdigest(), now.astimezone(CITY).date()
    for name, digest, department, roles, subject, until in laid.table.rows if laid and key else ():
        if secrets.compare_digest(digest, wanted) and _runs(until, today):
            return User(name, department, tuple(roles.split())), subject
    return None


def give(  # noqa: PLR0913 - every word of one row
    office: Office, name: str, *, department: str = "", roles: str = "", subject: str = "",
    until: str = "", now: datetime,
) -> str:  # fmt: skip
    """Give somebody a key, in the place of what they had; it is shown once.

    Raises:
        ValueError: no name, no such day, or too many keys.
    """
    if not name.strip() or (until and not _runs(until, date.min)):
        raise ValueError("a key needs a name, and its last day as 2026-12-31")
    secret = secrets.token_urlsafe(24)
    digest = sha256(secret.encode()).hexdigest()
    laid = office.memory.tables.get(TABLE)
    kept = [row for row in laid.table.rows if row[0] != name] if laid else []
    if len(kept) >= MOST:
        raise ValueError(f"{MOST} keys are given; take some back")
    row = (name, digest, department, roles, subject, until)
    office.lay(TABLE, Table(COLUMNS, (*kept, row), "keys"), by="data office", now=now)
    return secret


def take_back(office: Office, name: str, now: datetime) -> bool:
    """Void somebody's key; say whether there was one."""
    laid = office.memory.tables.get(TABLE)
    kept = tuple(row for row in laid.table.rows if row[0] != name) if laid else ()
    if laid is None or len(kept) == len(laid.table.rows):
        return False
    office.lay(TABLE, Table(COLUMNS, kept, "keys"), by="data office", now=now)
    return True


def _runs(until: str, today: date) -> bool:
    return not until or today <= date.fromisoformat(until)
