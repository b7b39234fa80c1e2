"""The ledger of processes: models, steps and notes are written here, and read back."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from mindu.base.records import Entry, Event, Published, Stepped, Value
from mindu.brain.folds.instances import PREFIX
from mindu.brain.folds.models import fit
from mindu.brain.processes.fallen import Fallen, fallen
from mindu.engines.process import Moved, State, dump, load
from mindu.engines.process.happenings import AnyHappening, Decided, Start, Threw, Undid

if TYPE_CHECKING:  # the door to it opens no database
    from mindu.brain.memory import Memory


_ENCODE = msgspec.json.Encoder().encode
_START = msgspec.json.Decoder(Start)
GOES_OUT = (Threw, Decided, Undid)  # what a step tells others
_DEFERRED = ContextVar("deferred", default=False)


class _Moved(msgspec.Struct, frozen=True):
    why: str
    to: str = ""  # a node; empty: the applicant


_MOVED = msgspec.json.Decoder(_Moved)


@contextmanager
def deferred() -> Iterator[None]:
    """Let this task's steps become durable later: it answers nobody before it waited for that."""
    before = _DEFERRED.set(True)
    try:
        yield
    finally:
        _DEFERRED.reset(before)


class Ledger:
    """Writes models, steps and notes, and reads them back."""

    def __init__(self, memory: "Memory") -> None:
        """Keep what the memory holds."""
        self.memory = memory
        self.models, self.instances = memory.models, memory.instances
        self.admits: Callable[[Published], None] = lambda _record: None  # or raises Unfit
        self._open = 0  # groups of steps that become durable together

    # models

    def publish(self, text: bytes, *, by: str, now: datetime) -> Published:
        """Publish a model; whoever begins from now on runs it, whoever runs goes on as before.

        Raises:
            Unfit: it cannot be run; nothing is published.
        """
        record = fit(text)
        self.admits(record)
        if record.key not in self.models.published or self._older(record):
            self.memory.write(record, at=now, about=f"model:{record.key}", by=by)
            self._commit()
        return record

    def _older(self, record: Published) -> bool:
        return any(self.models.newest[f"{record.kind}:{n}"] != record.key for n in record.names)

    def state(self, instance: int) -> State:
        """Return how an instance stands, also one that is over.

        Raises:
            KeyError: there is none of that number.
        """
        told = self.instances.states.get(instance)
        if told is None:
            record = self.last(instance).record
            assert isinstance(record, Stepped), "the last step of an instance is a step"
            told = record.state
        return load(told)

    def last(self, instance: int) -> Entry:
        """Return the entry of the last step of an instance."""
        if instance not in self.instances.last:
            raise KeyError(f"there is no case {instance}")
        return self.memory.log[self.instances.last[instance]]

    def began(self, instance: int) -> Start:
        """Return how an instance began.

        Raises:
            KeyError: there is none of that number.
        """
        self.last(instance)
        record = self.memory.log[instance].record
        assert isinstance(record, Stepped), "an instance is numbered by its first step"
        return _START.decode(record.told)

    def why(self, instance: int, what: str) -> str:
        """Return why a case last went back to its applicant, or was voided: `Return`, `Void`.

        Empty where it never was.
        """
        entry = self.last(instance)
        while entry.seq != instance:
            record = entry.record
            if isinstance(record, Stepped) and record.what == what:
                told = _MOVED.decode(record.told)
                if not told.to:
                    return told.why
            entry = self.memory.log[entry.because[0]]
        return ""

    def begun(self, since: int = 0) -> Iterator[tuple[int, str]]:
        """Yield each instance that began from an entry on, with its applicant."""
        for entry in self.memory.log.since(since):
            record = entry.record
            if isinstance(record, Stepped) and record.what == "Start":
                yield entry.seq, _START.decode(record.told).applicant

    def heard(self, since: int = 0) -> Iterator[tuple[int, Entry]]:
        """Yield what happened to any instance from an entry on, with its number, oldest first."""
        for entry in self.memory.log.since(since):
            kind, _, number = entry.about.partition(":")
            if kind == PREFIX[:-1] and number.isdigit():
                yield int(number), entry

    @staticmethod
    def fell(entry: Entry) -> Fallen | None:
        """Return which nodes an entry undid, by whom and why; None where it undid none."""
        return fallen(entry)

    def touched(self, since: int = 0) -> list[int]:
        """Return the instances that something happened to from an entry on, each once."""
        return list(dict.fromkeys(instance for instance, _ in self.heard(since)))

    def variables(self, instance: int) -> dict[str, Any]:
        """Return the variables of an instance's process, as they are or as it left them."""
        return self.standing(instance)[1]

    def standing(self, instance: int) -> tuple[State, dict[str, Any]]:
        """Return how an instance stands and the variables of its process, in one look."""
        state = self.state(instance)
        return state, dict(state.frames[0].vars) if state.frames else dict(state.left)

    def note(
        self, instance: int, name: str, told: Mapping[str, Value], *, by: str, now: datetime
    ) -> Entry:
        """Write something down about an instance that moves nothing: a use, a rating, a receipt."""
        self.last(instance)
        entry = self.memory.write(
            Event(name, dict(told)), at=now, about=f"{PREFIX}{instance}", by=by, because=(instance,)
        )
        self._commit()
        return entry

    def notes(self, instance: int, name: str) -> Iterator[tuple[Entry, Mapping[str, Value]]]:
        """Yield what was noted about an instance under a name, oldest first."""
        for entry in self.memory.log.after(instance):
            if isinstance(entry.record, Event) and entry.record.name == name:
                yield entry, entry.record.args

    def noted(self, name: str, since: int = 0) -> Iterator[tuple[Entry, Mapping[str, Value]]]:
        """Yield what was noted about any instance under a name, from an entry on."""
        for entry in self.memory.log.since(since):
            record = entry.record
            if isinstance(record, Event) and record.name == name and PREFIX in entry.about:
                yield entry, record.args

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let all steps inside become durable at once, when it ends."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
            self._commit()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let all steps inside become durable with the turn that they are part of."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    def _commit(self) -> None:
        if not self._open and not _DEFERRED.get():
            self.memory.log.commit()

    def _write(
        self,
        instance: int,
        happening: AnyHappening,
        moved: Moved,
        *,
        by: str,
        because: int | None = None,
    ) -> int:
        follows = [one for one in moved.effects if type(one) in GOES_OUT]
        record = Stepped(
            type(happening).__name__,
            _ENCODE(happening),
            dump(moved.state),
            moved.passed,
            _ENCODE(follows) if follows else b"",
        )
        causes = () if because is None else (because,)
        return self.memory.write(
            record, at=moved.at, about=f"{PREFIX}{instance}", by=by or "engine", because=causes
        ).seq
