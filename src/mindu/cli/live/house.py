"""The house: one running brain as the face sees it, with its time and its lock."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from threading import Event, Lock, RLock
from typing import TypeVar

from mindu.base.records import Value, Words
from mindu.base.time import VirtualClock, monotonic
from mindu.base.wrong import said
from mindu.cli.live.line import PATIENCE, Line
from mindu.cli.live.turning import Turning
from mindu.console.ask import Bad
from mindu.console.board import Board
from mindu.console.book import Book
from mindu.console.declared import City
from mindu.console.feed import Ahead, Nights, NotDecided, Pulse
from mindu.console.maps.kept import Maps
from mindu.console.modelling.modelling import Modelling

T = TypeVar("T")
NOWHERE = City()
BLINK = 0.5  # s between two looks whether it is time to stop


class House:
    """Turns a brain through city time, folds what it wrote, and takes people's decisions."""

    def __init__(
        self,
        *,
        name: Words,
        zone: tzinfo,
        clock: VirtualClock,
        mode: str,
        city: City = NOWHERE,
    ) -> None:
        """Stand empty; `move_in` brings the brain."""
        self.name, self.zone, self.city = name, zone, city
        self.ahead: Ahead | None = None
        self.nights: Nights | None = None
        self.maps: Maps | None = None
        self.modelling: Modelling | None = None
        self.board = Board()
        self.lock = Lock()
        self.stopped = Event()
        self.trouble = Words("", "")  # why the last turn could not be kept, while it cannot
        self.speed = 0.0
        self.patience = 0.0  # s that city time stands still while something new waits for a yes
        self._answered = Event()
        self._shown: set[int] = set()  # what waited while time stood still already
        self._clock, self._mode = clock, mode
        self._turn = RLock()  # held by whoever makes the brain think
        self._line = Line()  # of the people who wait for their turn
        self._brain: Turning | None = None
        self._ended = False
        self._told: list[Callable[[], None]] = []

    def move_in(self, brain: Turning) -> None:
        """Bring the brain and show what its log already holds."""
        self._brain = brain
        self.catch_up()

    @property
    def brain(self) -> Turning:
        """Return the brain that lives here."""
        assert self._brain is not None, "nobody has moved in"
        return self._brain

    @property
    def book(self) -> Book:
        """Return the log, to prove by."""
        return self.brain.log

    def listen(self, told: Callable[[], None]) -> Callable[[], None]:
        """Call `told` whenever something was written; return what ends that."""
        self._told.append(told)
        return lambda: self._told.remove(told)

    def pulse(self) -> Pulse:
        """Return the time and the mode."""
        return Pulse(
            now=self._clock.now(),
            mode=self._mode,
            speed=self.speed,
            ended=self._ended,
            trouble=self.trouble,
        )

    def decide(self, seq: int, *, by: str, confirmed: bool, note: str) -> None:
        """Take a person's decision; of two at once the first wins and the other is told."""
        with self._asking():
            self._may(seq)
            self.brain.decide(seq, by=by, confirmed=confirmed, note=note)

    def undo(self, seq: int, *, by: str, note: str) -> None:
        """Take back what was sent, in a person's name."""
        with self._asking():
            self.brain.undo(seq, by=by, note=note)

    def remark(self, seq: int, name: str, args: Mapping[str, Value], *, by: str) -> None:
        """Write down what a person did about an entry."""
        with self._asking():
            self.brain.remark(seq, name, args, by=by)

    def take_back(self, seq: int, *, by: str, note: str) -> None:
        """Take a lesson back, in a person's name."""
        with self._asking():
            self.brain.take_back(seq, by=by, note=note)

    def within(self, work: Callable[[], T]) -> T:
        """Do a piece of work while nothing else moves the brain, and show what it wrote."""
        with self._asking():
            return work()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the brain between two turns; what was written meanwhile is shown after."""
        with self._line.turn(self._turn):
            yield
            self.catch_up()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Wait for the brain's turn to end; a brain that says no is told to the person."""
        try:
            with self.held():
                yield
            self._answered.set()
        except ValueError as wrong:
            if isinstance(wrong, NotDecided | Bad):
                raise
            raise NotDecided(said(wrong)) from wrong

    def catch_up(self) -> None:
        """Fold everything written since the last time."""
        log = self.brain.log
        fresh = [(log[n], log.block(n)) for n in range(self.board.seq + 1, len(log))]
        with self.lock:
            for entry, block in fresh:
                self.board.fold(entry, block)
        for told in list(self._told):
            told()

    def live(
        self,
        *,
        until: datetime,
        step: timedelta,
        move: Callable[[timedelta], None],
        seen: Callable[[datetime], None],
    ) -> None:
        """Let city time pass until the end or until somebody stops it."""
        while self._clock.now() < until and not self.stopped.is_set():
            began = monotonic()
            self._line.let_pass(PATIENCE)
            with self._turn:
                move(step)
                self._clock.advance(step)
                self._tick()
            seen(self._clock.now())
            spent = monotonic() - began
            rest = step.total_seconds() / self.speed - spent if self.speed else 0.0
            self.stopped.wait(max(0.0, rest))
            self._hold()
        self._ended = True

    def _hold(self) -> None:
        """Let people read what newly waits: a pretend city stands still until they have decided."""
        fresh = self._waits() - self._shown
        self._shown |= fresh
        until = monotonic() + self.patience
        while fresh & self._waits() and not self.stopped.is_set() and monotonic() < until:
            self._answered.wait(min(BLINK, self.patience))
            self._answered.clear()

    def _waits(self) -> set[int]:
        with self.lock:
            return {entry.seq for entry in self.board.waiting(self._clock.now())}

    def _tick(self) -> None:
        """Take one turn; a disk that refuses is said, and the next turn tries again."""
        try:
            self.brain.tick()
            self.trouble = Words("", "")
        except OSError as wrong:
            en, zh = "The log cannot be kept, so nothing is sent: ", "日志无法写入,停止下达:"
            self.trouble = said(wrong, en, zh)
        self.catch_up()

    def _may(self, seq: int) -> None:
        board = self.board
        if seq in board.decisions:
            who = board.decisions[seq].by
            raise NotDecided(Words(f"{who} has already decided this.", f"{who} 已先作出决定。"))
        if seq not in board.actions:
            raise NotDecided(Words("No such action waits.", "没有待决的此项行动。"))
        if seq not in {entry.seq for entry in board.waiting(self._clock.now())}:
            raise NotDecided(Words("The time to decide has run out.", "已过决定时限。"))
