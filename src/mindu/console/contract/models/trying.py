"""Trials over the wire: a drawing stepped through, a decision with its rows, versions compared."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from mindu.base.records import Words
from mindu.console.contract.common import Seen
from mindu.console.contract.models.modelling import Flaw, Sample


class TryStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody does in a trial; nothing said: what an untiring office would do."""

    wait: int
    by: str = ""
    yes: bool | None = None
    flows: tuple[str, ...] = ()
    vars: dict[str, Any] = {}


class Try(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A process to step through from its start; the text of a draft, or the key of a version."""

    text: str = ""
    key: str = ""
    process: str = ""
    vars: dict[str, Any] = {}
    decisions: dict[str, Any] = {}  # what decisions say here, instead of the published ones
    steps: tuple[TryStep, ...] = ()


class TryStand(msgspec.Struct, frozen=True, kw_only=True):
    """A token of the trial: where it stands."""

    node: str
    name: str
    count: int


class TryChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A way that a person may choose."""

    flow: str
    name: str
    to: str


class Awaits(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the trial waits for."""

    id: int
    kind: str
    node: str
    name: str
    says: Words
    who: str
    due: datetime | None
    choices: tuple[TryChoice, ...] = ()


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that was asked on the way, and the law that it rests on."""

    node: str
    decision: str
    value: Any
    basis: tuple[str, ...]


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """How far a trial came: the nodes passed step by step, where it stands, what it waits for."""

    status: str
    outcome: str
    passed: tuple[tuple[str, ...], ...]
    stands: tuple[TryStand, ...]
    waits: tuple[Awaits, ...]
    vars: dict[str, Any]
    ruled: tuple[Ruled, ...]
    flaw: Flaw | None = None  # why the last step could not be taken


class AskDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision to be tried; the text of a draft, or the key of a version."""

    text: str = ""
    key: str = ""
    decision: str = ""
    inputs: dict[str, Any] = {}


class Fired(msgspec.Struct, frozen=True, kw_only=True):
    """A row that matched, and the law it names."""

    number: int
    rule: str  # its id in the drawing
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    basis: str


class DecidedPart(msgspec.Struct, frozen=True, kw_only=True):
    """One decision on the way to the answer."""

    element: str
    name: str
    value: Any
    read: dict[str, Any]
    rows: tuple[Fired, ...]
    basis: tuple[str, ...]


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided, step by step, on which rows and which law."""

    value: Any
    steps: tuple[DecidedPart, ...]
    basis: tuple[str, ...]
    warnings: tuple[Flaw, ...]


class RunSamples(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model and the cases to try it with."""

    text: str
    samples: tuple[Sample, ...]


class SampleCame(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one sample case."""

    name: str
    came: str  # the value as JSON, or how the process ended
    fits: bool
    passed: tuple[str, ...]  # nodes, or rules that fired
    flaw: Flaw | None = None


class SamplesCame(msgspec.Struct, frozen=True, kw_only=True):
    """What came of every sample case."""

    items: tuple[SampleCame, ...]
    fit: int


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One element that differs between two versions."""

    what: Literal["added", "removed", "changed"]
    element: str
    says: Words


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Two versions, and what differs."""

    seen: Seen
    old: str
    new: str
    differences: tuple[Difference, ...]
    total: int
    old_text: str
    new_text: str
