"""What waits for an officer, most pressing first: to be passed on, sent, handled, called back."""

from datetime import datetime
from html import escape

import numpy as np

from mindu.base.records import Move
from mindu.brain.case_rows import CODES, IS_DONE, LEVELS
from mindu.brain.cases import STATES, TITLES, Role, State
from mindu.brain.casework.board import pressing
from mindu.brain.casework.rights import MACHINE, Officer, covers
from mindu.edge.counter.pages import Look
from mindu.edge.counter.words import pick
from mindu.edge.desk.asked import drawn

UNSOLVED = 1  # as the row of a case holds a caller's no
WAITS = (State.RECEIVED, State.ACCEPTED, State.CLASSIFIED, State.TRIAGE, State.RETURN_ASKED)
ALWAYS = frozenset({"queue", "mine"})  # told of also where nothing waits
OWN = frozenset({"mine", "dropped"})  # of the officer's unit, wherever they lie
TOLD_S = 3 * 86_400  # how long a unit sees what was taken back from it
ORANGE = LEVELS.index("orange")
MOST = 50  # warned cases shown at once
LOOKED = 500  # newest cases of other lines among which those are found that nobody passed on
ANSWERS = frozenset({Role.OPERATOR, Role.DISPATCHER})


def queues(look: Look, officer: Officer, now: datetime) -> str:
    """Return what waits for this officer, most pressing first."""
    office = look.counter.office
    waits = [
        ("pass_on", to_pass_on(look, officer)),
        ("warned", warned(look, officer)),
        ("queue", pressing(office, now, states=WAITS)),
        ("mine", pressing(office, now, unit=officer.unit) if officer.unit else []),
        ("dropped", dropped(look, officer, now)),
        ("to_call", to_call(look, officer, now)),
        ("audits", drawn(look, officer, now)),
    ]
    seen = {
        name: [n for n in numbers if name in OWN or sees(look, officer, n)]
        for name, numbers in waits
    }
    none = f"<p class='hint'>{look.say('nothing_yet')}</p>"
    return "".join(
        f"<h2>{look.say(name)}</h2>{table(look, name, numbers, now) or none}"
        for name, numbers in seen.items()
        if numbers or name in ALWAYS
    )


def table(look: Look, name: str, numbers: list[int], now: datetime) -> str:
    """Return cases as a table: number, state, deadline, unit, first words."""
    cases, rows = look.counter.office.cases, []
    for number in numbers:
        row = cases.row(number)
        due = int(row["whole"]["due"])
        late = " class='late'" if 0 < due < now.timestamp() else ""
        rows.append(
            f"<tr><td><a href='{look.to(f'/desk/case/{number}')}'>{number}</a></td>"
            f"<td>{escape(pick(TITLES[STATES[int(row['state'])]], look.lang))}"
            f"{_colour(look, max(int(row['told_step']), int(row['told_whole'])))}</td>"
            f"<td{late}>{clock(look, due)}</td>"
            f"<td>{escape(look.unit(cases.said(number, 'unit')))}</td>"
            f"<td>{escape(look.counter.opening(number).text[:60])}</td></tr>"
        )
    return look.across(name, f"<tbody>{''.join(rows)}</tbody>") if rows else ""


def clock(look: Look, second: int) -> str:
    """Return a deadline as people of the city read it; "" for none."""
    return f"{look.counter.office.calendar().at(second):%m-%d %H:%M}" if second else ""


def _colour(look: Look, level: int) -> str:
    return f" <b class='{LEVELS[level]}'>{look.say(LEVELS[level])}</b>" if level else ""


def warned(look: Look, officer: Officer) -> list[int]:
    """Return open cases that the ladder told of, the gravest first, for who supervises."""
    if Role.SUPERVISOR not in officer.roles:
        return []
    rows = look.counter.office.cases.rows
    level = np.maximum(rows["told_step"], rows["told_whole"])
    at = np.flatnonzero((level >= ORANGE) & ~IS_DONE[rows["state"]])
    order = at[np.argsort(-level[at].astype(np.int64), kind="stable")][:LOOKED]
    return [int(number) for number in rows["seq"][order] if sees(look, officer, int(number))][:MOST]


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


def dropped(look: Look, officer: Officer, now: datetime) -> list[int]:
    """Return the parts that an undone division took from this officer's unit, newest first."""
    office = look.counter.office
    rows, code = office.cases.rows, office.cases.code(officer.unit)
    mask = (rows["state"] == CODES[State.VOID]) & (rows["unit"] == code) & (rows["parent"] >= 0)
    mask &= (code > 0) & (rows["closed"] >= int(now.timestamp()) - TOLD_S)
    numbers = rows["seq"][np.flatnonzero(mask)[::-1]].tolist()
    by_hand = [n for n in numbers if office.kinds[office.cases.said(n, "kind")].mover != "process"]
    return by_hand[:MOST]


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
