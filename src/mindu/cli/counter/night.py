"""`mindu hotline night`: calls of a storm through the real counter, and its morning score."""

import argparse
from collections import Counter as Tally
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from mindu.apps.hotline import APP
from mindu.apps.hotline.storm.grammar import Call
from mindu.apps.hotline.storm.hear import Heard, answer, hear
from mindu.apps.hotline.storm.night import StormNight
from mindu.apps.hotline.things import Road, things
from mindu.base.records import Action, Judgement, Settlement
from mindu.base.time import MINUTE, VirtualClock
from mindu.brain.brain import Brain
from mindu.brain.cases import DONE, Role
from mindu.brain.casework.dispatch import Guess, dispatch
from mindu.brain.casework.office import Wish
from mindu.brain.casework.rights import Officer
from mindu.brain.casework.rounds import feed_back
from mindu.city import Random
from mindu.cli.counter.house import KIND
from mindu.cli.say import GOOD, Voice
from mindu.data.log import Log
from mindu.data.vault import Vault
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter
from mindu.edge.counter.photos import Photos

START = datetime(2026, 9, 16, 12, tzinfo=UTC)  # 20:00 in the city
STEP = 5 * MINUTE
ROLES = tuple(role for role in Role if role is not Role.MACHINE)


class Shift:
    """The people and machines of one night: they hear, send, merge, answer and are counted."""

    def __init__(self, seed: int, folder: Path) -> None:
        """Wire the hotline alone under a storm."""
        self.world = StormNight(Random(seed))
        self.clock, self.dice = VirtualClock(START), Random(f"{seed}:people")
        self.brain = Brain(
            "night", log=Log.open(":memory:"), clock=self.clock, apps=[APP],
            sources=[self.world], hand=self.world, things=things(), seed=seed,
        )  # fmt: skip
        self.counter = Counter(self.brain.office, Vault(None), Photos(folder), self.clock)
        self.roads = {t.id: t for t in things() if isinstance(t, Road)}
        self.master: dict[str, int] = {}  # road -> the open case of its water
        self.truth: dict[int, Call] = {}
        self.right: Tally[bool] = Tally()
        self.to_sign: list[float] = []  # minutes
        self.answers: Tally[str] = Tally()

    def step(self) -> None:
        """Live five minutes."""
        self.world.step(STEP)
        self.clock.advance(STEP)
        for call in self.world.calls:
            self._take(call)
        self.brain.tick()
        for entry in self.brain.waiting():
            self.brain.decide(entry.seq, by="duty officer", confirmed=True, note="go and look")
        self._sign()
        self._answer()

    def _take(self, call: Call) -> None:
        office, now = self.brain.office, self.clock.now()
        heard = hear(call.text, self.roads.values())
        letter = Letter(
            kind=KIND.name, text=call.text, channel="telephone", phone=call.phone,
            service=heard.service, area=heard.area, place=heard.road,
        )  # fmt: skip
        got = self.counter.receive(letter)
        if got.again or got.number in self.truth:
            return
        self.truth[got.number] = call
        if office.cases.state(got.number) in DONE:
            return
        flood = heard.topic == "water.flooding" and bool(heard.road)
        if flood:
            self.world.understood(heard.road)
        guesses = [Guess(topic=heard.topic, nature="help", urgency="urgent", sure=0.9,
                         because=heard.words)] if heard.topic else []  # fmt: skip
        dispatch(office, got.number, guesses, model="cues", now=now)
        if flood and self.master.setdefault(heard.road, got.number) != got.number:
            self._merge(got.number, heard)
        else:
            self._send(got.number, heard, call)

    def _merge(self, number: int, heard: Heard) -> None:
        """An operator looks at the suggestion (same road, same matter) and says yes."""
        wish = Wish(name="merge", args={"into": float(self.master[heard.road])})
        self.brain.office.act(number, wish, self._who("centre"), now=self.clock.now())

    def _send(self, number: int, heard: Heard, call: Call) -> None:
        """A dispatcher takes the first suggestion; a wrong unit objects and it is sent anew."""
        office, now, who = self.brain.office, self.clock.now(), self._who("centre")
        units = [
            part.split(":")[0].strip() for part in self._note(number).split("|")[-1].split(";")
        ]
        unit = units[0] if heard.topic and units[0] else "urban"
        if not heard.topic:
            about = {"topic": "civil.other", "nature": "help", "urgency": "urgent"}
            office.act(number, Wish(name="classify", args=about), who, now=now)
        office.act(number, Wish(name="forward", unit=unit), who, now=now)
        self.right[unit == call.unit] += 1

    def _note(self, number: int) -> str:
        last = self.brain.log[int(self.brain.office.cases.row(number)["last"])].record
        return getattr(last, "note", "")

    def _sign(self) -> None:
        """Units read what lies with them, within some minutes."""
        office, now = self.brain.office, self.clock.now()
        for number in self.truth:
            row = office.cases.row(number)
            if str(office.cases.state(number)) not in {"forwarded", "auto_forwarded"}:
                continue
            waited = (now.timestamp() - int(row["opened"])) / 60.0
            if waited >= 5.0 and self.dice.random() < 0.5:
                unit = self._who(office.cases.said(number, "unit"))
                for name in ("sign", "handle"):
                    office.act(number, Wish(name=name), unit, now=now)
                self.to_sign.append(waited)

    def _answer(self) -> None:
        """Answer every road's callers once it can be passed again, as a crew has seen it."""
        for about, number in list(self.master.items()):
            office = self.brain.office
            last = self.brain.memory.twins.last(about, "depth")
            seen = None if last is None else last[1]
            told = answer(self.roads[about], seen=seen, callers=int(
                office.cases.row(number)["callers"]))  # fmt: skip
            dry = seen is not None and seen < 0.05 and str(office.cases.state(number)) == "handling"
            self.answers["dry" if dry else "wait" if seen is None else "wet"] += 1
            if not dry:
                continue
            who, now = self._who(office.cases.said(number, "unit")), self.clock.now()
            for name in ("reply", "review", "pass"):
                office.act(number, Wish(name=name, note=told.zh), who, now=now)
            feed_back(office, number, Wish(name="feed_back", note=told.zh), who, now=now)
            del self.master[about]

    def _who(self, unit: str) -> Officer:
        return Officer(f"{unit} on duty", unit=unit, roles=ROLES, areas=("*",))

    def score(self) -> dict[str, float | int | None]:
        """Return the morning's score; every figure is counted from the log and the truth."""
        cases, truth = self.brain.office.cases, self.truth
        merged = [n for n in truth if cases.row(n)["master"] >= 0]
        same = sum(_alike(truth[n], truth[int(cases.row(n)["master"])]) for n in merged)
        floods = Tally(c.road for c in truth.values() if c.topic == "water.flooding")
        could = sum(count - 1 for count in floods.values())
        records = [e.record for e in self.brain.log]
        said = [r for r in records if isinstance(r, Judgement) and r.finding == "flooded_road"]
        verdicts = Tally(r.verdict for r in records if isinstance(r, Settlement))
        answered = sum(bool(cases.row(n)["answer"]) for n in truth)
        sent = sum(self.right.values())
        return {
            "calls": len(truth),
            "right_first_time": round(self.right[True] / sent, 3) if sent else None,
            "minutes_to_sign_median": round(median(self.to_sign), 1) if self.to_sign else None,
            "duplicates_merged": len(merged),
            "merged_rightly": round(same / len(merged), 3) if merged else None,
            "mergeable": could,
            "roads_judged_flooded": len({e.about for e in self.brain.log
                                         if isinstance(e.record, Judgement)
                                         and e.record.finding == "flooded_road"}),
            "roads_really_flooded": sum(d >= 0.05 for d in self.world.worst.values()),
            "judgements": len(said),
            "hits": verdicts["hit"],
            "false_alarms": verdicts["false_alarm"],
            "crews_sent": sum(isinstance(r, Action) for r in records),
            "callers_answered": answered,
        }  # fmt: skip


def night(asked: argparse.Namespace, voice: Voice) -> int:
    """Live a storm night and tell its score."""
    with TemporaryDirectory(prefix="mindu-calls-") as folder:
        shift = Shift(asked.seed, Path(folder))
        for _ in range(int(asked.hours * 12)):
            shift.step()
        told = shift.score()
        shift.brain.log.verify()
    voice.data(told, "\n".join(f"{name:>24}: {value}" for name, value in told.items()))
    return GOOD


def _alike(one: Call, other: Call) -> bool:
    return (one.road, one.topic) == (other.road, other.topic)
