"""The rating 好差评: a closed case may be rated; a bad one opens a case that is put right."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from mindu.apps.services.counter import Counter
from mindu.apps.services.kind import CASE
from mindu.apps.services.numbers import instance_of
from mindu.apps.services.own.refused import NotSo
from mindu.city import Processes, Words
from mindu.engines.process import Definition
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Complete, Start

STARS = {
    1: Words("very dissatisfied", "非常不满意"),
    2: Words("dissatisfied", "不满意"),
    3: Words("basically satisfied", "基本满意"),
    4: Words("satisfied", "满意"),
    5: Words("very satisfied", "非常满意"),
}
BAD = 2  # stars or fewer
STEPS = ("call_back", "put_right")
# Within so many days somebody speaks to the person, and it is put right within so many; ours, after
# 国办发〔2019〕51号, which wants every bad rating called back, corrected and answered.
CALL, RIGHT, ALL = "24h", "120h", "144h"
MOST_SAID = 2_000  # characters
RATED, PROCESS, SUPERVISION = "rated", "rectification", "supervision"


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The public figures of one department, item or package."""

    name: str
    ratings: int
    average: float
    good: int  # three stars or more
    bad: int
    put_right: int  # bad ones whose case is closed
    overdue: int  # bad ones not put right in time


def drawn() -> Definition:
    """Draw: call back → put right → answer → closed; the case's clocks tell who is late."""
    draft = Draft(PROCESS, title="差评整改", case=CASE, term=ALL, unit=SUPERVISION)
    draft.node("start", "start")
    draft.node("call_back", "user", name="回访核实 call back", groups=SUPERVISION, term=CALL)
    draft.node("put_right", "user", name="整改 put it right", groups=SUPERVISION, term=RIGHT)
    draft.node("answer", "user", name="反馈评价人 answer who rated", groups=SUPERVISION,
               stage="deliver")  # fmt: skip
    draft.node("end", "end", name="整改办结 put right")
    draft.line("start", "call_back", "put_right", "answer", "end")
    return draft.definition()


class Ratings:
    """Takes ratings, opens a case for each bad one, and counts in public."""

    def __init__(self, counter: Counter) -> None:
        """Rate the cases of a counter."""
        self.counter = counter
        self.processes: Processes = counter.processes
        self._rated: dict[int, tuple[int, int | None]] = {}  # case → stars, rectification
        self._known = 0  # entries of the log that were looked at

    def open(self, now: datetime, *, by: str = "services") -> None:
        """Publish the process of putting right."""
        self.processes.publish(write(drawn()), by=by, now=now)

    def rate(self, number: str, stars: int, said: str, *, by: str, now: datetime) -> int | None:
        """Rate a closed case, once, by its applicant; return the case that a bad one opens.

        Raises:
            ValueError: the number was mistyped; NotSo: it is not closed, not theirs, or was rated.
            KeyError: there is none.
        """
        instance = instance_of(number)
        self._look()
        self._may(instance, stars, number, by)
        case = None
        with self.processes.together():
            if stars <= BAD:
                start = Start(vars={"of": instance, "stars": stars}, applicant=by)
                case, _ = self.processes.start(PROCESS, start, by=by, now=now)
            self.counter.vault.put(by, f"rating:{instance}", said[:MOST_SAID])
            told = {"stars": float(stars), "case": float(-1 if case is None else case)}
            self.processes.note(instance, RATED, told, by=by, now=now)
            told = {"satisfied": float(stars), "solved": stars > BAD}
            self.processes.course.note(instance, "rate", told, by=by, now=now)
        return case

    def _may(self, instance: int, stars: int, number: str, by: str) -> None:
        state = self.processes.state(instance)
        if by != state.applicant:  # before all else: a stranger learns nothing of it
            raise NotSo("only the applicant rates a case", "只有申请人可以评价")
        if stars not in STARS:
            raise NotSo(f"{stars} is no rating: give 1 to 5 stars", "请选择 1 至 5 星")
        if state.status == "running":
            raise NotSo(
                f"{number} is still under way: rate it when it is closed",
                f"{number} 尚在办理:办结后方可评价",
            )
        if instance in self._rated:
            raise NotSo(f"{number} was rated already", f"{number} 已评价,不能重复评价")

    def shown(self, case: int, *, by: str, now: datetime) -> list[tuple[Words, Words]]:
        """Return what an officer needs who puts a bad rating right; the look is a receipt."""
        began = self.processes.began(case)
        if began.process != PROCESS:
            return []
        of = int(float(began.vars["of"]))
        package = self.counter.package_of(of)
        stars, phone = STARS[int(float(began.vars["stars"]))], self.counter.answers(of).get("phone")
        said = str(self.counter.vault.get(began.applicant, f"rating:{of}") or "")
        told = {"who": by, "purpose": f"rating/{package}", "fields": "phone" if phone else ""}
        self.processes.note(of, "used", told, by=by, now=now)
        rows = (
            (Words("Case that was rated", "被评价办件"), self.counter.number(of)),
            (Words("How it was", "评价"), stars),
            (Words("What was said", "评价意见"), said or Words("nothing", "未填写")),
            (Words("Phone", "联系电话"), str(phone or "") or Words("none was given", "未留")),
        )
        return [(name, v if isinstance(v, Words) else Words(v, v)) for name, v in rows]

    def complete(self, case: int, node: str, note: str, *, by: str, now: datetime) -> None:
        """Complete a step of putting right, with what was done."""
        state = self.processes.state(case)
        wait = next((w for w in state.waits if w.node == node and w.kind == "task"), None)
        if wait is None or not note.strip():
            raise ValueError(f"{node} of case {case} is not open, or nothing was told")
        done = Complete(wait=wait.id, by=by, vars={node: note[:MOST_SAID]})
        self.processes.step(case, done, by=by, now=now)

    def scores(self, now: datetime) -> list[Score]:
        """Return the public figures, by package."""
        self._look()
        by_package: dict[str, list[tuple[int, int | None]]] = {}
        for instance, rated in self._rated.items():
            by_package.setdefault(self.counter.package_of(instance), []).append(rated)
        return [self._score(name, rated, now) for name, rated in sorted(by_package.items())]

    def _score(self, name: str, rated: Iterable[tuple[int, int | None]], now: datetime) -> Score:
        all_ = list(rated)
        stars = [one for one, _ in all_]
        cases = [case for _, case in all_ if case is not None]
        closed = [self.processes.state(case).status == "ended" for case in cases]
        return Score(
            name=name,
            ratings=len(stars),
            average=round(sum(stars) / len(stars), 2),
            good=sum(one > BAD for one in stars),
            bad=len(cases),
            put_right=sum(closed),
            overdue=sum(self._late(case, now) for case in cases),
        )

    def _late(self, case: int, now: datetime) -> bool:
        """Say whether putting right, or any step of it, ran past its time."""
        clocks = (self.processes.course.clock(case, now, node) for node in ("", *STEPS))
        return any(clock is not None and clock.late for clock in clocks)

    def _look(self) -> None:
        """Take in the ratings that the log holds and we have not seen."""
        for entry, args in self.processes.noted(RATED, since=self._known):
            case = int(float(args["case"]))
            instance = int(entry.about.partition(":")[2])
            self._rated[instance] = int(float(args["stars"])), case if case >= 0 else None
        self._known = len(self.processes.memory.log)
