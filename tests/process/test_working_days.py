"""Deadlines in working days: holidays are passed over, worked weekends count, tables may change."""

from datetime import UTC, date, datetime

import pytest

from mindu.base.records import Table
from mindu.brain.casework.calendar import Calendar
from mindu.brain.memory import Memory
from mindu.brain.processes.runs import Processes
from mindu.data.log import Log
from mindu.engines.process import check
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Start
from mindu.engines.process.model import Timer, Trigger

CLOSE = 9, 30  # 17:30 in the city, in UTC


def drawn(text: str, kind: str = "duration") -> Draft:
    draft = Draft("later")
    draft.node("start", "start")
    draft.event("due", "catch", Trigger(kind="timer", timer=Timer(kind, text)))
    draft.node("end", "end")
    draft.line("start", "due", "end")
    return draft


def office(text: str) -> Processes:
    processes = Processes(Memory(Log.open(":memory:"), {}, seed=0))
    noon = datetime(2026, 1, 1, 4, tzinfo=UTC)
    processes.publish(write(drawn(text).definition()), by="modeller", now=noon)
    return processes


def due(processes: Processes, now: datetime) -> datetime:
    case, _ = processes.start("later", Start(), by="desk", now=now)
    (wait,) = processes.state(case).waits
    assert wait.due is not None
    return wait.due


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (datetime(2026, 3, 2, 2, tzinfo=UTC), date(2026, 3, 9)),  # a Monday: five days on
        (datetime(2026, 3, 6, 9, tzinfo=UTC), date(2026, 3, 13)),  # on a Friday evening
        (datetime(2026, 2, 12, 2, tzinfo=UTC), date(2026, 2, 26)),  # over the Spring Festival
        (datetime(2026, 9, 30, 2, tzinfo=UTC), date(2026, 10, 13)),  # over the National Day
    ],
)
def test_five_working_days_pass_over_weekends_and_holidays(now: datetime, last: date) -> None:
    told = due(office("P5WD"), now)
    assert told == datetime(last.year, last.month, last.day, *CLOSE, tzinfo=UTC)


def test_a_table_laid_down_later_counts_from_then_on() -> None:
    processes = office("P1WD")
    monday = datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert due(processes, monday).day == 3
    rows = (("2026-03-03", "2026-03-04", "off", "台风停工", "市防指"),)
    columns = ("first", "last", "what", "name", "source")
    table = Table(columns=columns, rows=rows, source="市防指")
    processes.memory.write(table, at=monday, about="table:holidays", by="steward")
    assert due(processes, monday).day == 5


def test_a_clock_far_beyond_the_calendar_still_comes_to_an_end() -> None:
    assert due(office("P5WD"), datetime(2090, 1, 2, 2, tzinfo=UTC)).year == 2090
    far = int(datetime(2090, 1, 2, tzinfo=UTC).timestamp())
    assert Calendar(()).after(far, 3600) > far


def test_a_time_that_never_rings_is_refused_when_it_is_drawn() -> None:
    for kind, text in (("duration", "PXD"), ("duration", "P5WDT1H"), ("date", "2026-02-30"),
                       ("cycle", "R3/P1WD")):  # fmt: skip
        (problem,) = check(drawn(text, kind).definition())
        assert "is no time" in problem.en
        assert "不是时间" in problem.zh
    assert check(drawn("P5WD").definition()) == ()
