"""Registers follow the pulls of their sources, a row at a time, also beside who writes the log."""

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from registers_town import ANNA, CLINIC, HOTLINE, people, said, town

from mindu.cli.data.verbs import run as data
from mindu.cli.register.verbs import run as register
from mindu.data.log import Log
from mindu.data.registers import store
from mindu.data.registers.store import Build
from mindu.data.registers.telling import tell, told
from mindu.data.vault import Vault


def rewrite(folder: Path, name: str, rows: tuple[tuple[str, ...], ...]) -> None:
    told = people(rows)
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(told[0]))
        out.writeheader()
        out.writerows(told)


def holds(folder: Path) -> Build:
    build = store.current(folder / "city" / "registers" / "person")
    assert build is not None
    assert build.adds_up()
    return build


@pytest.fixture
def city(tmp_path: Path) -> list[str]:
    words = town(tmp_path)
    assert data(["pull", *words]) == 0
    return words


def test_a_pull_brings_the_registers_up_to_date_and_touches_only_what_it_changed(
    city: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = holds(tmp_path)
    assert (first.number, first.records, first.subjects) == (1, 5, 2)
    rewrite(tmp_path, "hotline", ((*HOTLINE[0][:6], "13922222222", HOTLINE[0][7]),))
    assert data(["pull", "hotline", *city]) == 0
    assert "person: settled 3 of 3" in capsys.readouterr().err
    build = holds(tmp_path)
    a = build.account
    assert (a.was, a.fresh, a.changed, a.gone, a.same, a.touched) == (5, 0, 1, 0, 4, 3)
    assert a.compared <= 3, "林本 is met by nobody"
    mine: Any = said(capsys, "mine", ANNA, *city)[1]
    assert "13922222222" in {one["value"] for one in mine[0]["held"]}
    assert data(["pull", *city]) == 0
    assert holds(tmp_path).number == build.number, "nothing changed, nothing was built"
    assert said(capsys, "status", *city)[1][0]["due"] is False  # type: ignore[index]


def test_a_verdict_touches_its_own_subject_and_outlives_a_new_row_key(
    city: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "city" / "registers" / "person"
    rows = {row["source"]: row for row in store.table(place, "records").to_pylist()}
    anna, record = rows["hotline"]["subject"], rows["hotline"]["record"]
    assert said(capsys, "split", "person", anna, record[:8], "--note", "另有其人", *city)[0] == 0
    assert (holds(tmp_path).subjects, holds(tmp_path).account.touched) == (3, 3)
    rewrite(tmp_path, "hotline", (("h9", *HOTLINE[0][1:]),))
    rewrite(tmp_path, "clinic", (("c7", *CLINIC[0][1:]), CLINIC[1]))
    assert data(["pull", *city]) == 0
    build = holds(tmp_path)
    assert (build.account.fresh, build.account.gone, build.subjects) == (2, 2, 3)
    names = {row["subject"] for row in store.table(place, "records").to_pylist()}
    assert anna in names
    fresh = {row["source"]: row["record"] for row in store.table(place, "records").to_pylist()}
    assert fresh["hotline"] != record
    with Log.read(str(tmp_path / "city" / "city.mindu")) as log:
        renamed = [e.record for e in log if getattr(e.record, "name", "") == "register_renamed"]
    assert len(renamed) == 2
    assert data(["pull", *city]) == 0
    assert holds(tmp_path).subjects == 3, "it holds in every later build"


def test_a_register_is_built_beside_who_writes_the_log_who_then_tells_of_it(
    city: list[str], tmp_path: Path
) -> None:
    place = tmp_path / "city" / "registers" / "person"
    with Log.open(str(tmp_path / "city" / "city.mindu")) as log:
        before = len(log)
        rewrite(tmp_path, "hotline", ((*HOTLINE[0][:6], "13922222222", HOTLINE[0][7]),))
        assert data(["pull", *city]) == 0
        assert holds(tmp_path).number == 2
        assert (told(place), len(log)) == (1, before)
        tell(log, place.parent, log[0].at)
        tell(log, place.parent, log[0].at)
        assert (told(place), len(log)) == (2, before + 1), "it is told once"
        assert dict(log[before].record.args)["build"] == 2  # type: ignore[union-attr]


KILLED = """
import os, signal, sys
from mindu.data.registers import store
from mindu.data.registers import telling
where, words = sys.argv[1], sys.argv[2:]
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "written":
    store.held = die
elif where == "held":
    telling.tell = die
else:
    from mindu.brain.stewards.registers import Settling
    Settling.settle = die
from mindu.cli.data.verbs import run
run(words)
"""


@pytest.mark.parametrize("where", ["settled", "written", "held"])
def test_a_killed_build_leaves_the_one_before_or_the_whole_new_one(
    city: list[str], tmp_path: Path, where: str
) -> None:
    place = tmp_path / "city" / "registers" / "person"
    rewrite(tmp_path, "hotline", ((*HOTLINE[0][:6], "13922222222", HOTLINE[0][7]),))
    done = subprocess.run(
        [sys.executable, "-c", KILLED, where, "pull", *city], cwd=tmp_path, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(store.__file__).parents[3])},
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert holds(tmp_path).number == (2 if where == "held" else 1)
    assert store.broken(place, holds(tmp_path)) == []
    left = [p for p in (place / "work").rglob("*") if p.is_file()]
    words = ("陈英燕".encode(), b"13922222222", ANNA.encode())
    assert not [p for p in left for word in words if word in p.read_bytes()], (
        "no clear word is left"
    )
    assert data(["pull", *city]) == 0
    build = holds(tmp_path)
    assert (build.number, build.records, told(place)) == (2, 5, 2)
    assert not (place / "work").exists()
    assert register(["status", *city]) == 0


def test_what_does_not_add_up_is_not_shown(
    city: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(tmp_path, "clinic", (CLINIC[0],))
    path = tmp_path / "city" / "registers" / "person" / "000001" / "records.parquet"
    body = path.read_bytes()
    pq.write_table(pq.read_table(path).slice(1), path)  # another hand took a record
    assert data(["pull", *city]) == 1
    assert "do not add up" in capsys.readouterr().err
    assert holds(tmp_path).number == 1
    path.write_bytes(body)
    assert register(["build", "--due", *city]) == 0
    assert holds(tmp_path).records == 4
    Vault(tmp_path / "city" / "vault").close()


FULL_DISK = """
import resource, signal, sys
from mindu.cli.data.verbs import run
from mindu.cli.register import build
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from mindu.cli.register.verbs import run
raise SystemExit(run(sys.argv[2:]))
"""


@pytest.mark.parametrize("room", [1_000, 20_000])
def test_a_full_disk_leaves_the_build_before_and_says_so(
    city: list[str], tmp_path: Path, room: int
) -> None:
    place = tmp_path / "city" / "registers" / "person"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(room), "build", "person", "--whole", *city],
        env={**os.environ, "PYTHONPATH": str(Path(store.__file__).parents[3])},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr
    assert not [word for word in ("陈英燕", ANNA, "13800000001") if word in done.stderr]
    assert (holds(tmp_path).number, store.broken(place, holds(tmp_path))) == (1, [])
    assert register(["build", "person", "--whole", *city]) == 0
    assert holds(tmp_path).number == 2
