"""An errand: one case sent straight to the department that owns a dataset, and answered there."""

from datetime import datetime

from mindu.base.records import Case, Entry, Value, Words
from mindu.brain.cases import State
from mindu.brain.casework.office import Office, Told, Wish
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import Officer
from mindu.brain.sharing.kinds import STEWARD


def send(office: Office, told: Told, *, to: str, by: str, now: datetime) -> Entry:
    """Open a case and lay it before the department; its clocks run from now."""
    opened = office.open(told, by=by, now=now)
    topic: dict[str, Value] = {"topic": f"data.{told.kind}", "nature": "*", "urgency": "*"}
    note = "the owner stands in the catalogue 权属见数据目录"
    for wish in (
        Wish(name="accept"),
        Wish(name="classify", args=topic),
        Wish(name="triage", note=note),
        Wish(name="forward", unit=to),
    ):
        office.act(opened.seq, wish, STEWARD, now=now)
    return opened


def waiting(office: Office, number: int, kind: str) -> Case:
    """Return what was told in an errand that still waits for its answer.

    Raises:
        Refusal: there is no such case, it is of another kind, or it was answered.
    """
    record = office.memory.log[number].record if number in office.cases else None
    if not isinstance(record, Case) or record.kind != kind:
        raise Refusal(Words(f"case {number} is no {kind}", f"编号 {number} 不是 {kind}"))
    if office.cases.state(number) not in {State.FORWARDED, State.SIGNED, State.HANDLING}:
        raise Refusal(Words(f"case {number} was answered", f"编号 {number} 已答复"))
    return record


def answer(office: Office, number: int, note: str, officer: Officer, *, now: datetime) -> Entry:
    """Let an officer of the owner answer; return the reply. The steward passes it on and closes.

    Raises:
        Denied: the officer is not of the department that the case lies with.
    """
    state = office.cases.state(number)
    if state == State.FORWARDED:
        office.act(number, Wish(name="sign"), officer, now=now)
    if state in {State.FORWARDED, State.SIGNED}:
        office.act(number, Wish(name="handle"), officer, now=now)
    reply = office.act(number, Wish(name="reply", note=note), officer, now=now)
    for wish in (
        Wish(name="review"),
        Wish(name="pass"),
        Wish(name="feed_back", note=note),
        Wish(name="close", note="answered 已答复"),
    ):
        office.act(number, wish, STEWARD, now=now)
    return reply
