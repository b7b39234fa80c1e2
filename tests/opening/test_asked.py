"""What people leave at the portal: requests and votes, from their own browser alone."""

import pytest
from opening_house import LIN, NOON, WATER
from portal_house import Desk, token


@pytest.fixture
def desk() -> Desk:
    return Desk()


def ask(desk: Desk, title: str, **more: str) -> str:
    reader = desk.browser()
    form = {"token": token(reader.get("/open/requests?lang=zh").text), "title": title, **more}
    return reader.post("/open/requests?lang=zh", data=form).text


def test_a_request_is_taken_in_matched_and_shown_with_its_day(desk: Desk) -> None:
    page = ask(desk, "泵站水位", text="用于防汛研究")
    assert f"已受理,由以下单位答复: {WATER}" in page
    assert "<code>pumps</code>" in page
    assert "期限内" in page
    listed = desk.browser().get("/open/requests?lang=zh").text
    assert "泵站水位" in listed
    assert "<b>1</b> 票" in listed


def test_another_browser_votes_once(desk: Desk) -> None:
    ask(desk, "公交到站")
    (number,) = desk.requests.numbers()
    other = desk.browser()
    where = f"/open/requests/{number}"
    form = {"token": token(other.get(f"{where}?lang=en").text)}
    assert "Your vote counts" in other.post(f"{where}/vote", data=form).text
    assert "one vote each" in other.post(f"{where}/vote", data=form).text
    assert desk.memory.opened.votes(number) == 2


def test_one_address_cannot_vote_up_a_request_by_forgetting_itself(desk: Desk) -> None:
    ask(desk, "公交到站")
    (number,) = desk.requests.numbers()
    where, codes = f"/open/requests/{number}", []
    for _ in range(12):
        reader = desk.browser()
        form = {"token": token(reader.get(where).text)}
        codes.append(reader.post(f"{where}/vote", data=form).status_code)
    assert codes == [200] * 10 + [429] * 2


def test_people_are_masked_before_anything_is_kept(desk: Desk) -> None:
    page = ask(desk, "路灯位置", text="请联系张三 13812345678")
    assert "13812345678" not in page
    assert all("13812345678" not in repr(entry) for entry in desk.memory.log)


def test_a_form_of_another_site_or_browser_is_refused(desk: Desk) -> None:
    reader, other = desk.browser(), desk.browser()
    stolen = token(reader.get("/open/requests").text)
    other.get("/open/requests")
    no = other.post("/open/requests", data={"token": stolen, "title": "stolen"})
    assert no.status_code == 403
    evil = desk.browser(origin="https://evil.example")
    mine = token(evil.get("/open/requests").text)
    assert evil.post("/open/requests", data={"token": mine, "title": "x x"}).status_code == 403
    assert desk.requests.numbers() == []


def test_a_machine_that_fills_in_every_field_is_heard_by_nobody(desk: Desk) -> None:
    ask(desk, "spam spam", website="http://spam.example")
    assert desk.requests.numbers() == []


def test_what_was_typed_comes_back_with_what_is_wrong(desk: Desk) -> None:
    page = ask(desk, "x", text="kept words")
    assert "标题 2 至 80 字" in page
    assert "kept words</textarea>" in page


def test_the_answer_stands_beside_the_request_for_all_to_read(desk: Desk) -> None:
    ask(desk, "泵站水位")
    (number,) = desk.requests.numbers()
    desk.requests.answer(number, "已开放,每日更新", LIN, now=NOON, opened="pumps")
    page = desk.browser().get(f"/open/requests/{number}?lang=zh").text
    assert "已开放,每日更新" in page
    assert '<a href="/open/d/pumps">pumps</a>' in page
    assert "我也需要" not in page
    desk.requests.hide(number, "harm", LIN, now=NOON)
    assert desk.browser().get(f"/open/requests/{number}").status_code == 404
