"""What can happen to an instance, and what comes of a step."""

from datetime import datetime
from typing import Any

import msgspec

from mindu.engines.process.state import Round, State, Wait

Vars = dict[str, Any]


class Happening(msgspec.Struct, frozen=True, tag=True, kw_only=True, omit_defaults=True):
    """Something that moves an instance on."""


class Start(Happening, frozen=True):
    """A new instance begins."""

    process: str = ""  # of several in one file
    node: str = ""  # the start event; empty: the one that waits for nothing
    applicant: str = ""
    vars: Vars = {}


class Complete(Happening, frozen=True):
    """A person is done with a task; `yes` is the person's vote."""

    wait: int
    by: str
    yes: bool | None = None
    vars: Vars = {}
    why: str = ""


class Choose(Happening, frozen=True):
    """A person says along which flows it goes on."""

    wait: int
    by: str
    flows: tuple[str, ...]
    why: str = ""


class Done(Happening, frozen=True):
    """A worker did its job."""

    wait: int
    by: str = "worker"
    vars: Vars = {}


class Failed(Happening, frozen=True):
    """A worker met an error that the process knows by its code."""

    wait: int
    code: str
    by: str = "worker"
    vars: Vars = {}


class Rang(Happening, frozen=True):
    """A timer is due."""

    wait: int


class Got(Happening, frozen=True):
    """A message or signal came in for one wait."""

    wait: int
    vars: Vars = {}


class Set(Happening, frozen=True):
    """A person repairs variables of a case that cannot go on."""

    by: str
    why: str
    vars: Vars


class Move(Happening, frozen=True):
    """A recorded deviation from the drawn path: with person and reason."""

    by: str
    why: str


class Return(Move, frozen=True):
    """退回: back to an earlier node, or to the applicant when `to` is empty."""

    wait: int
    to: str = ""
    direct: bool = False  # once mended, it comes straight back here


class AddSigners(Move, frozen=True):
    """加签: others sign before or after the one who has the task."""

    wait: int
    round: Round
    after: bool = False


class Countersign(Move, frozen=True):
    """会签: several sign in place of one."""

    wait: int
    round: Round


class DropSigner(Move, frozen=True):
    """减签: one who has not signed yet is taken out."""

    wait: int
    who: str


class HandOver(Move, frozen=True):
    """转办: the task is another person's now."""

    wait: int
    to: str


class Delegate(Move, frozen=True):
    """委托: another person does it in the owner's name."""

    wait: int
    to: str


class Withdraw(Move, frozen=True):
    """撤回: who completed a node takes it back while nobody has gone on."""

    node: str


class Urge(Move, frozen=True):
    """催办: those who have it are reminded."""


class Suspend(Move, frozen=True):
    """补正、特别程序: the clock stops."""

    kind: str = "correction"  # or "special"


class Resume(Move, frozen=True):
    """The clock goes on; what was handed in comes with it."""

    vars: Vars = {}


class Extend(Move, frozen=True):
    """延期: the case that the instance is has more time for a task, or for all of it."""

    wait: int
    days: int  # working days


class Void(Move, frozen=True):
    """作废, or by the applicant 撤回申请: the case ends where it is."""

    status: str = "void"


class Migrate(Move, frozen=True):
    """The instance goes on under another version of its definition."""

    to: str
    nodes: dict[str, str] = {}  # old id → new id; others keep theirs
    flows: dict[str, str] = {}


AnyHappening = (
    Start | Complete | Choose | Done | Failed | Rang | Got | Set
    | Return | AddSigners | Countersign | DropSigner | HandOver | Delegate | Withdraw
    | Urge | Suspend | Resume | Void | Migrate | Extend
)  # fmt: skip


class Effect(msgspec.Struct, frozen=True, tag=True, kw_only=True, omit_defaults=True):
    """Something that follows from a step."""


class Opened(Effect, frozen=True):
    """Something is waited for."""

    wait: Wait


class Closed(Effect, frozen=True):
    """It is waited for no more."""

    wait: Wait


class Threw(Effect, frozen=True):
    """A message or signal goes out to other instances."""

    kind: str
    name: str
    key: str = ""
    vars: Vars = {}


class Decided(Effect, frozen=True):
    """A decision model said this, and on this legal basis."""

    node: str
    decision: str
    value: Any
    basis: tuple[str, ...] = ()


class Undid(Effect, frozen=True):
    """What these nodes had come to holds no more."""

    nodes: tuple[str, ...]
    names: tuple[str, ...]  # of the variables that they wrote


class Reminded(Effect, frozen=True):
    """Somebody is urged."""

    wait: Wait
    why: str


class Ended(Effect, frozen=True):
    """The instance is over."""

    status: str
    outcome: str = ""


AnyEffect = Opened | Closed | Threw | Decided | Undid | Reminded | Ended


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A step: the state after it, the nodes that were begun, and what follows."""

    state: State
    passed: tuple[str, ...]
    effects: tuple[AnyEffect, ...]
    at: datetime


class Stuck(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """A step that cannot be taken: where, why and how to mend it; the state stays as it was."""

    def __init__(self, where: str, en: str, zh: str) -> None:
        super().__init__(f"{where}: {en}" if where else en)
        self.where, self.en, self.zh = where, en, zh
