"""What strangers write into a drawing is refused by its element, and a cycle keeps step."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindu.brain.memory import Memory
from mindu.brain.processes.runs import Processes
from mindu.data.log import Log
from mindu.engines.process import Stuck, read
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.core import times
from mindu.engines.process.draft import Draft
from mindu.engines.process.happenings import Start
from mindu.engines.process.model import Timer, Trigger
from mindu.engines.rules import ModelError

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOOP = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">'
    '<task id="t"><standardLoopCharacteristics loopMaximum="{}"/></task></process></definitions>'
)


@pytest.mark.parametrize("most", ["abc", "-5", "1.5", "9" * 5000])
def test_a_loop_whose_most_is_no_number_is_refused_by_its_element(most: str) -> None:
    with pytest.raises(ModelError, match=r"t: .*loopMaximum"):
        read(LOOP.format(most))


@pytest.mark.parametrize(
    "text", ["P0Y120000M", "P" + "9" * 5000 + "D", "P99999999999D", "P101Y", "PT" + "9" * 400 + "S"]
)
def test_a_duration_beyond_any_calendar_is_refused_in_words(text: str) -> None:
    with pytest.raises(Stuck, match="no time that a timer knows"):
        times.later(NOW, text, "timer")
    with pytest.raises(Stuck):
        times.cycle(NOW, f"R{'9' * 5000}/PT1H", "timer")


def reminded(cycle: str) -> tuple[Processes, int]:
    draft = Draft("reminded")
    draft.node("start", "start")
    draft.node("mend", "user")
    hourly = Trigger(kind="timer", timer=Timer("cycle", cycle))
    draft.event("hourly", "boundary", hourly, attached="mend", interrupting=False)
    draft.node("remind", "user")
    draft.node("end", "end")
    draft.line("start", "mend", "end")
    draft.line("hourly", "remind", "end")
    processes = Processes(Memory(Log.open(":memory:"), {}, seed=0))
    processes.publish(write(draft.definition()), by="modeller", now=NOW)
    return processes, processes.start("reminded", Start(), by="desk", now=NOW)[0]


def test_a_cycle_with_a_first_day_rings_once_an_hour_and_in_step() -> None:
    processes, instance = reminded("R/2026-03-01T00:00:00Z/PT1H")
    assert processes.ring(NOW) == 1, "once for all that was missed before it began"
    assert processes.ring(NOW) == 0
    assert processes.ring(NOW + HOUR) == 1
    due = next(w.due for w in processes.state(instance).waits if w.kind == "timer")
    assert due == datetime(2026, 3, 2, 11, 0, tzinfo=UTC), "on the hour, as it was drawn"


@given(
    st.sampled_from(["PT1S", "PT1H", "P1D", "P1M", "P1Y", "P1M2D", "P1DT1M"]),
    st.integers(0, 60 * 24 * 800),
)
def test_the_next_ring_is_the_first_after_now(every: str, minutes: int) -> None:
    due = NOW - timedelta(minutes=minutes)
    found = times.again(due, NOW, every, "timer")
    assert found > NOW
    assert found <= max(times.later(NOW, every, "timer"), times.later(due, every, "timer"))
