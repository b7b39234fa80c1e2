"""The store: a log on disk, opened to be read and asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from mindu.base.records import Value, Words
from mindu.base.wrong import said
from mindu.cli.live.turning import Written
from mindu.cli.say import Trouble
from mindu.console.board import Board
from mindu.console.declared import City
from mindu.console.feed import NotDecided, Pulse
from mindu.data.keeping.home import CITY, home
from mindu.data.log import Log

LOG = "city.mindu"
OPEN_LOG, OPEN_NOTES = "open", "open-checkpoints.jsonl"  # name of the portal's log; its notes
NOWHERE = City()
ZONE = ZoneInfo("Asia/Shanghai")


class Stored:
    """A feed over a log at rest: it can be read and asked why, nothing can be decided."""

    def __init__(
        self, log: Written, *, name: Words, zone: tzinfo = ZONE, city: City = NOWHERE
    ) -> None:
        """Fold the whole log."""
        self.name, self.zone, self.book = name, zone, log
        self.city, self.ahead, self.nights, self.modelling = city, None, None, None
        self.maps = None
        self.board = Board()
        self.lock = Lock()
        for seq in range(len(log)):
            self.board.fold(log[seq], log.block(seq))
        if self.board.seq < 0:
            raise Trouble(
                Words("The log is empty.", "日志为空。"),
                Words("Run `mindu up` or `mindu replay storm` first.", "请先运行 mindu up。"),
            )
        self._now = max(entry.at for entry in self.board.entries.values())

    def pulse(self) -> Pulse:
        """Return the time of the last entry."""
        return Pulse(now=self._now, mode="stored", ended=True)

    def listen(self, told: Callable[[], None]) -> Callable[[], None]:  # noqa: ARG002
        """Return what ends the listening: a log at rest tells nothing new."""
        return lambda: None

    def decide(self, seq: int, *, by: str, confirmed: bool, note: str) -> None:
        """Refuse: a log at rest sends nothing."""
        said = f"#{seq} {by} {note} {confirmed}"
        raise NotDecided(Words(f"A log at rest: {said}", f"此日志已归档:{said}"))

    def undo(self, seq: int, *, by: str, note: str) -> None:
        """Refuse: a log at rest sends nothing."""
        self.decide(seq, by=by, confirmed=False, note=note)

    def remark(self, seq: int, name: str, args: Mapping[str, Value], *, by: str) -> None:
        """Refuse: nothing is written to a log at rest."""
        self.decide(seq, by=by, confirmed=False, note=f"{name} {dict(args)}")

    def take_back(self, seq: int, *, by: str, note: str) -> None:
        """Refuse: a log at rest learns nothing."""
        self.decide(seq, by=by, confirmed=False, note=note)


@dataclass(frozen=True, slots=True)
class Kept:
    """A night that lies in a folder: 0 is the newest, the others were put aside in this order."""

    number: int
    where: str  # as `Log.read` takes it


def kept_in(folder: Path) -> list[Kept]:
    """Return the nights of a folder, the newest first."""
    there = home(folder)
    names = there.logs()
    found = [Kept(0, there.log())] if CITY in names else []
    aside = [name.removeprefix(f"{CITY}.") for name in names if name.startswith(f"{CITY}.")]
    numbers = sorted((int(told) for told in aside if told.isdigit()), reverse=True)
    return found + [Kept(number, there.log(f"{CITY}.{number}")) for number in numbers]


def open_log(folder: Path) -> Log:
    """Open the log of a folder.

    A city that is running may be asked as well: the log is read beside its writer.

    Raises:
        Trouble: there is none, or it is no log of ours.
    """
    try:
        there = home(folder)
        where = there.log() if there.there() else ""
    except (ValueError, OSError) as wrong:
        raise _unread(wrong) from wrong
    if not where:
        raise Trouble(
            Words(f"There is no log in {folder}.", f"{folder} 中没有日志。"),
            Words("Run `mindu up` first, or give --data.", "请先运行 mindu up,或用 --data 指定。"),
        )
    return read_log(where)


def read_log(where: str) -> Log:
    """Open a log to be read, beside its writer if it has one.

    Raises:
        Trouble: it is no log of ours.
    """
    try:
        return Log.read(where)
    except (ValueError, OSError, RuntimeError) as wrong:
        raise _unread(wrong) from wrong


def _unread(wrong: Exception) -> Trouble:
    return Trouble(
        Words(f"The log cannot be read: {said(wrong).en}", f"日志读不出:{said(wrong).zh}"),
        Words("Run `mindu doctor`, or give another --data.", "请运行 mindu doctor,或换 --data。"),
    )


def stored(folder: Path) -> Stored:
    """Return the feed of a log at rest."""
    return Stored(open_log(folder), name=Words("Mindu", "闽都"))
