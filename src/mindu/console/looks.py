"""Looks: how a cursor becomes a look at one feed, now, then or ahead; the last few are kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock

from mindu.base.records import Words
from mindu.console.ask import Bad
from mindu.console.board import Board
from mindu.console.cursor.past import Pasts, TooFar, remembered, seq_at
from mindu.console.cursor.recall import recall
from mindu.console.feed import Feed, Pulse
from mindu.console.look import Look

PATIENCE = 10.0  # s that a reader waits for others' looks far back
BUSY = Words("Others look far back at the moment.", "其他人正在回看更早的时刻。")
AGAIN = Words("Try again in a few seconds.", "请几秒后重试。")


@dataclass(slots=True)
class Looks:
    """Makes looks at one feed, and keeps the last few at the past."""

    feed: Feed
    pasts: Pasts = field(default_factory=Pasts)
    alone: Lock = field(default_factory=Lock)  # one recall at a time
    night: str = ""

    def at(self, cursor: str, lang: str) -> Look:
        """Return a look at the moment that a cursor names; the feed's lock must be held.

        Raises:
            Bad: the cursor is no moment, or lies before what is remembered.
        """
        feed, board = self.feed, self.feed.board
        board.book = feed.book
        look = Look(
            feed=feed,
            board=board,
            pulse=feed.pulse(),
            lang=lang,
            past=bool(self.night),
            night=self.night,
        )
        if not cursor:
            return look
        with _told():
            seq, moment = _position(board, cursor)
            past = self.pasts.at(board, seq)
        if past is board:
            later = moment is not None and moment > look.pulse.now
            return replace(look, at=cursor, ahead=moment) if later else look
        past.book = feed.book
        now = moment or past.entries[seq].at
        return replace(look, board=past, past=True, at=cursor, pulse=_then(look.pulse, now))

    def reach(self, cursor: str) -> None:
        """Bring a moment that the log alone remembers; the feed's lock must not be held.

        Raises:
            Bad: the cursor is no moment, or too many ask for such moments.
        """
        feed = self.feed
        if not cursor or feed.book is None:
            return
        with feed.lock, _told():
            feed.board.book = feed.book
            seq, _ = _position(feed.board, cursor)
            near = remembered(feed.board, seq) or seq in self.pasts
        if near:
            return
        if not self.alone.acquire(timeout=PATIENCE):
            raise Bad(503, BUSY, AGAIN)
        try:
            if seq not in self.pasts:
                past = recall(feed.board, feed.book, seq)
                with feed.lock:
                    self.pasts.keep(seq, past)
        finally:
            self.alone.release()


@contextmanager
def _told() -> Iterator[None]:
    """Tell a reader why a moment cannot be shown."""
    try:
        yield
    except (TooFar, OverflowError) as wrong:
        said = Words(str(wrong), "该时刻早于控制台所记")
        mend = Words("Take a later moment, or leave `at` out.", "请取更晚的时刻。")
        raise Bad(404, said, mend, field="at") from wrong


def _position(board: Board, cursor: str) -> tuple[int, datetime | None]:
    """Return the log position that a cursor names, and the moment if it is one."""
    told = cursor.removeprefix("#")
    if told.isdigit() and len(told) <= 12:
        return int(told), None
    try:
        moment = datetime.fromisoformat(cursor.replace(" ", "+"))
    except ValueError:
        raise Bad(
            422,
            Words("`at` is no moment.", "`at` 不是时刻。"),
            Words("Give an ISO instant or a log position.", "请给出 ISO 时刻或日志位置。"),
            field="at",
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return seq_at(board, moment, board.book), moment


def _then(pulse: Pulse, now: datetime) -> Pulse:
    return replace(pulse, now=min(now, pulse.now), ended=False, trouble=Words("", ""))
