"""The forms of the pages: what is decided is written down once; what cannot be changes nothing."""

from threading import Thread

import pytest
from night import Night
from visitor import Got, Visitor

from mindu.console.server import Serving

pytest_plugins = ("served",)


def yes(night: Night, **more: object) -> dict[str, object]:
    seq = night.board.waiting(night.now)[0].seq
    return {"seq": seq, "reason": "tide", "answer": "yes", "back": "/approvals", **more}


def test_a_yes_is_written_down_with_the_name_and_the_reason(officer: Visitor, night: Night) -> None:
    form = yes(night)
    answer = officer.form("/approvals/decide", form)
    assert (answer.status, answer.headers["location"]) == (303, "/approvals?told=decided")
    entry = night.board.decisions[int(str(form["seq"]))]
    assert (entry.by, getattr(entry.record, "note", "")) == ("Chen", "tide")
    assert "written down" in officer.get("/approvals?told=decided&lang=en").text


def test_of_two_tabs_one_wins_and_the_other_is_told_who_was_faster(
    desk: Serving, night: Night
) -> None:
    form, told = yes(night), list[Got]()
    people = [Visitor(desk).as_("approver", name) for name in ("Chen", "Lin")]

    def press(visitor: Visitor) -> None:
        told.append(visitor.form("/approvals/decide?lang=en", form))

    threads = [Thread(target=press, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got.status for got in told) == [303, 409]
    loser = next(got.text for got in told if got.status == 409)
    winner = night.board.decisions[int(str(form["seq"]))].by
    assert f"{winner} was faster" in loser


def test_what_was_sent_can_be_taken_back_once(officer: Visitor, night: Night) -> None:
    sent = night.board.reversible()[0].seq
    form = {"seq": sent, "reason": "wrong", "back": "/approvals?state=sent"}
    assert "Take back" in officer.get("/approvals?state=sent&lang=en").text
    assert officer.form("/approvals/undo", form).status == 303
    assert sent in night.board.undone
    assert officer.form("/approvals/undo", form).status == 409
    assert "Take back" not in officer.get("/approvals?state=sent&lang=en").text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token": "stale"}, 403),
        ({"token": "令"}, 403),
        ({"reason": " "}, 422),
        ({"reason": "x" * 301}, 422),
        ({"answer": "maybe"}, 422),
        ({"seq": "one"}, 422),
        ({"seq": 9999}, 409),
        ({"reason": "x" * 70_000}, 413),
    ],
)
def test_a_bad_form_is_refused_with_a_word_and_changes_nothing(
    officer: Visitor, night: Night, change: dict[str, object], status: int
) -> None:
    answer = officer.form("/approvals/decide?lang=en", yes(night, **change))
    assert answer.status == status
    assert "error" in answer.text or 'role="alert"' in answer.text
    assert night.board.waiting(night.now)


def test_what_was_typed_stands_there_again_when_a_form_is_refused(
    officer: Visitor, night: Night
) -> None:
    typed = "the tide turns at two " + "x" * 300
    text = officer.form("/approvals/decide", yes(night, reason=typed)).text
    assert typed in text


def test_a_form_from_another_site_is_refused(officer: Visitor, night: Night) -> None:
    answer = officer.form("/approvals/decide", yes(night), Origin="http://elsewhere.example")
    assert answer.status == 403
    assert night.board.waiting(night.now)
