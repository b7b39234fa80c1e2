"""Proposals of edge nodes on the city's own page: written down as actions, answered by its people.

The node that hears of them is asked again and again. What is new there is written down with its
reason and waits for a yes as any action does; a yes goes out by the hand of the city, a no and a
time that ran out are told as a no. The time of people is real time, read from the node's clock:
a city whose clock runs fast or stands leaves them as long. What the loop let go is refused here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event as Bell
from threading import Thread
from typing import Any

from mindu.base.records import Action, Decision, Entry, Event, Sending
from mindu.brain.act import TOLD
from mindu.brain.brain import Brain
from mindu.brain.desk import suggest
from mindu.brain.folds.failing import FAILED, RECOVERED
from mindu.cli.live.house import House
from mindu.edge.above.hands import NODE, NUMBER, UNTIL, named, until
from mindu.edge.above.proposals import Declined, Line, Proposal, Waiting

EVERY = 2.0  # s between two asks
WITHIN = 3_600_000  # ms of the node's clock in which people decide
NEVER = timedelta(days=366)  # of city time: what ends it is the node's clock
PROPOSED = "edge_proposed"
LINE = "edge.line"  # what the log calls the line to the nodes
OVER, LATE = "the loop has judged anew", "an hour went by and nobody decided"
Noes = list[tuple[str, int, str, str]]  # node, number, who, note


class Below:
    """Brings proposals onto the page, and answers back."""

    def __init__(self, line: Line, brain: Brain, house: House) -> None:
        """Speak for the people of this house."""
        self._line, self._brain, self._house = line, brain, house

    def turn(self) -> None:
        """Ask once, write down what is new, and hand back what was answered with a no.

        Raises:
            OSError: the line is down.
            ValueError: the key is refused, or the answer is none of a node.
        """
        told = self._line.waiting()
        noes: Noes = self._house.within(lambda: self._meet(told))
        for node, number, who, note in noes:
            try:
                self._line.answer(node, number, yes=False, who=who, note=note)
            except Declined:
                continue  # it is over there already

    def _meet(self, told: Waiting) -> Noes:
        waiting = {(it.node, it.number): it for it in told.proposals}
        known = {named(it.record): it for it in self._house.board.actions.values()
                 if isinstance(it.record, Action) and NODE in it.record.args}  # fmt: skip
        noes: Noes = []
        for name, it in waiting.items():
            if name not in known:
                self._suggest(it, told.now + WITHIN)
                continue
            if told.now >= until(known[name].record):
                self._let_go(known[name], LATE)
            if (no := self._no(known[name])) is not None:
                noes.append((*name, *no))
        for entry in (entry for name, entry in known.items() if name not in waiting):
            self._let_go(entry, OVER)
        return noes

    def _let_go(self, entry: Entry, why: str) -> None:
        """Refuse in the loop's name what nobody decided on."""
        if entry.seq in self._brain.memory.promises.waiting():
            self._brain.decide(entry.seq, by=entry.by, confirmed=False, note=why)

    def _suggest(self, it: Proposal, over: int) -> None:
        ends = datetime.fromtimestamp(over / 1000, UTC)
        now, by = self._house.pulse().now, f"{it.node}.{it.loop}"
        told = it.command
        args: dict[str, Any] = {**told.args, NODE: it.node, NUMBER: float(it.number),
                                UNTIL: ends.isoformat(timespec="minutes")}  # fmt: skip
        value = "" if it.reading.value is None else it.reading.value
        why = Event(PROPOSED, {
            "loop": it.loop, "gauge": it.reading.device, "prop": it.reading.prop, "value": value,
            "read_ms": float(it.reading.at), "why_en": it.why.en, "why_zh": it.why.zh,
        })  # fmt: skip
        action = Action(told.command, told.device, it.why, args, decide_within=NEVER)
        suggest(self._brain.memory, action, why, by=by, now=now)
        self._brain.log.commit()

    def _no(self, entry: Entry) -> tuple[str, str] | None:
        """Return who said no, and why, where an action that still waits below was decided so."""
        for later in self._brain.log.after(entry.seq):
            it = later.record
            if isinstance(it, Decision) and not it.confirmed:
                return later.by, it.note
            if isinstance(it, Sending) and not it.ok:
                return later.by, it.note
        return None

    def live(self, over: Bell) -> None:
        """Ask again and again until it is over; the log says when the line went and came back."""
        while not over.wait(EVERY):
            try:
                self.turn()
            except (OSError, ValueError) as wrong:
                self._house.within(partial(self._down, str(wrong)))
            else:
                self._house.within(self._up)

    def _down(self, wrong: str) -> None:
        memory, now = self._brain.memory, self._house.pulse().now
        if LINE not in memory.failing:
            event = Event(FAILED, {"what": LINE, "error": wrong[:TOLD]})
            memory.write(event, at=now, about=LINE, by=LINE)
            self._brain.log.commit()

    def _up(self) -> None:
        memory, now = self._brain.memory, self._house.pulse().now
        if LINE in memory.failing:
            memory.write(Event(RECOVERED, {"what": LINE}), at=now, about=LINE, by=LINE)
            self._brain.log.commit()


@contextmanager
def meeting(line: Line | None, brain: Brain, house: House) -> Iterator[None]:
    """Bring proposals onto the page for as long as the block lasts; nothing without a line."""
    if line is None:
        yield
        return
    over = Bell()
    thread = Thread(target=Below(line, brain, house).live, args=(over,), name="below", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(EVERY)
