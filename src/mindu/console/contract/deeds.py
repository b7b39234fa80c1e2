"""Approvals over the wire: what waits, what it would change, and who said what."""

from datetime import datetime

import msgspec

from mindu.base.records import Value, Words
from mindu.console.contract.common import Seen


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One course of action that was weighed."""

    name: str
    title: Words
    mean: float
    tail: float
    terms: dict[str, float]
    veto: Words | None
    chosen: bool


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What the simulation says comes of it, with and without."""

    seq: int
    rollouts: int
    chosen: str
    without: str
    mean_with: float
    mean_without: float
    terms_with: dict[str, float]
    terms_without: dict[str, float]


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """How many people must say yes, and who has."""

    needed: int
    given: tuple[str, ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided, and what came of it."""

    seq: int
    at: datetime
    by: str
    yes: bool
    note: str


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an action."""

    seq: int
    at: datetime
    kept: bool
    measured: float | None
    sent: bool


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """One proposed action."""

    seq: int
    at: datetime
    about: str
    title: Words
    loop: str
    verb: str
    says: Words
    args: dict[str, Value]
    promise: Words
    expires: datetime
    state: str  # waiting | refused | expired | confirmed | sent | withheld | undone
    consent: Consent
    undo: bool
    type_name: str  # not empty: it cannot be taken back, so this name must be typed
    preview: Preview | None
    courses: tuple[Course, ...]
    decision: Answer | None
    sending: Words | None
    outcome: Came | None


class Approvals(msgspec.Struct, frozen=True, kw_only=True):
    """One page of actions; those that wait come first, the soonest to expire on top."""

    seen: Seen
    items: tuple[Approval, ...]
    next: str | None
    total: int
    waiting: int


class Decide(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's answer to one or many actions."""

    seqs: tuple[int, ...]
    yes: bool
    reason: str
    typed: str = ""
