"""The portal: what is open, read through the gateway, and what the public leaves with us."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from mindu.base.records import Words
from mindu.brain.casework.office import Office
from mindu.brain.casework.refusals import Refusal
from mindu.brain.memory import Memory
from mindu.brain.opening.openings import Openings, holder
from mindu.brain.opening.requests import Requests
from mindu.data.catalog.book import MOST_FOUND, Catalogue
from mindu.data.catalog.dataset import Dataset
from mindu.data.gateway.answer import Answer
from mindu.data.gateway.gateway import Gateway
from mindu.data.gateway.want import Want
from mindu.data.grants.ask import Action, Ask, User
from mindu.data.opening.opening import Opening
from mindu.data.quality.facts import Facts
from mindu.edge.portal import keys
from mindu.edge.portal.held import Missing, Room, Shut, Stewards, Unknown
from mindu.edge.portal.quota import Quota
from mindu.edge.portal.visitor import Visitor

NAME, HOME = Words("Open data", "开放数据"), Words("Mindu", "闽都")
PAGE, MOST_PAGE = 20, 1_000  # datasets of one page


@dataclass(slots=True, kw_only=True)
class Portal:
    """What every door of the portal stands on; threads may share it."""

    gateway: Gateway
    memory: Memory
    office: Office
    openings: Openings
    requests: Requests
    mask: Callable[[str], str]
    secret: bytes
    freshen: Callable[[str], None] = lambda _name: None  # brings rows of a living city up to now
    facts: Callable[[Dataset], Facts] = lambda _dataset: Facts()
    name: Words = NAME
    home: Words = HOME
    rooms: Sequence[Room] = ()
    sheets: Sequence[str] = ()  # style sheets beside our own
    stewards: Stewards | None = None  # who opens, closes, plans and answers on pages of their own
    script: str = ""  # what draws charts and maps where a browser runs it
    quota: Quota = field(init=False)
    _book: tuple[tuple[int, ...], Catalogue | None] = ((), None)
    _looking: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Begin to count."""
        self.quota = Quota(self.memory.opened)

    # -- what is open ----------------------------------------------------------------------

    def find(self, words: str = "", theme: str = "", owner: str = "") -> list[Opening]:
        """Return what is open and holds all the words, best first; without words by name."""
        with self.gateway.lock:
            every = {held.dataset.name: held for held in self.memory.opened.every()}
        found = list(every.values())
        if words.strip():
            named = [one.name for one in self._search(words, found)]
            found = [every[name] for name in named if name in every]
        return [
            held for held in found
            if theme in {"", held.dataset.theme} and owner in {"", holder(held.dataset)}
        ]  # fmt: skip

    def opening(self, name: str) -> Opening:
        """Return a table that is open, its newest rows checked.

        Raises:
            Missing, Shut: there never was one, or it was closed.
        """
        self.freshen(name)
        with self.gateway.lock:
            if self.memory.opened.get(name) is None:
                raise self._gone(name)
            try:
                return self.openings.renewed(name, now=self.gateway.clock.now())
            except Refusal as no:
                raise Shut(no.says) from no

    def who(self, told: Visitor) -> User:
        """Return who asks, and let them ask once.

        Raises:
            Slow: too much.
            Unknown: the key is none.
        """
        now = self.gateway.clock.now()
        if not told.key:
            user = User(f"public-{self.gateway.cloak(told.address or 'nowhere')[:12]}")
            self.quota.read(user.id, keyed=False, now=now)
            return user
        found = keys.holder(self.memory, told.key)
        if found is None:
            self.quota.guess(told.address, now)
            raise Unknown(Words("this key does not hold", "密钥无效"))
        user = User(f"key-{found.id}")
        self.quota.read(user.id, keyed=True, now=now)
        return user

    def rows(self, user: User, want: Want) -> Answer:
        """Return a page of an open table, with its receipt.

        Raises:
            Missing, Shut, Refused: it is not open, or cannot be answered.
        """
        self.opening(want.dataset)
        return self.gateway.read(_ask(user, "read"), want)

    def file(self, user: User, name: str) -> Answer:
        """Return an open table for a file, up to the gateway's most rows."""
        self.opening(name)
        return self.gateway.file(_ask(user, "download"), name)

    def query(self, user: User, name: str, sql: str) -> Answer:
        """Return what SQL of ours says of an open table."""
        self.opening(name)
        return self.gateway.query(_ask(user, "query", sql))

    def ask(self, user: User, sql: str) -> Answer:
        """Return what somebody's own SQL says of tables that are open."""
        return self.gateway.query(_ask(user, "query", sql))

    # -- inside ----------------------------------------------------------------------------

    def browser(self, told: Visitor) -> str:
        """Return the vault's name of a browser: what votes and keys are kept under."""
        return self.gateway.cloak(f"browser {told.browser}")

    def _gone(self, name: str) -> Refusal:
        was = self.memory.opened.closed(name)
        if was is None:
            return Missing(
                Words(f"nothing open is called {name[:63]}", f"没有开放数据 {name[:63]}")
            )
        return Shut(
            Words(f"{was.title_en} was closed: {was.why}", f"{was.title_zh} 已关闭:{was.why}")
        )

    def _search(self, words: str, every: list[Opening]) -> list[Dataset]:
        """Search the open tables alone; the index is made anew when what is open has changed."""
        mark = tuple(held.seq for held in every)
        with self._looking:
            if self._book[0] != mark or self._book[1] is None:
                book = Catalogue(None)
                book.put((held.dataset for held in every), now=0, by="portal")
                self._book = (mark, book)
            book_now = self._book[1]
            assert book_now is not None, "it was made just now"
            return book_now.search(words, MOST_FOUND).datasets


def _ask(user: User, action: Action, says: str = "") -> Ask:
    return Ask(who=user, action=action, datasets=(), purpose="", basis="", reference="", says=says)
