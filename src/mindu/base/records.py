"""Every kind of record: it says what; its entry says when, about whom, by whom, because of what."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from mindu.base import parts
from mindu.base.dial import Dial

Value = parts.Value
Words = parts.Words
Severity = parts.Severity
Authority = parts.Authority
Option = parts.Option
Expect = parts.Expect
Evidence = parts.Evidence


class Record(msgspec.Struct, frozen=True, tag=True, kw_only=False, gc=False):
    """Anything that may be written down."""


class Placed(Record, frozen=True):
    """Placed: a thing of this kind stands in the city, with what is fixed about it."""

    kind: str
    facts: dict[str, Value | list[Value] | None]


class Observation(Record, frozen=True):
    """Perceived: one property of one entity had this value; `quality` holds `Quality` bits."""

    prop: str
    value: Value
    unit: str = ""
    quality: int = 0


class Segment(Record, frozen=True):
    """Perceived: a run of readings entered the series as one block, vouched for by its digest."""

    count: int
    first: datetime
    last: datetime
    digest: str
    refused: dict[str, int] = {}


class Event(Record, frozen=True):
    """Perceived: something happened to the entity."""

    name: str
    args: dict[str, Value] = {}


class Forecast(Record, frozen=True):
    """Projected: the property will follow `mid`, within `low`..`high` with chance `level`."""

    prop: str
    unit: str
    leads: tuple[float, ...]  # minutes from the entry's `at`
    low: tuple[float, ...]
    mid: tuple[float, ...]
    high: tuple[float, ...]
    level: float = 0.9
    model: str = ""


class Weighing(Record, frozen=True):
    """Projected: these courses were weighed, and this one came out best."""

    chosen: str
    options: tuple[Option, ...]
    rollouts: int
    plan: dict[str, tuple[float, ...]] = {}  # machine -> setting per block
    block: timedelta = timedelta(minutes=15)
    rule: dict[str, tuple[float | None, ...]] = {}  # machine -> the levels it acts at, if by rule
    says: Words = Words("", "")


class Judgement(Record, frozen=True):
    """Judged: what the brain holds to be so, or about to be so, and what would prove it."""

    finding: str
    severity: Severity
    says: Words
    confidence: float = 1.0
    proof: Expect | None = None  # comes true -> hit; does not -> false alarm
    evidence: tuple[Evidence, ...] = ()


class Action(Record, frozen=True):
    """Proposed: do `verb` to the entity `on`."""

    verb: str
    on: str
    says: Words
    args: dict[str, Value] = {}
    expects: Expect | None = None
    decide_within: timedelta = timedelta(minutes=15)
    undo: str = ""  # the verb that takes it back


class Decision(Record, frozen=True):
    """Decided: an action was confirmed, refused, or left to expire."""

    confirmed: bool
    note: str = ""


class Sending(Record, frozen=True):
    """Sent: a confirmed action went out by the hand, or was withheld with a reason."""

    ok: bool
    note: str = ""


class Outcome(Record, frozen=True):
    """Measured: what came of an action, against what it promised."""

    kept: bool
    measured: float | None = None
    sent: bool = True  # False: it was never sent, which is evidence of doing nothing


class Settlement(Record, frozen=True):
    """Settled: a judgement or forecast was held against what happened."""

    # averted: it did not come true, and an action it called for was sent; unknown: nothing heard
    verdict: Literal["hit", "miss", "false_alarm", "averted", "unknown", "forecast"]
    lead: timedelta | None = None  # from the judgement to the event
    brier: float | None = None
    crps: dict[str, float] = {}  # lead in minutes -> CRPS in the property's unit
    covered: dict[str, float] = {}  # lead in minutes -> 1.0 inside the interval, else 0.0
    persistence: dict[str, float] = {}  # the same CRPS if the level had stayed as it was
    prop: str = ""
    model: str = ""
    count: int = 1  # forecasts that the means above are over


class Lesson(Record, frozen=True):
    """Learned: a parameter takes a new value from now on."""

    param: str
    value: float
    says: Words
    was: float | None = None


class Trial(Record, frozen=True):
    """Learned: a challenger model ran beside the champion; `taken` says whether it took over."""

    model: str
    champion: str
    error: float
    champion_error: float
    taken: bool
    says: Words


class Grant(Record, frozen=True):
    """Allowed: `who` may use the dataset for `purpose` until `until`."""

    who: str
    purpose: str
    until: datetime
    basis: str = ""  # the law or order it rests on
    policy: str = ""  # in Cedar, what holds meanwhile
    odrl: str = ""  # the agreement as both sides keep it, JSON-LD


class Receipt(Record, frozen=True):
    """Used: somebody asked for data, was allowed or refused, and this says on what it rests."""

    us: int  # epoch microseconds, of the decision
    who: str
    department: str
    action: str
    datasets: tuple[str, ...]
    purpose: str
    basis: str
    reference: str
    ask: str  # keyed digest of the whole request
    allowed: bool
    policies: tuple[str, ...]  # that decided
    version: str  # digest over every policy that held
    reason: str = ""  # why it was refused
    duties: tuple[str, ...] = ()  # what was masked, left out or counted
    rows: int = 0  # that went out
    subjects: tuple[str, ...] = ()  # whom the rows are about, as the vault names them
    bulk: bool = False  # True: more people than are named here
    suite: str = ""
    key: str = ""  # hex of the public key's beginning
    sig: bytes = b""


class Published(Record, frozen=True):
    """Published: a model that cases may run or be decided by from now on, whole as it was given."""

    kind: Literal["bpmn", "dmn", "cedar"]
    key: str  # its id and the beginning of its digest: what an instance pins
    names: tuple[str, ...]  # of the processes or decisions inside
    text: bytes


class Stepped(Record, frozen=True):
    """Stepped: something happened to an instance of a process, and this is how it stands now."""

    what: str  # the kind of happening
    told: bytes  # the happening, as JSON
    state: bytes  # the state after it, as JSON
    passed: tuple[str, ...] = ()  # nodes that were begun, in order
    follows: bytes = b""  # what goes out to others, and what was decided on which law, as JSON


class Case(Record, frozen=True):
    """Received: the city was told of a matter; words masked, the caller a name of the vault."""

    kind: str
    text: str
    code: str  # digest of the code that the caller holds
    step: Dial
    whole: Dial
    title: str = ""
    channel: str = ""
    caller: str = ""
    service: str = ""  # what the caller chose, where there was a choice
    area: str = ""  # code of the jurisdiction that `place` lies in
    place: str = ""
    where: tuple[float, float] | None = None  # longitude, latitude in degrees, WGS 84
    facts: dict[str, Value] = {}
    media: tuple[str, ...] = ()  # digests of kept pictures
    parent: int = -1  # the case it was split from
    unit: str = ""  # with whom it lies from the first
    state: str = "received"  # where it stands at first


class Move(Record, frozen=True):
    """Moved: a case took a step of the one table, and lies now with that unit in that state."""

    name: str
    to: str
    unit: str = ""
    note: str = ""  # reason or answer, masked
    args: dict[str, Value] = {}
    step: Dial | None = None  # None: runs on as it was
    whole: Dial | None = None


class Table(Record, frozen=True):
    """Laid down: these rows hold from now on (holidays, duties, terms, units, services)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str


AnyRecord = (
    Placed | Observation | Segment | Event | Forecast | Weighing | Judgement | Action | Decision
    | Sending | Outcome | Settlement | Lesson | Trial | Grant | Case | Move | Table | Published
    | Stepped | Receipt
)  # fmt: skip


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of the log."""

    seq: int
    at: datetime
    about: str
    by: str
    because: tuple[int, ...] = ()
    record: AnyRecord
    prev: str
