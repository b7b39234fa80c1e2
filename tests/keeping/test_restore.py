"""A restore: what was changed or is half is refused, and nothing is written over without a word."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from city_kept import NOW, city, copy_of, kept

from mindu.cli.keeping.backup import newest
from mindu.cli.say import FOUND, GOOD, USAGE
from mindu.cli.verbs import run
from mindu.data.keeping.home import home
from mindu.data.keeping.paper import CITY, PAPER, Unfit
from mindu.data.keeping.restore import restored
from mindu.data.log import Log


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Give a backup of a small city."""
    return Path(kept(city(tmp_path / "city"), tmp_path / "kept").where)


def back(where: Path, folder: Path, replace: str = "") -> None:
    restored(where, folder, now=NOW, replace=replace, tell=lambda _done, _all: None)


def test_a_changed_byte_of_any_file_is_found(made: Path, tmp_path: Path) -> None:
    for file in sorted(path for path in (made / CITY).rglob("*") if path.stat().st_size):
        if not file.is_file():
            continue
        name = file.relative_to(made)
        other = copy_of(made, "changed")
        body = bytearray((other / name).read_bytes())
        body[len(body) // 2] ^= 1
        (other / name).write_bytes(body)
        with pytest.raises(Unfit, match="was changed since"):
            back(other, tmp_path / "back")
        (other / name).unlink()
        with pytest.raises(Unfit, match="half"):
            back(other, tmp_path / "back")
        copy_away(other)
    assert not (tmp_path / "back").exists()
    assert not list(tmp_path.glob(".*"))


def copy_away(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def test_a_paper_that_was_changed_is_refused_in_words(made: Path, tmp_path: Path) -> None:
    told = json.loads((made / PAPER).read_text("utf-8"))
    climbs = {**told, "files": [{**told["files"][0], "path": "../../../evil"}]}
    other_head = {**told, "logs": [{**told["logs"][0], "head": "0" * 64}, *told["logs"][1:]]}
    for paper, why in ((climbs, "evil"), ({**told, "mindu": 9}, "9"), (other_head, "another head")):
        (made / PAPER).write_text(json.dumps(paper), "utf-8")
        with pytest.raises(Unfit, match=why) as wrong:
            back(made, tmp_path / "back")
        assert wrong.value.says.zh != wrong.value.says.en
    (made / PAPER).write_text("{", "utf-8")
    with pytest.raises(Unfit, match="no whole backup"):
        back(made, tmp_path / "back")
    (made / PAPER).unlink()
    with pytest.raises(Unfit, match="no whole backup"):
        back(made, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_a_city_is_put_aside_only_by_its_name_and_never_while_it_runs(
    made: Path, tmp_path: Path
) -> None:
    there = city(tmp_path / "there", entries=30)
    for word in ("", "other"):
        with pytest.raises(Unfit, match="--replace there"):
            back(made, there, word)
    with Log.open(home(there).log()) as log:
        old = log.head
        with pytest.raises(RuntimeError, match="stop it first"):
            back(made, there, "there")
    back(made, there, "there")
    (before,) = tmp_path.glob("there.before-*")
    with Log.read(home(before).log()) as log:
        assert log.head == old
    with Log.read(home(there).log()) as log:
        assert log.head != old


def test_a_city_goes_and_comes_back_by_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, to, there = str(city(tmp_path / "city")), str(tmp_path / "kept"), str(tmp_path / "back")
    assert run(["backup", "--data", folder, "--to", to, "--keep", "2", "--json"]) == GOOD
    told = json.loads(capsys.readouterr().out)
    assert run(["restore", to, "--data", there, "--json"]) == GOOD
    came = json.loads(capsys.readouterr().out)
    assert came["logs"][0]["head"] == told["head"]
    assert run(["verify", "--data", there]) == GOOD
    assert run(["restore", to, "--data", there, "--lang", "zh"]) == FOUND
    assert "不是空目录" in capsys.readouterr().err
    assert run(["backup", "--data", str(tmp_path / "x"), "--to", to, "--lang", "zh"]) == USAGE
    assert "没有城市" in capsys.readouterr().err
    assert run(["restore", str(tmp_path / "x"), "--data", str(tmp_path / "y")]) == FOUND
    assert "is not there" in capsys.readouterr().err


def test_the_doctor_tells_how_old_the_newest_backup_is(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    assert newest(folder, NOW, "en").good, "a folder without a city lacks none"
    city(folder)
    never = newest(folder, NOW, "zh")
    assert (never.good, never.value) == (False, "从未备份")
    made = kept(folder, tmp_path / "kept")
    fresh, old = (newest(folder, NOW + timedelta(hours=h), "en") for h in (3, 40))
    assert fresh.good
    assert "3.0 h old" in fresh.value
    assert (old.good, "40.0 h old" in old.value) == (False, True)
    (Path(made.where) / CITY / "people.db").unlink()
    assert "people.db" in newest(folder, NOW, "en").value
    (Path(made.where) / PAPER).unlink()
    assert not newest(folder, NOW, "zh").good
