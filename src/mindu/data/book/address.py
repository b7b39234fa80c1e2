"""The address of a log on a server: a schema of a database, told without its password."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

SCHEMES = ("postgresql://", "postgres://")
MOST = 50  # letters of a name; the server itself takes 63
_NAME = re.compile(r"[a-z][a-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a log lies on a server; it is printed without its password."""

    server: str = field(repr=False)  # all that the driver is told; may hold a password
    name: str  # of the log: its schema

    def shown(self) -> str:
        """Return the address as people may see it."""
        parts = urlsplit(self.server)
        bare = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
        return f"{bare}#{self.name}"

    def several(self) -> bool:
        """Say whether it names several servers and leaves open which: the one that can write."""
        parts = urlsplit(self.server)
        return "," in parts.netloc and "target_session_attrs" not in parts.query

    def secret(self) -> bool:
        """Say whether a password stands in it."""
        parts = urlsplit(self.server)
        return parts.password is not None or "password" in parts.query


def on_server(where: str) -> bool:
    """Say whether this is an address of PostgreSQL and no path."""
    return where.startswith(SCHEMES)


def address(where: str) -> Address:
    """Read an address: `postgresql://user@host:port/database#name`; without a name it is `city`.

    Raises:
        ValueError: it is none; its text is not repeated, for it may hold a password.
    """
    server, _, name = where.partition("#")
    name = name or "city"
    try:
        database = urlsplit(server).path.strip("/")
    except ValueError:
        database = ""
    if not on_server(where) or not database:
        raise ValueError("no address of PostgreSQL: write postgresql://user@host:5432/database")
    if len(name) > MOST or not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot name a log: small letters, digits, . _ - and at most {MOST} of them"
        )
    return Address(server, name)
