"""The shift: the people of one night at the line; they hear, send, merge, sign, answer.

They are pretend people who keep to the house's own doors: the counter takes every call, the office
makes every move. Their dice fall by seed and instant, so a night that was cut short goes on alike.
"""

from collections import Counter as Tally
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from mindu.apps.hotline.storm.callers import Callers
from mindu.apps.hotline.storm.grammar import FLOOD, RESCUE, Call
from mindu.apps.hotline.storm.hear import DRY, Heard, answer, hear
from mindu.apps.hotline.things import Road
from mindu.base.time import MINUTE
from mindu.brain.brain import Brain
from mindu.brain.case_rows import IS_DONE
from mindu.brain.cases import DONE, SENT, Role, State
from mindu.brain.casework.dispatch import Guess, dispatch
from mindu.brain.casework.office import Wish
from mindu.brain.casework.rights import Officer
from mindu.brain.casework.rounds import feed_back
from mindu.city import Random
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter

ROLES = tuple(role for role in Role if role is not Role.MACHINE)
READS = 5 * MINUTE  # before which no unit has read what it got
QUICK = 0.5  # chance that a unit reads within one turn
LINE = "centre"


class Shift:
    """The pretend people of one night, over a real counter."""

    def __init__(
        self, brain: Brain, counter: Counter, callers: Callers, *, kind: str, seed: int
    ) -> None:
        """Begin the shift; what earlier shifts left open is taken up from the cases."""
        self.brain, self.counter, self.callers = brain, counter, callers
        self.kind, self._seed = kind, seed
        self.roads = {road.id: road for road in callers.roads}
        self.truth: dict[int, Call] = {}
        self.right: Tally[bool] = Tally()
        self.to_sign: list[float] = []  # minutes
        self.told: Tally[str] = Tally()  # what callers were told of their road, by its state
        self.freed: dict[str, list[datetime]] = {}  # road -> when its callers heard it is free

    def hear(self, now: datetime) -> None:
        """Take every call of the last while."""
        for call in self.callers.calls:
            self._take(call, now)
        self.brain.log.commit()

    def work(self, now: datetime) -> None:
        """Let units read, and tell callers how their roads stand."""
        dice = Random(f"{self._seed}:{now.isoformat()}")
        self._sign(now, dice)
        for road, number in self.masters().items():
            self._answer(self.roads[road], number, now)
        self.brain.log.commit()

    def masters(self) -> dict[str, int]:
        """Return the open case of each road's water that the others are merged into."""
        cases = self.brain.office.cases
        rows, flooding = cases.rows, cases.code(FLOOD)
        alone = (rows["master"] < 0) & (rows["fed"] == 0) & ~IS_DONE[rows["state"]]
        at = np.flatnonzero(alone & (rows["topic"] == flooding)) if flooding else ()
        names = {road.name_zh: road.id for road in self.callers.roads}
        found: dict[str, int] = {}
        for number in rows["seq"][at].tolist():
            road = names.get(cases.said(number, "place"))
            if road is not None:
                found.setdefault(road, number)
        return found

    def _take(self, call: Call, now: datetime) -> None:
        office = self.brain.office
        heard = hear(call.text, self.callers.roads)
        letter = Letter(
            kind=self.kind, text=call.text, channel="telephone", phone=call.phone,
            service=heard.service, area=heard.area, place=heard.place,
            facts={"depth": heard.depth} if heard.depth else {},
        )  # fmt: skip
        open_now = self.masters()
        got = self.counter.receive(letter)
        if got.again or got.number in self.truth:
            return
        self.truth[got.number] = call
        if office.cases.state(got.number) in DONE:
            self.right[call.unit == RESCUE] += 1
            return
        if office.cases.state(got.number) is State.RECEIVED:
            guesses = [Guess(topic=heard.topic, nature="help", urgency="urgent", sure=0.9,
                             because=heard.words)] if heard.topic else []  # fmt: skip
            dispatch(office, got.number, guesses, model="cues", now=now)
        master = open_now.get(heard.road) if heard.topic == FLOOD else None
        if master is not None:
            wish = Wish(name="merge", args={"into": float(master)})
            office.act(got.number, wish, on_duty(LINE), now=now)  # same road, same matter: yes
        else:
            self._send(got.number, heard, call, now)
        if heard.topic == FLOOD and heard.road:
            self._tell(got.number, master or got.number, self.roads[heard.road], now)

    def _tell(self, number: int, master: int, road: Road, now: datetime) -> None:
        """Tell a caller at once how the road stands."""
        callers = int(self.brain.office.cases.row(master)["callers"])
        says = answer(road, seen=self._seen(road.id), callers=callers)
        note = Wish(name="note", note=f"told at once 当场告知: {says.zh}")
        self.brain.office.act(number, note, on_duty(LINE), now=now)

    def _send(self, number: int, heard: Heard, call: Call, now: datetime) -> None:
        """A dispatcher takes the first suggestion; a call that says nothing goes to the centre."""
        office, who = self.brain.office, on_duty(LINE)
        if office.cases.state(number) in SENT:
            self.right[office.cases.said(number, "unit") == call.unit] += 1
            return
        units = _suggested(self._note(number)) if heard.topic else []
        if not heard.topic:
            about = {"topic": "civil.other", "nature": "help", "urgency": "urgent"}
            office.act(number, Wish(name="classify", args=about), who, now=now)
        unit = units[0] if units else "urban"
        office.act(number, Wish(name="forward", unit=unit), who, now=now)
        self.right[unit == call.unit] += 1

    def _sign(self, now: datetime, dice: Random) -> None:
        office = self.brain.office
        for number in self.truth:
            if office.cases.state(number) not in SENT:
                continue
            waited = now.timestamp() - int(office.cases.row(number)["opened"])
            if waited >= READS.total_seconds() and dice.random() < QUICK:
                unit = on_duty(office.cases.said(number, "unit"))
                for name in ("sign", "handle"):
                    office.act(number, Wish(name=name), unit, now=now)
                self.to_sign.append(waited / 60.0)

    def _answer(self, road: Road, number: int, now: datetime) -> None:
        """Answer a road's callers once it can be passed again, as a crew has seen it."""
        office, seen = self.brain.office, self._seen(road.id)
        free = seen is not None and seen < DRY
        self.told["unknown" if seen is None else "free" if free else "wet"] += 1
        if not free or office.cases.state(number) is not State.HANDLING:
            return
        last = self.brain.memory.twins.last(road.id, "depth")
        if last is None or last[0].timestamp() < int(office.cases.row(number)["opened"]):
            return  # seen before anybody called of it
        told = answer(road, seen=seen, callers=int(office.cases.row(number)["callers"]))
        unit = on_duty(office.cases.said(number, "unit"))
        for name in ("reply", "review", "pass"):
            office.act(number, Wish(name=name, note=told.zh), unit, now=now)
        feed_back(office, number, Wish(name="feed_back", note=told.zh), unit, now=now)
        self.freed.setdefault(road.id, []).append(now)

    def _seen(self, road: str) -> float | None:
        last = self.brain.memory.twins.last(road, "depth")
        return None if last is None else last[1]

    def _note(self, number: int) -> str:
        last = self.brain.log[int(self.brain.office.cases.row(number)["last"])].record
        return getattr(last, "note", "")


def on_duty(unit: str) -> Officer:
    """Return whoever of a unit has the night."""
    return Officer(f"{unit} on duty", unit=unit, roles=ROLES, areas=("*",))


def _suggested(note: str) -> Sequence[str]:
    """Return the units that a triage note suggests, the first one first."""
    parts = note.rsplit("|", maxsplit=1)[-1].split(";") if "|" in note else []
    return [unit for part in parts if (unit := part.split(":")[0].strip())]
