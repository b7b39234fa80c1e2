"""Warned: the cases that were warned of, for those who have to see them, at once on the desk."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
import numpy as np

from mindu.base.records import Case, Words
from mindu.brain.case_rows import CODES, IS_DONE, LEVELS
from mindu.brain.cases import State
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.office import Office
from mindu.brain.folds.flow.courses import INSTANCE
from mindu.console.steps.desk import Desk, Officer

MOST = 50  # warnings on one page, the gravest first
SAYS = {
    "yellow": Words("yellow: look", "黄色:请关注"),
    "orange": Words("orange: due soon", "橙色:即将超期"),
    "red": Words("red: late", "红色:已超期"),
    "purple": Words("purple: late for long", "紫色:严重超期"),
}
# Offices that see every unit's warnings from a level on; the others see their own units'.
WATCHES: Mapping[str, str] = {"supervision": "red", "efficiency": "purple"}


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    """One case, or part of one, that was warned of."""

    number: str
    title: str
    unit: str
    level: str
    says: Words
    tell: Words  # who is told at this level, as the kind says
    due: datetime | None


def watched(offices: Sequence[str]) -> str:
    """Return from which level on somebody sees the warnings of all units; "" for none."""
    found = [WATCHES[name] for name in offices if name in WATCHES]
    return min(found, key=LEVELS.index, default="")


def warned(desk: Desk, officer: Officer) -> list[Warned]:
    """Return what an officer's offices were warned of, and what their office watches."""
    office = desk.processes.course.office
    if office is None:
        return []
    rows = office.cases.rows
    told = np.maximum(rows["told_whole"], rows["told_step"])
    running = ~IS_DONE[rows["state"]] & (rows["state"] != CODES[State.WAITING]) & (told > 0)
    codes = [code for name in officer.offices if (code := office.cases.code(name))]
    mine = np.isin(rows["unit"], codes)
    least = watched(officer.offices)
    if least:
        mine |= told >= LEVELS.index(least)
    at = np.flatnonzero(running & mine)
    first = at[np.argsort(-told[at].astype(np.int64), kind="stable")[:MOST]]
    return [_one(desk, office, int(rows["seq"][n]), int(told[n])) for n in first.tolist()]


def _one(desk: Desk, office: Office, number: int, level: int) -> Warned:
    record = office.memory.log[number].record
    assert isinstance(record, Case), "a case is numbered by its first entry"
    name, due = LEVELS[level], int(office.cases.row(number)["whole"]["due"])
    kind = office.kinds[office.cases.said(number, "kind")]
    tell = next((rung.tell for rung in kind.ladder if rung.level == name), Words("", ""))
    return Warned(
        number=desk.number(int(float(record.facts[INSTANCE]))), title=record.text,
        unit=office.cases.said(number, "unit"), level=name, says=SAYS[name], tell=tell,
        due=datetime.fromtimestamp(due, CITY) if due else None,
    )  # fmt: skip
