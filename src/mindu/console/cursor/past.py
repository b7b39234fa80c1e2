"""Past: a board as it was known when an entry was the newest, made from the present one."""

from bisect import bisect_right
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime

from mindu.base.records import Entry, Event, Placed, Segment
from mindu.console.board import Board
from mindu.console.book import Book
from mindu.console.kept.kept import FAILURES, Trail

KEPT = 8  # looks at the past held at once


class TooFar(ValueError):  # noqa: N818 - an answer to a reader
    """The moment lies before what the board remembers."""


class Pasts:
    """The last looks at the past of one board; a player that steps on pays for one step."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: OrderedDict[int, Board] = OrderedDict()

    def at(self, board: Board, seq: int) -> Board:
        """Return the board as it was known then; the board itself for its newest entry.

        Raises:
            TooFar: memory let that part of the log go, and nobody kept a board of it.
        """
        if seq >= board.seq:
            return board
        if seq in self._kept:
            self._kept.move_to_end(seq)
            return self._kept[seq]
        if seq < first_of(board):
            raise TooFar(f"what was known before #{first_of(board)} is in the log alone")
        return self.keep(seq, then(board, seq))

    def keep(self, seq: int, past: Board) -> Board:
        """Keep a board of the past, and let the one looked at longest ago go."""
        self._kept[seq] = past
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return past

    def __contains__(self, seq: int) -> bool:
        """Say whether a board of that moment is kept."""
        return seq in self._kept


def first_of(board: Board) -> int:
    """Return the first entry that memory holds."""
    return next(iter(board.entries), 0)


def remembered(board: Board, seq: int) -> bool:
    """Say whether memory alone can tell what was known then, counts and all."""
    first, mark = first_of(board), board.marks.before(seq)
    return first == 0 or (seq >= first and mark is not None and mark.seq >= first - 1)


def seq_at(board: Board, moment: datetime, book: Book | None = None) -> int:
    """Return the last entry written by that moment; the log knows those that memory let go.

    Raises:
        TooFar: there is none.
    """
    first, end = first_of(board), board.seq + 1
    if book is not None and (not board.entries or moment < board.entries[first].at):
        found = bisect_right(range(first), moment, key=lambda seq: book[seq].at)
    else:
        known = range(first, end)
        found = first + bisect_right(known, moment, key=lambda seq: board.entries[seq].at)
        found = 0 if found == first else found
    if not found:
        raise TooFar("nothing was known yet at that moment")
    return found - 1


def then(board: Board, seq: int) -> Board:
    """Return a board that knows what the given one knew when that entry was the newest."""
    entries = {s: e for s, e in board.entries.items() if s <= seq}
    past = Board(seq=seq, entries=entries)
    past.followers = {
        s: [n for n in later if n <= seq] for s, later in board.followers.items() if s <= seq
    }
    past.readings = {k: h for k, heard in board.readings.items() if len(h := heard.upto(seq))}
    past.settlements = {
        by: kept for by, them in board.settlements.items() if (kept := _upto(them, seq))
    }
    past.lessons = [e for e in board.lessons if e.seq <= seq]
    past.seconds = {s: kept for s, them in board.seconds.items() if (kept := _upto(them, seq))}
    for name in ("actions", "decisions", "sendings", "outcomes", "undone", "settled"):
        setattr(past, name, {s: e for s, e in getattr(board, name).items() if e.seq <= seq})
    _trails(board, past, seq)
    _counts(board, past)
    return past


def _trails(board: Board, past: Board, seq: int) -> None:
    for key, trail in board.trails.items():
        known = bisect_right(trail, seq, key=_seq)
        if known:
            past.trails[key] = trail[:known]
            put(past, trail[known - 1], key)


def put(past: Board, entry: Entry, key: tuple[str, ...]) -> None:
    """Let a board know an entry as the newest of its key."""
    kind, *rest = key
    _PUT[kind](past, entry, tuple(rest))


def _counts(board: Board, past: Board) -> None:
    past.failures = deque(maxlen=FAILURES)
    mark = board.marks.before(past.seq)
    if mark is not None:
        past.scores.load(mark.scores)
        past.count, past.refused = mark.count, mark.refused
    for entry in past.entries.values():
        record, counted = entry.record, mark is not None and entry.seq <= mark.seq
        if not counted:
            past.scores.fold(entry)
        if isinstance(record, Event) and "fail" in record.name:
            past.failures.append(entry)
        elif isinstance(record, Segment) and not counted:
            past.count += record.count
            past.refused += sum(record.refused.values())


def _placed(past: Board, entry: Entry, _key: tuple[str, ...]) -> None:
    assert isinstance(entry.record, Placed)
    past.place(entry.about, entry.record.kind, entry.record.facts)


def _forecast(past: Board, entry: Entry, key: tuple[str, ...]) -> None:
    past.forecasts[key[0], key[1]] = entry


def _weighing(past: Board, entry: Entry, key: tuple[str, ...]) -> None:
    past.weighings[key[0]] = entry


def _judged(past: Board, entry: Entry, key: tuple[str, ...]) -> None:
    past.judged[key[0], key[1]] = entry


def _care(past: Board, entry: Entry, key: tuple[str, ...]) -> None:
    past.cares.setdefault((key[0], key[1]), {})[key[2]] = entry


_PUT: dict[str, Callable[[Board, Entry, tuple[str, ...]], None]] = {
    "placed": _placed,
    "forecast": _forecast,
    "weighing": _weighing,
    "judged": _judged,
    "care": _care,
}


def _upto(trail: Trail, seq: int) -> Trail:
    return trail[: bisect_right(trail, seq, key=_seq)]


def _seq(entry: Entry) -> int:
    return entry.seq
