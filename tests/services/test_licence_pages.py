"""The licence's page: what it says, how it stands, what of it to show; a forged code is refused."""

from datetime import timedelta

import pytest
from sd_jwt.common import SDJWTCommon
from services_desk import NOW, SHOP, hall
from services_people import Hall, Person, scanned

from mindu.apps.services.licences.book import Licences
from mindu.apps.services.licences.presented import checked
from mindu.apps.services.licences.status import Status
from mindu.apps.services.licences.tokens import Forged
from mindu.apps.services.materials import Materials
from mindu.apps.services.numbers import instance_of

pytest_plugins = ("services_licence",)


def test_a_holder_shows_what_they_choose_and_it_is_checked_without_a_network(
    shop: tuple[Hall, Person, str],
) -> None:
    hall, person, number = shop
    assert "食品经营许可证" in person.get("/licences").body
    person.get(f"/licences/{number}")
    assert "状态:有效" in person.body
    assert "三坊鱼丸" in person.body
    person.post(f"/licences/{number}", show=["number", "name"], to="城管巡查")
    text = scanned(person)
    keys, lists = hall.site.licences.seals.trust, hall.site.licences.lists(hall.time)
    found = checked(text, keys, hall.time + timedelta(minutes=2), lists)
    assert found.shown.claims == {"number": number, "name": "三坊鱼丸"}
    assert found.shown.status is Status.VALID
    assert found.to == "城管巡查"
    assert "南后街" not in text, "what was kept back is not there"
    (use,) = [u for u in hall.counter.receipts(int(number[2:])) if u["who"] == "城管巡查"]
    assert use["fields"] == "name, number"


def test_a_forged_changed_or_old_code_is_refused_in_words(shop: tuple[Hall, Person, str]) -> None:
    hall, person, number = shop
    person.get(f"/licences/{number}").post(f"/licences/{number}", show=["name"], to="x")
    good = scanned(person)
    anybody = Person(hall).get("/licences/check")
    assert "状态:有效" in anybody.post("/licences/check?lang=zh", code=good, by="食客").body
    token, _, proof = good.rpartition("~")
    forged = {
        "签名无效": good[:200] + ("A" if good[200] != "A" else "B") + good[201:],
        "被改动": f"{token.split('~')[0]}~{proof}",
        "不是出示": "hello",
    }
    for word, text in forged.items():
        anybody.get("/licences/check")
        anybody.post("/licences/check?lang=zh", code=text)
        assert anybody.status == 422, word
        assert "不予认可" in anybody.body
        assert word in anybody.body
    hall.later(minutes=6)
    anybody.get("/licences/check")
    assert "二维码已过期" in anybody.post("/licences/check?lang=zh", code=good).body


def test_suspended_and_revoked_are_seen_by_holder_and_checker(
    shop: tuple[Hall, Person, str],
) -> None:
    hall, person, number = shop
    book = hall.site.licences
    with pytest.raises(ValueError, match="say why"):
        book.set(number, Status.SUSPENDED, " ", by="市场监管", now=hall.time)
    for status, word in ((Status.SUSPENDED, "暂停使用"), (Status.REVOKED, "已吊销")):
        book.set(number, status, "后厨不洁", by="市场监管", now=hall.time)
        assert f"状态:{word}" in person.get(f"/licences/{number}").body
        assert "后厨不洁" in person.body
        person.post(f"/licences/{number}", show=["name"], to="x")
        anybody = Person(hall).get("/licences/check")
        assert word in anybody.post("/licences/check?lang=zh", code=scanned(person)).body
    with pytest.raises(ValueError, match="was revoked"):
        book.set(number, Status.VALID, "mended", by="市场监管", now=hall.time)
    again = Licences(hall.counter, hall.site.materials, hall.site.secret, hall.site.base)
    again.look(hall.time)
    assert again.row(number).status is Status.REVOKED, "the log alone tells it"


def test_nobody_sees_anothers_licence_and_the_file_holds_the_signed_record(
    shop: tuple[Hall, Person, str],
) -> None:
    hall, person, number = shop
    hall.person("other", "王五")
    assert Person(hall).signs_in("other").get(f"/licences/{number}").status == 404
    file = person.get(f"/licences/{number}/file")
    assert file.raw.startswith(b"PK")
    keys = Person(hall).get("/licences/keys").body
    assert "市场监管" in keys
    assert hall.site.secret.hex() not in keys


def test_a_licence_once_issued_fills_other_forms_and_is_issued_once(
    shop: tuple[Hall, Person, str],
) -> None:
    hall, _, number = shop
    hall.site.look()
    rows = hall.site.licences.every()
    assert len({row.number for row in rows}) == len(rows) == 3
    holder = hall.site.licences.row(number).holder
    kept = hall.site.materials.current(holder, "business", hall.time)
    assert kept is not None
    assert kept.told["number"] == f"YY{number[2:]}"
    assert kept.vouched == "市场监管"


def test_another_library_reads_what_is_presented() -> None:
    counter = hall()
    book = Licences(counter, Materials(counter.vault, counter.processes), b"s" * 32, "https://c")
    case = instance_of(counter.hand_in("x", "restaurant", SHOP, NOW))
    while waits := [w for w in counter.processes.state(case).waits if w.kind == "task"]:
        counter.decide(case, waits[0].node, by="o", approved=True, result="", now=NOW)
    book.look(NOW)
    number = f"SP{case:08d}"
    text = book.present(number, ["name"], to="https://shop", now=NOW)
    reader = SDJWTCommon(serialization_format="compact")
    reader._parse_sd_jwt(text)
    assert len(reader._input_disclosures) == 1
    assert reader._unverified_input_key_binding_jwt == text.rpartition("~")[2]
    with pytest.raises(Forged):
        book.check(book.held(number).credential, NOW, by="x")
