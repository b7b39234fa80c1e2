"""Notices: who is warned of a deadline is sent a message, by the doors of the house's outbox.

Nothing is queued beside the log: a warning is an entry, and so is what became of its message. After
a restart the warnings of the last entries that nothing became of are looked up again; a text goes
once, a letter may go twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from starlette.concurrency import run_in_threadpool

from mindu.base.records import Case, Entry, Event, Move
from mindu.brain.case_rows import LEVELS
from mindu.brain.casework.office import Office
from mindu.brain.folds.flow.courses import INSTANCE, NODE
from mindu.cli.services.hall import Hall
from mindu.console.people.accounts import Person
from mindu.console.steps.warned import SAYS, WATCHES
from mindu.edge.callback.doors import Door, Message, Unclear, Unsent, Way

TOLD, UNTOLD = "warning_sent", "warning_not_sent"
BACK = 20_000  # entries that a restart looks back over
A_ROUND = 100  # warnings of one round
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30))  # before trying again, then given up
NOBODY = "nobody who is to be told left an address 应告知的人员均未登记联系方式"
SUBJECT = "办件时限预警 · a case runs out"
TEXT = (
    "【办件预警】{number} {title}({unit}){zh},请及时办理:{link}\n"
    "{number} {title} ({unit}) is {en}. {link}"
)


@dataclass(slots=True)
class Notices:
    """Sends the warnings of one hall."""

    hall: Hall
    doors: Mapping[Way, Door]
    _known: int = -1
    _waits: dict[int, tuple[int, datetime]] = field(default_factory=dict)  # warning → tries, when

    async def round(self, now: datetime) -> int:
        """Send what was warned of since the last round; return how many were told."""
        if not self.doors:
            return 0
        self._look(now)
        due = [seq for seq, (_, at) in self._waits.items() if at <= now][:A_ROUND]
        told = 0
        for seq in due:
            told += await self._tell(self._log[seq], now)
        return told

    @property
    def _log(self) -> Sequence[Entry]:
        log: Sequence[Entry] = self.hall.site.counter.processes.memory.log  # type: ignore[assignment]
        return log

    def _look(self, now: datetime) -> None:
        """Take in the warnings that were written since."""
        log = self.hall.site.counter.processes.memory.log
        for entry in log.since(max(0, len(log) - BACK) if self._known < 0 else self._known):
            record = entry.record
            if isinstance(record, Move) and record.name == "warn":
                self._waits[entry.seq] = (0, now)
            elif isinstance(record, Event) and record.name in {TOLD, UNTOLD}:
                for seq in entry.because:
                    self._waits.pop(seq, None)
        self._known = len(log)

    async def _tell(self, warning: Entry, now: datetime) -> int:
        made, tries = self._made(warning), self._waits[warning.seq][0]
        if not made:
            self._over(warning, Event(UNTOLD, {"why": NOBODY}), now)
            return 0
        try:
            for message in made:
                await run_in_threadpool(self.doors[message.way].send, message)
        except Unsent as wrong:
            if isinstance(wrong, Unclear) or tries >= len(WAITS):
                self._over(warning, Event(UNTOLD, {"why": str(wrong)[:200]}), now)
            else:
                self._waits[warning.seq] = (tries + 1, now + WAITS[tries])
            return 0
        self._over(warning, Event(TOLD, {"count": float(len(made))}), now)
        return len(made)

    def _over(self, warning: Entry, event: Event, now: datetime) -> None:
        self._waits.pop(warning.seq, None)
        memory = self.hall.site.counter.processes.memory
        memory.write(event, at=now, about=warning.about, by="notices", because=(warning.seq,))
        memory.log.commit()

    def _made(self, warning: Entry) -> list[Message]:
        """Return the messages of one warning: to whom its level says, where they are reached."""
        record = warning.record
        office = self.hall.site.counter.processes.course.office
        assert isinstance(record, Move), "a warning is a move"
        assert office is not None, "who is warned has an office"
        number, level = int(warning.about.partition(":")[2]), str(record.args["level"])
        case = office.memory.log[number].record
        assert isinstance(case, Case), "a case is numbered by its first entry"
        text = self._text(office, number, case, level)
        made = []
        for person in self._who(case, office.cases.said(number, "unit"), level):
            to = self.hall.provider.citizens.reach(person.name)
            way: Way = "sms" if to[0] and "sms" in self.doors else "mail"
            address = to[0] if way == "sms" else to[1]
            if address and way in self.doors:
                key = sha256(f"{warning.seq}|{person.name}".encode()).hexdigest()[:24]
                made.append(Message(way=way, key=key, to=address, subject=SUBJECT, text=text))
        return made

    def _who(self, case: Case, unit: str, level: str) -> list[Person]:
        """Return who is told: who has the step, from orange on heads, then those who watch."""
        at, citizens = LEVELS.index(level), self.hall.provider.citizens
        instance, node = int(float(case.facts[INSTANCE])), case.facts.get(NODE)
        waits = self.hall.site.counter.processes.instances.of(instance)
        has = {w.who for w in waits if w.who and (node is None or w.node == node)}
        found = []
        for person in self.hall.people.accounts.everybody():
            offices = citizens.offices_of(person.name)
            mine = person.name in has or (not has and unit in offices)
            heads = at >= LEVELS.index("orange") and unit in offices and person.role != "operator"
            watch = any(at >= LEVELS.index(WATCHES[o]) for o in offices if o in WATCHES)
            if mine or heads or watch:
                found.append(person)
        return found

    def _text(self, office: Office, number: int, case: Case, level: str) -> str:
        says, counter = SAYS[level], self.hall.site.counter
        return TEXT.format(
            number=counter.number(int(float(case.facts[INSTANCE]))), title=case.text,
            unit=office.cases.said(number, "unit"), zh=says.zh, en=says.en,
            link=f"{self.hall.site.base}/desk/",
        )  # fmt: skip
