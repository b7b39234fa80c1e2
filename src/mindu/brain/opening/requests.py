"""Requests: the public asks for data to be opened, others vote, the holder answers by a day."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import msgspec

from mindu.base.records import Case, Entry, Event, Move, Value, Words
from mindu.brain.cases import DONE, TITLES, State
from mindu.brain.casework.office import Office, Told, Wish
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import Officer
from mindu.brain.opening.openings import DATA_OFFICE, holder
from mindu.brain.sharing import errand
from mindu.brain.sharing.kinds import STEWARD, WANTED
from mindu.data.catalog.book import Like
from mindu.data.opening.opened import VOTERS, Opened
from mindu.data.opening.opening import HIDDEN, MET, VOTED

TITLE, TEXT = 80, 1_000  # characters of a request
AT_ONCE, WAITING = 5, 10_000  # of one browser that wait; of all
LIKE_ENOUGH = 0.4  # share of words by which a request is laid before a holder; below, the office
WORDS = 8  # words that are told of a match

Colour = Literal["green", "yellow", "orange", "red", "none"]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request as everybody sees it; who asked is nobody's to know."""

    case: int
    title: str
    text: str
    at: datetime
    state: Words
    done: bool
    holder: str
    due: datetime | None
    colour: Colour
    votes: int
    alike: str = ""  # the dataset that it speaks of, where one was found
    words: str = ""  # by which words
    answer: str = ""
    answered: datetime | None = None
    opened: str = ""  # the table that was opened for it


class Requests:
    """The requests of one office; each is a case, with the clocks and the ladder of every case."""

    def __init__(self, office: Office, alike: Callable[[str], list[Like]]) -> None:
        """Match by what the whole catalogue holds."""
        self._office, self._alike = office, alike

    @property
    def _opened(self) -> Opened:
        return self._office.memory.opened

    def ask(self, title: str, text: str, *, voter: str, now: datetime) -> int:
        """Lay a request before whom the catalogue says holds such data; its asker votes for it.

        `title` and `text` are masked already. Who asks for the same again votes for the first.

        Raises:
            Refusal: too little, too much, or too many of theirs wait.
        """
        if not 2 <= len(title.strip()) <= TITLE or len(text) > TEXT:
            raise Refusal(Words(
                f"a title of 2 to {TITLE} characters, at most {TEXT} more",
                f"标题 2 至 {TITLE} 字,说明至多 {TEXT} 字",
            ))  # fmt: skip
        again = self._same(title)
        if again is not None:
            self.vote(again, voter=voter, now=now)
            return again
        self._room(voter)
        match = self._match(title) or self._match(f"{title} {text}")
        facts: dict[str, Value] = {
            "alike": match.dataset.name if match else "",
            "words": " ".join(match.words[:WORDS]) if match else "",
        }
        told = Told(
            kind=WANTED, title=title.strip(), text=text.strip() or title.strip(),
            channel="portal", caller=voter, facts=facts,
        )  # fmt: skip
        to = holder(match.dataset) if match else DATA_OFFICE
        number = errand.send(self._office, told, to=to, by="public", now=now).seq
        self.vote(number, voter=voter, now=now)
        return number

    def vote(self, number: int, *, voter: str, now: datetime) -> bool:
        """Take a vote; False where this voter had voted.

        Raises:
            Refusal: there is no such request, or it was answered.
        """
        self._known(number)
        if self._office.cases.state(number) in DONE:
            raise Refusal(Words("it was answered", "该申请已答复"))
        held = self._opened.voters(number)
        if voter in held:
            return False
        if len(held) >= VOTERS:
            raise Refusal(Words("so many voted that it is clear by now", "投票已达上限"))
        self._write(Event(VOTED, {"voter": voter}), number, "public", now)
        return True

    def send_on(self, number: int, to: str, officer: Officer, *, now: datetime) -> Entry:
        """Lay a request before another holder: the match was wrong, or there was none.

        Raises:
            Refusal: there is no such request, it was answered, or nobody is named.
        """
        self._known(number)
        errand.waiting(self._office, number, WANTED)
        if not to.strip():
            raise Refusal(Words("name the department", "请注明部门"))
        note = f"{officer.id}: held by {to} 转 {to}"
        return self._office.act(number, Wish(name="reassign", unit=to, note=note), STEWARD, now=now)

    def answer(
        self, number: int, note: str, officer: Officer, *, now: datetime, opened: str = ""
    ) -> Entry:
        """Answer in public: what was opened, or why nothing is.

        Raises:
            Refusal, Denied: nothing waits there, no words, or it is not the officer's to answer.
        """
        errand.waiting(self._office, number, WANTED)
        if not note.strip():
            raise Refusal(Words("an answer says something", "请填写答复内容"))
        if opened and self._opened.get(opened) is None:
            raise Refusal(Words(f"{opened} is not open yet: open it first", f"{opened} 尚未开放"))
        reply = errand.answer(self._office, number, note, officer, now=now)
        if opened:
            self._write(Event(MET, {"dataset": opened}), number, officer.id, now)
        return reply

    def hide(self, number: int, why: str, officer: Officer, *, now: datetime) -> Entry:
        """Show a request no more: it harms somebody, or is none; the log keeps it and the reason.

        Raises:
            Refusal: there is no such request, or no reason is given.
        """
        self._known(number)
        if not why.strip():
            raise Refusal(Words("say why it is hidden", "请说明不予展示的理由"))
        return self._write(Event(HIDDEN, {"why": why[:500]}), number, officer.id, now)

    # -- asking ----------------------------------------------------------------------------

    def numbers(self) -> list[int]:
        """Return every request that is shown: what waits first, then by votes, then the newest."""
        cases, opened = self._office.cases, self._opened
        found = [n for n in cases if cases.said(n, "kind") == WANTED and not opened.hidden(n)]
        return sorted(found, key=lambda n: (cases.state(n) in DONE, -opened.votes(n), -n))

    def get(self, number: int, now: datetime) -> Request | None:
        """Return one request; None where there is none, or it is hidden."""
        cases, opened = self._office.cases, self._opened
        if number not in cases or opened.hidden(number):
            return None
        entry = self._office.memory.log[number]
        case = entry.record
        if not isinstance(case, Case) or case.kind != WANTED:
            return None
        state, dial = cases.state(number), cases.dial(number, "whole")
        seq = int(cases.row(number)["answer"])
        reply = self._office.memory.log[seq] if seq else None
        said = reply.record if reply is not None else None
        return Request(
            case=number, title=case.title, text=case.text, at=entry.at, state=TITLES[state],
            done=state in DONE, holder=cases.said(number, "unit"),
            due=datetime.fromtimestamp(dial.due, UTC) if dial.due else None,
            colour=_colour(number, self._office, now), votes=opened.votes(number),
            alike=str(case.facts.get("alike", "")), words=str(case.facts.get("words", "")),
            answer=said.note if isinstance(said, Move) else "",
            answered=reply.at if reply is not None else None, opened=opened.met(number),
        )  # fmt: skip

    # -- inside ----------------------------------------------------------------------------

    def _match(self, words: str) -> Like | None:
        """Return the likest dataset, if it is like enough."""
        found = next(iter(self._alike(words)), None)
        return found if found is not None and found.share >= LIKE_ENOUGH else None

    def _same(self, title: str) -> int | None:
        plain = "".join(title.split()).lower()
        for number in self.numbers():
            if self._office.cases.state(number) in DONE:
                return None
            record = self._office.memory.log[number].record
            if isinstance(record, Case) and "".join(record.title.split()).lower() == plain:
                return number
        return None

    def _room(self, voter: str) -> None:
        cases, log = self._office.cases, self._office.memory.log
        waiting = [
            n for n in cases if cases.said(n, "kind") == WANTED and cases.state(n) not in DONE
        ]
        if len(waiting) >= WAITING:
            raise Refusal(Words("too many requests wait", "待答复的申请过多,请稍后再试"))
        own = sum(getattr(log[n].record, "caller", "") == voter for n in waiting)
        if own >= AT_ONCE:
            raise Refusal(Words(f"{own} of yours wait for an answer", f"您有 {own} 项待答复"))

    def _known(self, number: int) -> None:
        if number not in self._office.cases or self._office.cases.said(number, "kind") != WANTED:
            raise Refusal(Words(f"there is no request {number}", f"没有申请 {number}"))

    def _write(self, event: Event, number: int, by: str, now: datetime) -> Entry:
        return self._office.memory.write(
            event, at=now, about=f"case:{number}", by=by, because=(number,)
        )


def _colour(number: int, office: Office, now: datetime) -> Colour:
    if office.cases.state(number) in DONE or office.cases.state(number) is State.WAITING:
        return "none"
    dial, second = office.cases.dial(number, "whole"), now.timestamp()
    if not dial.due:
        return "none"
    marks: tuple[tuple[Colour, int], ...] = (
        ("red", dial.due), ("orange", dial.orange), ("yellow", dial.yellow),
    )  # fmt: skip
    return next((colour for colour, mark in marks if second >= mark), "green")
