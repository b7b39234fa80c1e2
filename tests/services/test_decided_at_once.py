"""What registers know of a proved person decides in seconds; nobody decides by another's papers."""

from pathlib import Path
from typing import Any

import pytest
from services_desk import ELDER, NOW, open_nodes
from services_people import Hall, Person
from test_own_pages import handed_in

from mindu.apps.services.numbers import instance_of
from mindu.cli.say import Trouble
from mindu.cli.services.registers import registers


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = Hall(tmp_path)
    for account, name in (("elder", "林依嬷"), ("son", "陈明")):
        hall.person(account, name)
    return hall


def proved(hall: Hall, name: str) -> Person:
    """Sign somebody in who proved who they are by the simulator."""
    person = Person(hall).signs_in(name).proves(name)
    person.get("/sign-out")
    person.get("/sign-in?then=/mine")
    return person.agrees()


def applies(hall: Hall, person: Person, **change: Any) -> int:  # noqa: ANN401
    return instance_of(handed_in(hall, person, "allowance", ELDER | change))


def test_whom_the_registers_know_is_approved_at_once_and_reads_so(hall: Hall) -> None:
    elder = proved(hall, "elder")
    elder.get("/allowance/check?lang=zh")
    assert "本市户籍" in elder.body, "what the rules will rest on is read before it is handed in"
    assert "/correct/allowance?field=registered_here" in elder.body
    case = applies(hall, elder)
    assert "即时批准(秒批)" in elder.body
    known = hall.counter.processes.variables(case)
    assert known["old_age_allowance_approved"] is True
    page = f"/progress?number={hall.counter.number(case)}"
    assert "已批准:每月500元" in elder.get(f"{page}&lang=zh").body, "ninety years and more"
    assert "approved: 500 yuan a month" in elder.get(f"{page}&lang=en").body
    assert "每月500元" not in Person(hall).get(f"{page}&lang=zh").body, "what came of it is theirs"
    kept = elder.get("/materials?lang=zh").body
    assert "公安户籍库(模拟)" in kept, "a pretend register says that it is"
    assert "本市户籍:是" in kept
    assert "household" not in kept
    mine = elder.get("/id/?lang=zh").body
    assert "openid" not in mine
    assert "手机号码、实名姓名" in mine
    assert "urn:mindu" not in mine


@pytest.mark.parametrize("change", [
    {"number": "350102192601011225"}, {"name": "林某某"}, {"born": "1920-01-01"},
])  # fmt: skip
def test_who_writes_other_than_what_was_proved_is_looked_at_by_a_person(
    hall: Hall, change: dict[str, str]
) -> None:
    elder = proved(hall, "elder")
    elder.get("/allowance/person")
    case = applies(hall, elder, **change)
    assert "已转人工审核" in elder.body
    assert open_nodes(hall.counter, case) == ["person"]
    assert "identity_matches" not in hall.counter.answers(case)


@pytest.mark.parametrize("signs", [True, False])
def test_whom_no_register_knows_is_decided_by_a_person(hall: Hall, signs: bool) -> None:  # noqa: FBT001
    person = Person(hall)
    person = person.signs_in("son") if signs else person.get("/")
    forged = {"registered_here": True, "identity_matches": True, "alive": True}
    assert open_nodes(hall.counter, applies(hall, person, **forged)) == ["person"]


def test_a_city_names_its_registers_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "civil.csv").write_text(
        "number,alive,receives,note\n350102193601011225,是,false,\n", "utf-8-sig"
    )
    (tmp_path / "registers.toml").write_text(
        '[civil]\nby = "福州市民政局"\nat = 2026-02-01\nfile = "civil.csv"\n'
    )
    ask = registers(tmp_path, pretend=NOW)
    (told,) = ask("350102193601011225")
    assert (told.kind, told.vouched, told.told) == (
        "civil", "福州市民政局", {"alive": True, "receives": False})  # fmt: skip
    assert not ask("350102198902021213"), "beside real registers nobody is pretended"


@pytest.mark.parametrize("text", [
    "[civil", "[civil]\nby = 'x'", "[civil]\nby='x'\nat='May'\nfile='civil.csv'",
    "[civil]\nby='x'\nat=2026-02-01\nfile='none.csv'",
])  # fmt: skip
def test_a_file_of_registers_that_cannot_be_read_says_how_to_mend_it(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "civil.csv").write_text("number\n1\n")
    (tmp_path / "registers.toml").write_text(text)
    with pytest.raises(Trouble, match=r"registers\.toml"):
        registers(tmp_path, pretend=None)


def test_away_from_the_loopback_nobody_is_pretended(tmp_path: Path) -> None:
    assert not registers(tmp_path, pretend=None)("350102193601011225")
