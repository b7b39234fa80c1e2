"""The events of the stream; OpenAPI carries them so that a client can be typed."""

from datetime import datetime

import msgspec

from mindu.base.records import Words


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello", tag_field="event"):
    """First: where the stream stands; `snapshot` = load afresh what you show."""

    seq: int
    now: datetime
    mode: str
    speed: float
    snapshot: bool


class Wrote(msgspec.Struct, frozen=True, kw_only=True, tag="entry", tag_field="event"):
    """Something was written: every entry but forecasts, segments and placements."""

    seq: int
    at: datetime
    kind: str
    about: str
    by: str
    because: tuple[int, ...]
    says: Words
    severity: int


class Values(msgspec.Struct, frozen=True, kw_only=True, tag="values", tag_field="event"):
    """Newest values that changed: (thing, property, epoch s, value); `dense` = too many to list."""

    seq: int
    now: datetime
    rows: tuple[tuple[str, str, float, float], ...]
    dense: bool = False


class Turned(msgspec.Struct, frozen=True, kw_only=True, tag="turn", tag_field="event"):
    """After every turn: what a header shows."""

    seq: int
    now: datetime
    speed: float
    ended: bool
    alerts: int
    waiting: int
    worst: int
    trouble: Words


class Moved(msgspec.Struct, frozen=True, kw_only=True, tag="job", tag_field="event"):
    """A look ahead moved."""

    id: str
    state: str
    progress: float


class Lag(msgspec.Struct, frozen=True, kw_only=True, tag="lag", tag_field="event"):
    """You were too slow: what waited for you was dropped; take a snapshot and go on."""

    seq: int


Event = Hello | Wrote | Values | Turned | Moved | Lag
EVENTS = (Hello, Wrote, Values, Turned, Moved, Lag)
