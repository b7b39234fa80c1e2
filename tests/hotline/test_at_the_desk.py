"""The desk as agents and officers use it: from the call to the board, by forms and their words."""

import html
from pathlib import Path

import pytest
from desk_house import KEY, SECRET, code_in, signed_in, token, told, town

from house import KIND, NOON, WIRE, counter
from mindu.base.records import Move, Table
from mindu.brain.cases import TABLE, State
from mindu.brain.casework import rights
from mindu.brain.casework.dispatch import Guess, dispatch, suggested
from mindu.brain.casework.office import Wish
from mindu.brain.casework.refusals import Refusal
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import Letter
from mindu.edge.counter.pages import Look
from mindu.edge.desk.moves import MOVES, NEEDS
from mindu.edge.desk.people import People

__all__ = ["town"]


def test_nobody_comes_to_the_desk_without_a_secret(town: tuple[str, Counter]) -> None:
    root, _ = town
    assert WIRE.get(f"{root}/desk").status_code == 401
    wrong = WIRE.post(f"{root}/desk/in", data={"officer": "anna", "secret": "guess"})
    assert wrong.status_code == 401
    with signed_in(root, "lin") as client:
        assert client.post("/desk/call", data={"text": "x"}).status_code == 403


def test_an_agent_takes_a_call_with_hints_and_the_case_walks_on(town: tuple[str, Counter]) -> None:
    root, desk = town
    with signed_in(root, "anna") as anna:
        page = anna.get("/desk?lang=zh")
        assert 'id="call-text"' in page.text.replace("'", '"')
        hints = anna.post("/desk/hints", data={"text": "五四路路灯不亮,车里有人被困在车里"})
        assert 'data-service="lamp"' in hints.text
        assert "119" in hints.text
        call = {"token": token(page), "text": "五四路路灯坏了三天", "service": "lamp",
                "area": "350102", "phone": "13800000004"}  # fmt: skip
        assert anna.post("/desk/call", data=call).status_code == 201
        number = max(desk.office.cases)
        data: dict[str, str] = {}
        for move in (
            {"move": "accept"},
            {"move": "classify", "topic": "streets.lamps", "nature": "help", "urgency": "normal"},
            {"move": "forward", "unit": "urban"},
        ):
            seen = str(int(desk.office.cases.row(number)["moves"]))
            data = {"token": token(page), "seen": seen, **move}
            got = anna.post(f"/desk/case/{number}?lang=zh", data=data)
            assert got.status_code == 200, got.text
        stale = anna.post(f"/desk/case/{number}", data={**data, "move": "note", "note": "晚了"})
        assert stale.status_code == 409
        assert "13800000004" in anna.get(f"/desk/case/{number}").text
    assert desk.office.cases.state(number) is State.FORWARDED
    with signed_in(root, "fang") as fang:  # another role: sees the case, not the caller
        page = fang.get(f"/desk/case/{number}")
        assert page.status_code == 200
        assert "13800000004" not in page.text


def test_a_desk_speaks_the_names_of_units_and_offers_the_suggested_first(
    town: tuple[str, Counter],
) -> None:
    root, desk = town
    told(root, "五四路的树倒了,挡住人行道", service="tree")
    number = max(desk.office.cases)
    guess = Guess(topic="streets.trees", sure=0.61, because=("树", "倒"))
    dispatch(desk.office, number, [guess], model="none", now=NOON)
    with signed_in(root, "anna") as anna:
        zh = anna.get(f"/desk/case/{number}?lang=zh").text
        en = anna.get(f"/desk/case/{number}?lang=en").text
    assert "建议承办单位" in zh
    assert "据“树、倒”,把握 61%" in zh
    assert "from 树、倒, 61% sure" not in zh
    assert "from 树、倒, 61% sure" in en
    first = suggested(entry_of(desk, number))[0].unit
    assert f"<option value='{first}' selected>" in zh
    for code, name_zh, name_en, *_ in desk.office.rows("units", KIND.name):
        assert f">{name_zh}</option>" in zh
        assert f"<option value='{code}'" in en
        assert name_en in html.unescape(en)
    assert "<label>单位<select name='unit'" in zh
    assert "<select name='nature'" in zh


def test_the_other_language_is_the_same_page(town: tuple[str, Counter]) -> None:
    root, _ = town
    page = WIRE.get(f"{root}/?lang=zh&service=lamp").text
    assert 'href="/?service=lamp&amp;lang=en"' in page
    with signed_in(root, "anna") as anna:
        board = anna.get("/desk/board?lang=en&unit=urban&measure=kept").text
        assert 'href="/desk/board?unit=urban&amp;measure=kept&amp;lang=zh"' in board
    sent = told(root, "路灯又不亮了,换个说法", phone="13800000077").text
    assert 'href="/?lang=en"' in sent, "what was posted is not posted again"


def test_topics_are_called_as_people_call_them(town: tuple[str, Counter]) -> None:
    zh, en = (Look(town[1], KIND, lang, "") for lang in ("zh", "en"))
    assert (zh.topic("streets.lamps"), en.topic("streets.lamps")) == ("路灯不亮", "Street lamp")
    assert zh.topic("streets") not in {"", "streets"}
    assert (zh.topic("of nobody"), zh.topic("")) == ("of nobody", "")


def entry_of(desk: Counter, number: int) -> Move:
    last = desk.office.memory.log[int(desk.office.cases.row(number)["last"])].record
    assert isinstance(last, Move)
    return last


def below(page: str, title: str) -> str:
    """Return what stands below a heading; "" where there is none."""
    return next((part for part in page.split("<h2>") if part.startswith(title)), "")


def test_an_emergency_stays_before_the_agents_until_somebody_has_passed_it_on(
    town: tuple[str, Counter],
) -> None:
    root, desk = town
    told(root, "家里着火了,浓烟滚滚,有人被困")
    number = max(desk.office.cases)
    assert desk.office.cases.state(number) is State.EXTERNAL
    title = "紧急件待转报"
    with signed_in(root, "anna") as anna:
        assert f"/desk/case/{number}?" in below(anna.get("/desk?lang=zh").text, title)
        seen = str(int(desk.office.cases.row(number)["moves"]))
        noted = {
            "token": token(anna.get("/desk")),
            "seen": seen,
            "move": "note",
            "note": "已转报119",
        }
        assert anna.post(f"/desk/case/{number}", data=noted).status_code == 200
        after = anna.get("/desk?lang=zh").text.partition(title)[2].split("<h2>")[0]
        assert f"/desk/case/{number}?" not in after
        hints = anna.post("/desk/hints?lang=zh", data={"text": "楼上着火了有人被困"}).text
    assert "119" in hints
    assert "通话指引" not in hints


def test_what_the_ladder_told_of_stands_first_for_who_supervises(
    town: tuple[str, Counter],
) -> None:
    root, desk = town
    told(root, "电线杆歪了,快倒了", service="other")
    number = max(desk.office.cases)
    title = "分级预警"
    with signed_in(root, "du") as du, signed_in(root, "anna") as anna:
        assert f"/desk/case/{number}?" not in below(du.get("/desk?lang=zh").text, title)
        told_of = {"dial": "whole", "level": "purple"}
        desk.office.act(number, Wish(name="warn", args=told_of), rights.MACHINE, now=NOON)
        waits = below(du.get("/desk?lang=zh").text, title)
        assert f"/desk/case/{number}?" in waits
        assert "紫色预警" in waits
        assert "/desk/case/" not in below(anna.get("/desk?lang=zh").text, title)


def test_an_agent_goes_on_from_the_receipt_of_a_call(town: tuple[str, Counter]) -> None:
    root, desk = town
    with signed_in(root, "anna") as anna:
        call = {"token": token(anna.get("/desk")), "text": "八一七路井盖松动", "area": "350102"}
        receipt = anna.post("/desk/call?lang=zh", data=call).text
    assert "href='/desk?lang=zh' accesskey='d'" in receipt
    assert f"href='/desk/case/{max(desk.office.cases)}?lang=zh'" in receipt


def test_a_case_is_divided_at_the_desk_and_its_reply_goes_out_as_it_is(
    town: tuple[str, Counter],
) -> None:
    root, desk = town
    told(root, "小区门口路灯不亮,旁边下水道也堵了", service="lamp", phone="13800000006")
    number = max(desk.office.cases)
    anna = desk.office.officer("anna")
    assert anna is not None
    about = {"topic": "streets.lamps", "nature": "help", "urgency": "normal"}
    for wish in (Wish(name="accept"), Wish(name="classify", args=about)):
        desk.act(number, wish, anna)
    with signed_in(root, "anna") as client:
        page = client.get(f"/desk/case/{number}?lang=zh").text
        assert "牵头" in page
        form = {"token": token(client.get("/desk")), "move": "split",
                "seen": str(int(desk.office.cases.row(number)["moves"]))}  # fmt: skip
        lone = client.post(f"/desk/case/{number}", data={**form, "part0": "修路灯"})
        assert lone.status_code == 409
        assert desk.office.cases.state(number) is State.CLASSIFIED
        both = {"unit0": "urban", "part0": "修路灯,联系 13800000006", "unit1": "drainage",
                "part1": "疏通下水道"}  # fmt: skip
        assert client.post(f"/desk/case/{number}", data={**form, **both}).status_code == 200
    assert desk.office.cases.state(number) is State.DIVIDED
    first, second = desk.office.cases.link(number).children
    assert [desk.office.cases.said(part, "unit") for part in (first, second)] == [
        "urban", "drainage"
    ]  # fmt: skip
    assert "13800000006" not in desk.opening(first).text
    lin, fang = desk.office.officer("lin"), desk.office.officer("fang")
    assert lin is not None and fang is not None  # noqa: PT018
    for who, wish in (
        (lin, Wish(name="sign")), (lin, Wish(name="handle")),
        (lin, Wish(name="reply", note="灯已亮")), (lin, Wish(name="review")),
        (lin, Wish(name="pass")),
    ):  # fmt: skip
        desk.act(first, wish, who)
    with signed_in(root, "fang") as client:
        final = client.get(f"/desk/case/{first}?lang=zh")
        assert "required>灯已亮</textarea>" in final.text
    desk.act(first, Wish(name="feed_back"), fang)
    assert desk.office.answer(first) == "灯已亮"


def test_a_whole_centre_signs_in_from_one_address_and_guesses_are_held_back(
    tmp_path: Path,
) -> None:
    desk = counter(tmp_path)
    rows = tuple((f"o{n}", "", "centre", "operator", "3501", "", KEY) for n in range(40))
    desk.office.lay("roster", Table(rights.COLUMNS, rows, "the tests"), by="tests", now=NOON)
    people = People(desk.office)
    assert all(people.sign_in(f"o{n}", SECRET, "10.0.0.1", NOON) for n in range(40))
    for _ in range(6):
        assert not people.barred("o1", "10.0.0.2", NOON)
        assert people.sign_in("o1", "guess", "10.0.0.2", NOON) is None
    assert people.barred("o1", "10.0.0.2", NOON)
    assert people.sign_in("o1", SECRET, "10.0.0.2", NOON) is None


def test_a_caller_rates_what_was_answered_and_the_board_explains_it(
    town: tuple[str, Counter],
) -> None:
    root, desk = town
    code = code_in(told(root, "树倒了", service="tree", phone="13800000005"))
    number = max(desk.office.cases)
    anna, lin, fang = (desk.office.officer(name) for name in ("anna", "lin", "fang"))
    assert anna is not None and lin is not None and fang is not None  # noqa: PT018
    about = {"topic": "streets.trees", "nature": "help", "urgency": "normal"}
    for who, wish in (
        (anna, Wish(name="accept")), (anna, Wish(name="classify", args=about)),
        (anna, Wish(name="forward", unit="urban")), (lin, Wish(name="sign")),
        (lin, Wish(name="handle")), (lin, Wish(name="reply", note="已清理")),
        (lin, Wish(name="review")), (lin, Wish(name="pass")),
        (fang, Wish(name="feed_back", note="已清理,感谢反映")),
    ):  # fmt: skip
        desk.act(number, wish, who)
    page = WIRE.get(f"{root}/status", params={"code": code, "lang": "zh"})
    assert "已清理,感谢反映" in page.text
    assert 'name="satisfied"' in page.text
    rated = {"code": code, "move": "rate", "solved": "yes", "satisfied": "5"}
    assert WIRE.post(f"{root}/say?lang=zh", data=rated).status_code == 200
    with signed_in(root, "anna") as client:
        assert "100% (1/1)" in client.get("/desk/board").text
        behind = client.get("/desk/board", params={"unit": "urban", "measure": "satisfied"})
        assert f">{number}</a>" in behind.text


def test_every_move_and_what_it_asks_for_has_words_in_both_languages() -> None:
    asked = {name for step in TABLE.values() for name in step.needs}
    assert set(MOVES) == {*TABLE, "told"}
    assert asked <= set(NEEDS)
    for words in (*MOVES.values(), *NEEDS.values()):
        assert words.en.isascii(), words.en
        assert not words.zh.isascii(), words.en


def test_a_district_that_is_nowhere_is_refused_for_nobody_would_see_the_case(
    tmp_path: Path,
) -> None:
    with pytest.raises(Refusal, match="district"):
        counter(tmp_path).receive(
            Letter(kind="matter", text="路灯坏了", channel="web", area="999999")
        )
