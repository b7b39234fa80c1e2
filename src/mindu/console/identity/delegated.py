"""Delegations as they are written: who lets whom do what, in which matters, until when."""

from datetime import datetime

import msgspec

from mindu.base.records import Words
from mindu.base.time import DAY
from mindu.brain.casework.calendar import CITY

LONGEST, WAITS = 366 * DAY, 14 * DAY  # how long one may last; how long an offer may be accepted
LEAST = 2  # the level of assurance of both
MOST = 20  # that one person gave, or was given
KIND = "delegation+jwt"
RELATIONS = {
    "child": Words("my child", "子女"), "parent": Words("my parent", "父母"),
    "spouse": Words("my spouse", "配偶"), "kin": Words("a relative", "亲属"),
    "friend": Words("a friend", "朋友"), "agent": Words("who works for my firm", "企业经办人"),
}  # fmt: skip
MAY = {
    "apply": Words("fill in and hand in applications", "代为填写并提交申请"),
    "follow": Words("see how they stand", "代为查询进度"),
    "collect": Words("collect results and licences", "代为领取结果与证照"),
}


class NotSo(ValueError):  # noqa: N818 - an answer, not a fault
    """A delegation that cannot be, or does not hold: why, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.says = Words(en, zh)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What one person would let another do."""

    relation: str
    may: tuple[str, ...]
    matters: tuple[str, ...] = ()
    until: datetime


class Delegation(msgspec.Struct, frozen=True, kw_only=True):
    """Who lets whom do what, in which matters, until when, and what each said to it."""

    id: str
    principal: str
    delegate: str
    relation: str
    may: tuple[str, ...]
    matters: tuple[str, ...]  # packages by name; empty: all that services have
    offered: datetime
    until: datetime
    offer_acr: int
    accepted: datetime | None = None
    accept_acr: int = 0
    ended: datetime | None = None
    ended_by: str = ""

    def holds(self, now: datetime) -> bool:
        """Say whether it is in force."""
        return self.accepted is not None and self.ended is None and now < self.until

    def reaches(self, what: str, matter: str) -> bool:
        """Say whether it is for this: an act, in a matter; no matter asks for the act alone."""
        return what in self.may and not (matter and self.matters and matter not in self.matters)

    @property
    def last(self) -> str:
        """Return its last day, as the calendar of the city has it."""
        return f"{self.until.astimezone(CITY):%Y-%m-%d}"

    @property
    def says(self) -> Words:
        """Return what it lets another do, in words."""
        return Words(", ".join(MAY[one].en for one in self.may),
                     "、".join(MAY[one].zh for one in self.may))  # fmt: skip
