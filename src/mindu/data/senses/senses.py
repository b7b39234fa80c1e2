"""The senses: one folder with the journal, the register, the tables, and what is known now."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import RLock

from mindu.data.arrays import Ints, Truths
from mindu.data.senses import deeds, frame, state
from mindu.data.senses.account import Account, Tally
from mindu.data.senses.beside import amended
from mindu.data.senses.beside.folds import AMENDED, COMMANDS, Folds
from mindu.data.senses.beside.kept import beside
from mindu.data.senses.frame import Frame
from mindu.data.senses.intake import Intake, Offer, Receipt, Settled, rows_of
from mindu.data.senses.journal import DEED, READINGS, Journal
from mindu.data.senses.memory.moving import move, move_again
from mindu.data.senses.memory.rolls import Rolls
from mindu.data.senses.memory.table import Readings
from mindu.data.senses.now import Now
from mindu.data.senses.registry import Registry
from mindu.data.senses.tail import NO_ROWS, Rows, standing
from mindu.perceive.declare import Device, Model, Prop, Stage

FLUSH_ROWS = 1_000_000  # rows that wait in memory for the tables
BEHIND = 4  # times as many wait: senders are held up until the tables come after
FLUSH_MS = 60_000  # ms that they may wait
KEEP_BYTES = 256 << 20  # of journal between kept states
Frames = Sequence[tuple[int, bytes]]
Placing = Callable[[Sequence[deeds.AnyDeed]], list[tuple[int, bytes]]]
CHUNK = 20_000  # devices in one frame of the journal
MOST_KEYS = 255  # epochs of a device's key: kept in one byte


class Senses:
    """Every reading of a city: taken in, counted, remembered. One process writes a folder."""

    def __init__(self, folder: Path, *, flush_rows: int = FLUSH_ROWS) -> None:
        """Open a folder, or begin one; come back to exactly what was durable.

        Raises:
            RuntimeError: another process writes it.
            ValueError: what was durable is damaged.
        """
        self.folder, self._flush_rows = folder, flush_rows
        self.lock = RLock()  # held while state changes, and while the disk syncs a group
        self.journal = Journal(folder / "journal")
        self.registry, self.now, self.account = Registry(), Now(), Account()
        self.commands, self.entities, self.keeping, *_ = kept = beside()
        self.loops, self.down, self.fences, self.amended, self.words = kept[3:]
        self.intake = Intake(self.journal, self.registry, self.now, self.account, self.words)
        self.folds: Folds = dict(enumerate(kept, COMMANDS))
        self._parts = (self.registry, self.now, self.account, self.folds)
        self.settled: dict[int, object] = {}  # day: what its tiers rest on
        self.table = Readings(folder / "readings", self.registry)
        self.rolls = Rolls(folder / "rollups")
        self.table.pause = self._relieve
        self.table.delta.strays()
        self.rolls.delta.strays()
        self.placing: Placing = lambda done: []  # noqa: ARG005 - frames that new places bring
        self.flushed: Callable[[], object] = lambda: None  # told when rows have gone to the tables
        self._waiting = 0  # since when rows wait for the tables, epoch ms
        self.moves = RLock()  # held while the tables change; taken before `lock`, never after
        self.moving = NO_ROWS  # rows on their way into the tables
        self.holds: list[Callable[[], int]] = []  # from where on others still need the journal
        self.trouble = ""  # why the tables could not be written last time
        self._recover()
        self.intake.holds = self._holds
        self.intake.gone = partial(self.keeping.buried, self.registry)

    # -- taking in -------------------------------------------------------------------------

    def take(self, offers: Sequence[Offer], arrived: int) -> list[Receipt]:
        """Take in what was said; return when it is durable. `arrived`: epoch ms.

        Raises:
            OSError: the disk refuses; nothing was taken in.
        """
        settled = self.accept(offers, arrived)
        self.tend(arrived)
        return [it.receipt for it in settled]

    def accept(self, offers: Sequence[Offer], arrived: int) -> list[Settled]:
        """Take in what was said, and leave the tables for `tend` to bring up to date."""
        with self.lock:
            return self.intake.take(offers, arrived)

    def tend(self, now: int) -> None:
        """Flush and keep the state when it is time: cheap when it is not."""
        if self._flushes(now):
            try:
                self.flush(now)
                self.trouble = ""
            except OSError as wrong:
                self.trouble = str(wrong)  # the journal has them: try again in a while
        if self._grown:
            self.keep()

    def due(self, now: int) -> bool:
        """Say whether `tend` has something to do."""
        return self._flushes(now) or self._grown

    def _flushes(self, now: int) -> bool:
        rows = len(self.intake.tail) + self.amended.total - self.rolls.followed.upto
        self._waiting = self._waiting or (now if rows else 0)
        waited = rows > 0 and now - self._waiting >= FLUSH_MS
        return waited or (rows >= self._flush_rows and not self.trouble)

    @property
    def _grown(self) -> bool:
        return self.journal.end - self._kept >= KEEP_BYTES

    @property
    def behind(self) -> bool:
        """Say whether the tables are so far behind that senders should wait."""
        return len(self.intake.tail) >= BEHIND * self._flush_rows

    def waiting(self) -> list[Rows]:
        """Return the sorted runs that the tables do not hold yet."""
        with self.lock:
            return [run for run in (self.moving, *self.intake.tail.runs) if run]

    def _holds(self, series: Ints, at: Ints) -> Truths:
        found = self.intake.tail.holds(series, at) | standing(self.moving, series, at)
        return found | self.table.holds(series, at)

    # -- the register ----------------------------------------------------------------------

    def declare(self, model: Model) -> None:
        """Declare a kind of device, or change its bounds."""
        with self.lock:
            deeds.names_fit(self.registry, {prop.name for prop in model.props})
            trial = Registry()
            for held in self.registry.kinds.values():
                trial.declare(held)
            trial.declare(model)  # raises before anything is written
            self._do([deeds.Declared(model)])

    def enrol(self, devices: Sequence[Device], *, now: int = 0) -> int:
        """Take in devices, new or changed, at `now` (epoch ms); return how many are new."""
        before = len(self.registry)
        with self.lock:
            self.registry.check(devices)
            devices = deeds.living(self.registry, devices)
            for i in range(0, len(devices), CHUNK):
                self._do([deeds.Enrolled(devices[i : i + CHUNK], now)])
        return len(self.registry) - before

    def stage(self, devices: Sequence[str], stage: Stage, *, now: int = 0) -> None:
        """Move devices to a stage of their life, at `now` (epoch ms).

        Raises:
            KeyError: one of them is not known.
            ValueError: one of them cannot come to that stage.
        """
        with self.lock:
            deeds.movable(self.registry, devices, stage)
            self._do([deeds.Staged(list(devices), stage, now)])

    def attach(self, device: str, prop: Prop) -> int:
        """Give one device one more property; return its series."""
        with self.lock:
            if self.registry.one(device, prop.name) < 0:
                if device not in self.registry.numbers:
                    raise KeyError(f"no device is called {device!r}")
                deeds.names_fit(self.registry, {prop.name})
                self._do([deeds.Attached(device, prop)])
            return self.registry.one(device, prop.name)

    def rekey(self, device: str) -> None:
        """Make the keys that a device has void.

        Raises:
            KeyError: there is no such device.
            ValueError: it had so many keys that an old one would hold again.
        """
        with self.lock:
            if device not in self.registry.numbers:
                raise KeyError(f"no device is called {device!r}")
            if self.registry.devices["epoch"][self.registry.numbers[device]] >= MOST_KEYS:
                raise ValueError(f"{device} had {MOST_KEYS} keys; retire it and use another id")
            self._do([deeds.Rekeyed(device)])

    def _do(self, done: Sequence[deeds.AnyDeed]) -> None:
        crossed = self.placing(done)
        self.journal.write([(DEED, deeds.encode(done)), *crossed])
        self._count(done)
        for kind, body in crossed:
            self._fold(kind, body)

    def _count(self, done: Sequence[deeds.AnyDeed]) -> None:
        """Let durable deeds count."""
        deeds.count(self.registry, done)
        self.now.reach(len(self.registry.series))

    def commit(self, frames: Frames, offers: Sequence[Offer] = (), now: int = 0) -> None:
        """Make frames of any kind durable with what is said `now` (epoch ms); let them count.

        Raises:
            OSError: the disk refuses; none of them is kept.
        """
        with self.lock:
            done = [it for kind, body in frames if kind == DEED for it in deeds.decode(body)]
            crossed = self.placing(done) if done else []
            whole = [*frames, *crossed, *self.intake.framed(offers, now)]
            end = self.journal.write(whole)
            for kind, body in whole:
                if kind == DEED:
                    self._count(deeds.decode(body))
                elif kind == READINGS:
                    self.intake.apply(frame.decode(body), end)
                else:
                    self._fold(kind, body)

    def _fold(self, kind: int, body: bytes) -> None:
        self.folds[kind].count(body)
        if kind == AMENDED:
            for it in amended.decode(body):
                self.now.amend(it.series, it.at, it.value, it.before)

    # -- tables ----------------------------------------------------------------------------

    def flush(self, now: int) -> None:
        """Move the tail to the tables; readings are taken in meanwhile.

        Raises:
            OSError: the disk refuses; the rows stay in the journal and in memory.
        """
        with self.moves:
            if self._move(now):
                self.table.merge(now)
                self.flushed()

    def _move(self, now: int) -> bool:
        self._waiting = 0
        return move(self, now)

    def _relieve(self, now: int) -> None:
        """Let a long merge wait while what came meanwhile goes to the tables, so no tail grows."""
        if len(self.intake.tail) >= self._flush_rows:
            self._move(now)
        if self._grown:
            self.keep()

    def tidy(self, now: int) -> None:
        """Merge the days that are over, delete what was replaced, let old journal segments go."""
        with self.moves:
            self.flush(now)
            self.table.merge(now, closed=True)
            self.table.delta.sweep(now)
            self.rolls.delta.sweep(now)
            self.keep()
            needed = [self.table.delta.position, state.oldest(self.folder / "state")]
            self.journal.drop(min([*needed, *(hold() for hold in self.holds)]))

    def keep(self) -> None:
        """Keep the state, so that the next start is quick."""
        with self.lock:
            latest = self.intake.latest_arrival
            state.keep(self.folder / "state", self.journal.end, latest, self._parts)
            self._kept = self.journal.end

    # -- starting and ending ---------------------------------------------------------------

    def _recover(self) -> None:
        """Come back to what was durable: the kept state, and what the journal says since."""
        self._kept, arrival = state.take_up(self.folder / "state", self.journal.end, self._parts)
        self.intake.latest_arrival = arrival
        self.now.reach(len(self.registry.series))
        tables = (self.table.delta.position, self.rolls.delta.position)
        for end, kind, body in self.journal.since(min(self._kept, *tables)):
            if kind == DEED and end > self._kept:
                self._count(deeds.decode(body))
            elif kind == READINGS:
                self._again(frame.decode(body), end)
            elif kind in self.folds and end > self._kept:
                self._fold(kind, body)
            if self.table.delta.position < self.rolls.delta.position <= end:
                move_again(self, end)  # the crash came between the two tables
        self.replayed = self.journal.end - self._kept

    def _again(self, told: Frame, end: int) -> None:
        """Take a frame of the journal into account once more, where it is missing."""
        if end > self._kept:
            self.intake.apply(told, end, tail=False)
        if end > self.table.delta.position:
            self.intake.tail.add(rows_of(told))
            if len(self.intake.tail) >= self._flush_rows:
                move_again(self, end)

    def close(self) -> None:
        """Keep the state and let go of the folder."""
        with self.lock:
            self.keep()
            self.journal.close()

    def total(self) -> Tally:
        """Return the account of everything ever received."""
        return self.account.total()
