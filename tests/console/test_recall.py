"""A moment that memory let go is folded again from the log, as it was known then."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

import pytest
from night import NOW, Night, stormy
from typing_extensions import override

from mindu.base.records import AnyRecord, Entry, Event, Judgement, Observation, Severity, Words
from mindu.console.answers.why import why
from mindu.console.ask import Bad
from mindu.console.board import Board
from mindu.console.cursor import recall
from mindu.console.kept.marks import Marks
from mindu.console.looks import Looks
from mindu.data.log import Log

KEPT, EVERY, LEAD = 40, 16, 24
SAME = ("places", "forecasts", "weighings", "judged", "cares", "count", "refused", "lessons")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let memory hold little, so that a short log is a long one."""
    monkeypatch.setattr("mindu.console.kept.kept.KEPT_ENTRIES", KEPT)
    monkeypatch.setattr("mindu.console.kept.marks.EVERY", EVERY)
    monkeypatch.setattr(recall, "LEAD", LEAD)


class Counted(Log):
    """A log that says which entries were walked."""

    walked: ClassVar[list[int]] = []

    @override
    def since(self, seq: int) -> Iterator[Entry]:
        """Walk, and take down."""
        for entry in super().since(seq):
            self.walked.append(entry.seq)
            yield entry


def long_night(kind: type[Log] = Log) -> Night:
    """Return a night whose log holds ten times what its board remembers."""
    night, log = Night(), kind.open(":memory:")
    for entry in stormy().board.entries.values():
        about, by, because = entry.about, entry.by, entry.because
        log.append(entry.record, at=entry.at, about=about, by=by, because=because)
    for n in range(10 * KEPT):
        log.append(
            record(n), at=NOW + timedelta(minutes=n), about=f"J{n % 3}", by="w.l", because=()
        )
    for entry in log:
        night.board.fold(entry, log.block(entry.seq))
    night.book = log
    night.now = NOW + timedelta(minutes=10 * KEPT)
    return night


def record(n: int) -> AnyRecord:
    if n % 5 == 0:
        return Judgement("high", Severity(1 + n % 4), Words(f"rise {n}", f"涨 {n}"), 0.5)
    return Observation("level", float(n), "m") if n % 5 < 3 else Event("tick", {"n": str(n)})


def afresh(night: Night, seq: int) -> Board:
    board = Board()
    assert night.book is not None
    for entry in night.book.since(0):
        if entry.seq <= seq:
            board.fold(entry, night.book.block(entry.seq))
    return board


@pytest.mark.usefixtures("small")
def test_every_moment_of_the_log_opens_and_is_what_was_known_then() -> None:
    night = long_night()
    looks = Looks(night)
    assert night.book is not None
    assert len(night.board.marks) > 5
    for seq in range(3, len(night.book) - 1, 13):
        looks.reach(f"#{seq}")
        look, fresh = looks.at(f"#{seq}", "en"), afresh(night, seq)
        assert look.past
        assert look.board.seq == seq
        for name in SAME:
            assert getattr(look.board, name) == getattr(fresh, name), (seq, name)
        assert look.board.scores.dump() == fresh.scores.dump()
        now = look.pulse.now
        assert [e.seq for e in look.board.alerts(now)] == [e.seq for e in fresh.alerts(now)]
        assert look.board.last("J1", "level") == fresh.last("J1", "level")


@pytest.mark.usefixtures("small")
def test_a_moment_is_found_by_its_time_also_where_memory_ends() -> None:
    night = long_night()
    cursor = (NOW + timedelta(minutes=100)).isoformat()
    looks = Looks(night)
    looks.reach(cursor)
    newest = looks.at(cursor, "en").board
    known = newest.known(newest.seq)
    assert known is not None
    assert known.at == NOW + timedelta(minutes=100)
    for never in ("1999-01-01T00:00:00Z",):
        with pytest.raises(Bad):
            looks.reach(never)


@pytest.mark.usefixtures("small")
def test_the_work_of_a_look_far_back_is_bounded_by_the_marks_not_by_the_log() -> None:
    night = long_night(Counted)
    assert night.book is not None
    Counted.walked.clear()
    seq = len(night.book) - 60
    recall.recall(night.board, night.book, seq)
    assert LEAD <= len(Counted.walked) <= LEAD + EVERY + 1


@pytest.mark.usefixtures("small")
def test_the_story_of_an_entry_that_memory_let_go_is_whole() -> None:
    night = long_night()
    look = Looks(night).at("", "en")
    asked = next(e for e in stormy().board.entries.values() if len(e.because) and e.seq < KEPT)
    assert asked.seq not in night.board.entries
    told = why(look, asked.seq)
    assert [n.seq for n in told.chain] == [e.seq for e in stormy().board.why(asked.seq)]
    assert told.proof is not None
    assert told.proof.holds
    assert [n.seq for n in told.then] == [e.seq for e in stormy().board.after(asked.seq)]


def test_marks_grow_sparse_and_never_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mindu.console.kept.marks.MOST", 8)
    monkeypatch.setattr("mindu.console.kept.marks.EVERY", 4)
    marks = Marks()
    for seq in range(1_000):
        marks.note(("judged", f"J{seq % 7}", "l"), seq)
        if marks.due(seq):
            marks.put(seq, scores=b"", count=seq, refused=0)
    assert 3 < len(marks) <= 8
    last = marks.before(999)
    assert last is not None
    assert 999 - last.seq < marks.every
    assert max(last.latest) == last.seq
    assert marks.before(1) is None
