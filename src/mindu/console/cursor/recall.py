"""Recall: a board as it was known at an entry that memory let go, folded again from the log."""

from itertools import islice

from mindu.base.records import Entry, Segment
from mindu.console.board import Board
from mindu.console.book import Book
from mindu.console.cursor.past import put
from mindu.console.kept.marks import Mark, Marks

LEAD = 8_192  # entries folded before the moment at least: what its lists and charts show


def recall(board: Board, book: Book, seq: int) -> Board:
    """Return what was known when that entry was the newest.

    It begins at the last mark that lies far enough before it: the entries behind the mark's keys
    are read one by one, those from there on are folded in order. So the work is bounded by the
    distance of two marks, whatever the length of the log; what was written before and is neither
    the newest of its kind nor a lesson is not in its lists, but is found by its number.
    """
    mark = board.marks.before(max(seq - LEAD, -1))
    past = _from(mark, board.marks, book) if mark else Board()
    first = mark.seq + 1 if mark else 0
    for entry in islice(book.since(first), seq + 1 - first):
        block = book.block(entry.seq) if isinstance(entry.record, Segment) else None
        past.fold(entry, block)
    return _with_memory(past, board, seq)


def _from(mark: Mark, marks: Marks, book: Book) -> Board:
    """Return a board that knows the newest entry of each key, as of a mark."""
    past = Board(seq=mark.seq, count=mark.count, refused=mark.refused)
    past.scores.load(mark.scores)
    known = sorted(zip(mark.latest, marks.keys[: len(mark.latest)], strict=True))
    held: dict[int, Entry] = {}
    for seq, key in known:
        entry = held.get(seq) or held.setdefault(seq, book[seq])
        past.trails[key] = [entry]
        past.marks.note(key, seq)
        put(past, entry, key)
    past.entries = held
    return past


def _with_memory(past: Board, board: Board, seq: int) -> Board:
    """Bring what the present board still remembers of that time: lessons, and longer readings."""
    past.lessons = [e for e in board.lessons if e.seq <= seq]
    for key, heard in board.readings.items():
        known = heard.upto(seq)
        if len(known) > len(past.readings.get(key, ())):
            past.readings[key] = known
    return past
