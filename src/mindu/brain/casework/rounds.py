"""The rounds: what the office does by itself, turn by turn, and what takes many moves at once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from mindu.base.records import Entry
from mindu.brain.case_rows import CODES, IS_DONE, LEVELS, RED
from mindu.brain.cases import DONE, SENT, State
from mindu.brain.casework.bonds import droppable, parts_of
from mindu.brain.casework.office import Office, Told, Wish, worded
from mindu.brain.casework.refusals import Refusal, refuse
from mindu.brain.casework.rights import MACHINE, Officer
from mindu.brain.casework.terms import urgent

MOST_WARNED = 20_000  # warnings of one round; what is left comes in the next
PARTS = (2, 12)  # parts that a case may be split into
LEVELS_AT = ("yellow", "orange", "due", "purple")
Mask = NDArray[np.bool_]


def sweep(office: Office, now: datetime) -> list[Entry]:
    """Take one round: stopped clocks whose time is over go on, and warnings climb, once each."""
    return [*_resume(office, now), *_warn(office, now)]


def due(office: Office, now: datetime) -> list[tuple[int, str, str]]:
    """Return (case, dial, level) of every warning that is to be given now, the gravest first.

    Of levels passed since the last round only the highest is told. At night only matters whose
    term is two hours or less are told; the others wait for the morning.
    """
    rows, second = office.cases.rows, int(now.timestamp())
    running = ~IS_DONE[rows["state"]] & (rows["state"] != CODES[State.WAITING])
    asleep = office.calendar().awake(second) != second
    found: list[tuple[int, str, int]] = []
    for which in ("whole", "step"):
        level = _level(rows[which], second)
        if which == "step":  # a second step overdue in one case goes straight to the top
            again = (level == RED) & (rows["overdue"] > 0) & (rows["told_step"] < RED)
            level = np.where(again, len(LEVELS) - 1, level)
        said = running & (level > rows[f"told_{which}"])
        if asleep:
            said &= _urgent(office, rows[which]["term"])
        at = np.flatnonzero(said)
        found += [
            (number, which, lev)
            for number, lev in zip(rows["seq"][at].tolist(), level[at].tolist(), strict=True)
        ]
    found.sort(key=lambda told: -told[2])
    return [(number, which, LEVELS[level]) for number, which, level in found[:MOST_WARNED]]


def split(
    office: Office, number: int, parts: Sequence[tuple[str, str]], officer: Officer, *,
    seen: int, now: datetime,
) -> list[Entry]:  # fmt: skip
    """Split a case into parts of (unit, what is asked of it); the first unit leads.

    The parts are forwarded at once; the whole waits until every part is answered.

    Raises:
        Refusal: parts are too few, too many, without words or for no unit, or it takes no split.
    """
    if not PARTS[0] <= len(parts) <= PARTS[1]:
        raise refuse("split a case into 2 to 12 parts", "拆分为 2 至 12 件")
    cases = office.cases
    probe = Wish(name="split", seen=seen, args={"parts": float(len(parts)), "lead": parts[0][0]})
    office.check(number, probe, officer, now=now)
    for unit, text in parts:
        office.stands(number, unit, now)
        worded(text)
    last = int(cases.row(number)["last"])
    with office.memory.log.whole():
        opened = [_part(office, number, text, officer, now, last) for _, text in parts]
        written = [office.act(number, probe, officer, now=now)]
        for entry, (unit, _) in zip(opened, parts, strict=True):
            written += _send_part(office, entry.seq, number, unit, officer, now)
    return [*opened, *written]


def undo_split(
    office: Office, number: int, wish: Wish, officer: Officer, *, now: datetime
) -> list[Entry]:
    """Undo a division: its parts end with the reason, and the case goes on as it was before.

    Raises:
        Refusal: a part was answered, or holds what would be lost with it; nothing is undone then.
    """
    cases, hand = office.cases, replace(MACHINE, id=officer.id, name=officer.name)
    office.check(number, wish, officer, now=now)
    parts, last = parts_of(cases, number), int(cases.row(number)["last"])
    for part in parts:
        droppable(cases, part)
    drop = Wish(name="drop", note=wish.note, args={"whole": float(number)}, because=(last,))
    with office.memory.log.whole():
        written = [office.act(part, drop, hand, now=now) for part in parts]
        written.append(office.act(number, wish, officer, now=now))
        gone = _gone(office, number, now)
        if gone:  # dissolved meanwhile: nobody would read it there
            wish = Wish(name="undo_forward", note=gone)
            written.append(office.act(number, wish, officer, now=now))
    return written


def feed_back(office: Office, number: int, wish: Wish, officer: Officer, *, now: datetime) -> int:
    """Answer a case and every case that was merged into it; return how many were answered."""
    office.act(number, wish, officer, now=now)
    todo, told = list(office.cases.link(number).merged), 1
    while todo:
        child = todo.pop()
        answer = Wish(name="answered", note=wish.note, args={"master": float(number)})
        office.act(child, answer, MACHINE, now=now)
        todo += office.cases.link(child).merged
        told += 1
    parent = int(office.cases.row(number)["parent"])
    if parent >= 0:
        gather(office, parent, now=now)
    return told


def gather(office: Office, parent: int, *, now: datetime) -> bool:
    """Bring a split case to its final review once every part is answered."""
    cases = office.cases
    parts = parts_of(cases, parent)
    done = DONE | {State.FED_BACK, State.CALL_BACK}
    if cases.state(parent) is not State.DIVIDED or any(cases.state(p) not in done for p in parts):
        return False
    note = f"{len(parts)} parts answered 子件均已答复"
    office.act(parent, Wish(name="gather", note=note), MACHINE, now=now)
    return True


# Moves of an officer that take other cases along.
TOGETHER: Mapping[str, Callable[..., object]] = {"feed_back": feed_back, "undo_split": undo_split}


def dissolve(
    office: Office, unit: str, successor: str, officer: Officer, *, now: datetime
) -> list[Entry]:
    """Send every open case of a unit that is no more to its successor, or back to triage.

    Raises:
        Denied: the officer may not reassign some of them; those before it are moved.
    """
    rows, code = office.cases.rows, office.cases.code(unit)
    if not code:
        return []
    held = np.flatnonzero((rows["unit"] == code) & ~IS_DONE[rows["state"]])
    note = f"{unit} was dissolved 单位撤并"
    written = []
    for number in rows["seq"][held].tolist():
        state = office.cases.state(number)
        wish = _away(state, successor, note)
        if wish is not None:
            if state is State.WAITING and not successor:  # its clock goes on before it comes back
                resume = Wish(name="resume", note=note)
                written.append(office.act(number, resume, MACHINE, now=now))
            written.append(office.act(number, wish, officer, now=now))
    return written


def retime(office: Office, *, now: datetime, note: str) -> list[Entry]:
    """Set the clocks of every open case anew under the calendar that holds now.

    What was written before stays written; only cases whose deadlines really move are touched.
    """
    rows = office.cases.rows
    written = []
    for number in rows["seq"][np.flatnonzero(~IS_DONE[rows["state"]])].tolist():
        held = office.held(number)
        if held.wait_since:
            continue  # its clocks are set when it goes on
        clocks = office.clocks(office.cases.said(number, "kind"))
        dials = clocks.again(held)
        if dials != (held.step, held.whole):
            wish = Wish(name="retime", note=note)
            written.append(office.act(number, wish, MACHINE, now=now))
    return written


def _resume(office: Office, now: datetime) -> list[Entry]:
    rows, second = office.cases.rows, int(now.timestamp())
    over = (rows["state"] == CODES[State.WAITING]) & (rows["wait"] <= second)
    over &= rows["wait"] > 0  # who waits without a last day is called back by whoever stopped it
    wish = Wish(name="resume", note="the time to wait is over 挂起期满")
    numbers = rows["seq"][np.flatnonzero(over)].tolist()
    return [office.act(number, wish, MACHINE, now=now) for number in numbers]


def _warn(office: Office, now: datetime) -> list[Entry]:
    written = []
    for number, which, level in due(office, now):
        kind = office.kinds[office.cases.said(number, "kind")]
        tell = next((rung.tell for rung in kind.ladder if rung.level == level), None)
        args = {"dial": which, "level": level, "unit": office.cases.said(number, "unit")}
        note = "" if tell is None else f"{tell.zh} {tell.en}"
        wish = Wish(name="warn", args=args, note=note)
        written.append(office.act(number, wish, MACHINE, now=now))
    return written


def _level(dials: NDArray[np.void], now: int) -> NDArray[np.int64]:
    """Return the level that each dial shows; 0 where none runs."""
    passed = sum((dials[mark] <= now).astype(np.int64) for mark in LEVELS_AT)
    return np.where(dials["due"] > 0, passed, 0)


def _urgent(office: Office, terms: NDArray[np.uint32]) -> Mask:
    names = office.cases.names
    watched = [code for code in np.unique(terms).tolist() if urgent(names[code])]
    return np.isin(terms, watched)


def _gone(office: Office, number: int, now: datetime) -> str:
    """Return why the unit that a case was sent to cannot read it; "" if it can."""
    if office.cases.state(number) not in SENT:
        return ""
    try:
        office.stands(number, office.cases.said(number, "unit"), now)
    except Refusal as why:
        return f"{why.says.zh} {why.says.en}"
    return ""


def _part(
    office: Office, number: int, text: str, officer: Officer, now: datetime, last: int
) -> Entry:
    cases = office.cases
    told = Told(
        kind=cases.said(number, "kind"),
        text=text,
        channel="split",
        area=cases.said(number, "area"),
        place=cases.said(number, "place"),
        parent=number,
    )
    return office.open(told, by=officer.id, now=now, because=(last,))


def _send_part(
    office: Office, part: int, parent: int, unit: str, officer: Officer, now: datetime
) -> list[Entry]:
    cases = office.cases
    known = {name: cases.said(parent, name) for name in ("topic", "nature", "urgency")}
    args = {name: told or "-" for name, told in known.items()}
    return [
        office.act(part, Wish(name="accept"), MACHINE, now=now),
        office.act(part, Wish(name="classify", args=args), officer, now=now),
        office.act(part, Wish(name="forward", unit=unit), officer, now=now),
    ]


def _away(state: State, successor: str, note: str) -> Wish | None:
    """Return the move that takes a case from a unit that is no more; None: it lies elsewhere."""
    if state in {State.FINAL_REVIEW, State.FED_BACK, State.CALL_BACK, State.DIVIDED}:
        return None
    if successor:
        return Wish(name="reassign", unit=successor, note=note)
    return Wish(name="undo_forward", note=note)
