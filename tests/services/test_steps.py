"""The staff's desk: what waits is listed, claimed, decided and moved, by those whose it is."""

import re

from services_desk import CHILD, ELDER, open_nodes
from services_office import STAFF, applied, at_desk, decides, hall, moves, officer, opened
from services_people import Hall, Person

from mindu.apps.services.web.uses import said
from mindu.console.steps.page import in_tongue

__all__ = ["hall"]


def test_a_step_is_claimed_seen_with_a_receipt_and_decided(hall: Hall) -> None:
    case = applied(hall)
    lin = at_desk(hall, "Lin")
    assert "本部门可领取" in lin.body
    assert "受理" in lin.body
    decides(lin, hall, case, "accept")
    assert "business_licence" in open_nodes(hall.counter, case)
    path = opened(lin, hall, case, "business_licence")
    assert "三坊鱼丸" not in lin.body, "before it is claimed nothing is seen"
    moves(lin, path, "claim")
    opened(lin, hall, case, "business_licence")
    assert "三坊鱼丸" in lin.body
    receipts = list(hall.counter.receipts(case))
    assert {r["who"] for r in receipts} == {"Lin"}
    assert {r["purpose"] for r in receipts} == {"restaurant/accept", "restaurant/business_licence"}
    moves(lin, path, "decide", approved="no", result="")
    assert "不同意须说明理由" in lin.body
    opened(lin, hall, case, "business_licence")
    moves(lin, path, "decide", approved="yes", result="YY-1")
    assert hall.counter.processes.variables(case)["business_licence_approved"] is True
    assert [row.item for row in hall.site.licences.every()] == ["business_licence"]


def test_what_is_anothers_or_moved_meanwhile_cannot_be_touched(hall: Hall) -> None:
    case = applied(hall)
    lin, wu, zhou = (at_desk(hall, name) for name in STAFF)
    decides(lin, hall, case, "accept")
    path = opened(wu, hall, case, "business_licence")
    assert opened(zhou, hall, case, "business_licence")
    assert zhou.status == 404, "it is not of her office"
    moves(wu, path, "decide", approved="yes", result="x")
    assert wu.status == 409
    opened(wu, hall, case, "business_licence")
    stale = wu.body
    opened(lin, hall, case, "business_licence")
    moves(lin, path, "claim")
    wu.body = stale
    moves(wu, path, "claim")
    assert wu.status == 404
    wu.body = re.sub(r'name="_token" value="', 'name="_token" value="x', stale)
    assert moves(wu, path, "claim").status == 403


def test_the_moves_of_chinese_offices_are_made_and_written_down(hall: Hall) -> None:
    case = applied(hall)
    lin, wu = at_desk(hall, "Lin"), at_desk(hall, "Wu")
    decides(lin, hall, case, "accept")
    moves(lin, opened(lin, hall, case, "business_licence"), "claim")
    where = "business_licence"
    path = opened(lin, hall, case, where)
    assert "请说明理由" in moves(lin, path, "suspend", kind="correction", why="").body
    for move, told in (("suspend", {"kind": "correction"}), ("resume", {}), ("urge", {})):
        opened(lin, hall, case, where)
        moves(lin, path, move, why="材料不齐", **told)
        assert lin.status == 200, (move, lin.body[-600:])
    opened(lin, hall, case, where)
    assert "没有名为" in moves(lin, path, "hand_over", person="nobody", why="休假").body
    opened(lin, hall, case, where)
    moves(lin, path, "hand_over", person="Wu", why="休假")
    path = opened(wu, hall, case, where)
    moves(wu, path, "countersign", people="Lin Wu", rule="all", why="重大事项")
    for person in (lin, wu):
        waits = hall.counter.processes.state(case).waits
        mine = next(w for w in waits if w.who == person_name(person, lin))
        path = f"/desk/{case}/{mine.id}"
        person.get(path)
        moves(person, path, "decide", approved="yes", result="同意")
    assert hall.counter.processes.variables(case)["business_licence_approved"] is True
    done = [e.record.what for e in hall.counter.processes.memory.log.since(case)
            if hasattr(e.record, "what")]  # fmt: skip
    assert {"Suspend", "Resume", "Urge", "HandOver", "Countersign"} <= set(done)


def person_name(person: Person, lin: Person) -> str:
    return "Lin" if person is lin else "Wu"


def test_a_step_goes_back_to_the_applicant_and_void_needs_an_approver(hall: Hall) -> None:
    case = applied(hall)
    lin = at_desk(hall, "Lin")
    moves(lin, opened(lin, hall, case, "accept"), "claim")
    path = opened(lin, hall, case, "accept")
    assert "作废" not in lin.body
    assert moves(lin, path, "void", why="x").status == 409
    opened(lin, hall, case, "accept")
    moves(lin, path, "return", to="", why="地址不符")
    assert open_nodes(hall.counter, case) == ["start"]
    officer(hall, "Chief", "approver", "window")
    other, chief = applied(hall), at_desk(hall, "Chief")
    moves(chief, opened(chief, hall, other, "accept"), "claim")
    moves(chief, opened(chief, hall, other, "accept"), "void", why="重复申请")
    assert hall.counter.processes.state(other).status == "void"


def test_nobody_without_a_role_comes_to_the_desk_and_a_lost_role_ends_it(hall: Hall) -> None:
    hall.person("son", "陈明")
    citizen = Person(hall).get("/desk/")
    citizen.post("/id/password", name="son", password="kelp-orbit-quartz", kind="person")  # noqa: S106
    citizen.agrees()
    assert citizen.status == 403
    officer(hall, "Guest", "viewer", "window")
    assert at_desk(hall, "Guest").status == 403
    lin = at_desk(hall, "Lin")
    hall.hall.people.accounts.remove("Lin")
    assert "待办" not in lin.get("/desk/").body


def test_a_correction_and_a_benefit_show_just_what_they_need(hall: Hall) -> None:
    officer(hall, "Mei", "operator", "benefits", "民政")
    case = applied(hall, "allowance", {**ELDER, "identity_matches": False})
    mei = at_desk(hall, "Mei")
    moves(mei, opened(mei, hall, case, "person"), "claim")
    opened(mei, hall, case, "person")
    assert "林依嬷" in mei.body
    assert "13800000000" not in mei.body, "the phone is not the item's"
    born = applied(hall, "newborn", CHILD)
    assert born > case


def test_the_use_of_a_step_is_read_by_the_questions_behind_it(hall: Hall) -> None:
    use = {"purpose": "restaurant/food_licence", "fields": "address, foods, name"}
    assert said(hall.counter, use, "zh") == "开餐饮店一件事 · 经营场所地址、经营项目、店名"
    assert said(hall.counter, use, "en").startswith("Opening a restaurant · Address of the shop")


def test_a_name_drawn_in_both_languages_is_read_in_ones_own() -> None:
    assert in_tongue("受理 accept it", "zh") == "受理"
    assert in_tongue("受理 accept it", "en") == "accept it"
    assert in_tongue("受理", "en") == "受理"
    assert in_tongue("accept", "zh") == "accept"
