"""What is open now, folded from the log: tables, keys, votes, and how much it is used."""

from datetime import UTC, datetime, timedelta

import msgspec

from mindu.base.records import Entry, Event, Receipt, Value
from mindu.data.block import Block
from mindu.data.grants.policies import CITY
from mindu.data.opening import opening as words
from mindu.data.opening.opening import DATASET, KEY, Closed, Key, Opening

DAYS = 31  # of use kept by day
KEYS, VOTERS = 100_000, 200_000  # keys at once; voters of one request


class _State(msgspec.Struct):
    openings: dict[str, Opening] = {}
    closed: dict[str, Closed] = {}
    refused: dict[str, int] = {}  # dataset -> openings that were refused
    keys: dict[str, Key] = {}  # digest -> key
    votes: dict[str, set[str]] = {}  # request -> voters
    hidden: dict[str, str] = {}  # request -> why it is not shown
    met: dict[str, str] = {}  # request -> dataset that answers it
    used: dict[str, dict[str, int]] = {}  # dataset -> day -> answers
    ways: dict[str, dict[str, int]] = {}  # dataset -> read, download or query -> answers
    day: str = ""
    today: dict[str, int] = {}  # who asked -> answers today


class Opened:
    """The fold."""

    name = "opened"
    takes = (Receipt, Event)

    def __init__(self) -> None:
        """Begin with nothing open."""
        self._state = _State()

    def get(self, dataset: str) -> Opening | None:
        """Return how a table stands open, if it does."""
        return self._state.openings.get(dataset)

    def every(self) -> list[Opening]:
        """Return every table that is open, by name."""
        return [self._state.openings[name] for name in sorted(self._state.openings)]

    def closed(self, dataset: str) -> Closed | None:
        """Return why a table is open no more."""
        return self._state.closed.get(dataset)

    def refused(self, dataset: str) -> int:
        """Return how often an opening was refused since the table was last open."""
        return self._state.refused.get(dataset, 0)

    def key(self, digest: str) -> Key | None:
        """Return the key of a digest, if it holds."""
        return self._state.keys.get(digest)

    def keys(self) -> dict[str, Key]:
        """Return every key that holds, by digest."""
        return dict(self._state.keys)

    def voters(self, request: int) -> frozenset[str]:
        """Return who voted for a request."""
        return frozenset(self._state.votes.get(str(request), ()))

    def votes(self, request: int) -> int:
        """Count the votes for a request."""
        return len(self._state.votes.get(str(request), ()))

    def hidden(self, request: int) -> str:
        """Return why a request is not shown; "" where it is."""
        return self._state.hidden.get(str(request), "")

    def met(self, request: int) -> str:
        """Return the table that was opened for a request."""
        return self._state.met.get(str(request), "")

    def used(self, dataset: str) -> dict[str, int]:
        """Return the answers of the last days, by day."""
        return dict(self._state.used.get(dataset, {}))

    def ways(self, dataset: str) -> dict[str, int]:
        """Return all answers ever, by read, download and query."""
        return dict(self._state.ways.get(dataset, {}))

    def today(self, who: str, now: datetime) -> int:
        """Return how many answers somebody got today."""
        return self._state.today.get(who, 0) if _day(now) == self._state.day else 0

    # -- folding ---------------------------------------------------------------------------

    def fold(self, entry: Entry, block: Block | None = None) -> None:  # noqa: ARG002
        """Take one entry into account."""
        record = entry.record
        if isinstance(record, Receipt):
            self._count(entry, record)
        elif isinstance(record, Event):
            if record.name in _TABLES:
                self._table(entry, record.name, record.args)
            elif record.name in {words.KEY_GIVEN, words.KEY_TAKEN}:
                self._key(entry, record)
            elif record.name in {words.VOTED, words.HIDDEN, words.MET} and entry.because:
                self._request(str(entry.because[0]), record)

    def _table(self, entry: Entry, what: str, args: dict[str, Value]) -> None:
        state, name = self._state, entry.about.removeprefix(DATASET)
        at = int(entry.at.timestamp() * 1000)
        if what == words.OPENED:
            state.openings[name] = words.told(args, seq=entry.seq, at=at, by=entry.by)
            state.closed.pop(name, None)
            state.refused.pop(name, None)
        elif what == words.REFUSED:
            state.refused[name] = state.refused.get(name, 0) + 1
        elif (was := state.openings.pop(name, None)) is not None:
            title = was.dataset.title
            why = str(args.get("why", ""))
            state.closed[name] = Closed(name, title.en, title.zh, at, why, entry.seq)

    def _key(self, entry: Entry, record: Event) -> None:
        keys, digest = self._state.keys, str(record.args.get("digest", ""))
        if record.name == words.KEY_TAKEN:
            keys.pop(digest, None)
            return
        label, owner = (str(record.args.get(word, "")) for word in ("label", "owner"))
        at = int(entry.at.timestamp() * 1000)
        keys[digest] = Key(entry.about.removeprefix(KEY), label, owner, at)

    def _request(self, number: str, record: Event) -> None:
        state = self._state
        if record.name == words.VOTED:
            state.votes.setdefault(number, set()).add(str(record.args.get("voter", "")))
        elif record.name == words.HIDDEN:
            state.hidden[number] = str(record.args.get("why", ""))
        else:
            state.met[number] = str(record.args.get("dataset", ""))

    def _count(self, entry: Entry, record: Receipt) -> None:
        state, day = self._state, _day(entry.at)
        if day != state.day:
            state.day, state.today = day, {}
        if not record.allowed:
            return
        state.today[record.who] = state.today.get(record.who, 0) + 1
        oldest = _day(entry.at - timedelta(days=DAYS))
        for name in record.datasets:
            if name not in state.openings:
                continue
            days = state.used.setdefault(name, {})
            days[day] = days.get(day, 0) + 1
            for gone in [told for told in days if told <= oldest]:
                del days[gone]
            ways = state.ways.setdefault(name, {})
            ways[record.action] = ways.get(record.action, 0) + 1

    def dump(self) -> bytes:
        """Return the state as bytes, the same for the same state."""
        return msgspec.msgpack.encode(self._state, order="deterministic")

    def load(self, told: bytes) -> None:
        """Take up a state that `dump` gave."""
        try:
            self._state = msgspec.msgpack.decode(told, type=_State)
        except msgspec.MsgspecError as wrong:
            raise ValueError(f"these bytes are no state of {self.name}: {wrong}") from wrong


_TABLES = frozenset({words.OPENED, words.CLOSED, words.REFUSED})


def _day(at: datetime) -> str:
    return f"{at.astimezone(CITY):%Y-%m-%d}"


def instant(ms: int) -> datetime:
    """Return an instant of epoch ms."""
    return datetime.fromtimestamp(ms / 1000, UTC)
