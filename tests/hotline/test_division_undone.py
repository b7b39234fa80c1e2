"""A division is undone at the desk, without script; its units see it, the caller's case goes on."""

import re
from html import unescape

import httpx
import pytest
from desk_house import code_in, signed_in, token, told, town
from starlette.applications import Starlette
from starlette.routing import Mount

from house import KIND, WIRE, served
from mindu.base.records import Words
from mindu.brain.cases import State
from mindu.edge.counter.counter import Counter
from mindu.edge.open311.call import City
from mindu.edge.open311.doors import routes

__all__ = ["town"]
CITY = "fuzhou.gov.cn"
WHY = "一家即可办理,电话13900001234"


def post(desk: httpx.Client, number: int, move: str, **more: str) -> httpx.Response:
    page = desk.get(f"/desk/case/{number}?lang=zh")
    seen = re.search(r"name='seen' value='(\d+)'", page.text)
    assert seen, page.text
    told = {"token": token(page), "move": move, "seen": seen[1], **more}
    return desk.post(f"/desk/case/{number}?lang=zh", data=told)


def divided(town: tuple[str, Counter], text: str) -> tuple[int, list[int], str]:
    """Take a matter in and divide it at the desk; return it, its parts and the caller's code."""
    root, counter = town
    code = code_in(told(root, text))
    number = counter.status(code)
    assert number is not None
    with signed_in(root, "anna") as anna:
        post(anna, number, "accept")
        rows = {"unit0": "urban", "part0": "修灯", "unit1": "traffic", "part1": "指挥交通"}
        got = post(anna, number, "split", **rows)
    assert counter.office.cases.state(number) is State.DIVIDED, got.text
    return number, counter.office.cases.link(number).children, code


def test_an_officer_undoes_a_division_by_a_form_and_the_unit_sees_what_was_taken_back_and_why(
    town: tuple[str, Counter],
) -> None:
    root, counter = town
    number, parts, code = divided(town, "路灯不亮,路口拥堵")
    with signed_in(root, "anna") as anna, signed_in(root, "lin") as lin:
        zh, en = (anna.get(f"/desk/case/{number}?lang={lang}").text for lang in ("zh", "en"))
        assert "<button name='move' value='undo_split'>撤销拆分</button>" in zh
        assert "<button name='move' value='undo_split'>undo the division</button>" in en
        assert "undo_split" not in lin.get(f"/desk/case/{number}").text
        got = post(anna, number, "undo_split", note=WHY)
        assert got.status_code == 200
        assert counter.office.cases.state(number) is State.ACCEPTED
        assert "13900001234" not in got.text, "what an officer types is masked as well"
        home, part = lin.get("/desk?lang=zh").text, lin.get(f"/desk/case/{parts[0]}?lang=zh").text
        english = lin.get("/desk?lang=en").text
        assert "<h2>已撤回本单位的子件" not in anna.get("/desk?lang=zh").text
    listed = home.partition("<h2>已撤回本单位的子件")[2]
    assert f"/desk/case/{parts[0]}?lang=zh'>{parts[0]}</a>" in listed
    assert f">{parts[1]}</a>" not in listed
    assert "<h2>Taken back from my unit" in english
    assert "撤销拆分,子件作废</b> 已作废 一家即可办理" in unescape(part)
    state = WIRE.get(f"{root}/status", params={"code": code, "lang": "zh"}).text
    assert "<dd>已受理</dd>" in state, state


def test_a_division_of_which_a_part_was_answered_is_refused_in_words_and_keeps_the_reason(
    town: tuple[str, Counter],
) -> None:
    root, counter = town
    number, parts, _ = divided(town, "路灯闪烁,路口拥堵")
    with signed_in(root, "anna") as anna, signed_in(root, "lin") as lin:
        for move, more in (("sign", {}), ("handle", {}), ("reply", {"note": "已修复路灯。"})):
            assert post(lin, parts[0], move, **more).status_code == 200
        got = post(anna, number, "undo_split", note="一家即可")
    assert got.status_code == 409
    assert f"子件 {parts[0]} 已答复,不能再撤销拆分" in got.text
    assert "一家即可</textarea>" in got.text
    assert counter.office.cases.state(number) is State.DIVIDED
    assert counter.office.cases.state(parts[1]) is State.FORWARDED


def test_who_undoes_a_division_second_is_told_who_was_first(town: tuple[str, Counter]) -> None:
    root, counter = town
    number, _, _ = divided(town, "路灯全黑,路口拥堵")
    with signed_in(root, "anna") as anna:
        page = anna.get(f"/desk/case/{number}?lang=en")
        seen = str(int(counter.office.cases.row(number)["moves"]))
        form = {"token": token(page), "move": "undo_split", "seen": seen, "note": "x"}
        first, second = (anna.post(f"/desk/case/{number}?lang=en", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 409)
    assert "anna did undo_split" in second.text


@pytest.mark.parametrize("form", ["json", "xml"])
def test_to_the_outside_the_case_stays_open_and_its_parts_are_closed(
    town: tuple[str, Counter], form: str
) -> None:
    root, counter = town
    number, parts, _ = divided(town, f"路灯倒了,路口拥堵 {form}")
    city = City(counter=counter, kind=KIND, contact=Words("call 12345", "请拨 12345"),
                key_service="ask", changeset="2026-11-25T00:00:00+08:00")  # fmt: skip
    with (
        served(Starlette(routes=[Mount("/open311/v2", routes=routes(city))])) as door,
        signed_in(root, "anna") as anna,
    ):

        def status(one: int) -> str:
            where = f"{door}/open311/v2/requests/{one}.{form}"
            return WIRE.get(where, params={"jurisdiction_id": CITY}).text

        before = status(number)
        assert post(anna, number, "undo_split", note="一家即可").status_code == 200
        after, part = status(number), status(parts[0])
    assert "已拆分" in before
    assert "已受理 accepted" in after
    assert "open" in after
    assert "已作废 void" in part
    assert "closed" in part
