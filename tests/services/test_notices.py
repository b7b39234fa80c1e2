"""Who is warned of a deadline is sent a message, once, and sees it on the desk at once."""

import asyncio
from dataclasses import dataclass, field

import pytest
from services_office import applied, at_desk, decides, hall, moves, officer, opened
from services_people import Hall

from mindu.base.records import Event
from mindu.brain.casework.rounds import sweep
from mindu.cli.services.clock import Beats
from mindu.cli.services.notices import Notices
from mindu.edge.callback.doors import Message, Unclear, Unsent, Way

__all__ = ["hall"]


@dataclass
class Carrier:
    """A door that takes what it is given, or refuses as it was told to."""

    name: str = "carrier"
    refuses: list[Unsent] = field(default_factory=list)
    taken: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        if self.refuses:
            raise self.refuses.pop(0)
        self.taken.append(message)


def at_work(hall: Hall) -> int:
    """Let an application lie with 市场监管, claimed by Lin; Wu is of that office, too."""
    case = applied(hall)
    lin = at_desk(hall, "Lin")
    decides(lin, hall, case, "accept")
    moves(lin, opened(lin, hall, case, "business_licence"), "claim")
    return case


def reached(hall: Hall, **phones: str) -> None:
    for name, phone in phones.items():
        hall.provider.citizens.reached(name, phone, "")


def warns(hall: Hall, days: float) -> None:
    office = hall.counter.processes.course.office
    assert office is not None
    sweep(office, hall.later(days=days))


def sends(hall: Hall, door: Carrier, way: Way = "sms", notices: Notices | None = None) -> Notices:
    told = notices or Notices(hall.hall, {way: door})
    asyncio.run(told.round(hall.time))
    return told


def written(hall: Hall, name: str) -> list[Event]:
    log = hall.counter.processes.memory.log
    return [e.record for e in log if isinstance(e.record, Event) and e.record.name == name]


def test_whoever_has_the_step_is_told_first_then_heads_and_those_who_watch(hall: Hall) -> None:
    officer(hall, "Chen", "approver", "市场监管")
    officer(hall, "He", "operator", "supervision")
    reached(hall, Lin="13800000001", Wu="13800000002", Chen="13800000003", He="13800000004")
    case = at_work(hall)
    door = Carrier()
    notices = sends(hall, door)
    assert door.taken == []
    warns(hall, days=20)
    sends(hall, door, notices=notices)
    number = hall.counter.number(case)
    of_licence = [m for m in door.taken if "市场主体设立登记" in m.text]
    assert {m.to for m in of_licence} == {"13800000001", "13800000003", "13800000004"}
    assert "13800000002" not in {m.to for m in of_licence}, "it is claimed by somebody else"
    assert all(number in m.text and "/desk/" in m.text for m in of_licence)
    before = len(door.taken)
    sends(hall, door, notices=notices)
    assert len(door.taken) == before, "each warning is sent once"


def test_after_a_restart_nothing_is_sent_twice_and_nothing_forgotten(hall: Hall) -> None:
    reached(hall, Lin="13800000001")
    at_work(hall)
    warns(hall, days=20)
    door = Carrier(refuses=[Unsent("busy")] * 99)
    sends(hall, door)
    assert door.taken == []
    again = Carrier()
    sends(hall, again)
    assert again.taken, "the restarted hall looks back"
    last = Carrier()
    sends(hall, last)
    assert last.taken == []


def test_what_cannot_be_sent_is_written_down_with_the_reason(hall: Hall) -> None:
    at_work(hall)
    warns(hall, days=20)
    sends(hall, Carrier())
    assert "nobody" in str(written(hall, "warning_not_sent")[0].args["why"])
    reached(hall, Lin="13800000001")
    warns(hall, days=30)
    door = Carrier(refuses=[Unclear("the line broke")] * 9)
    notices = sends(hall, door)
    hall.later(hours=5)
    sends(hall, door, notices=notices)
    assert any("line broke" in str(e.args["why"]) for e in written(hall, "warning_not_sent"))
    assert door.taken == [], "what may have gone is not sent again"


def test_a_door_that_stays_shut_is_tried_four_times(hall: Hall) -> None:
    reached(hall, Lin="13800000001")
    at_work(hall)
    warns(hall, days=20)
    door = Carrier(refuses=[Unsent("shut")] * 99)
    notices = sends(hall, door)
    for _ in range(5):
        hall.later(hours=1)
        sends(hall, door, notices=notices)
    given_up = [e for e in written(hall, "warning_not_sent") if e.args["why"] == "shut"]
    assert given_up
    assert 99 - len(door.refuses) == 4 * len(given_up)


def test_a_warning_stands_on_the_desk_of_the_office_and_of_who_watches(hall: Hall) -> None:
    officer(hall, "He", "operator", "supervision")
    case = at_work(hall)
    assert "时限预警" not in at_desk(hall, "Wu").body
    warns(hall, days=20)
    wu, zhou, he = (at_desk(hall, name) for name in ("Wu", "Zhou", "He"))
    assert "时限预警" in wu.body
    assert hall.counter.number(case) in wu.body
    assert "市场监管" in wu.body
    assert "时限预警" not in zhou.body, "another office"
    assert "时限预警" in he.body, "who watches sees what is late"
    assert "督办" in he.body, "an office is called by its word"
    assert "综合窗口" in at_desk(hall, "Lin").body
    assert "What runs out" in he.get("/desk/?lang=en").body


def test_without_an_outbox_the_beat_goes_on_and_the_desk_tells(hall: Hall) -> None:
    at_work(hall)
    hall.later(days=20)
    asyncio.run(Beats(hall.hall, Notices(hall.hall, {})).one())
    assert written(hall, "warning_not_sent") == []
    assert "时限预警" in at_desk(hall, "Wu").body


@pytest.mark.parametrize("offices", [(), ("公安",)])
def test_nobody_of_another_office_is_told(hall: Hall, offices: tuple[str, ...]) -> None:
    officer(hall, "Gao", "approver", *offices)
    reached(hall, Gao="13800000009", Lin="13800000001")
    at_work(hall)
    warns(hall, days=20)
    door = Carrier()
    sends(hall, door)
    of_licence = {m.to for m in door.taken if "市场主体设立登记" in m.text}
    assert of_licence == {"13800000001"}
