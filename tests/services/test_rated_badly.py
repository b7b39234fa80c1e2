"""A bad rating comes to an officer who sees what was said, of which case, and whom to call."""

from services_office import applied, at_desk, hall, moves, officer
from services_people import Hall

__all__ = ["hall"]


def test_who_puts_a_bad_rating_right_sees_what_was_said_and_whom_to_call(hall: Hall) -> None:
    officer(hall, "Sup", "operator", "supervision")
    case = applied(hall)
    hall.approve_all(case)
    number = hall.counter.number(case)
    bad = hall.site.ratings.rate(number, 1, "等了很久", by="applicant", now=hall.time)
    assert bad is not None
    sup = at_desk(hall, "Sup")
    (wait,) = (w for w in hall.counter.processes.state(bad).waits if w.kind == "task")
    path = f"/desk/{bad}/{wait.id}"
    assert "等了很久" not in sup.get(path).body, "who has not claimed it sees nothing"
    moves(sup, path, "claim")
    shown = sup.get(path).body
    for said in (number, "非常不满意", "等了很久", "13800000000"):
        assert said in shown, said
    assert "very dissatisfied" in sup.get(f"{path}?lang=en").body
    (use, *_) = [u for u in hall.counter.receipts(case) if u["purpose"] == "rating/restaurant"]
    assert (use["who"], use["fields"]) == ("Sup", "phone")
