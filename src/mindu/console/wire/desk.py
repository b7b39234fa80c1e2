"""The desk: one feed, its people and its limits, and who is at the door of each request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import BoundedSemaphore

from mindu.base.records import Words
from mindu.base.time import Clock, SystemClock
from mindu.console.ask import missing
from mindu.console.beside import Beside
from mindu.console.feed import Feed
from mindu.console.looks import Looks
from mindu.console.people.house import People
from mindu.console.wire.limits import Buckets, Limits
from mindu.console.wire.visit import COOKIE, Visit, new_sid, token_of

LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEMO_OWNER = "值班员 Duty officer"
NIGHT = Words("stored night", "已存之夜")
LISTED = Words("The replay page lists them.", "见回放页。")
NIGHTS = 2  # stored nights looked at side by side
DAY_S, WEEK_S = 86_400, 604_800


@dataclass(slots=True)
class Desk:
    """What every request is answered from."""

    feed: Feed
    people: People
    limits: Limits = field(default_factory=Limits)
    demo: bool = False  # a pretend city on the loopback: a guest sees what a viewer sees
    names: tuple[str, ...] = LOOPBACK  # hosts it goes by; empty = any
    clock: Clock = field(default_factory=SystemClock)
    beside: Sequence[Beside] = ()  # other rooms behind the same door
    looks: Looks = field(init=False)
    room: BoundedSemaphore = field(init=False)
    _nights: dict[str, Looks] = field(default_factory=dict)
    reads: Buckets = field(init=False)
    changes: Buckets = field(init=False)
    sign_ins: Buckets = field(init=False)

    def __post_init__(self) -> None:
        """Set the limits up."""
        self.looks = Looks(self.feed)
        self.room = BoundedSemaphore(self.limits.clients)
        self.reads = Buckets(self.limits.reads)
        self.changes = Buckets(self.limits.changes)
        self.sign_ins = Buckets(self.limits.sign_ins)

    @property
    def now(self) -> datetime:
        """Return the time of people: sessions and keys live by it, not by the city's."""
        return self.clock.now()

    def greet(self, visit: Visit) -> Visit:
        """Find out who is at the door; everybody has a token of their own."""
        sid = visit.cookies.get(COOKIE, "")[:128]
        visit.person = self.people.sessions.who(sid, self.now) if sid else None
        if visit.person is None and not sid.startswith("g."):
            sid = new_sid()
            visit.keep(COOKIE, sid, seconds=DAY_S, hidden=True)
        visit.sid, visit.open_to_guests = sid, self.demo
        visit.token = token_of(self.people.secret, sid)
        return visit

    def looks_of(self, night: str) -> Looks:
        """Return who looks at the living city, or at a stored night.

        Raises:
            Bad: there is no such night.
        """
        if not night:
            return self.looks
        if self.feed.nights is None:
            raise missing(NIGHT, LISTED)
        try:
            feed = self.feed.nights.open(night)
        except KeyError as no:
            raise missing(NIGHT, LISTED) from no
        kept = self._nights.get(night)
        if kept is None or kept.feed is not feed:
            kept = self._nights[night] = Looks(feed, night=night)
            if len(self._nights) > NIGHTS:
                self._nights.pop(next(iter(self._nights)), None)
        return kept

    def let_in(self, visit: Visit, name: str) -> None:
        """Open a session under a new secret."""
        visit.sid = self.people.sessions.open(name, self.now)
        visit.person = self.people.accounts.person(name)
        visit.token = token_of(self.people.secret, visit.sid)
        visit.keep(COOKIE, visit.sid, seconds=WEEK_S, hidden=True)

    def let_out(self, visit: Visit) -> None:
        """End the session."""
        self.people.sessions.shut(visit.sid)
        visit.person, visit.sid = None, new_sid()
        visit.token = token_of(self.people.secret, visit.sid)
        visit.keep(COOKIE, visit.sid, seconds=DAY_S, hidden=True)

    def first_key(self) -> str:
        """Return a one-time key for whoever started the city: its owner, or the demo's."""
        return self.people.keys.key_for(DEMO_OWNER if self.demo else "", "admin", self.now)
