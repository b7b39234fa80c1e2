"""What every answer shares: the position it speaks of, pages of a list, and trouble in words."""

from datetime import datetime
from typing import Literal

import msgspec

from mindu.base.records import Words

Role = Literal["guest", "viewer", "operator", "approver", "steward", "admin"]
ROLES: tuple[Role, ...] = ("guest", "viewer", "operator", "approver", "steward", "admin")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer speaks of: the log position, the time there, and whether that is past.

    `ahead` is the moment in the future that severities were foretold for.
    """

    seq: int
    now: datetime
    mode: str
    past: bool = False
    ahead: datetime | None = None


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was not answered as asked, and how to mend it."""

    error: Words
    mend: Words
    status: int
    field: str = ""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, what they may do, and the token that a change must carry."""

    name: str
    role: Role
    signed_in: bool
    token: str
    demo: bool
    langs: tuple[str, ...] = ("zh", "en")


class SignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name and a password."""

    name: str
    password: str


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each part of a change."""

    done: tuple[int, ...] = ()
    failed: tuple["Failed", ...] = ()


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """One part that was not done, and why."""

    seq: int
    why: Words


class Reasoned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry to take back, with a reason."""

    seq: int
    reason: str
