"""`mindu move` as a person meets it: one setting, all verbs follow it, no password is told."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import on_server, server

import mindu
from mindu.base.records import Event
from mindu.base.time import SystemClock
from mindu.cli.data.book import opened
from mindu.cli.live.diary import Title, open_for
from mindu.cli.live.kept import store
from mindu.cli.live.store import kept_in
from mindu.cli.say import FOUND, GOOD, USAGE
from mindu.cli.verbs import run
from mindu.data.keeping.home import SETTING, home
from mindu.data.log import Log

HAIKUI, OTHER = Title("fuzhou", "haikui", "1"), Title("fuzhou", "other", "2")  # type: ignore[arg-type]


@pytest.fixture
def city() -> Iterator[str]:
    """Give the address of a city that shares its database with others."""
    with on_server() as where:
        yield where


def lived(folder: Path, title: Title) -> None:
    """Let a folder hold a night."""
    with open_for(title, folder) as log:
        now = SystemClock().now()
        args = {"city": title.city, "storm": title.storm, "seed": str(title.seed)}
        log.append(Event("night", dict(args)), at=now, about="city", by="t")
        log.append(Event("rain"), at=now, about="x", by="t")
        log.commit()


def heads(folder: Path) -> list[str]:
    """Return the heads of all nights of a folder."""
    found = []
    for kept in kept_in(folder):
        with Log.read(kept.where) as log:
            found.append(log.head)
    return found


def said(capsys: pytest.CaptureFixture[str]) -> str:
    out = capsys.readouterr()
    return out.out + out.err


def test_a_city_goes_to_the_server_and_back_with_all_its_nights_and_its_catalogue(
    city: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lived(tmp_path, HAIKUI)
    lived(tmp_path, OTHER)  # puts the first night aside
    with opened(tmp_path) as book:
        rows = book.rows()
    before = heads(tmp_path)
    assert run(["move", "--to", city, "--data", str(tmp_path), "--json", "--lang", "en"]) == GOOD
    told = json.loads(capsys.readouterr().out)
    assert [one["entries"] for one in told["logs"]] == [2, 2]
    assert told["catalogue"] == len(rows[1])
    there = home(tmp_path)
    assert (there.server is not None, there.logs()) == (True, ["city", "city.1"])
    assert heads(tmp_path) == before
    shared = home(tmp_path / "none", {SETTING: city.partition("#")[0]})
    assert not any(name.startswith(city.partition("#")[2]) for name in shared.logs())
    for verb in (["verify"], ["why", "0"], ["open", "--list"]):
        assert run([*verb, "--data", str(tmp_path)]) == GOOD
    lived(tmp_path, HAIKUI)  # the night on the server is put aside there
    assert home(tmp_path).logs() == ["city", "city.1", "city.2"]
    with opened(tmp_path) as book:
        assert book.rows() == rows
    for old in tmp_path.glob("*.moved*"):
        old.unlink()
    assert run(["move", "--to", "files", "--data", str(tmp_path), "--lang", "zh"]) == GOOD
    assert "全部重放结果一致" in said(capsys)
    assert home(tmp_path).logs() == ["city", "city.1", "city.2"]
    assert home(tmp_path).server is None
    with opened(tmp_path) as book:
        assert book.rows() == rows


def test_every_verb_opens_its_log_where_the_setting_says() -> None:
    source = Path(mindu.__file__).parent
    asked = re.compile(r"Log\.(?:open|read)\((?!home|kept|there|where|\":memory:\"|str\(file\))")
    rooms = [path for part in ("cli", "edge", "console") for path in (source / part).rglob("*.py")]
    found = [path.name for path in rooms if asked.search(path.read_text("utf-8"))]
    assert found == [], "say home(folder).log(name): the log may be on a server"


def test_what_stands_in_the_way_is_said_in_words(
    city: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lived(tmp_path, HAIKUI)
    with Log.open(home(tmp_path).log()):
        assert run(["move", "--to", city, "--data", str(tmp_path), "--lang", "en"]) == USAGE
    assert "held by another writer" in said(capsys)
    for to, why in (("files", "lies already"), ("here", "no address"), (f"{city}X", "cannot name")):
        assert run(["move", "--to", to, "--data", str(tmp_path), "--lang", "en"]) == USAGE
        assert why in said(capsys)
    with Log.open(f"{city}.city") as log:
        log.append(Event("x"), at=SystemClock().now(), about="x", by="t")
    assert run(["move", "--to", city, "--data", str(tmp_path), "--lang", "en"]) == USAGE
    assert "holds a log of 1 entries already" in said(capsys)
    assert home(tmp_path).server is None


def test_the_setting_may_come_from_the_environment_and_two_that_differ_are_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "store.toml").write_text('store = "postgresql://a@127.0.0.1/b#east"\n')
    assert home(tmp_path, {}).log() == "postgresql://a@127.0.0.1/b#east.city"
    with pytest.raises(ValueError, match="two different stores"):
        home(tmp_path, {SETTING: "postgresql://a@127.0.0.1/c"})
    (tmp_path / "store.toml").write_text("shop = 1")
    with pytest.raises(ValueError, match="it says store ="):
        home(tmp_path, {})
    (tmp_path / "store.toml").unlink()
    assert home(tmp_path, {SETTING: "postgresql://a@127.0.0.1/c"}).log("services") == (
        "postgresql://a@127.0.0.1/c#services"
    )
    assert home(tmp_path, {}).log() == str(tmp_path / "city.mindu")


def test_a_password_is_neither_told_nor_written_down(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "postgresql://mindu:secret7@127.0.0.1:1/city"
    lived(tmp_path, HAIKUI)
    assert run(["move", "--to", address, "--data", str(tmp_path)]) == USAGE
    monkeypatch.setenv(SETTING, address)
    assert run(["verify", "--data", str(tmp_path)]) == USAGE
    found = store(tmp_path, "en")
    assert not found.good
    text = said(capsys) + found.value + repr(home(tmp_path))
    assert "127.0.0.1:1" in text
    assert "secret7" not in text
    assert not (tmp_path / "store.toml").exists()


def test_the_doctor_looks_at_the_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store(tmp_path, "en").value == str(tmp_path)
    monkeypatch.setenv(SETTING, server())
    assert store(tmp_path, "en").good
    assert run(["doctor", "--data", str(tmp_path), "--port", "0"]) in {GOOD, FOUND}
    assert "store" in said(capsys)
