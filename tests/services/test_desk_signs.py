"""The desk signs: a step is delegated, gets signers before and after, and is taken back."""

import re

from services_desk import open_nodes
from services_office import applied, at_desk, decides, hall, moves, opened
from services_people import Hall

from mindu.apps.services.numbers import number_of
from mindu.console.steps.lately import Lately
from mindu.engines.process.state import Wait

__all__ = ["hall"]

HERE = "business_licence"


def waits(hall: Hall, case: int) -> dict[str, Wait]:
    state = hall.counter.processes.state(case)
    return {w.who: w for w in state.waits if w.node == HERE and w.kind == "task"}


def claimed(hall: Hall) -> int:
    case, lin = applied(hall), at_desk(hall, "Lin")
    decides(lin, hall, case, "accept")
    moves(lin, opened(lin, hall, case, HERE), "claim")
    return case


def path_of(hall: Hall, case: int, name: str) -> str:
    return f"/desk/{case}/{waits(hall, case)[name].id}"


def test_a_delegate_decides_in_the_owners_name_and_a_citizen_cannot_be_one(hall: Hall) -> None:
    case = claimed(hall)
    lin, wu = at_desk(hall, "Lin"), at_desk(hall, "Wu")
    hall.person("son", "陈明")
    path = path_of(hall, case, "Lin")
    lin.get(path)
    assert "没有名为" in moves(lin, path, "delegate", person="son", why="出差").body
    lin.get(path)
    assert "请说明理由" in moves(lin, path, "delegate", person="Wu", why=" ").body
    lin.get(path)
    assert moves(lin, path, "delegate", person="Wu", why="出差").status == 200
    assert waits(hall, case)["Wu"].owner == "Lin"
    assert lin.get(path).status == 404, "the owner does not decide beside the delegate"
    wu.get(path)
    assert "受托于" in wu.body
    assert "Lin" in wu.body
    moves(wu, path, "decide", approved="yes", result="YY-7")
    assert hall.counter.processes.variables(case)["business_licence_approved"] is True
    assert hall.counter.processes.last(case).by == "Wu", "who did it stands in the log"


def test_a_signer_before_says_yes_then_the_owner_decides(hall: Hall) -> None:
    case = claimed(hall)
    lin, zhou = at_desk(hall, "Lin"), at_desk(hall, "Zhou")
    path = path_of(hall, case, "Lin")
    lin.get(path)
    moves(lin, path, "add", people="Zhou", rule="all", why="涉及治安")
    assert set(waits(hall, case)) == {"Zhou"}, "the owner waits until the signer has spoken"
    path = path_of(hall, case, "Zhou")
    zhou.get(path)
    moves(zhou, path, "decide", approved="yes", result="无异议")
    assert set(waits(hall, case)) == {"Lin"}
    path = path_of(hall, case, "Lin")
    lin.get(path)
    moves(lin, path, "decide", approved="yes", result="YY-8")
    assert HERE not in open_nodes(hall.counter, case)


def test_a_signer_after_has_the_last_word_and_one_may_be_dropped(hall: Hall) -> None:
    case = claimed(hall)
    lin, wu = at_desk(hall, "Lin"), at_desk(hall, "Wu")
    path = path_of(hall, case, "Lin")
    lin.get(path)
    assert moves(lin, path, "add", people="Wu", rule="7", after="yes", why="复核").status == 409
    lin.get(path)
    moves(lin, path, "add", people="Wu\u3001Zhou\uff0c", rule="veto", after="yes", why="复核")
    lin.get(path)
    moves(lin, path, "decide", approved="yes", result="YY-9")
    assert set(waits(hall, case)) == {"Wu", "Zhou"}
    path = path_of(hall, case, "Wu")
    wu.get(path)
    moves(wu, path, "drop", person="Zhou", why="无需公安")
    assert set(waits(hall, case)) == {"Wu"}
    path = path_of(hall, case, "Wu")
    wu.get(path)
    moves(wu, path, "decide", approved="no", result="证明不符")
    assert hall.counter.processes.variables(case)["business_licence_approved"] is False


def test_who_decided_takes_it_back_while_nobody_has_gone_on(hall: Hall) -> None:
    case, lin, wu = applied(hall), at_desk(hall, "Lin"), at_desk(hall, "Wu")
    decides(lin, hall, case, "accept")
    opened(wu, hall, case, HERE)
    refused = wu.post("/desk/done", instance=str(case), node="accept", why="误点")
    assert refused.status == 409
    assert "不是由Wu办结" in refused.body
    lin.get("/desk/")
    assert lin.post("/desk/done", instance=str(case), node="accept", why=" ").status == 409
    lin.get("/desk/")
    assert lin.post("/desk/done", instance="x", node="accept", why="误点").status == 409
    lin.get("/desk/")
    assert lin.post("/desk/done", instance=str(case), node="accept", why="误点").status == 200
    assert open_nodes(hall.counter, case) == ["accept"]
    decides(lin, hall, case, "accept")
    lin.get("/desk/")
    decides(wu, hall, case, HERE)
    late = lin.post("/desk/done", instance=str(case), node="accept", why="误点")
    assert late.status == 409
    assert "后续节点已办理" in late.body


def test_what_an_officer_just_did_stands_on_their_desk_with_a_way_back(hall: Hall) -> None:
    case, lin = applied(hall), at_desk(hall, "Lin")
    assert "后续环节尚未办理时可以撤回" in lin.body
    decides(lin, hall, case, "accept")
    number = number_of(case)
    hidden = f'name="instance" value="{case}"'
    assert f"受理 · {number}" in lin.get("/desk/").body
    assert hidden in lin.body
    assert hidden not in at_desk(hall, "Wu").body
    again = Lately(hall.counter.processes)
    assert [(one.instance, one.node) for one in again.of("Lin")] == [(case, "accept")]
    assert lin.post("/desk/done", instance=str(case), node="accept", why="误点").status == 200
    assert open_nodes(hall.counter, case) == ["accept"]


def test_the_desk_speaks_the_language_it_was_asked_in_and_names_what_it_shows(hall: Hall) -> None:
    case = claimed(hall)
    lin = at_desk(hall, "Lin")
    lin.get("/desk/?lang=en")
    assert "Mine" in lin.body
    assert "officer" in lin.body
    assert ">2026-03-03 17:30<" in lin.body, "the city's own time: the promised working day"
    href = re.search(rf'href="(/desk/{case}/\d+[^"]*)"', lin.body)
    assert href
    lin.get(href[1])
    assert "Business licence" in lin.body
    assert "<dt>Name of the shop</dt>" in lin.body or "shop" in lin.body.lower()
    assert "operator_id" not in lin.body, "a field is called as people call it"
    assert "Do you agree?" in lin.body, "the link kept the language"
