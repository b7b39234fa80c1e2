"""The outbox: whoever was answered gets a link by which to rate; a case's state says if it went.

Nothing is queued beside the log: a case that is `fed_back` waits for its message, one in
`call_back` has been told. After a crash a letter may go twice, a text message does not: of one that
may have gone a person is told.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from mindu.base.records import Event
from mindu.brain.case_rows import CODES
from mindu.brain.cases import State
from mindu.brain.casework.office import Wish, about
from mindu.brain.casework.rights import MACHINE
from mindu.edge.callback.doors import Door, Message, Post, Settled, Unclear, Unsent, Way
from mindu.edge.callback.links import Links, answered_with
from mindu.edge.callback.once import OnceDoor
from mindu.edge.counter.counter import Counter

A_ROUND = 200  # cases whose callers are told in one round
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120))  # before trying again, then given up
UNRATED = timedelta(days=7)  # after which a case that nobody rated is closed without a rating
SOLVED = 2  # as the row of a case holds it
_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
SUBJECT = "12345 答复与评价 · your matter was answered"
TEXT = (
    "您反映的事项(编号 {number})已有答复,请查看并评价:{link}\n"
    "Your matter {number} was answered. Read it and rate: {link}"
)


@dataclass(slots=True)
class Outbox:
    """Tells callers of one counter; `root` is the address at which they reach it."""

    counter: Counter
    links: Links
    root: str
    doors: Mapping[Way, Door]
    sent: int = 0
    failed: int = 0
    _tries: dict[int, tuple[int, datetime]] = field(
        default_factory=dict
    )  # case -> tries, not before
    _deaf: bool = False  # no receipts could be fetched the last time

    def round(self, now: datetime) -> int:
        """Tell whoever waits to be told, close what was rated; return how many were told."""
        with self.counter.lock:
            waiting = self._waiting(now)
        told = 0
        for number in waiting:
            told += self._tell(number, now)
        for door in self.doors.values():
            if isinstance(door, OnceDoor) and door.post is not None:
                self._heard(door.post, now)
        with self.counter.lock:
            self._close(now)
            self.counter.office.memory.log.commit()
        return told

    def _waiting(self, now: datetime) -> list[int]:
        rows = self.counter.office.cases.rows
        at = np.flatnonzero(rows["state"] == CODES[State.FED_BACK])
        numbers = rows["seq"][at].tolist()
        return [n for n in numbers if self._tries.get(n, (0, now))[1] <= now][:A_ROUND]

    def _tell(self, number: int, now: datetime) -> int:
        """Tell the callers of a case and of those merged into it; then it is being called back."""
        with self.counter.lock:
            made = [m for n in answered_with(self.counter.office, number) for m in self._made(n)]
        if not made:
            self._tries[number] = (0, now + WAITS[-1])  # nobody left an address: a person calls
            return 0
        try:
            for message in made:
                self.doors[message.way].send(message)
        except Unsent as wrong:
            self._again(number, wrong, now)
            return 0
        self._tries.pop(number, None)
        self.sent += len(made)
        ways = "、".join(sorted({f"{self.doors[m.way].name} {m.way}" for m in made}))
        note = f"{len(made)} links sent by {ways} 已发送评价链接"
        with self.counter.lock:
            if self.counter.office.cases.state(number) is State.FED_BACK:  # nobody was quicker
                wish = Wish(name="call_back", note=note)
                self.counter.office.act(number, wish, MACHINE, now=now)
                self.counter.office.memory.log.commit()
        return len(made)

    def _made(self, number: int) -> list[Message]:
        """Return the message of one case's caller; none where no door leads to them."""
        who = self.counter.vault.get(self.counter.opening(number).caller, "who")
        told = who if isinstance(who, dict) else {}
        phone, mail = str(told.get("phone", "")), str(told.get("email", ""))
        ways: list[tuple[Way, str, re.Pattern[str]]] = [
            ("sms", re.sub(r"[ \-]", "", phone), _MOBILE), ("mail", mail, _MAIL)
        ]  # fmt: skip
        for way, to, shape in ways:
            if way in self.doors and shape.fullmatch(to):
                link = f"{self.root}/rate/{self.links.word(number)}"
                text = TEXT.format(number=number, link=link)
                key = self.links.word(number)  # of this answer: another one has another key
                return [Message(way=way, key=key, to=to, subject=SUBJECT, text=text)]
        return []

    def _again(self, number: int, wrong: Unsent, now: datetime) -> None:
        """Wait longer after each try; after the last a person is to call, and the log says why.

        What may have gone is not tried again: a person calls at once.
        """
        self.failed += 1
        tries, last = self._tries.get(number, (0, now))[0], len(WAITS) - 1
        said = tries > last
        tries = len(WAITS) if isinstance(wrong, Unclear) else tries + 1
        self._tries[number] = (tries, now + WAITS[min(tries - 1, last)])
        if tries == len(WAITS) and not said:
            event = Event("not_told", {"why": str(wrong)[:200], "tries": float(tries)})
            with self.counter.lock:
                memory = self.counter.office.memory
                memory.write(event, at=now, about=about(number), by="outbox")

    def _heard(self, post: Post, now: datetime) -> None:
        """Take the receipts that wait; where none can be had, the log says so once."""
        try:
            post.fetch(lambda settled: self._settle(settled, now))
            self._deaf = False
        except Unsent as wrong:
            if not self._deaf:
                told = Event("no_receipts", {"why": str(wrong)[:200]})
                with self.counter.lock:
                    self.counter.office.memory.write(told, at=now, about="outbox", by="outbox")
            self._deaf = True

    def _settle(self, told: Settled, now: datetime) -> None:
        """Write what became of a text; of one that was lost a person is to call."""
        office, head = self.counter.office, told.key.partition("-")[0]
        number = int(head, 16)
        with self.counter.lock:
            if number not in office.cases:
                return
            name = "text_reached" if told.reached else "text_lost"
            event = Event(name, {"state": told.state})
            office.memory.write(event, at=now, about=about(number), by="outbox")
            while (into := int(office.cases.row(number)["master"])) >= 0:
                number = into
            if not told.reached and office.cases.state(number) is State.CALL_BACK:
                note = f"the text did not reach the telephone 短信未送达 ({told.state})"
                wish = Wish(name="not_reached", note=note)
                office.act(number, wish, MACHINE, now=now)
            office.memory.log.commit()

    def _close(self, now: datetime) -> None:
        """Close what its caller calls solved, and what nobody rated for long, without a rating."""
        rows, second = self.counter.office.cases.rows, int(now.timestamp())
        told = rows["state"] == CODES[State.CALL_BACK]
        done = told & (rows["solved"] == SOLVED)
        silent = told & (rows["solved"] == 0)
        silent &= rows["fed"] < second - int(UNRATED.total_seconds())
        for mask, note in (
            (done, "solved, says the caller by link 诉求人评价已解决"),
            (silent, "nobody rated within 7 days 逾期未评价,按未评价办结"),
        ):
            for number in rows["seq"][np.flatnonzero(mask)[:A_ROUND]].tolist():
                wish = Wish(name="close", note=note)
                self.counter.office.act(number, wish, MACHINE, now=now)
