"""Approvals: effect with and without, batch, names that must be typed, two people, undo."""

from dataclasses import replace
from typing import Any, cast

import pytest
from night import NOW, Night
from visitor import Visitor

from mindu.base.records import Action, Event, Words
from mindu.brain.app import App, Loop
from mindu.brain.desk import FIRST_YES
from mindu.console.declared import City, Declared
from mindu.data.twin import Entity

pytest_plugins = ("served",)


def waiting(visitor: Visitor) -> list[dict[str, Any]]:
    found = visitor.get("/api/v1/approvals?state=waiting").json["items"]
    return cast("list[dict[str, Any]]", found)


def propose(night: Night, *, undo: str = "undo") -> int:
    says = Words("Open the sluice", "开闸")
    ask = Action("open", "J3", says, args={"J3": 1.0}, undo=undo)
    return night.write(ask, about="J3", by="water.gates", at=NOW)


def test_a_waiting_action_shows_its_effect_with_and_without(guest: Visitor) -> None:
    (asked,) = waiting(guest)
    preview = asked["preview"]
    assert (preview["chosen"], preview["without"]) == ("search", "nothing")
    assert (preview["mean_with"], preview["mean_without"]) == (1478.0, 5200.0)
    assert preview["terms_without"]["flood_m3"] == 5200.0
    assert next(c["name"] for c in asked["courses"]) == "bold"
    bold = next(c for c in asked["courses"] if c["name"] == "bold")
    assert bold["veto"] == {"en": "bad tail", "zh": "bad tail"}, "an old log tells it in one tongue"
    assert "Jin'an" in asked["promise"]["en"]
    text = guest.get("/approvals?lang=en").text
    assert "without it" in text
    assert "5,200" in text


def test_a_batch_is_decided_at_once_and_told_part_by_part(officer: Visitor, night: Night) -> None:
    seqs = [propose(night), propose(night), 99_999]
    told = {"seqs": seqs, "yes": False, "reason": "tide turns"}
    answer = officer.send("/api/v1/approvals/decide", told).json
    assert answer["done"] == seqs[:2]
    assert answer["failed"][0]["seq"] == 99_999
    assert [night.board.decisions[s].by for s in seqs[:2]] == ["Chen", "Chen"]


def test_what_cannot_be_taken_back_needs_its_name_typed(officer: Visitor, night: Night) -> None:
    seq = propose(night, undo="")
    asked = next(a for a in waiting(officer) if a["seq"] == seq)
    assert asked["type_name"] == "J3"
    told = {"seqs": [seq], "yes": True, "reason": "agreed"}
    for typed in ("", "J2", "Guangming "):
        answer = officer.send("/api/v1/approvals/decide", told | {"typed": typed.rstrip("g ")})
        assert answer.status == 422
        assert answer.json["field"] == "typed"
    both = told | {"seqs": [seq, propose(night, undo="")], "typed": "J3"}
    assert officer.send("/api/v1/approvals/decide", both).status == 422
    assert officer.send("/api/v1/approvals/decide", told | {"typed": "光明港"}).json["done"] == [
        seq
    ]


def test_a_no_needs_no_name_typed(officer: Visitor, night: Night) -> None:
    told = {"seqs": [propose(night, undo="")], "yes": False, "reason": "not now"}
    assert officer.send("/api/v1/approvals/decide", told).json["done"] == told["seqs"]


def test_an_operator_may_not_approve(guest: Visitor, night: Night) -> None:
    told = {"seqs": [propose(night)], "yes": True, "reason": "x"}
    assert guest.as_("operator").send("/api/v1/approvals/decide", told).status == 403


def test_where_two_people_are_needed_the_first_yes_is_shown(guest: Visitor, night: Night) -> None:
    night.city = City(apps=[Declared(app=two_person_app())])
    seq = propose(night)
    first = Event(FIRST_YES, {"note": "yes"})
    night.write(first, about="J3", by="Lin", at=NOW, because=(seq,))
    asked = next(a for a in waiting(guest) if a["seq"] == seq)
    assert asked["consent"] == {"needed": 2, "given": ["Lin"]}
    assert "1/2 (Lin)" in guest.get("/approvals?lang=en").text


def test_an_expired_action_is_shown_as_such(guest: Visitor, night: Night) -> None:
    seq = propose(night)
    action = night.board.actions[seq].record
    assert isinstance(action, Action)
    night.now = NOW + action.decide_within * 2
    found = guest.get("/api/v1/approvals?state=all").json["items"]
    assert next(a for a in found if a["seq"] == seq)["state"] == "expired"


def test_a_change_needs_the_token_and_json_that_fits(officer: Visitor, night: Night) -> None:
    told = {"seqs": [propose(night)], "yes": True, "reason": "x"}
    path = "/api/v1/approvals/decide"
    assert officer.send(path, told, X_CSRF_Token="stale").status == 403  # noqa: S106
    assert officer.send(path, told, Sec_Fetch_Site="cross-site").status == 403
    assert officer.send(path, {"seqs": "all"}).status == 422
    assert officer.send(path, told).status == 200


def two_person_app() -> App:
    class Sluice(Entity, frozen=True):
        level: float | None = None

    loop: Loop[Sluice] = Loop(
        name="gates", of=Sluice, needs={}, judge=lambda _t, _s: None, approvers=2
    )
    return App(name="water", entities=(Sluice,), loops=(loop,), tier="silver")


def test_a_loop_needs_at_least_one_person() -> None:
    loop = two_person_app().loops[0]
    for wrong in (0, 9):
        with pytest.raises(ValueError, match="approvers"):
            replace(loop, approvers=wrong)
