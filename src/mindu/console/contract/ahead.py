"""Looks ahead over the wire: what is wished, how far it is, and the two futures it came to."""

from datetime import datetime
from typing import Literal

import msgspec

from mindu.base.records import Words


class Setting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One machine set by hand, so many minutes after the fork."""

    about: str
    value: float
    minute: float = 0.0


class Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be other in the changed future; `at` empty = now."""

    at: datetime | None = None
    hours: float = 1.0
    levers: dict[str, float] = {}
    settings: tuple[Setting, ...] = ()
    params: dict[str, float] = {}
    answers: Literal["logged", "yes", "nobody"] = "logged"
    title: str = ""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One look ahead."""

    id: str
    by: str
    wish: Wish
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: float = 0.0
    step: Words = Words("", "")
    error: Words = Words("", "")


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """One channel in both futures: (epoch s, value) each."""

    about: str
    prop: str
    unit: str
    was: tuple[tuple[float, float], ...]
    changed: tuple[tuple[float, float], ...]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One judgement or action of a future."""

    at: datetime
    about: str
    by: str
    kind: str
    severity: int
    says: Words


class Futures(msgspec.Struct, frozen=True, kw_only=True):
    """Both futures of one moment: as it was, and changed."""

    at: datetime
    until: datetime
    tracks: tuple[Track, ...]
    was: tuple[Said, ...]
    changed: tuple[Said, ...]
    totals: dict[str, tuple[float, float]]


class JobOut(msgspec.Struct, frozen=True, kw_only=True):
    """One look ahead, with its futures when it is done."""

    job: Job
    futures: Futures | None = None


class Jobs(msgspec.Struct, frozen=True, kw_only=True):
    """All looks ahead, the newest first."""

    items: tuple[Job, ...]
    possible: bool  # somebody here can look ahead
