"""Who acts for another is told first what is beyond it, and sees nothing else of that person."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from services_desk import ELDER, SHOP
from services_people import GOOD, Hall, Person
from test_own_pages import delegated, handed_in

from mindu.apps.services.numbers import instance_of


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = Hall(tmp_path)
    for account, name in (("elder", "林依嬷"), ("son", "陈明")):
        hall.person(account, name)
    return hall


@pytest.fixture
def people(hall: Hall) -> tuple[Person, Person, str]:
    """Return the mother, the son who acts for her in the allowance, and the delegation."""
    elder = Person(hall).signs_in("elder").proves("elder")
    son = Person(hall).signs_in("son").proves("son")
    told = delegated(hall)
    son.get("/sign-out")
    son.get("/sign-in?then=/mine").agrees(acting=told)
    return elder, son, told


def test_a_matter_beyond_the_delegation_is_told_before_its_form_begins(
    people: tuple[Person, Person, str],
) -> None:
    _, son, _ = people
    listed = son.get("/?lang=zh").body
    assert listed.count("(超出委托范围)") == 2, "newborn and restaurant; the allowance is hers"
    for path in ("/restaurant/", "/restaurant/situation", "/restaurant/check"):
        told = son.get(f"{path}?lang=zh")
        assert told.status == 403
        assert "您正在代林依嬷办理,此项超出其委托范围" in told.body
        assert "代为填写并提交申请" in told.body
        assert "高龄津贴" in told.body
        assert "请由林依嬷另行委托" in told.body
    assert "You act for 林依嬷" in son.get("/restaurant/?lang=en").body
    assert "Old-age allowance" in son.body


def test_it_is_told_again_at_hand_in_and_nothing_was_handed_in(
    people: tuple[Person, Person, str],
) -> None:
    elder, son, _ = people
    son.get("/allowance/").post("/restaurant/check?lang=zh")
    assert (son.status, "此项超出其委托范围" in son.body) == (403, True)
    assert "MD" not in elder.get("/mine").body


def test_who_acts_in_one_matter_sees_nothing_of_the_others(
    hall: Hall, people: tuple[Person, Person, str]
) -> None:
    elder, son, _ = people
    shop = handed_in(hall, elder, "restaurant", SHOP)
    allowance = handed_in(hall, son, "allowance", ELDER)
    mine = son.get("/mine?lang=zh").body
    assert allowance in mine
    assert shop not in mine
    for path in ("/materials", "/consents", "/receipts"):
        assert path not in mine
        refused = son.get(f"{path}?lang=zh")
        assert (refused.status, "仅限本人" in refused.body) == (403, True), path
        assert "350102" not in refused.body
        assert elder.get(f"{path}?lang=zh").status == 200
    assert son.get("/licences?lang=zh").status == 403, "to collect was not entrusted to him"
    hall.approve_all(instance_of(shop))
    (licence,) = (
        r for r in hall.site.licences.of(applicant(hall, shop)) if r.item == "food_licence"
    )
    for path in (f"/licences/{licence.number}", f"/licences/{licence.number}/file"):
        assert son.get(f"{path}?lang=zh").status == 403
        assert "三坊鱼丸" not in son.body
    assert son.get(f"/progress?number={shop}&lang=zh").status == 404, "half a number is no key"
    whole = hall.counter.number(instance_of(shop))
    told = son.get(f"/progress?number={whole}&lang=zh").body
    assert "已办结" in told, "a whole number tells how it stands, as to anybody"
    assert "非常满意" not in told
    assert elder.get(f"/progress?number={shop}&lang=zh").body.count("非常满意") == 1


def test_what_is_followed_for_another_is_a_receipt_and_a_rating_is_ones_own(
    hall: Hall, people: tuple[Person, Person, str]
) -> None:
    elder, son, _ = people
    number = handed_in(hall, son, "allowance", ELDER)
    hall.approve_all(instance_of(number))
    before = elder.get("/id/").body.count("受托人代您办理")
    followed = son.get(f"/progress?number={number}&lang=zh").body
    assert "非常满意" not in followed
    assert elder.get("/id/").body.count("受托人代您办理") == before + 1
    son.get("/allowance/").post("/rate?lang=zh", number=number, stars="5", said="")
    assert (son.status, "仅限本人" in son.body) == (403, True)


@pytest.mark.parametrize("ends", ["taken back", "ran out"])
def test_who_acted_is_told_that_it_is_over_and_then_is_themselves(
    hall: Hall, people: tuple[Person, Person, str], ends: str
) -> None:
    elder, son, told = people
    if ends == "taken back":
        elder.get("/id/").post("/id/end", id=told)
    else:
        hall.later(days=29, hours=17)
        son.get("/sign-in?then=/mine")
        son.post("/id/password", name="son", password=GOOD, kind="person").agrees(acting=told)
        assert "您正在代办" in son.get("/mine?lang=zh").body
        hall.later(hours=7, minutes=1)
    over = son.get("/allowance/?lang=zh")
    assert (over.status, "代办已结束" in over.body) == (403, True)
    assert "林依嬷的委托已到期或被收回" in over.body
    assert son.get("/?lang=zh").status == 200
    assert "超出委托范围" not in son.body
    if ends == "ran out":
        assert "已到期" in Person(hall).signs_in("elder", then="/id/").get("/id/").body


def test_a_delegation_holds_to_the_end_of_its_last_day_here(hall: Hall) -> None:
    elder = Person(hall).signs_in("elder").proves("elder").get("/id/")
    sent = {"delegate": "son", "relation": "child", "may": ["apply"], "matters": ["allowance"]}
    elder.post("/id/offer", until="2026-03-05", **sent)
    assert "至 2026-03-05" in elder.body, "the day that was typed is the day that is shown"
    house = hall.provider
    (told,) = house.delegations.given(house.citizens.named("elder").id)  # type: ignore[union-attr]
    assert told.until == datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)


def applicant(hall: Hall, number: str) -> str:
    return hall.counter.processes.state(instance_of(number)).applicant
