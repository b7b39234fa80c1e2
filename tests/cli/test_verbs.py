"""The command line as a person or a script meets it: words, JSON, exit codes, mending."""

import ast
import json
import os
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path
from socket import socket
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

import mindu.apps
from mindu.base.time import SystemClock
from mindu.cli.say import FOUND, GOOD, USAGE, language, state
from mindu.cli.verbs import parser, run
from mindu.console.words import SAID

SVG = "{http://www.w3.org/2000/svg}"


def test_a_wrong_verb_is_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run(["fly"])
    assert end.value.code == USAGE
    assert "fly" in capsys.readouterr().err


@pytest.mark.parametrize(
    "verb",
    ["up", "replay", "open", "night", "why", "score", "verify", "doctor", "fork", "new", "picture"],
)
def test_every_verb_speaks_json_and_both_languages(verb: str) -> None:
    told = next(a for a in parser()._actions if a.dest == "verb")
    assert isinstance(told.choices, dict)
    flags = {flag for action in told.choices[verb]._actions for flag in action.option_strings}
    assert {"--json", "--lang"} <= flags


def test_help_comes_without_loading_the_engines() -> None:
    code = (
        "import sys, contextlib\nfrom mindu.cli.verbs import run\n"
        "with contextlib.suppress(SystemExit): run(['--help'])\n"
        "heavy = {'numpy', 'matplotlib', 'apsw', 'swmm', 'highspy'} & set(sys.modules)\n"
        "sys.exit(bool(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0


def test_asking_where_nothing_is_stored_says_how_to_mend_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["why", "3", "--data", str(tmp_path), "--lang", "en"]) == USAGE
    said = capsys.readouterr().err
    assert "There is no log" in said
    assert "→ Run `mindu up` first" in said


def test_trouble_is_json_for_a_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", "--data", str(tmp_path), "--json", "--lang", "zh"]) == USAGE
    assert json.loads(capsys.readouterr().out)["mend"].startswith("请先运行")


def test_the_doctor_finds_a_taken_port_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = str(door.getsockname()[1])
        assert run(["doctor", "--port", port, "--json"]) == FOUND
    found = {it["name"]: it for it in json.loads(capsys.readouterr().out)}
    assert not found["port"]["good"]
    assert found["python"]["good"]
    assert found["swmm"]["value"].startswith("5.2")


def test_the_doctor_finds_a_clock_that_was_set_back_and_a_map_of_another_datum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def looked() -> dict[str, dict[str, Any]]:
        run(["doctor", "--data", str(tmp_path), "--port", "0", "--json"])
        return {it["name"]: it for it in json.loads(capsys.readouterr().out)}

    (tmp_path / "city.notes").touch()
    fit = looked()
    assert fit["clock"]["good"]
    assert fit["datum"]["value"] == "WGS-84, 0 maps"
    future = (SystemClock().now() + timedelta(days=400)).timestamp()
    os.utime(tmp_path / "city.notes", (future, future))
    room = tmp_path / "maps"
    room.mkdir()
    (room / "bank.geojson").write_text("{}", "utf-8")
    sheet = '[[map]]\nfile="bank.geojson"\nzh="岸"\nen="Bank"\nsource="us"\ndatum="GCJ-02"\n'
    (room / "maps.toml").write_text(sheet, "utf-8")
    unfit = looked()
    assert not unfit["clock"]["good"]
    assert "behind its files" in unfit["clock"]["value"]
    assert not unfit["datum"]["good"]
    assert "GCJ-02" in unfit["datum"]["value"]


def test_the_language_is_asked_for_or_the_machines() -> None:
    assert language(None, {"LANG": "zh_CN.UTF-8"}) == "zh"
    assert language(None, {"LANG": "C"}) == "en"
    assert language("en", {"LANG": "zh_CN.UTF-8"}) == "en"


def test_the_state_lives_where_the_user_keeps_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state(None) == tmp_path / "mindu"
    assert state(tmp_path / "other") == tmp_path / "other"


def test_the_picture_is_drawn_from_the_records_of_the_code(tmp_path: Path) -> None:
    for lang, word in (("en", "perceive"), ("zh", "感知")):
        file = tmp_path / f"{lang}.svg"
        assert run(["picture", str(file), "--lang", lang, "--json"]) == GOOD
        text = file.read_text(encoding="utf-8")
        assert fromstring(text).tag == f"{SVG}svg"  # noqa: S314 - our own picture
        assert word in text
        assert "Settlement" in text


def test_a_new_app_has_every_room_and_overwrites_nothing(tmp_path: Path) -> None:
    apps = tmp_path / "apps"
    apps.mkdir()
    args = ["new", "app", "parks", "--into", str(apps), "--tests", str(tmp_path / "t"), "--json"]
    assert run(args) == GOOD
    for room in (apps / "parks").glob("*.py"):
        assert ast.get_docstring(ast.parse(room.read_text(encoding="utf-8")))
        assert "$" not in room.read_text(encoding="utf-8")
    manifest = tomllib.loads((apps / "parks" / "app.toml").read_text(encoding="utf-8"))
    assert (manifest["name"], manifest["tier"]) == ("parks", "bronze")
    assert run(args) == USAGE


def test_a_new_app_in_the_house_is_on_the_paper_of_apps_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, paper = tmp_path / "apps", tmp_path / "docs" / "apps.md"
    home.mkdir()
    paper.parent.mkdir()
    paper.write_text("old", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(mindu.apps, "__path__", [str(home)])
    assert run(["new", "app", "parkland", "--into", "apps", "--tests", "tests", "--json"]) == GOOD
    sys.modules.pop("mindu.apps.parkland", None)
    assert "| `parkland` " in paper.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["Parks", "p", "my-app", "../x", "水"])
def test_a_name_that_is_no_name_writes_nothing(tmp_path: Path, name: str) -> None:
    args = ["new", "app", name, "--into", str(tmp_path), "--tests", str(tmp_path)]
    assert run(args) == USAGE
    assert list(tmp_path.iterdir()) == []


def test_no_sentence_of_the_page_ends_in_two_languages() -> None:
    assert all(words.en != words.zh for key, words in SAID.items() if key not in {"brier", "crps"})
