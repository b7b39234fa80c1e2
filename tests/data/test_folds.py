"""Folds: a state is what the log says, whether it was lived, loaded or rebuilt."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import apsw
import pytest
from gauges import KINDS, START, STEP, Gauge, Told, level, placed
from hypothesis import given, settings
from hypothesis import strategies as st

from mindu.base.records import Event, Forecast, Observation, Weighing
from mindu.base.time import MINUTE
from mindu.data.fold import Fold, Folds, rebuilt
from mindu.data.intake import draw
from mindu.data.latest import Latest
from mindu.data.log import Log
from mindu.data.series import Series
from mindu.data.twin import Entity, Twins

MAKES: list[Callable[[], Fold]] = [lambda: Twins(KINDS), Series, Latest]
NAMES = [f"g{k}" for k in range(6)]


def live(log: Log, turns: int, *, seed: int = 1, every: int = 40) -> list[Fold]:
    """Live through some turns with late, double and broken news; return the folds as they stand."""
    rng = Random(seed)
    folds: list[Fold] = [make() for make in MAKES]
    kept = Folds(log, folds, every=every)
    twins = folds[0]
    assert isinstance(twins, Twins)
    if not len(log):
        placed(Twins(KINDS), log, NAMES)
        for entry in log:
            kept.take(entry)
    for _ in range(turns):
        turn = len(log)
        now = START + turn * STEP
        said = [
            level(rng.choice(NAMES), rng.random(), 5 * (turn - rng.choice((0, 0, 0, 3))))
            for _ in range(rng.randrange(9))
        ]
        for entry, block in draw([Told(said)], log, twins, now):
            kept.take(entry, block)
        name = rng.choice(NAMES)
        forecast = Forecast("level", "m", (5.0,), (0.0,), (rng.random(),), (1.0,))
        weighing = Weighing("hold", (), rng.randrange(99))
        for record in (forecast, weighing, Observation("state", "open"), Event("x")):
            if rng.random() < 0.4:
                at = now - rng.choice((0, 0, 1)) * MINUTE
                kept.take(log.append(record, at=at, about=name, by="t"))
        log.commit()
    return folds


@given(st.integers(0, 1000), st.integers(0, 40))
@settings(max_examples=25, deadline=None)
def test_every_fold_rebuilt_from_the_first_entry_is_the_live_one_bit_for_bit(
    seed: int, turns: int
) -> None:
    log = Log.open(":memory:")
    folds = live(log, turns, seed=seed)
    log.verify()
    for fold, make in zip(folds, MAKES, strict=True):
        again = rebuilt(log, make)
        assert again.dump() == fold.dump(), fold.name
        loaded: Fold = make()
        loaded.load(fold.dump())
        assert loaded.dump() == fold.dump(), fold.name


def test_a_start_from_snapshots_goes_on_as_if_nothing_had_happened(place: str) -> None:
    path = place
    for _ in range(3):
        with Log.open(path) as log:
            live(log, 30)
    with Log.open(path) as log:
        folds = live(log, 30)
    with Log.open(path) as log:
        restored: list[Fold] = [make() for make in MAKES]
        assert Folds(log, restored).notes == []
        for was, fold, make in zip(folds, restored, MAKES, strict=True):
            assert fold.dump() == was.dump() == rebuilt(log, make).dump()
        ((held,),) = log._store.all("SELECT count(*) FROM snapshot")
        assert held == 2 * len(MAKES), "old snapshots are let go"


@pytest.mark.parametrize("newest", [1, 2])
def test_a_damaged_snapshot_is_left_aside_and_said(newest: int, tmp_path: Path) -> None:
    path = str(tmp_path / "city.mindu")
    with Log.open(path) as log:
        folds = live(log, 60)
    db = apsw.Connection(path)
    for (seq,) in db.execute(
        "SELECT seq FROM snapshot WHERE fold='twins' ORDER BY seq DESC LIMIT ?", (newest,)
    ).fetchall():
        db.execute("UPDATE snapshot SET state=zeroblob(9) WHERE fold='twins' AND seq=?", (seq,))
    db.close()
    with Log.open(path) as log:
        restored: list[Fold] = [make() for make in MAKES]
        notes = Folds(log, restored).notes
        assert len(notes) == newest
        assert all("snapshot of twins" in note and "it is damaged" in note for note in notes)
        assert [fold.dump() for fold in restored] == [fold.dump() for fold in folds]


class Grown(Entity, frozen=True, kw_only=True):
    """A gauge of a later version, with one more number."""

    bank: float
    flow: float = 0.0
    level: float | None = None


def test_a_snapshot_of_other_kinds_is_left_aside_and_said(tmp_path: Path) -> None:
    path = str(tmp_path / "city.mindu")
    with Log.open(path) as log:
        (twins, *_) = live(log, 60)
        assert isinstance(twins, Twins)
        levels = [twin.level for twin in twins.of(Gauge)]
    with Log.open(path) as log:
        grown = Twins({"Gauge": Grown})
        notes = Folds(log, [grown]).notes
        assert notes
        assert all("the kinds have changed" in note for note in notes)
        assert [twin.level for twin in grown.of(Grown)] == levels
        assert grown.dump() == rebuilt(log, lambda: Twins({"Gauge": Grown})).dump()


def test_an_entry_out_of_turn_is_not_folded() -> None:
    log = Log.open(":memory:")
    folds = Folds(log, [Latest()])
    log.append(Event("a"), at=START, about="x", by="t")
    second = log.append(Event("b"), at=START, about="x", by="t")
    with pytest.raises(AssertionError, match="entry 1 came where 0 belongs"):
        folds.take(second)


def test_only_the_latest_forecast_and_weighing_are_held() -> None:
    log, latest = Log.open(":memory:"), Latest()
    for minutes, mid in ((5, 1.0), (10, 2.0), (7, 3.0)):
        forecast = Forecast("level", "m", (5.0,), (0.0,), (mid,), (9.0,))
        at = START + minutes * MINUTE
        latest.fold(log.append(forecast, at=at, about="g", by="t"))
        latest.fold(log.append(Weighing(str(mid), (), 1), at=at, about="g", by="t"))
    told, weighed = latest.forecast("g", "level"), latest.weighing("g")
    assert told is not None
    assert weighed is not None
    assert (told[0], told[1].mid) == (START + 10 * MINUTE, (2.0,))
    assert weighed[1].chosen == "2.0"
    entry = latest.forecast_entry("g", "level")
    assert entry is not None
    assert entry.seq == 2
    before = latest.before_entry("g", "level")
    assert before is not None
    assert before.seq == 0
    again = Latest()
    again.load(latest.dump())
    assert again.before_entry("g", "level") == before
    assert again.dump() == latest.dump()
    assert latest.forecast("g", "flow") is None
    assert latest.weighing("h") is None
