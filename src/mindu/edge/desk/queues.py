"""What waits for an officer besides the moves of a unit: to be passed on, to be called back."""

from datetime import datetime

import numpy as np

from mindu.base.records import Move
from mindu.brain.case_rows import CODES
from mindu.brain.cases import Role, State
from mindu.brain.casework.board import pressing
from mindu.brain.casework.rights import MACHINE, Officer, covers
from mindu.edge.counter.pages import Look

UNSOLVED = 1  # as the row of a case holds a caller's no
LOOKED = 500  # newest cases of other lines among which those are found that nobody passed on
ANSWERS = frozenset({Role.OPERATOR, Role.DISPATCHER})


def to_pass_on(look: Look, officer: Officer) -> list[int]:
    """Return matters of 110, 119, 120 or 122 that nobody has noted to be passed on, newest first.

    A machine gave them to the other line in the log alone: somebody dials, and writes a note.
    """
    if not ANSWERS.intersection(officer.roles):
        return []
    office = look.counter.office
    rows, log = office.cases.rows, office.memory.log
    at = np.flatnonzero(rows["state"] == CODES[State.EXTERNAL])[-LOOKED:][::-1]
    found = []
    for number, last in zip(rows["seq"][at].tolist(), rows["last"][at].tolist(), strict=True):
        record = log[last].record
        if isinstance(record, Move) and record.name == "external" and log[last].by == MACHINE.id:
            found.append(number)
    return found


def to_call(look: Look, officer: Officer, now: datetime) -> list[int]:
    """Return answered cases that an operator calls: not told by link, or not solved."""
    if Role.OPERATOR not in officer.roles:
        return []
    cases = look.counter.office.cases
    found = pressing(look.counter.office, now, states=(State.FED_BACK, State.CALL_BACK))
    return [
        n for n in found
        if sees(look, officer, n)
        and (cases.state(n) is State.FED_BACK or int(cases.row(n)["solved"]) == UNSOLVED)
    ]  # fmt: skip


def sees(look: Look, officer: Officer, number: int) -> bool:
    """Say whether a case lies in an officer's jurisdiction."""
    return covers(officer.areas, look.counter.office.cases.said(number, "area"))
