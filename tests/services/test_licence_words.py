"""A licence says what it is in words, to its holder, to who checks it and in its file."""

import json
from io import BytesIO
from pathlib import Path

import ofdkit
import pytest
from services_people import Hall, Person, scanned

from mindu.apps.services.licences.status import Status
from mindu.base.time import SystemClock
from mindu.cli.verbs import run
from mindu.console.identity.keyring import made

pytest_plugins = ("services_licence",)


def test_a_licence_says_its_choices_in_words_on_page_code_and_file(
    shop: tuple[Hall, Person, str],
) -> None:
    hall, person, number = shop
    assert "热食类制售、自制饮品制售" in person.get(f"/licences/{number}?lang=zh").body
    assert "420.0" not in person.body
    assert "hot dishes, own drinks" in person.get(f"/licences/{number}?lang=en").body
    person.get(f"/licences/{number}")
    person.post(f"/licences/{number}", show=["number", "foods"], to="x")
    anybody, code = Person(hall).get("/licences/check"), scanned(person)
    anybody.post("/licences/check?lang=zh", code=code)
    assert "热食类制售、自制饮品制售" in anybody.body
    assert "证照编号</dt>" in anybody.body
    person.get("/receipts?lang=zh")
    assert f"出示证照 {number}" in person.body
    assert f"查验证照 {number}" in person.body
    told = str(ofdkit.open(BytesIO(person.get(f"/licences/{number}/file").raw)).text())
    assert "热食类制售" in told
    assert "420.0" not in told


def test_a_licence_that_ran_out_says_so_to_its_holder_and_to_who_checks_it(
    shop: tuple[Hall, Person, str],
) -> None:
    hall, person, number = shop
    person.get(f"/licences/{number}").post(f"/licences/{number}", show=["name"], to="x")
    hall.later(days=5 * 366)
    hall.provider.keyring._make = made  # in five years the provider's own keys have turned
    person = Person(hall).signs_in("son").get(f"/licences/{number}?lang=zh")
    assert "状态:已过有效期" in person.body
    assert "状态:已过有效期" in person.get("/licences?lang=zh").body
    assert "it ran out" in person.get(f"/licences/{number}?lang=en").body
    person.get(f"/licences/{number}").post(f"/licences/{number}", show=["name"], to="x")
    anybody, code = Person(hall).get("/licences/check"), scanned(person)
    for lang, word in (("zh", "过期"), ("en", "the licence ran out on")):
        anybody.get("/licences/check")
        anybody.post(f"/licences/check?lang={lang}", code=code)
        assert (anybody.status, word in anybody.body) == (422, True), anybody.body


def test_a_verb_checks_a_code_with_files_alone(
    shop: tuple[Hall, Person, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hall, person, number = shop
    hall.time = SystemClock().now()
    text = hall.site.licences.present(number, ["number", "name"], to="巡查", now=hall.time)
    files = {"code": text, "keys.json": person.get("/licences/keys").body}
    for at, (_, token) in enumerate(hall.site.licences.lists(hall.time).items()):
        files[f"list{at}"] = token
    for name, told in files.items():
        (tmp_path / name).write_text(told, "utf-8")
    more = [part for n in files if n[:4] == "list" for part in ("--list", str(tmp_path / n))]
    args = ["licence", "check", str(tmp_path / "code"), "--keys", str(tmp_path / "keys.json")]
    assert run([*args, *more, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["claims"]["number"] == number
    for lang, said in (("zh", "名称: 三坊鱼丸"), ("en", f"number: {number}")):
        assert run([*args, *more, "--lang", lang]) == 0
        assert said in capsys.readouterr().out.splitlines(), "lines are called as on its page"
    for status, en, zh in (
        (Status.SUSPENDED, "status: SUSPENDED", "状态: 暂停使用"),
        (Status.REVOKED, "status: REVOKED", "状态: 已吊销"),
    ):
        hall.site.licences.set(number, status, "后厨不洁", by="市场监管", now=hall.time)
        for at, (_, token) in enumerate(hall.site.licences.lists(hall.time).items()):
            (tmp_path / f"list{at}").write_text(token, "utf-8")
        for lang, word in (("en", en), ("zh", zh)):
            assert run([*args, *more, "--lang", lang]) == 1
            told = capsys.readouterr().out
            assert word in told
            assert "holds" not in told, "a revoked licence is not said to hold"
    (tmp_path / "code").write_text(
        text[:300] + ("y" if text[300] == "x" else "x") + text[301:], "utf-8"
    )
    assert run([*args, *more, "--lang", "zh"]) == 1
    assert "签名无效" in capsys.readouterr().out
    assert run([*args, "--keys", str(tmp_path / "none"), "--json"]) == 2
