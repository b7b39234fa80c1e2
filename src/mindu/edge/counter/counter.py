"""The counter: takes what people tell, checks it once, and has it durable before it says thanks."""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any

from msgspec.structs import replace

from mindu.base.records import Case, Entry, Words
from mindu.base.time import Clock
from mindu.brain.cases import DONE, State
from mindu.brain.casework.kinds import CaseKind, HandOver, Service
from mindu.brain.casework.office import MOST_TEXT, Office, Told, Wish
from mindu.brain.casework.refusals import Refusal
from mindu.brain.casework.rights import CALLER, MACHINE, Officer
from mindu.brain.casework.rounds import TOGETHER
from mindu.data.vault import Vault
from mindu.edge.counter.heard import Heard
from mindu.edge.counter.letter import (
    Letter,
    Receipt,
    digest,
    masked,
    new_code,
    tidy,
    told_of,
)
from mindu.edge.counter.photos import Photos
from mindu.edge.counter.plain import phone, plain
from mindu.edge.counter.slowing import Slowing
from mindu.edge.counter.words import TOLD_AGAIN


@dataclass(slots=True)
class Counter:
    """One counter over one office; threads may share it."""

    office: Office
    vault: Vault
    photos: Photos
    clock: Clock
    lock: AbstractContextManager[Any] = field(default_factory=RLock)  # held by who moves cases
    seen: Callable[[Entry], None] | None = None  # told of every new case
    moved: Callable[[Entry], None] | None = None  # told of every move of an officer
    checked: Callable[[int, Wish], None] | None = None  # refuses an officer's words as typed
    home: tuple[Words, str] | None = None  # the page of the city whose line this is
    slow: Slowing = field(init=False)
    _heard: Heard = field(default_factory=Heard)

    def __post_init__(self) -> None:
        self.slow = Slowing(self.clock)

    def receive(self, letter: Letter) -> Receipt:
        """Take a matter in; when this returns it is on disk.

        Raises:
            Flood, Refusal: too much from there; nothing told, or no such service or picture.
        """
        now = self.clock.now()
        kind, text, title = self._kind(letter), plain(letter.text), plain(letter.title, 200)
        if not text:
            raise Refusal(Words("tell us what the matter is", "请填写诉求内容"))
        caller = self.vault.subject(phone(letter.phone) or letter.email)
        # Of those who give no number only a browser's address tells one from the other.
        who = caller or (letter.address if letter.channel == "web" else "")
        same = f"{text}|{letter.service}|{letter.place}|{letter.where}"
        self.slow.letter(letter, caller)
        twice = self._twice(who, same, now)
        if twice is not None:
            return twice
        media = (*letter.media, *(self.photos.keep(raw) for raw in letter.photos))
        code = new_code()
        caller = caller or f"anonymous-{secrets.token_hex(8)}"
        told = told_of(letter, kind, (title, text), code=code, caller=caller, media=media)
        over = kind.hand_over(f"{title}\n{text}")
        self._seal(letter, caller, code, text)
        entry = self._open(told, over, now)
        self._heard.remember(who, same, Receipt(entry.seq, code, over), now)
        return Receipt(entry.seq, code, over)

    def status(self, code: str, address: str = "") -> int | None:
        """Return the number of the case that a code opens; None if none.

        Raises:
            Flood: too many tries from there.
        """
        self.slow.look(address)
        return self.office.cases.by_code(digest(tidy(code)))

    def say(self, code: str, wish: Wish, address: str = "") -> None:
        """Let the caller urge, rate or reopen.

        Raises:
            Refusal: no such case, or it cannot be done now.
        """
        number = self.status(code, address)
        if number is None:
            raise Refusal(Words("no case has that code", "没有这个查询码"))
        self.say_of(number, wish)

    def say_of(self, number: int, wish: Wish) -> None:
        """Let the caller of a case urge, rate or reopen; who asks has proved to be that caller.

        Raises:
            Refusal: it cannot be done now.
        """
        self.slow.caller(f"code:{number}")
        kind = self.office.kinds[self.office.cases.said(number, "kind")]
        now, master = self.clock.now(), int(self.office.cases.row(number)["master"])
        about = number if master < 0 or wish.name == "rate" else master
        safe = Wish(name=wish.name, note=kind.mask(plain(wish.note, 1000)), args=wish.args)
        with self.lock:
            self.office.act(about, safe, CALLER, now=now)
            self.office.memory.log.commit()

    def act(self, number: int, wish: Wish, officer: Officer) -> Entry:
        """Make an officer's move, words masked; durable when this returns.

        Raises:
            Refusal: as the office says.
        """
        now = self.clock.now()
        with self.lock:
            if number not in self.office.cases:
                raise Refusal(Words(f"there is no case {number}", f"没有编号 {number} 的件"))
            kind = self.office.kinds[self.office.cases.said(number, "kind")]
            if wish.name == "feed_back" and not wish.note.strip():
                wish = replace(wish, note=self.office.replied(number))  # the reply as it is
            args = masked(wish.args, kind)
            safe = replace(wish, note=kind.mask(plain(wish.note, MOST_TEXT)), args=args)
            try:
                if self.checked is not None:
                    self.office.check(number, safe, officer, now=now)
                    self.checked(number, wish)
                if wish.name in TOGETHER:
                    TOGETHER[wish.name](self.office, number, safe, officer, now=now)
                    return self.office.memory.log[int(self.office.cases.row(number)["last"])]
                return self._told(self.office.act(number, safe, officer, now=now))
            finally:
                self.office.memory.log.commit()

    def opening(self, number: int) -> Case:
        """Return what was told."""
        told: Case = self.office.memory.log[number].record  # type: ignore[assignment]
        return told

    def service(self, kind: CaseKind, code: str) -> Service | None:
        """Return a service of a kind."""
        return next((s for s in kind.services if s.code == code), None)

    def _kind(self, letter: Letter) -> CaseKind:
        kind = self.office.kinds.get(letter.kind)
        if kind is None:
            raise Refusal(Words(f"there is no kind {letter.kind!r}", "没有该事项类型"))
        if letter.service and self.service(kind, letter.service) is None:
            raise Refusal(Words(f"there is no service {letter.service!r}", "没有该服务"))
        here = {one.code for one in kind.jurisdictions}
        if letter.area and here and letter.area not in here:
            # Nobody has a jurisdiction over what is nowhere: it would lie unseen.
            raise Refusal(Words(f"there is no district {letter.area!r}", "没有该区县"))
        return kind

    def _open(self, told: Told, over: HandOver | None, now: datetime) -> Entry:
        with self.lock:
            entry = self.office.open(told, by=told.channel, now=now)
            if over is not None and not over.stays:
                note = f"{over.agency}: {over.says.zh} {over.says.en}"
                wish = Wish(name="external", note=note, args={"agency": over.agency})
                self.office.act(entry.seq, wish, MACHINE, now=now)
            if self.seen is not None:
                self.seen(entry)
            self.office.memory.log.commit()
        return entry

    def _told(self, entry: Entry) -> Entry:
        if self.moved is not None:
            self.moved(entry)
        return entry

    def _seal(self, letter: Letter, caller: str, code: str, text: str) -> None:
        who = {"phone": letter.phone, "name": letter.name, "email": letter.email}
        if any(who.values()):
            self.vault.put(caller, "who", who)
        self.vault.put(caller, f"told:{digest(code)}", text)

    def _twice(self, who: str, text: str, now: datetime) -> Receipt | None:
        """Recognise the same words of the same caller; they urge the case that there is."""
        with self.lock:
            found = self._heard.again(who, text, now)
            if found is None:
                return None
            if self.office.cases.state(found.number) not in DONE | {State.MERGED}:
                wish = Wish(name="urge", note=TOLD_AGAIN)
                self.office.act(found.number, wish, CALLER, now=now)
                self.office.memory.log.commit()
        return found
