"""The disk: one writer, readers beside it, a full disk, a torn tail, days in Parquet."""

import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random

import apsw
import numpy as np
import pytest
from gauges import START, STEP, fresh, level, write

from mindu.base.records import Event, Segment
from mindu.base.time import DAY
from mindu.data.block import Block, encode
from mindu.data.book.sqlite import Sqlite
from mindu.data.log import Log


def test_a_log_opens_as_it_was_closed(place: str) -> None:
    path = fresh(place)
    with Log.open(path) as log:
        written = write(log, 700)
        told = log.head, log.root(), log.inclusion(3, 600), log.consistency(500, 700)
    with Log.open(path) as log:
        assert [*log] == written
        assert (log.head, log.root(), log.inclusion(3, 600), log.consistency(500, 700)) == told
        write(log, 300, since=700)
        log.verify()
    straight = Log.open(":memory:")
    write(straight, 1000)
    with Log.open(path) as log:
        assert (log.head, log.root()) == (straight.head, straight.root())


def test_a_second_writer_is_refused_in_words(place: str) -> None:
    path = fresh(place)
    with Log.open(path), pytest.raises(RuntimeError, match=f"process {os.getpid()}.*stop it"):
        Log.open(path)
    Log.open(path).close()


def test_a_second_writing_process_is_refused_until_the_first_has_ended(place: str) -> None:
    path = fresh(place)
    code = "import sys; from mindu.data.log import Log; Log.open(sys.argv[1])"
    command = [sys.executable, "-c", code, path]
    with Log.open(path):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode != 0
        assert "held by another writer" in done.stderr
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_reader_beside_the_writer_sees_what_is_durable(place: str) -> None:
    path = fresh(place, 300)
    with Log.open(path) as log, Log.read(path) as reader:
        assert (reader.head, len(reader)) == (log.head, 300)
        write(log, 300, since=300)
        assert len(reader) == len([*reader]) == 300
        reader.refresh()
        assert (reader.head, reader.root(), len(reader)) == (log.head, log.root(), 600)
        reader.verify()
        with pytest.raises(RuntimeError, match="opened for reading"):
            reader.append(Event("a"), at=START, about="x", by="t")


def test_a_file_that_is_no_log_is_left_alone(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("this is a shopping list, not a log\n" * 40, encoding="utf-8")
    db = apsw.Connection(str(other))
    db.execute("CREATE TABLE t(x)")
    db.close()
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(ValueError, match=r"no (whole )?log of this house"):
            Log.open(str(path))
        assert path.read_bytes() == before
    begun = tmp_path / "begun.mindu"  # its writer has made the file and nothing in it yet
    begun.touch()
    with pytest.raises(ValueError, match="holds nothing yet"):
        Log.read(str(begun))
    nowhere = str(tmp_path / "nowhere" / "city.mindu")
    with pytest.raises(OSError, match="make its folder first"):
        Log.open(nowhere)
    with pytest.raises(OSError, match="is it there"):
        Log.read(nowhere)


def until_full(log: Log) -> None:
    for _ in range(5000):
        log.append(Event("a" * 100), at=START, about="x", by="t")
        log.commit()


def test_a_full_disk_is_said_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    path = fresh(tmp_path, 100)
    with Log.open(path) as log:
        assert isinstance(log._store, Sqlite)
        db = log._store._db
        db.pragma("max_page_count", db.pragma("page_count") + 2)
        with pytest.raises(OSError, match=r"is full; make room and commit again"):
            until_full(log)
        durable = log.durable
        assert 100 < durable == len(log) - 1
        log.append(Event("while full"), at=START, about="x", by="t")
        with pytest.raises(OSError, match="is full"):
            log.commit()
        assert (log.durable, len(log)) == (durable, durable + 2)
        with Log.read(path) as beside:
            beside.verify()
            assert len(beside) == durable
        db.pragma("max_page_count", 1 << 20)
        log.commit()
        assert log.durable == len(log) == durable + 2
        log.verify()
    with Log.open(path) as log:
        assert log[-1].record == Event("while full")
        log.verify()


SMALL = """
import resource, sys
from datetime import UTC, datetime
from mindu.base.records import Event
from mindu.data.log import Log
log = Log.open(sys.argv[1])
at = datetime(2026, 6, 1, tzinfo=UTC)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
told = 0
try:
    for i in range(100_000):
        log.append(Event("a" * 500, {"i": i}), at=at, about="x", by="t")
        log.commit()
        told = log.durable
except OSError as wrong:
    print(told, len(log), wrong)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
log.commit()
log.verify()
print(log.durable, len(log))
"""


def test_a_file_that_may_not_grow_is_said_and_goes_on_when_it_may(tmp_path: Path) -> None:
    path = fresh(tmp_path)
    command = [sys.executable, "-c", SMALL, path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert "commit again" in first
    told, count = (int(word) for word in first.split()[:2])
    assert 10 < told == count - 1
    assert second == f"{count} {count}"
    with Log.open(path) as log:
        log.verify()
        assert len(log) == count


TIGHT = """
import resource, sys
from mindu.data.log import Log
resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, resource.RLIM_INFINITY))
try:
    Log.open(sys.argv[1])
except OSError as wrong:
    print(wrong)
"""


def test_a_disk_without_room_for_a_new_log_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TIGHT, str(tmp_path / "new.mindu")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "make room on the disk" in done.stdout


def test_a_tail_torn_at_any_byte_loses_only_what_was_not_acknowledged(tmp_path: Path) -> None:
    path = fresh(tmp_path, 50)
    log = Log.open(path)
    write(log, 20, since=50)
    before = Path(f"{path}-wal").stat().st_size
    write(log, 1, since=70)
    wal = Path(f"{path}-wal").read_bytes()
    torn = tmp_path / "torn"
    rng = Random(3)
    # Cuts inside the last commit's frames, and bits flipped there as a dying disk may do.
    cuts = [before, len(wal), *(rng.randrange(before, len(wal)) for _ in range(25))]
    for n, cut in enumerate(cuts):
        torn.mkdir()
        there = torn / "city.mindu"
        shutil.copy(path, there)
        flipped = bytearray(wal)
        flipped[min(cut, len(wal) - 1)] ^= 255
        Path(f"{there}-wal").write_bytes(wal[:cut] if n % 2 else bytes(flipped))
        with Log.open(str(there)) as reopened:
            assert 70 <= len(reopened) <= 71
            reopened.verify()
            write(reopened, 5, since=71)
            reopened.verify()
        shutil.rmtree(torn)
    log.close()


def days(path: str) -> list[str]:
    return sorted(p.name for p in Path(f"{path}.days").glob("*"))


def test_old_days_leave_for_parquet_and_give_back_the_same_blocks(tmp_path: Path) -> None:
    path = fresh(tmp_path)
    with Log.open(path) as log:
        segments = [e for e in write(log, 700) if isinstance(e.record, Segment)]
        before = {e.seq: encode(block(log, e.seq)) for e in segments}
        names = [log.block(e.seq).about for e in segments]  # type: ignore[union-attr]
        assert log.carry(START + 2.5 * DAY) == [date(2026, 6, 1)]
        assert log.carry(START + 2.9 * DAY) == []
        assert log.carry(START + 3 * DAY) == [date(2026, 6, 2)]
        log.verify()
    with Log.open(path) as log:
        assert {seq: encode(block(log, seq)) for seq in before} == before
        assert [log.block(e.seq).about for e in segments] == names  # type: ignore[union-attr]
        assert log.block(0) is None
        log.verify()
        at, value = log.history("gauge:1", "level", START, START + 3 * DAY)
        expected = [i + 0.1 for i in range(1, 700, 5) if i % 4 >= 2]
        assert value.tolist() == expected
        assert at.tolist() == sorted(at.tolist())
        narrow, _ = log.history("gauge:1", "level", START + DAY, START + DAY + 12 * STEP)
        assert narrow.min() >= (START + DAY).timestamp()
    assert days(path) == ["2026-06-01.0.parquet", "2026-06-02.0.parquet"]


def block(log: Log, seq: int) -> Block:
    found = log.block(seq)
    assert found is not None
    return found


@pytest.mark.parametrize("dies", ["half", "renamed", "struck"])
def test_a_day_half_carried_is_carried_again(
    dies: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fresh(tmp_path)
    with Log.open(path) as log:
        segments = [e.seq for e in write(log, 400) if isinstance(e.record, Segment)]
        before = [encode(block(log, seq)) for seq in segments]

        def power_cut(*_: object) -> None:
            raise OSError("the power went")

        where = {"half": "os.fsync", "renamed": "mindu.data.book.days._read"}
        with monkeypatch.context() as cut:
            if dies == "struck":
                cut.setattr(log._store, "change", power_cut)
            else:
                cut.setattr(where[dies], power_cut)
            with pytest.raises(OSError, match="the power went"):
                log.carry(START + 2 * DAY)
    with Log.open(path) as log:
        assert [encode(block(log, seq)) for seq in segments] == before
        log.verify()
        assert log.carry(START + 2 * DAY) == [date(2026, 6, 1)]
        assert [encode(block(log, seq)) for seq in segments] == before
        log.verify()


def test_readings_that_come_for_a_carried_day_go_into_a_second_part(tmp_path: Path) -> None:
    path = fresh(tmp_path)
    with Log.open(path) as log:
        for hour in (1, 2):
            log.store([level("g", hour)], now=START + timedelta(hours=hour), by="x")
        log.carry(START + 2 * DAY)
        log.store([level("g", 9.0, minutes=1)], now=START + timedelta(hours=3), by="x")
        log.carry(START + 3 * DAY)
        log.verify()
        assert days(path) == ["2026-06-01.0.parquet", "2026-06-01.1.parquet"]
        values = [block(log, seq).value.tolist() for seq in range(3)]
        assert values == [[1.0], [2.0], [9.0]]
        _, value = log.history("g", "level", START, START + DAY)
        assert np.array_equal(np.sort(value), [1.0, 2.0, 9.0])
