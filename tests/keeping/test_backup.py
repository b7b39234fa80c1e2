"""A backup: whole whenever it is made, never half to be seen, and only as many as were asked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from city_kept import NOW, city, kept, wrote
from servers import on_server

from mindu.data.keeping.home import SETTING, home
from mindu.data.keeping.paper import Unfit, book, found, source
from mindu.data.keeping.restore import Restored, restored
from mindu.data.log import Log
from mindu.data.vault import Vault

HERE = Path(__file__).parent
HOUR = timedelta(hours=1)


@pytest.fixture(params=["file", "server"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Give the folder of a new city: all in files, and then with its log on a real PostgreSQL."""
    there = tmp_path / "city"
    if request.param == "file":
        yield there
        return
    with on_server() as where:
        there.mkdir()
        (there / "store.toml").write_text(f'store = "{where}"\n', encoding="utf-8")
        yield there


def back(where: Path, folder: Path, replace: str = "") -> Restored:
    return restored(where, folder, now=NOW, replace=replace, tell=lambda _done, _all: None)


def test_a_backup_of_a_city_that_is_being_written_holds_whenever_it_is_made(
    folder: Path, tmp_path: Path
) -> None:
    city(folder)
    command = [sys.executable, str(HERE / "writing_city.py"), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as living:
        try:
            assert living.stdout is not None
            came = None
            for turn in range(3):
                promised = int(living.stdout.readline())
                told = kept(folder, tmp_path / "kept", now=NOW + turn * HOUR)
                assert told.entries >= promised
                came = back(Path(told.where), tmp_path / f"back{turn}")
                assert came.paper.logs[0].head == told.head
        finally:
            living.kill()
    assert came is not None
    with Log.read(home(folder).log()) as now, Log.read(home(came.folder).log()) as then:
        then.verify()
        assert now.root(len(then)) == then.root()


def test_everything_a_city_keeps_comes_back_and_goes_on(folder: Path, tmp_path: Path) -> None:
    city(folder)
    before = {log.path: log for log in back_of(folder, tmp_path).paper.logs}
    there = tmp_path / "back"
    assert sorted(before) == ["city.mindu", "open.mindu"]
    with closing(Vault(there / "vault")) as vault:
        assert vault.get("a1", "phone") == "13800000000"
    kinds = {path.relative_to(there).parts[0] for path in there.rglob("*") if path.is_file()}
    assert {"people.db", "drafts.db", "catalogue.db", "keys", "media", "collect"} <= kinds
    assert (there / "keys" / "note.key").stat().st_mode & 0o777 == 0o600
    assert "store.toml" not in kinds
    with Log.open(home(there).log()) as log:
        wrote(log, 5)
        log.verify()


def back_of(folder: Path, tmp_path: Path) -> Restored:
    return back(Path(kept(folder, tmp_path / "kept").where), tmp_path / "back")


def test_a_backup_that_dies_anywhere_is_never_taken_for_whole(tmp_path: Path) -> None:
    folder, to, dice = city(tmp_path / "city"), tmp_path / "kept", Random(7)
    for _ in range(8):
        touches = str(dice.randrange(2, 120))
        command = [sys.executable, str(HERE / "dying_backup.py"), str(folder), str(to), touches]
        done = subprocess.run(command, check=False)
        assert done.returncode in {-9, 0}
        if done.returncode:
            assert [path.name for path in to.glob("[!.]*")] == []
            with pytest.raises(Unfit, match="there is no backup"):
                found(to)
    told = kept(folder, to, now=NOW + HOUR)
    assert [path for path in to.iterdir() if path.name.startswith(".")] == [], "swept"
    assert found(to) == Path(told.where)
    back(found(to), tmp_path / "back")


def test_the_newest_backups_are_kept_and_those_of_others_are_left_alone(tmp_path: Path) -> None:
    folder, other, to = city(tmp_path / "city"), city(tmp_path / "two" / "city"), tmp_path / "kept"
    theirs = Path(kept(other, to, now=NOW - HOUR).where)
    made = [kept(folder, to, now=NOW + i * HOUR, keep=2) for i in range(4)]
    assert [one.where for one in book(folder)] == [one.where for one in made[2:]]
    assert sorted(path for path in to.iterdir()) == sorted(
        [theirs, *(Path(one.where) for one in made[2:])]
    )
    with pytest.raises(Unfit, match="there already"):
        kept(folder, to, now=NOW + 3 * HOUR)


@pytest.mark.parametrize("name", ["one.tar", "one.tar.gz"])
def test_a_backup_may_be_one_file(name: str, tmp_path: Path) -> None:
    folder = city(tmp_path / "city")
    told = kept(folder, tmp_path / "kept" / name)
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [name]
    came = back(found(tmp_path / "kept"), tmp_path / "back")
    assert came.paper.logs[0].head == told.head
    whole = Path(told.where).read_bytes()
    Path(told.where).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unfit, match="half"):
        back(Path(told.where), tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_nothing_is_copied_where_nothing_is_or_into_the_city_itself(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(Unfit, match="no city"):
        kept(tmp_path / "none", tmp_path / "kept")
    folder = city(tmp_path / "city")
    with pytest.raises(Unfit, match="own folder"):
        kept(folder, folder / "kept")


SMALL = """
import resource, sys
from pathlib import Path
from city_kept import kept
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    kept(Path(sys.argv[1]), Path(sys.argv[2]))
except OSError as wrong:
    print(wrong)
"""


@pytest.mark.parametrize("most", [4_096, 50_000])
def test_a_disk_that_takes_no_more_is_said_and_leaves_nothing(most: int, tmp_path: Path) -> None:
    folder = city(tmp_path / "city")
    command = [sys.executable, "-c", SMALL, str(folder), str(tmp_path / "kept"), str(most)]
    where = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(HERE)])}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=where)
    assert done.stdout.strip()
    assert [*(tmp_path / "kept").iterdir()] == []
    assert book(folder) == []


def test_what_is_copied_of_a_server_is_whole_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_server() as where:
        monkeypatch.setenv(SETTING, where)
        told = kept(city(tmp_path / "city"), tmp_path / "kept")
    monkeypatch.delenv(SETTING)
    with source(Path(told.where)) as (_, paper):
        assert paper.store == "postgresql"
    came = back(Path(told.where), tmp_path / "back")
    assert came.paper.logs[0].entries == told.entries
