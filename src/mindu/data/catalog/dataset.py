"""A dataset: what it holds, whose it is, how delicate it is, and where its rows lie."""

import re
from enum import IntEnum
from typing import Literal

import msgspec

from mindu.base.records import Words

Type = Literal["text", "whole", "number", "truth", "day", "moment", "place"]
Cycle = Literal["live", "hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "once"]
MOST_FIELDS = 2_000
ELSEWHERE = "elsewhere:"  # before the address of what another catalogue holds
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class Grade(IntEnum):
    """How much harm a disclosure does; the grade decides the policy where none is written."""

    OPEN = 1  # 公开: anybody may read it
    INTERNAL = 2  # 内部: departments may, for a purpose
    SENSITIVE = 3  # 敏感: names or touches people; masked unless a policy says otherwise
    SECRET = 4  # 机密: by a written agreement alone


class Field(msgspec.Struct, frozen=True):
    """One column: its type, what it means, its unit, and how delicate it is by itself."""

    name: str
    type: Type
    meaning: Words
    unit: str = ""  # as UCUM writes it
    grade: Grade = Grade.OPEN
    kind: str = ""  # what a detector or a person found in it: "id_number", "phone", ...
    sealed: bool = False  # its values lie as cells of the vault, each under its subject's key


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset as the catalogue knows it."""

    name: str  # what SQL calls it
    title: Words
    owner: str  # who answers for it
    department: str  # code of the owner's department
    theme: str
    fields: tuple[Field, ...]
    grade: Grade  # never below its gravest field
    cycle: Cycle
    licence: str
    basis: str  # the law or order under which it is held
    stored: str  # reference of the storage, e.g. "file:calls.parquet"; never a path from outside
    origin: str = ""  # e.g. "source:pumps", "app:water"; "" if made by hand
    quasi: tuple[str, ...] = ()  # fields that together may tell who somebody is
    subject: str = ""  # field that names the person or firm a row is about
    about: Words = Words("", "")

    def __post_init__(self) -> None:
        """Refuse a dataset that contradicts itself, with a word on how to mend it."""
        for wrong in flaws(self):
            raise ValueError(wrong)

    def field(self, name: str) -> Field | None:
        """Return the field of that name."""
        return next((field for field in self.fields if field.name == name), None)


def flaws(told: Dataset) -> list[str]:
    """Return what is wrong with a dataset; nothing for a sound one."""
    names = [field.name for field in told.fields]
    bad = [name for name in (told.name, *names) if not _NAME.fullmatch(name)]
    found = [f"{n!r} is no name; use a-z, 0-9 and _, a letter first, at most 63" for n in bad]
    least = 0 if told.stored.startswith(ELSEWHERE) else 1
    if not least <= len(names) <= MOST_FIELDS:
        found.append(f"{told.name} has {len(names)} fields; give 1 to {MOST_FIELDS}")
    found += [f"{told.name} has two fields {n}; rename one" for n in _twice(names)]
    missing = sorted({*told.quasi, *filter(None, [told.subject])} - set(names))
    found += [f"{told.name} has no field {n}, named as quasi or subject" for n in missing]
    gravest = max((field.grade for field in told.fields), default=told.grade)
    if told.grade < gravest:
        found.append(f"{told.name} is graded {told.grade.name}, a field of it {gravest.name}")
    return found


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
