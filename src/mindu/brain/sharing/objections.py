"""Objections: a subject says that a use or a value is wrong; the source answers as a case."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from mindu.base.records import Case, Entry, Move, Value, Words
from mindu.brain.cases import TITLES
from mindu.brain.casework.office import Office, Told
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import Officer
from mindu.brain.sharing import errand
from mindu.brain.sharing.kinds import PUT_RIGHT
from mindu.data.catalog.dataset import Dataset

MOST, OPEN_AT_ONCE = 2_000, 20  # characters of an objection; objections of one subject that wait


class Objection(msgspec.Struct, frozen=True):
    """One objection as its subject sees it."""

    case: int
    dataset: str
    at: datetime
    state: Words
    answer: str


def put(
    office: Office, dataset: Dataset, subject: str, text: str, *, receipt: int, now: datetime
) -> Entry:
    """Lay an objection before the department that the data comes from; its term starts.

    `text` is masked already; `receipt` is the use objected to, or -1 where a value is wrong.

    Raises:
        Refusal: nothing was said, or too many of theirs wait.
    """
    if not text.strip() or len(text) > MOST:
        raise Refusal(
            Words(f"say in 1 to {MOST} characters what is wrong", f"请用 1 至 {MOST} 字说明")
        )
    waiting = [one for one in of(office, subject) if not one.answer]
    if len(waiting) >= OPEN_AT_ONCE:
        raise Refusal(Words(f"{len(waiting)} of yours wait for an answer", "待答复的异议过多"))
    facts: dict[str, Value] = {"dataset": dataset.name, "receipt": receipt}
    told = Told(kind=PUT_RIGHT, text=text, channel="subject", caller=subject, facts=facts)
    because = dataset.department
    return errand.send(office, told, to=because, by="subject", now=now)


def answer(office: Office, number: int, note: str, officer: Officer, *, now: datetime) -> Entry:
    """Answer an objection: what was put right, or why nothing is.

    Raises:
        Refusal, Denied: nothing waits there, no words, or it is not the officer's to answer.
    """
    errand.waiting(office, number, PUT_RIGHT)
    if not note.strip():
        raise Refusal(Words("an answer says something", "请填写答复内容"))
    return errand.answer(office, number, note, officer, now=now)


def of(office: Office, subject: str) -> list[Objection]:
    """Return every objection of a subject, newest first."""
    return [_told(office, number, case) for number, case in _theirs(office, subject)][::-1]


def _theirs(office: Office, subject: str) -> Iterator[tuple[int, Case]]:
    for number in office.cases:
        if office.cases.said(number, "kind") == PUT_RIGHT:
            case = office.memory.log[number].record
            if isinstance(case, Case) and case.caller == subject:
                yield number, case


def _told(office: Office, number: int, case: Case) -> Objection:
    seq = int(office.cases.row(number)["answer"])
    record = office.memory.log[seq].record if seq else None
    facts: Mapping[str, Value] = case.facts
    return Objection(
        number, str(facts["dataset"]), office.memory.log[number].at,
        TITLES[office.cases.state(number)], record.note if isinstance(record, Move) else "",
    )  # fmt: skip
