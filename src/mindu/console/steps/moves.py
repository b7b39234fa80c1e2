"""Moves: what an officer sends becomes one happening; each is signed, and most have a reason."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mindu.base.records import Words
from mindu.console.contract.common import Role
from mindu.console.steps.desk import Desk, NotYours, Officer
from mindu.engines.process import State, Wait
from mindu.engines.process.happenings import (
    AddSigners,
    AnyHappening,
    Complete,
    Countersign,
    Delegate,
    DropSigner,
    Extend,
    HandOver,
    Resume,
    Return,
    Stuck,
    Suspend,
    Urge,
    Void,
)
from mindu.engines.process.state import Round

LONGEST = 2_000  # characters of a result or a reason
BETWEEN = re.compile(r"[\s,;\uff0c\u3001\uff1b]+")  # between names, as people type them
Sent = Mapping[str, Sequence[str]]


class NotSo(ValueError):  # noqa: N818 - an answer, not a fault
    """What was sent is no move: why, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.says = Words(en, zh)


@dataclass(frozen=True, slots=True)
class Told:
    """One move as it was sent: by whom, about which step."""

    desk: Desk
    officer: Officer
    state: State
    wait: Wait
    sent: Sent

    def one(self, name: str) -> str:
        """Return one value."""
        found = self.sent.get(name)
        return found[0].strip()[:LONGEST] if found else ""

    @property
    def why(self) -> str:
        """The reason, which every deviation from the drawn path has.

        Raises:
            NotSo: none was given.
        """
        if not self.one("why"):
            raise NotSo("say why", "请说明理由")
        return self.one("why")

    def person(self, name: str) -> str:
        """Return another officer by name.

        Raises:
            NotSo: nobody of the staff is named so.
        """
        if self.desk.officers(name) is None:
            raise NotSo(f"nobody of the staff is named {name!r}", f"没有名为“{name}”的工作人员")
        return name

    def people(self) -> Round:
        """Return a round of signers, with its rule."""
        names = tuple(self.person(n) for n in BETWEEN.split(self.one("people")) if n)
        return Round(who=names, rule=self.one("rule") or "all", order=self.one("order") == "yes")


def _decide(told: Told) -> AnyHappening:
    if told.desk.hands_over(told.state, told.wait):
        handed = {"result": told.one("result")}
        return Complete(wait=told.wait.id, by=told.officer.name, vars=handed)
    if told.one("approved") not in {"yes", "no"}:
        raise NotSo("say yes or no", "请选择同意或不同意")
    yes = told.one("approved") == "yes"
    if not yes and not told.one("result"):
        raise NotSo("a no has a reason: the applicant reads it", "不同意须说明理由")
    more = {name: told.one(name) for name in told.desk.asks(told.state, told.wait)}
    told_ = {"approved": yes, "result": told.one("result"), **more}
    return Complete(wait=told.wait.id, by=told.officer.name, yes=yes, vars=told_)


def _claim(told: Told) -> AnyHappening:
    if told.wait.who:
        raise NotSo("it is somebody's already", "该任务已被领取")
    me = told.officer.name
    return HandOver(wait=told.wait.id, to=me, by=me, why="claimed 领取")


def _back(told: Told) -> AnyHappening:
    return Return(wait=told.wait.id, to=told.one("to"), by=told.officer.name, why=told.why,
                  direct=told.one("direct") == "yes")  # fmt: skip


def _other(kind: type[HandOver] | type[Delegate]) -> Callable[[Told], AnyHappening]:
    return lambda told: kind(wait=told.wait.id, to=told.person(told.one("person")),
                             by=told.officer.name, why=told.why)  # fmt: skip


def _countersign(told: Told) -> AnyHappening:
    return Countersign(wait=told.wait.id, by=told.officer.name, why=told.why,
                       round=told.people())  # fmt: skip


def _add(told: Told) -> AnyHappening:
    return AddSigners(wait=told.wait.id, round=told.people(), by=told.officer.name, why=told.why,
                      after=told.one("after") == "yes")  # fmt: skip


def _drop(told: Told) -> AnyHappening:
    who = told.one("person")
    return DropSigner(wait=told.wait.id, who=who, by=told.officer.name, why=told.why)


def _suspend(told: Told) -> AnyHappening:
    kind = "special" if told.one("kind") == "special" else "correction"
    return Suspend(kind=kind, by=told.officer.name, why=told.why)


def _extend(told: Told) -> AnyHappening:
    days = told.one("days")
    if not (days.isascii() and days.isdigit() and len(days) < 4):
        raise NotSo("say how many working days", "请填写延长的工作日数")
    return Extend(wait=told.wait.id, days=int(days), by=told.officer.name, why=told.why)


def _plain(kind: type[Urge] | type[Resume] | type[Void]) -> Callable[[Told], AnyHappening]:
    return lambda told: kind(by=told.officer.name, why=told.why)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of move: what it is called, what it asks for, and who may make it."""

    says: Words
    make: Callable[[Told], AnyHappening]
    asks: tuple[str, ...] = ("why",)
    least: Role = "operator"


MOVES: Mapping[str, Kind] = {
    "decide": Kind(Words("decide", "办理意见"), _decide, ("approved", "result")),
    "claim": Kind(Words("claim it", "领取"), _claim, ()),
    "return": Kind(Words("return", "退回"), _back, ("to", "direct", "why")),
    "countersign": Kind(
        Words("countersign", "会签"), _countersign, ("people", "rule", "order", "why")
    ),
    "add": Kind(Words("add signers", "加签"), _add, ("people", "rule", "after", "why")),
    "drop": Kind(Words("drop a signer", "减签"), _drop, ("person", "why")),
    "hand_over": Kind(Words("hand over", "转办"), _other(HandOver), ("person", "why")),
    "delegate": Kind(Words("delegate", "委托"), _other(Delegate), ("person", "why")),
    "urge": Kind(Words("urge", "催办"), _plain(Urge)),
    "suspend": Kind(Words("suspend, clock stopped", "中止(补正、特别程序)"), _suspend,
                    ("kind", "why")),
    "resume": Kind(Words("go on", "恢复"), _plain(Resume)),
    "extend": Kind(Words("more time", "延期"), _extend, ("days", "why"), least="approver"),
    "void": Kind(Words("void", "作废"), _plain(Void), least="approver"),
}  # fmt: skip


def made(told: Told, name: str) -> AnyHappening:
    """Return the happening that an officer asks for.

    Raises:
        NotSo: it is no move, lacks something, or is not theirs to make.
        NotYours: the step must be claimed first.
    """
    kind = MOVES.get(name)
    if kind is None or not told.officer.may(kind.least):
        raise NotSo("this is no move of yours", "您无权进行该操作")
    if name != "claim" and told.wait.who != told.officer.name:
        raise NotYours("claim it first")
    return kind.make(told)


GONE = "该任务已办结、已被他人领取,或须先领取"


def says(no: NotSo | NotYours | Stuck) -> Words:
    """Return what is told of a refusal, in both languages."""
    if isinstance(no, NotSo):
        return no.says
    return Words(str(no), no.zh if isinstance(no, Stuck) else GONE)
