"""Tiers: what grows old moves, what may not go stays, and a question has one answer throughout."""

import shutil
from pathlib import Path
from typing import Any

import deltalake
import numpy as np
import pyarrow.parquet as pq
import pytest
from town import DAY, FIVE, LEVEL, RAIN, T0, gauges, levels, said, town

from mindu.data.senses.intake import Offer
from mindu.data.senses.memory import across, kept, reads
from mindu.data.senses.memory.across import Asked
from mindu.data.senses.memory.delta import GRACE
from mindu.data.senses.memory.tiers import tier
from mindu.data.senses.senses import Senses
from mindu.perceive.declare import Device, Keep, Model, Stage

DAYS = 12
NOW = T0 + DAYS * DAY + 1
EVER = Keep()
SLUICE = Model(name="sluice", props=(LEVEL,))


def rule(senses: Senses, keep: Keep, kind: str = "gauge") -> None:
    senses.declare(
        Model(name=kind, props=(LEVEL, RAIN) if kind == "gauge" else (LEVEL,), keep=keep)
    )


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve days of four gauges and a sluice, a reading an hour of each."""
    folder = tmp_path_factory.mktemp("grown")
    senses = town(folder)
    senses.declare(SLUICE)
    senses.enrol([Device(id="s0", kind="sluice", group="district-0", stage=Stage.ACTIVE)])
    names = [*(f"g{k}" for k in range(4)), "s0"]
    for day in range(DAYS):
        start = T0 + day * DAY
        values = [round(3 + day / 10 + i / 100, 2) for i in range(24)]
        told = [levels(name, values, start=start, every=12 * FIVE) for name in names]
        senses.take(told, start + DAY - 1)
    senses.tidy(NOW)
    senses.close()
    return folder


@pytest.fixture
def senses(grown: Path, tmp_path: Path) -> Senses:
    """The same town once more."""
    shutil.copytree(grown / "senses", tmp_path / "senses")
    return Senses(tmp_path / "senses")


def whole(senses: Senses, device: str) -> list[int]:
    rows = reads.window(senses, senses.registry.one(device, "level"), T0, NOW)
    return [int(at) for at in rows.at]


def asked(senses: Senses, how: str, *, every: int = 12 * FIVE) -> Asked:
    return Asked(senses.registry.props["level"], None, T0, T0 + DAYS * DAY, every, how)


def test_old_days_go_cold_and_every_question_is_answered_as_before(senses: Senses) -> None:
    before = [whole(senses, name) for name in ("g0", "g3", "s0")]
    means = across.means(senses, asked(senses, "mean"), across.here(senses)).means
    rule(senses, Keep(hand=3, cold=None))
    moved = tier(senses, NOW, EVER)
    assert moved.cold == {"gauge": 9 * 24 * 4}
    assert moved.gone == {}
    told = kept.told(senses, NOW, EVER)
    assert (told.cold.rows, told.cold.days) == (9 * 24 * 4, 9)
    assert told.hand.rows == 3 * 24 * 4 + DAYS * 24
    assert [whole(senses, name) for name in ("g0", "g3", "s0")] == before
    after = across.means(senses, asked(senses, "mean"), across.here(senses)).means
    assert after.value.tolist() == pytest.approx(means.value.tolist())
    table: Any = deltalake.DeltaTable(senses.folder / "readings")
    files = [uri.removeprefix("file://") for uri in table.file_uris()]
    assert sum(pq.read_metadata(file).num_rows for file in files) == len(senses.table)


@pytest.mark.parametrize("how", ["mean", "sum", "min", "max", "count"])
def test_what_is_gone_is_still_told_by_the_rollups(senses: Senses, how: str) -> None:
    before = across.means(senses, asked(senses, how), across.here(senses))
    rule(senses, Keep(hand=2, cold=3))
    moved = tier(senses, NOW, EVER)
    assert moved.gone == {"gauge": 7 * 24 * 4}
    assert whole(senses, "g0")[0] == T0 + 7 * DAY
    after = across.means(senses, asked(senses, how), across.here(senses))
    assert after.rolled == T0 + 7 * DAY
    assert after.means.bucket.tolist() == before.means.bucket.tolist()
    assert after.means.rows.tolist() == before.means.rows.tolist()
    assert after.means.value.tolist() == pytest.approx(before.means.value.tolist())
    with pytest.raises(ValueError, match="whole ones"):
        across.means(senses, asked(senses, how, every=60_000), across.here(senses))


def test_a_hold_keeps_everything_of_whom_it_names_until_it_is_freed(senses: Senses) -> None:
    kept.hold(senses, "case-7", "a claim after the flood", by="wang", now=NOW, about=("", "", "g1"))
    rule(senses, Keep(hand=2))
    tier(senses, NOW, EVER)
    assert len(whole(senses, "g1")) == DAYS * 24
    assert whole(senses, "g0")[0] == T0 + 10 * DAY
    senses.close()
    again = Senses(senses.folder)
    assert kept.told(again, NOW, EVER).kinds[0].gone == 10 * 24 * 3
    kept.free(again, "case-7", by="wang", now=NOW)
    assert tier(again, NOW, EVER).gone == {"gauge": 10 * 24}
    assert whole(again, "g1")[0] == T0 + 10 * DAY
    assert kept.told(again, NOW, EVER).kinds[0].gone == 10 * 24 * 4
    assert again.keeping.spared == {}


def test_a_rule_that_falls_short_of_the_law_is_refused() -> None:
    with pytest.raises(ValueError, match="wants 180 days, but hand and cold give 30"):
        Keep(hand=10, cold=20, legal=180, basis="Flood Control Law, article 12")
    with pytest.raises(ValueError, match="basis"):
        Keep(hand=10, legal=5)
    with pytest.raises(ValueError, match="at least as long"):
        Keep(hand=10, rolls=9)
    assert Keep(hand=10, cold=170, legal=180, basis="article 12").raw == 180


def test_a_node_s_own_rule_counts_only_for_kinds_that_say_nothing(senses: Senses) -> None:
    rule(senses, Keep(hand=11, legal=11, basis="article 12"), "sluice")
    moved = tier(senses, NOW, Keep(hand=2))
    assert moved.gone == {"gauge": 10 * 24 * 4, "sluice": 24}
    assert len(whole(senses, "s0")) == 11 * 24


def test_what_comes_again_of_a_day_that_is_gone_is_refused_and_counted(senses: Senses) -> None:
    rule(senses, Keep(hand=2))
    tier(senses, NOW, EVER)
    before = across.means(senses, asked(senses, "count"), across.here(senses)).means
    (told,) = senses.take([levels("g0", [3.0, 3.01, 3.02], start=T0, every=12 * FIVE)], NOW)
    assert told.refused == {"too old": 3}
    (told,) = senses.take([Offer("line", said([("s0", "level", T0, 3.0)]))], NOW)
    assert told.duplicate == 1
    after = across.means(senses, asked(senses, "count"), across.here(senses)).means
    assert after.rows.tolist() == before.rows.tolist()
    assert senses.total().whole


def test_a_second_run_moves_nothing_and_a_late_reading_finds_its_tier(senses: Senses) -> None:
    rule(senses, Keep(hand=3, cold=None))
    tier(senses, NOW, EVER)
    files = set(senses.table.delta.files)
    assert tier(senses, NOW + 1, EVER) == ({}, {})
    assert set(senses.table.delta.files) == files
    senses.take([levels("g2", [9.0], start=T0 + FIVE)], NOW)
    assert tier(senses, NOW + 2, EVER).cold == {"gauge": 1}
    assert len(senses.table.of_day(T0 // DAY)) == 2  # the sluice at hand, the gauges cold
    assert whole(senses, "g2")[1] == T0 + FIVE


def test_a_crash_between_the_note_and_the_table_is_made_good_by_the_next_run(
    senses: Senses, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(senses, Keep(hand=2, cold=3))

    def dies(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(senses.table, "change", dies)
        with pytest.raises(OSError, match="no space"):
            tier(senses, NOW, EVER)
    senses.close()
    again = Senses(senses.folder)
    tier(again, NOW, EVER)
    assert kept.told(again, NOW, EVER).kinds[0].gone == 7 * 24 * 4
    assert whole(again, "g0")[0] == T0 + 7 * DAY
    assert sum(len(again.table.of_day(day)) for day in again.table.days()) == 12 + 3


def test_the_cold_folder_may_be_another_disk_and_is_missed_when_it_is_away(
    senses: Senses, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    kept.elsewhere(senses.folder / "readings" / "cold", disk)
    rule(senses, Keep(hand=3, cold=None))
    tier(senses, NOW, EVER)
    senses.tidy(NOW + 2 * GRACE)
    assert len(list(disk.rglob("*.parquet"))) == 9
    senses.close()
    (disk / "stray").mkdir()
    (disk / "stray" / "1.parquet").write_bytes(b"left by a crash")
    again = Senses(senses.folder)
    assert len(whole(again, "g0")) == DAYS * 24
    assert not (disk / "stray" / "1.parquet").exists()
    again.close()
    disk.rename(tmp_path / "unmounted")
    with pytest.raises(ValueError, match="is away"):
        Senses(senses.folder)


def test_rollups_go_only_when_no_kind_wants_them_and_nothing_is_held(senses: Senses) -> None:
    rule(senses, Keep(hand=2, rolls=4))
    tier(senses, NOW, EVER)
    assert len(senses.rolls.read(DAY, T0, NOW).rows) > 0
    rule(senses, Keep(hand=2, rolls=6), "sluice")
    tier(senses, NOW, EVER)
    assert senses.rolls.read(DAY, T0, NOW).bucket.min() == T0 + 6 * DAY
    assert kept.told(senses, NOW, EVER).rolls_before != ""


def test_series_that_stand_apart_follow_the_rule_of_their_device(tmp_path: Path) -> None:
    senses = town(tmp_path)
    senses.enrol(gauges(4))
    senses.attach("g0", LEVEL)
    rule(senses, Keep(hand=1))
    senses.take([levels("g0", [3.0])], T0 + DAY)
    tier(senses, T0 + 3 * DAY, EVER)
    assert np.array_equal(senses.keeping.before(np.array([0]), senses.registry), [T0 // DAY + 2])


def test_rolls_of_a_property_go_by_the_rule_of_the_kinds_that_report_it(tmp_path: Path) -> None:
    senses = town(tmp_path)
    senses.declare(SLUICE)
    senses.enrol([Device(id="s0", kind="sluice", group="district-0", stage=Stage.ACTIVE)])
    for day in range(4):
        at = T0 + day * DAY
        rows = [("g0", "rain", at, 5.0), ("g0", "level", at, 3.0), ("s0", "level", at, 4.0)]
        senses.take([Offer("line", said(rows))], at)
    senses.flush(T0 + 4 * DAY)
    rule(senses, Keep(hand=1, rolls=2))
    now = T0 + 5 * DAY + 1
    tier(senses, now, EVER)

    def told(prop: str) -> int:
        number = senses.registry.props[prop]
        return int(senses.rolls.read(86_400_000, T0, now, prop=number).rows.sum())

    assert told("rain") == 1, "nobody but gauges reports it: of three days it is gone"
    assert told("level") == 8, "the sluice wants it for ever"
    before = senses.rolls.delta.version
    tier(senses, now, EVER)
    assert senses.rolls.delta.version == before, "nothing is written anew for nothing"
    senses.close()
