"""Running processes: the one place where an instance is begun and moved, by those who may.

A step is one entry of the log: what happened, the token move, what goes out, and its leaf in the
tree become durable in one transaction, or not at all. What is to be done (tasks, jobs, timers,
messages) is a fold of these entries, so after a crash nothing is lost and nothing is there twice.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from mindu.base.records import Event, Published, Value
from mindu.brain.folds.instances import (
    DELIVERED,
    FREED,
    MOST_UNHEARD,
    PREFIX,
    STUCK,
    Place,
    Sent,
)
from mindu.brain.processes.course import Course
from mindu.brain.processes.follow import Step
from mindu.brain.processes.jobs import Jobs
from mindu.brain.processes.ledger import Ledger
from mindu.brain.processes.workdays import Workdays
from mindu.engines.process import Engine, Moved, State, Stuck, read
from mindu.engines.process.happenings import (
    AnyEffect,
    AnyHappening,
    Got,
    Opened,
    Rang,
    Start,
    Threw,
)

if TYPE_CHECKING:  # the door to it opens no database
    from mindu.brain.casework.office import Office
    from mindu.brain.memory import Memory


MOST_DUE = 1_000  # timers that one look at the clock ends
AGAIN = timedelta(minutes=5)  # before a timer that could not be ended is tried again


class Processes(Ledger):
    """Begins and moves instances over one memory; not safe for threads by itself."""

    def __init__(self, memory: "Memory", office: "Office | None" = None) -> None:
        """Run what the memory holds; instances that are cases are cases of this office."""
        super().__init__(memory)
        self.course = Course(office, memory.courses, memory.models)
        self.admits = self._admit
        self.models.days = Workdays(memory.tables)
        self.engine = Engine(self.models)
        self.work = Jobs(self, self)

    def _admit(self, record: Published) -> None:
        """Refuse a process that would be a case of a kind that nobody here moves.

        Raises:
            Unfit: names the kinds that there are.
        """
        if record.kind == "bpmn":
            self.course.knows(read(record.text).bodies.values())

    def start(self, process: str, start: Start, *, by: str, now: datetime) -> tuple[int, Moved]:
        """Begin an instance of the newest version of a process.

        Raises:
            KeyError: there is no such process.
            Stuck: it cannot begin with these variables.
        """
        key = self.models.called(process)
        start = msgspec.structs.replace(start, process=process)
        moved = self.engine.start(key, start, now)
        instance = len(self.memory.log)
        self._take(instance, start, None, moved, by=by)
        return instance, moved

    def step(self, instance: int, happening: AnyHappening, *, by: str, now: datetime) -> Moved:
        """Take one step; when this returns it is durable.

        Raises:
            KeyError: there is no such instance.
            Stuck: it cannot be taken; the instance stays as it was.
        """
        before = self.state(instance)
        moved = self.engine.step(before, happening, now)
        self.course.fits(happening, instance, before, now)
        self._take(instance, happening, before, moved, by=by)
        return moved

    def _take(
        self, instance: int, happening: AnyHappening, before: State | None, moved: Moved, *, by: str
    ) -> None:
        """Write a step with all that comes of it: its case moves, and its messages go out."""
        with self.memory.log.whole():
            because = None if before is None else self.instances.last[instance]
            seq = self._write(instance, happening, moved, by=by, because=because)
            self.course.follow(
                Step(instance=instance, seq=seq, happening=happening, before=before,
                     after=moved.state, at=moved.at, by=by or "engine")
            )  # fmt: skip
            if any(_calls(one) for one in moved.effects):
                with self.turn():
                    self._go_out(moved.at)
        self._commit()

    # the clock

    def ring(self, now: datetime) -> int:
        """End the timers that are due; return how many. One that cannot be ended is told once."""
        rung = 0
        with self.together():
            for instance, number in self.instances.due(now):
                if not self._try(instance, Rang(wait=number), "clock", now):
                    self.instances.later(now + AGAIN, (instance, number))
                rung += 1
                if rung >= MOST_DUE:
                    break
        return rung

    def _try(self, instance: int, happening: AnyHappening, by: str, now: datetime) -> bool:
        """Take a step that nobody waits for the answer of; say whether it was taken."""
        try:
            self.step(instance, happening, by=by, now=now)
        except Stuck as why:
            self._stuck(instance, str(why), now)
            return False
        return True

    def _stuck(self, instance: int, why: str, now: datetime) -> None:
        if self.instances.stuck.get(instance) == why[:300]:
            return
        event = Event(STUCK, {"error": why[:300]})
        cause = (self.instances.last[instance],)
        self.memory.write(event, at=now, about=f"{PREFIX}{instance}", by="engine", because=cause)
        self._commit()

    # workers

    def trouble(self, instance: int, why: str, now: datetime) -> None:
        """Write down what a case cannot go on for, until a person mended it."""
        self._stuck(instance, why, now)

    def freed(self, instance: int, *, by: str, now: datetime) -> None:
        """Note that the trouble of a case was mended."""
        self.memory.write(Event(FREED), at=now, about=f"{PREFIX}{instance}", by=by)
        self._commit()

    # the post

    def message(
        self, name: str, key: str, told: dict[str, Any], *, by: str, now: datetime
    ) -> int | None:
        """Bring a message to the one instance that waits for it; None where none does.

        A process that begins with this message is begun when no instance waits for it.
        """
        places = self.instances.waiting("message", name, key)
        for instance, number in list(places):
            self.step(instance, Got(wait=number, vars=told), by=by, now=now)
            return instance
        return self._begun("message", name, told, by=by, now=now)

    def signal(self, name: str, told: dict[str, Any], *, by: str, now: datetime) -> int:
        """Bring a signal to everybody who waits for it, and to the processes that begin with it."""
        heard = 0
        with self.together():
            for instance, number in list(self.instances.waiting("signal", name)):
                if (instance, number) in self.instances.waiting("signal", name):
                    heard += self._try(instance, Got(wait=number, vars=told), by, now)
            heard += self._begun("signal", name, told, by=by, now=now) is not None
        return heard

    def _begun(
        self, kind: str, name: str, told: dict[str, Any], *, by: str, now: datetime
    ) -> int | None:
        for newest in sorted(self.models.newest):
            of, _, process = newest.partition(":")
            if of != "bpmn":
                continue
            program = self.models.program(self.models.newest[newest])
            for node in program.definition.starts(process):
                if node.trigger.kind == kind and node.trigger.name == name:
                    start = Start(node=node.id, vars=told)
                    return self.start(process, start, by=by, now=now)[0]
        return None

    def _go_out(self, now: datetime) -> None:
        """Bring what was thrown to those who wait; a message that nobody waits for stays a while.

        Only a step that throws, or begins to wait for the post, can bring anything about.
        """
        for place, sent in list(self.instances.thrown.items()):
            if place not in self.instances.thrown:
                continue
            del self.instances.thrown[place]  # who hears it may throw again, and not this
            if self._heard(sent, now):
                self._delivered(place, now, heard=True)
            else:
                self.instances.thrown[place] = sent
        while len(self.instances.thrown) > MOST_UNHEARD:
            self._delivered(next(iter(self.instances.thrown)), now, heard=False)

    def _delivered(self, place: Place, now: datetime, *, heard: bool) -> None:
        args: dict[str, Value] = {"entry": float(place[0]), "place": float(place[1])}
        event = Event(DELIVERED, {**args, "heard": heard})
        self.memory.write(event, at=now, about="post", by="engine", because=(place[0],))

    def _heard(self, sent: Sent, now: datetime) -> bool:
        told = dict(sent.vars)
        if sent.kind == "signal":
            self.signal(sent.name, told, by="engine", now=now)
            return True
        places = self.instances.waiting("message", sent.name, sent.key)
        for instance, number in list(places):
            return self._try(instance, Got(wait=number, vars=told), "engine", now)
        return self._begun("message", sent.name, told, by="engine", now=now) is not None


def _calls(effect: AnyEffect) -> bool:
    """Say whether an effect may bring a message to somebody: it goes out, or is waited for."""
    opened = type(effect) is Opened and effect.wait.kind == "message"
    return opened or type(effect) is Threw
