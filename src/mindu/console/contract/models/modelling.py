"""Models over the wire: what is published, drafts, what is wrong with them, and who said yes."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from mindu.base.records import Words
from mindu.console.contract.common import Seen

Kind = Literal["bpmn", "dmn"]


class Flaw(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps a model from running: the element, and how to mend it."""

    element: str  # its id in the drawing; empty: the file as a whole
    where: str
    says: Words


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a drawing told as a list: the element, what it is, where it leads."""

    element: str
    name: str
    kind: Words
    body: str
    leads: tuple[str, ...] = ()  # the elements that it leads to, or that it rests on


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a text comes to."""

    kind: Kind
    names: tuple[str, ...]  # of the processes or decisions inside
    flaws: tuple[Flaw, ...]
    parts: tuple[Part, ...]
    more: int = 0  # parts that are not listed
    approvers: int = 1  # people who must say yes before it holds
    warnings: tuple[Flaw, ...] = ()  # what runs, and may be otherwise than it was meant


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case to try a model with, and what should come of it."""

    name: str
    of: str = ""  # the process or decision; empty: the only one
    given: dict[str, Any] = {}
    expects: str = ""  # the node it must pass, or the decision's value as JSON; empty: anything


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing that is not published: its text as it was saved last."""

    id: str
    name: str
    kind: Kind
    text: str
    revision: int
    by: str
    at: datetime
    samples: tuple[Sample, ...] = ()


class DraftLine(msgspec.Struct, frozen=True, kw_only=True):
    """A draft in the list."""

    id: str
    name: str
    kind: Kind
    revision: int
    by: str
    at: datetime
    size: int  # bytes


class SaveDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft to be kept; `revision` is the one that was read, 0 for a new draft."""

    id: str = ""
    name: str
    kind: Kind
    text: str
    revision: int = 0
    samples: tuple[Sample, ...] = ()


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as it was kept, and what is wrong with it."""

    draft: DraftLine
    checked: Checked


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A published version, pinned by its key."""

    key: str
    kind: Kind
    names: tuple[str, ...]
    number: int  # of the versions of this model, from 1
    newest: bool
    seq: int  # the entry that published it
    at: datetime
    by: str
    size: int  # bytes
    open: int = 0  # cases that run on it


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """A published version with its text."""

    seen: Seen
    version: Version
    text: str
    checked: Checked


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What one person said of a proposal."""

    by: str
    yes: bool
    at: datetime
    reason: str


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A version that waits for people to say yes."""

    id: int
    key: str
    kind: Kind
    names: tuple[str, ...]
    draft: str
    revision: int
    by: str
    at: datetime
    reason: str
    needed: int  # people, the one who proposed it among them
    state: Literal["waiting", "published", "refused"]
    answers: tuple[Answered, ...]


class Models(msgspec.Struct, frozen=True, kw_only=True):
    """All that is published, drawn and proposed; the newest first."""

    seen: Seen
    versions: tuple[Version, ...]
    drafts: tuple[DraftLine, ...]
    proposals: tuple[Proposal, ...]
    total: int  # versions
    next: str | None


class Propose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft's revision to be published."""

    draft: str
    revision: int
    reason: str


class AnswerModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A second person's answer to a proposal."""

    id: int
    yes: bool
    reason: str


class CheckText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text to be looked at."""

    text: str
