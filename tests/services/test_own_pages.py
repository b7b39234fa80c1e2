"""One's own pages: signed in, one sees one's licences, materials and uses; so does who may act."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from services_desk import ELDER, SHOP
from services_people import GOOD, Hall, Person

from mindu.apps.services.numbers import instance_of
from mindu.console.identity.delegated import Wish
from mindu.engines.process.happenings import Complete, Return


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = Hall(tmp_path)
    for account, name in (("elder", "林依嬷"), ("son", "陈明")):
        hall.person(account, name)
    return hall


def handed_in(hall: Hall, person: Person, package: str, told: dict[str, Any]) -> str:
    for page in hall.counter.packages[package].filled().pages:
        person.get(f"/{package}/{page.id}")
        sent = {n: ("true" if told[n] is True else told[n]) for n in page.fields if n in told}
        person.post(f"/{package}/{page.id}?lang=zh", _go="on", **sent)
    person.get(f"/{package}/check")
    person.post(f"/{package}/check?lang=zh")
    found = re.search(r"办件编号 (MD\d{10})", person.body)
    assert found, person.body
    return found[1]


def test_whoever_signs_in_takes_the_draft_along_and_sees_their_cases(hall: Hall) -> None:
    person = Person(hall).get("/restaurant/situation")
    person.get(f"/restaurant/{hall.counter.packages['restaurant'].filled().pages[0].id}")
    first = hall.counter.packages["restaurant"].filled().pages[0]
    sent = {n: ("true" if SHOP[n] is True else SHOP[n]) for n in first.fields if n in SHOP}
    person.post(f"/restaurant/{first.id}", _go="later", **sent)
    person.signs_in("son")
    assert "陈明" in person.body
    number = handed_in(hall, person, "restaurant", SHOP)
    assert number in person.get("/mine").body
    assert Person(hall).get("/mine").body.count(number) == 0, "others are asked to sign in"


def test_proved_answers_are_filled_in_with_source_date_and_a_way_to_correct(hall: Hall) -> None:
    person = Person(hall).signs_in("elder").proves("elder")
    person.get("/sign-out")
    person.get("/sign-in").agrees()
    assert "350102193601011225" in person.get("/materials").body
    pages = hall.counter.packages["allowance"].filled().pages
    page = next(one for one in pages if "number" in one.fields)
    shown = person.get(f"/allowance/{page.id}").body
    assert 'value="350102193601011225"' in shown
    assert "网证模拟 simulator" in shown, "the source says what it is"
    assert "更新于" in shown
    assert "有误?申请更正" in shown
    number = handed_in(hall, person, "allowance", ELDER | {"number": "350102193601011225"})
    uses = hall.site.mine.uses(hall.counter.processes.state(instance_of(number)).applicant)
    assert {"prefilled"} == {use["purpose"] for use in uses}
    told = person.get("/receipts?lang=zh").body
    assert "2026-03-02 17:00 高龄津贴" in told, "by the city's clock, the matter by its title"
    assert "预填表单 · 身份信息 · " in told
    assert "born" not in told, "answers are called by their questions"


def test_a_wrong_answer_is_corrected_by_its_department_and_kept_with_the_new_day(
    hall: Hall,
) -> None:
    person = Person(hall).signs_in("elder").proves("elder")
    person.get("/sign-out")
    person.get("/sign-in").agrees()
    person.get("/correct/allowance?field=name")
    person.post("/correct/allowance", field="name", said="林依媄")
    found = re.search(r"MD\d{10}", person.body)
    assert found, person.body
    case = instance_of(found[0])
    assert hall.site.corrections.said(case) == "林依媄"
    (wait,) = [w for w in hall.counter.processes.state(case).waits if w.kind == "task"]
    hall.later(days=2)
    done = Complete(wait=wait.id, by="officer", vars={"approved": True, "result": "林依媄"})
    hall.counter.processes.step(case, done, by="officer", now=hall.time)
    hall.site.look()
    shown = person.signs_in("elder", then="/materials").body
    assert "林依媄" in shown
    assert f"{hall.time:%Y-%m-%d}" in shown
    hall.site.look()
    assert len(list(hall.counter.processes.noted("corrected"))) == 1


def test_a_son_hands_in_for_his_mother_within_his_bounds_and_she_sees_it(hall: Hall) -> None:
    elder = Person(hall).signs_in("elder").proves("elder")
    son = Person(hall).signs_in("son").proves("son")
    told = delegated(hall)
    son.get("/sign-out")
    son.get("/sign-in?then=/mine")
    assert "林依嬷" in son.body
    son.agrees(acting=told)
    assert "您正在代办: 林依嬷" in son.body
    number = handed_in(hall, son, "allowance", ELDER)
    assert number in elder.get("/mine").body, "it is hers"
    assert f"受托代办 {told}" in elder.get("/receipts?lang=zh").body
    assert " 受托人</dt>" in elder.body
    assert "办理中" in son.get(f"/progress?number={number}&lang=zh").body
    assert "等待前置事项" not in son.body, "an officer decides: it waits for no other item"
    assert f"somebody acted for you {told}" in elder.get("/receipts?lang=en").body
    assert "受托人代您办理" in elder.get("/id/").body
    elder.get("/id/")
    elder.post("/id/end", id=told)
    assert "登录" in son.get("/mine").body, "ended, it is over at the next look"


def test_who_lets_another_act_chooses_matters_by_their_names_and_no_other(hall: Hall) -> None:
    elder = Person(hall).signs_in("elder").proves("elder").get("/id/")
    assert "高龄津贴</label>" in elder.body
    until = f"{hall.time + timedelta(days=30):%Y-%m-%d}"
    sent = {"delegate": "son", "relation": "child", "may": ["apply"], "until": until}
    elder.post("/id/offer", matters=["allowence"], **sent)
    assert (elder.status, "没有事项“allowence”" in elder.body) == (422, True)
    elder.post("/id/offer", matters=["allowance", "newborn"], **sent)
    assert "高龄津贴、新生儿出生一件事 · 至" in elder.body
    assert "Old-age allowance" in elder.get("/id/?lang=en").body


def test_an_application_that_came_back_is_mended_and_goes_on_under_its_number(hall: Hall) -> None:
    person = Person(hall).signs_in("son")
    number = handed_in(hall, person, "restaurant", SHOP)
    case, processes = instance_of(number), hall.counter.processes
    (wait,) = [w for w in processes.state(case).waits if w.kind == "task"]
    back = Return(wait=wait.id, by="officer", why="地址不符")
    processes.step(case, back, by="officer", now=hall.time)
    person.get(f"/progress?number={number}")
    assert "已退回补正" in person.body
    assert "退回原因:地址不符" in person.body
    assert "地址不符" not in Person(hall).get(f"/progress?number={hall.counter.number(case)}").body
    person.post("/mend?lang=zh", number=number)
    fill(hall, person, "restaurant", SHOP | {"address": "福州市台江区八一七路1号"})
    assert number in person.body
    assert hall.counter.answers(case)["address"] == "福州市台江区八一七路1号"
    assert [w.node for w in processes.state(case).waits if w.kind == "task"] == ["accept"]
    assert "退回原因" not in person.get(f"/progress?number={number}").body
    assert len(hall.site.mine.cases(processes.state(case).applicant)) == 1
    person.get("/consents")
    assert person.post("/mend?lang=zh", number=number).status == 422


def fill(hall: Hall, person: Person, package: str, told: dict[str, Any]) -> Person:
    for page in hall.counter.packages[package].filled().pages:
        person.get(f"/{package}/{page.id}")
        sent = {n: ("true" if told[n] is True else told[n]) for n in page.fields if n in told}
        person.post(f"/{package}/{page.id}?lang=zh", _go="on", **sent)
    person.get(f"/{package}/check")
    return person.post(f"/{package}/check?lang=zh")


def delegated(hall: Hall) -> str:
    """Let the son act for his mother in the allowance; both said yes by their sessions."""
    house, now = hall.provider, hall.time
    elder, son = house.citizens.named("elder"), house.citizens.named("son")
    assert elder is not None
    assert son is not None
    strong = [
        house.signed.session(house.signed.open(who, ("pwd", "ctid-sim"), now), now)
        for who in (elder, son)
    ]
    wish = Wish(relation="child", may=("apply", "follow"), matters=("allowance",),
                until=now + timedelta(days=30))  # fmt: skip
    assert strong[0] is not None
    assert strong[1] is not None
    told = house.delegations.offer(strong[0], son, wish, now)
    return house.delegations.accept(strong[1], told.id, now).id


def test_who_reads_english_signs_in_and_comes_back_in_english(hall: Hall) -> None:
    person = Person(hall).get("/mine?lang=en")
    assert "Sign in" in person.body
    assert "登录主体" not in person.body
    person.post("/id/password", name="elder", password=GOOD, kind="person").agrees()
    assert "My licences" in person.body
    assert "Nobody rated yet" in person.get("/ratings?lang=en").body
