"""Why, proof, scores and lessons over the wire."""

from datetime import datetime

import msgspec

from mindu.base.records import AnyRecord, Words
from mindu.console.contract.common import Seen
from mindu.console.contract.deeds import Course
from mindu.console.contract.things import SeriesOut, Skill


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the log as a person reads it."""

    seq: int
    at: datetime
    kind: str
    word: Words
    about: str
    title: Words
    by: str
    because: tuple[int, ...]
    says: Words
    severity: int = 0
    record: AnyRecord | None = None


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 6962: that an entry stands in the tree; `holds` is this server's own check."""

    seq: int
    leaf: str
    size: int
    path: tuple[str, ...]
    root: str
    holds: bool


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter as it stood when the entry was written."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    lesson: int | None  # the entry that set it, if learning did


class WhyOut(msgspec.Struct, frozen=True, kw_only=True):
    """The whole story of one entry."""

    seen: Seen
    of: Node
    chain: tuple[Node, ...]
    then: tuple[Node, ...]
    evidence: tuple[SeriesOut, ...]
    models: tuple[str, ...]
    params: tuple[InForce, ...]
    courses: tuple[Course, ...]
    skill: tuple[Skill, ...]
    card: "Card | None"
    proof: Proof | None


class Nodes(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the log."""

    seen: Seen
    items: tuple[Node, ...]
    next: str | None
    total: int


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a calibration curve: what was said with that chance, and what came true."""

    said: float
    came: float
    count: int


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What one loop or projection came to."""

    by: str
    title: Words
    app: str
    figures: dict[str, float | None]
    skill: tuple[Skill, ...]
    calibration: tuple[Bin, ...]
    drift: float | None  # CRPS of the newest quarter over the one before; above 1 = worse


class ScoresOut(msgspec.Struct, frozen=True, kw_only=True):
    """Every card, and the sums per app."""

    seen: Seen
    cards: tuple[Card, ...]
    apps: tuple[Card, ...]


class LessonOut(msgspec.Struct, frozen=True, kw_only=True):
    """One lesson or model trial."""

    node: Node
    param: str
    was: float | None
    value: float | None
    taken: bool
    taken_back: bool


class Lessons(msgspec.Struct, frozen=True, kw_only=True):
    """What was learned, the newest first."""

    seen: Seen
    items: tuple[LessonOut, ...]


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One moment worth going back to."""

    seq: int
    at: datetime
    says: Words
    severity: int = 0


class NightInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A night that was lived before and is kept; `ready` = it can be opened.

    One that is being recorded tells the share it has come to, and the s it takes if it goes on so.
    """

    name: str
    title: Words
    first: datetime | None
    last: datetime | None
    entries: int
    ready: bool = True
    share: float = 1.0
    left_s: float | None = None


class Moments(msgspec.Struct, frozen=True, kw_only=True):
    """Where one may go back to: the first and last entry, and what was notable between."""

    seen: Seen
    first: datetime | None
    last: datetime | None
    items: tuple[Moment, ...]
    nights: tuple[NightInfo, ...] = ()


class TierRow(msgspec.Struct, frozen=True, kw_only=True):
    """One app in the matrix."""

    app: str
    title: Words
    tier: str
    judges: int
    acts: int
    learns: int
    projects: int
    plan: str
    hits: int
    misses: int
    false_alarms: int
    kept: int
    broken: int


class AppsOut(msgspec.Struct, frozen=True, kw_only=True):
    """Apps by tiers."""

    tiers: tuple[str, ...]
    rows: tuple[TierRow, ...]
