"""What goes over the wire between workers and the door, and the table of its addresses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Scope = Literal["jobs", "messages"]
SCOPES: tuple[Scope, ...] = ("jobs", "messages")
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Seconds = Annotated[int, Meta(ge=1, le=86_400)]
Vars = dict[str, Any]


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that is asked."""


class Lease(Body, frozen=True, kw_only=True):
    """Jobs of a topic, for so many seconds; `part` names one of several workers of one token."""

    topic: Name
    most: Annotated[int, Meta(ge=1, le=100)] = 10
    seconds: Seconds = 300
    part: Annotated[str, Meta(max_length=60)] = ""


class Held(Body, frozen=True, kw_only=True):
    """Who of a token's workers speaks: as when the job was leased."""

    part: Annotated[str, Meta(max_length=60)] = ""


class Extend(Held, frozen=True, kw_only=True):
    """Keep a job for so many seconds from now."""

    seconds: Seconds = 300


class Finish(Held, frozen=True, kw_only=True):
    """It is done, and these variables come of it."""

    vars: Vars = {}


class Fail(Held, frozen=True, kw_only=True):
    """It could not be done: why, how often it may be tried yet, and not before how long."""

    why: Annotated[str, Meta(min_length=1, max_length=2_000)]
    left: Annotated[int, Meta(ge=0, le=100)] | None = None  # none told: one less than before
    seconds: Annotated[int, Meta(ge=0, le=86_400)] | None = None  # none told: twice as long


class Break(Held, frozen=True, kw_only=True):
    """An error that the process knows by its code."""

    code: Name
    vars: Vars = {}


class Message(Body, frozen=True, kw_only=True):
    """A message for the one instance that waits for it, by name and correlation key."""

    name: Name
    key: Annotated[str, Meta(max_length=200)] = ""
    vars: Vars = {}


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work; `id` is the same at every try, and the key of what it calls."""

    id: str
    topic: str
    instance: int
    until: datetime
    left: int  # tries, this one counted
    vars: Vars


class Leased(msgspec.Struct, frozen=True, kw_only=True):
    """The jobs that are held now; none: nothing waits, ask again later."""

    jobs: tuple[Job, ...]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Until when a job is held."""

    until: datetime


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """How the instance stands now: running, ended, failed, void or withdrawn."""

    instance: int
    status: str


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """Which instance heard a message; null: nobody waits for it."""

    instance: int | None


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the door."""

    name: str
    path: str
    says: str
    scope: Scope
    body: type[Body]
    answer: type[msgspec.Struct]


ONE = "/v1/jobs/{id}"
TABLE = (
    Address("lease", "/v1/jobs/lease", "Lease jobs of a topic.", "jobs", Lease, Leased),
    Address("extend", f"{ONE}/extend", "Keep a job longer.", "jobs", Extend, Kept),
    Address("finish", f"{ONE}/finish", "Bring results.", "jobs", Finish, Moved),
    Address("fail", f"{ONE}/fail", "Tell a trouble; it is tried again later.", "jobs", Fail, Moved),
    Address("break", f"{ONE}/break", "Tell an error that the process knows.", "jobs", Break, Moved),
    Address("message", "/v1/messages", "Tell a message.", "messages", Message, Heard),
)
