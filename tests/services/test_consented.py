"""Consents: offered in words, given by who hands in, seen at the desk, over once taken back."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from services_desk import CHILD, ELDER
from services_office import at_desk as sits
from services_office import decides, moves, officer, opened
from services_people import Hall, Person
from test_own_pages import handed_in

from mindu.apps.services.materials import Material
from mindu.apps.services.numbers import instance_of

REGISTER = {"head": "林晓", "address": CHILD["address"], "here": True}


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = Hall(tmp_path)
    hall.person("mother", "林晓")
    officer(hall, "Lin", "operator", "window")
    officer(hall, "Zhou", "operator", "公安")
    return hall


def mother_of(hall: Hall) -> tuple[Person, str]:
    """Return the mother, and the name under which her library keeps what the register says."""
    person = Person(hall).signs_in("mother")
    number = handed_in(hall, person, "newborn", CHILD)
    subject = hall.counter.processes.state(instance_of(number)).applicant
    kept = Material(kind="household", told=REGISTER, vouched="公安", at=hall.time)
    hall.site.materials.keep(subject, kept)
    return person, subject


def step_of(hall: Hall, case: int) -> str:
    """Return the page of the police's step: claimed, with what it is shown."""
    decides(sits(hall, "Lin"), hall, case, "accept")
    hall.counter.decide(case, "birth_certificate", by="health", approved=True, result="1",
                        now=hall.time)  # fmt: skip
    zhou = sits(hall, "Zhou")
    path = opened(zhou, hall, case, "household")
    moves(zhou, path, "claim")
    return path


def test_purposes_are_offered_by_their_words_and_no_code_is_asked(hall: Hall) -> None:
    person = Person(hall).signs_in("mother")
    for lang, words in (
        ("zh", "→ 公安,用于:新生儿出生一件事 · 出生户口登记"),
        ("en", "→ public security, for: "),
    ):
        page = unescape(person.get(f"/consents?lang={lang}").body)
        offered = re.findall(r'<option value="[^"]+">([^<]+)</option>', page)
        assert any(words in one for one in offered), offered
        assert not [one for one in offered if re.search(r"\w+/\w+|_", one)], "words alone"
    assert "newborn/household" not in re.sub(r'value="[^"]*"', "", person.body)


def test_a_consent_is_given_and_taken_back_on_a_page(hall: Hall) -> None:
    person = Person(hall).signs_in("mother")
    use = "household|公安|newborn/household"
    day = f"{hall.time + timedelta(days=30):%Y-%m-%d}"
    person.get("/consents?lang=zh").post("/consents?lang=zh", use=use, do="let", until=day)
    rows = re.search(r"<dl>.*</dl>", person.body, re.DOTALL)
    assert rows
    assert f"至 {day}" in rows[0], "the day that was typed"
    assert "出生户口登记" in rows[0]
    refused = person.post("/consents?lang=zh", use=use, do="let", until="2099-01-01")
    assert (refused.status, 'value="2099-01-01"' in refused.body) == (422, True)
    assert f'value="{use}" selected' in refused.body, "what was chosen is kept"
    for sent in ({"use": "a|b|c/d", "do": "let"}, {"use": use, "do": "all"}, {"use": use}):
        person.get("/consents?lang=zh")
        assert person.post("/consents?lang=zh", until=day, **sent).status == 422
    person.get("/consents?lang=zh").post("/consents?lang=zh", use=use, do="back")
    assert "已收回" in person.body
    assert "<dl>" not in person.body
    assert person.post("/consents?lang=zh", use=use, do="back").status == 422


def test_who_hands_in_lets_the_departments_see_what_filled_the_form_and_takes_it_back(
    hall: Hall,
) -> None:
    person, _ = mother_of(hall)
    number = handed_in(hall, person, "newborn", CHILD)
    case = instance_of(number)
    assert "用于:新生儿出生一件事 · 出生户口登记" in person.get("/consents?lang=zh").body
    path = step_of(hall, case)
    zhou = sits(hall, "Zhou")
    shown = zhou.get(path).body
    assert "材料库:" in shown
    assert "(公安," in shown
    assert "From the library" in zhou.get(f"{path}?lang=en").body
    uses = [u for u in hall.counter.receipts(case) if u.get("digest")]
    assert {(u["who"], u["material"]) for u in uses} == {("公安", "household")}
    person.get("/consents?lang=zh")
    person.post("/consents?lang=zh", use="household|公安|newborn/household", do="back")
    after = zhou.get(path).body
    assert "不予显示:申请人未授权公安为此事项使用,或已收回授权" in after
    assert "(公安," not in after
    assert "林晓" in after, "what was handed in stays with its case"
    assert "not shown: the person has not let" in zhou.get(f"{path}?lang=en").body
    again = [u for u in hall.counter.receipts(case) if u.get("digest")]
    assert len(again) == len(uses), "what was refused is no use"
    told = person.get("/receipts?lang=zh").body
    assert "公安" in told
    assert " · household" not in told, "a receipt calls the material by its words"


def test_what_ran_out_meanwhile_is_not_shown_and_says_since_when(hall: Hall) -> None:
    person, subject = mother_of(hall)
    number = handed_in(hall, person, "newborn", CHILD)
    path = step_of(hall, instance_of(number))
    old = Material(kind="household", told=REGISTER, vouched="公安", at=hall.time,
                   until=hall.time + timedelta(hours=1))  # fmt: skip
    hall.site.materials.keep(subject, old)
    hall.later(hours=2)
    assert f"不予显示:已于 {old.until:%Y-%m-%d} 到期" in sits(hall, "Zhou").get(path).body


def test_nobody_is_shown_a_library_who_did_not_agree(hall: Hall) -> None:
    person = Person(hall)
    number = handed_in(hall, person, "allowance", ELDER)
    assert "材料库" not in number
    subject = hall.counter.processes.state(instance_of(number)).applicant
    assert hall.site.materials.consents(subject) == []
