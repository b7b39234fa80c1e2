"""Pulls: killed, stopped by a full disk, twice at once, full and incremental; all adds up."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from deltalake import DeltaTable
from sources import HEAD, gauges, pulled, rows

from mindu.data.collect.part import Broken
from mindu.data.collect.pull import due
from mindu.data.collect.store import Holding, ends, files

HERE = Path(__file__).parent
FULL_DISK = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from sources import gauges, pulled
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))
try:
    pulled(Path(sys.argv[2]), gauges(Path(sys.argv[1])), batch=1000)
except OSError as wrong:
    print(type(wrong).__name__, wrong)
    raise SystemExit(3)
"""


def many(folder: Path, count: int, *, since: int = 0, name: str = "站") -> Path:
    path = folder / "gauges.csv"
    lines = [f"{i},{name}{i},{'坏' if i % 100 == 7 else 5},2026-05-01,是"
             for i in range(since, since + count)]  # fmt: skip
    path.write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "where", ["batch full", "batch incremental", "commit full", "commit incremental"]
)
def test_a_killed_pull_goes_on_and_nothing_stands_twice(tmp_path: Path, where: str) -> None:
    path = many(tmp_path, 20_000)
    folder = tmp_path / "held"
    command = [sys.executable, str(HERE / "dying_pull.py"), str(path), str(folder)]
    done = subprocess.run([*command, "1", where], capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    assert files(folder) == [], "half a pull is seen"
    mode = where.split()[1]
    source = gauges(path, key="id", since="id", mode=mode)
    told = pulled(folder, source, batch=1_000)
    assert told.resumed == 1
    assert (told.account.received, told.account.stored) == (20_000, 19_800)
    assert [row[0] for row in rows(folder)] == [i for i in range(20_000) if i % 100 != 7]
    kept = sorted((folder / "rows").glob("*.parquet"))
    assert [str(name) for name in kept] == files(folder), "files that nobody names were left"


def test_a_full_disk_shows_nothing_and_the_next_pull_goes_on(tmp_path: Path) -> None:
    path = many(tmp_path, 5_000)
    script = tmp_path / "full.py"
    script.write_text(FULL_DISK, encoding="utf-8")
    command = [sys.executable, str(script), str(path), str(tmp_path / "held"), str(HERE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "OSError" in done.stdout) == (3, True), done.stdout + done.stderr
    assert "站" not in done.stdout
    assert files(tmp_path / "held") == []
    assert pulled(tmp_path / "held", gauges(path)).account.received == 5_000
    assert len(rows(tmp_path / "held")) == 4_950


def test_a_full_pull_replaces_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "held"
    pulled(folder, gauges(many(tmp_path, 300)))
    pulled(folder, gauges(many(tmp_path, 50, since=1_000)))
    assert [row[0] for row in rows(folder)] == [i for i in range(1_000, 1_050) if i != 1_007]
    assert [told.number for told in ends(folder)] == [2, 1]
    assert DeltaTable(str(folder / "rows")).to_pyarrow_table().num_rows == 49


def test_an_incremental_pull_takes_news_and_replaces_by_key(tmp_path: Path) -> None:
    folder = tmp_path / "held"
    more = {"key": "id", "since": "id", "mode": "incremental"}
    pulled(folder, gauges(many(tmp_path, 300), **more))
    done = pulled(folder, gauges(many(tmp_path, 100, since=250, name="新"), **more))
    assert (done.account.known, done.account.stored) == (49, 50)  # 299 comes again, 307 is broken
    assert done.replaced == 1
    told = {row[0]: row[1] for row in rows(folder)}
    assert len(told) == 300 + 50 - 4
    assert (told[298], told[299], told[300]) == ("站298", "新299", "新300")
    assert done.account.whole


def test_the_last_of_one_key_stays(tmp_path: Path) -> None:
    folder = tmp_path / "held"
    path = tmp_path / "gauges.csv"
    path.write_text(f"{HEAD}\n1,旧,1,,\n1,新,2,,\n2,二,1,,\n", encoding="utf-8")
    source = gauges(path, key="id", since="id", mode="incremental")
    pulled(folder, source)
    assert [row[:2] for row in rows(folder)] == [(1, "新"), (2, "二")]


def test_other_columns_want_a_full_pull(tmp_path: Path) -> None:
    folder = tmp_path / "held"
    source = gauges(many(tmp_path, 50), since="id", mode="incremental")
    pulled(folder, source)
    fewer = msgspec.structs.replace(source, columns=source.columns[:2])
    with pytest.raises(ValueError, match="pull it full once"):
        pulled(folder, fewer)
    pulled(folder, msgspec.structs.replace(fewer, mode="full"))
    assert rows(folder)[0] == (0, "站0")
    names = [field.name for field in DeltaTable(str(folder / "rows")).schema().fields]
    assert names == ["_pull", "_row", "id", "name"]


def test_a_file_that_changed_in_between_is_not_mixed(tmp_path: Path) -> None:
    path, folder = many(tmp_path, 20_000), tmp_path / "held"
    command = [sys.executable, str(HERE / "dying_pull.py"), str(path), str(folder)]
    subprocess.run([*command, "1", "batch full"], capture_output=True, check=False)
    source = gauges(many(tmp_path, 10), key="id", since="id")
    with pytest.raises(Broken, match="--fresh"):
        pulled(folder, source)
    assert pulled(folder, source, fresh=True).account.received == 10


def test_a_source_is_pulled_once_at_a_time(tmp_path: Path) -> None:
    source = gauges(many(tmp_path, 5))
    holding = Holding(tmp_path / "held", source)
    with pytest.raises(RuntimeError, match="stop it first"):
        Holding(tmp_path / "held", source)
    holding.close()


def test_what_is_due_is_said_by_the_span_since_the_last_pull(tmp_path: Path) -> None:
    hourly = gauges(tmp_path, every="1h")
    daily = msgspec.structs.replace(hourly, name="daily", every="1d")
    never = msgspec.structs.replace(hourly, name="never", every="")
    hour = 3_600_000
    last = {"gauges": 0, "daily": 0, "never": 0}
    assert due([hourly, daily, never], last, hour - 1) == []
    assert due([hourly, daily, never], last, hour) == [hourly]
    assert due([hourly, daily, never], {}, 5) == [hourly, daily]
