"""Rollups follow corrections: they come to what they would be, had all been said right at first."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from town import DAY, FIVE, T0, levels, town

from mindu.data.senses.columns import Columns
from mindu.data.senses.memory.amending import Wish, amend
from mindu.data.senses.memory.following import untold
from mindu.data.senses.memory.rolls import LEVELS, Roll
from mindu.data.senses.memory.tiers import tier
from mindu.data.senses.senses import FLUSH_MS, Senses
from mindu.perceive.declare import Device, Keep, Model, Prop, Stage

SPAN = 40  # readings of each gauge, a minute apart
LATER = T0 + DAY
Values = dict[tuple[str, int], float]


def values(rng: Random) -> Values:
    return {
        (f"g{g}", T0 + i * 60_000 + g): round(rng.uniform(0, 9), 2)
        for g in range(4) for i in range(SPAN)
    }  # fmt: skip


def told(folder: Path, said: Values) -> Senses:
    """Return a town that was told these, in a few flushes."""
    senses = town(folder)
    rows = sorted(said.items(), key=lambda it: it[0][1])
    for start in range(0, len(rows), 50):
        some = rows[start : start + 50]
        for (name, at), value in some:
            senses.take([levels(name, [value], start=at)], at)
        senses.flush(some[-1][0][1])
    return senses


def rolls(senses: Senses, level: int) -> Roll:
    return senses.rolls.read(level, T0 - DAY, T0 + 2 * DAY)


def same(one: Senses, other: Senses) -> None:
    for level in LEVELS:
        mine, theirs = rolls(one, level), rolls(other, level)
        for column, wanted in zip(mine[:-1], theirs[:-1], strict=True):
            assert column.tolist() == pytest.approx(wanted.tolist(), abs=1e-9)
        assert mine.sketch == theirs.sketch


def mended(senses: Senses, said: Values, rng: Random, many: int) -> Values:
    """Correct some readings and take some back; return what holds then."""
    now, order = dict(said), sorted(said)
    for name, at in rng.sample(order, many):
        value = None if rng.random() < 0.3 else round(rng.uniform(0, 9), 2)
        amend(senses, [Wish(senses.registry.one(name, "level"), at, value)], "a", LATER)
        if value is None:
            del now[name, at]
        else:
            now[name, at] = value
    return now


@pytest.mark.parametrize("seed", range(4))
def test_rollups_come_to_what_they_were_had_all_been_right(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    said = values(rng)
    senses = told(tmp_path / "said", said)
    for _ in range(2):
        said = mended(senses, said, rng, 25)
        senses.flush(LATER)
    right = told(tmp_path / "right", said)
    same(senses, right)
    assert untold(senses, np.ones(len(senses.registry.series), bool), 0, 1 << 50) == 0
    senses.close()
    right.close()


def test_only_touched_buckets_change(tmp_path: Path) -> None:
    senses = told(tmp_path, values(Random(5)))
    before = [rolls(senses, level) for level in LEVELS]
    at = T0 + 60_000
    amend(senses, [Wish(senses.registry.one("g0", "level"), at, 8.88)], "a", LATER)
    senses.flush(LATER)
    for level, old in zip(LEVELS, before, strict=True):
        new = rolls(senses, level)
        changed = [i for i, sums in enumerate(new.sum) if sums != old.sum[i]]
        assert [(int(new.bucket[i]), int(new.group[i])) for i in changed] == [
            (T0 // level * level, int(senses.registry.devices["group"][0]))
        ]  # fmt: skip
    senses.close()


def test_a_bucket_of_which_all_was_taken_back_is_gone(tmp_path: Path) -> None:
    senses = told(tmp_path, {("g0", T0): 1.0, ("g0", T0 + FIVE): 2.0})
    amend(senses, [Wish(senses.registry.one("g0", "level"), T0, None)], "a", LATER)
    senses.flush(LATER)
    assert rolls(senses, LEVELS[0]).bucket.tolist() == [T0 + FIVE]
    assert rolls(senses, LEVELS[2]).sum.tolist() == [2.0]
    senses.close()


def test_a_reading_is_corrected_before_it_came_to_the_tables(tmp_path: Path) -> None:
    senses = town(tmp_path)
    senses.take([levels("g0", [3.0, 4.0], every=1000)], T0 + 1000)
    amend(senses, [Wish(senses.registry.one("g0", "level"), T0, 1.0)], "a", T0 + 2000)
    senses.flush(T0 + 2000)
    assert rolls(senses, LEVELS[0]).sum.tolist() == [5.0]
    assert rolls(senses, LEVELS[0]).min.tolist() == [1.0]
    senses.close()


def test_a_kill_before_it_was_noted_only_makes_rollups_follow_once_more(tmp_path: Path) -> None:
    rng = Random(9)
    said = values(rng)
    senses = told(tmp_path / "said", said)
    said = mended(senses, said, rng, 30)
    senses.flush(LATER)
    note = senses.folder / "rollups.followed"
    senses.close()
    note.unlink()
    again = Senses(senses.folder)
    assert again.rolls.followed.upto == 0
    again.flush(LATER + 1)
    right = told(tmp_path / "right", said)
    same(again, right)
    assert again.rolls.followed.upto == 30
    again.close()
    right.close()


def test_rollups_follow_within_a_minute_also_while_nothing_comes(tmp_path: Path) -> None:
    senses = told(tmp_path, {("g0", T0): 1.0})
    amend(senses, [Wish(senses.registry.one("g0", "level"), T0, 2.0)], "a", LATER)
    for wait in (0, FLUSH_MS):
        assert senses.due(LATER + wait) == (wait > 0)
    senses.tend(LATER + FLUSH_MS)
    assert rolls(senses, LEVELS[0]).sum.tolist() == [2.0]
    assert not senses.due(LATER + 3 * FLUSH_MS)
    senses.close()


def everything(senses: Senses) -> "np.typing.NDArray[np.bool_]":
    return np.ones(len(senses.registry.series), bool)


def test_where_a_device_changed_its_group_rollups_tell_what_was_first_said(tmp_path: Path) -> None:
    senses = told(tmp_path, {("g0", T0): 1.0, ("g1", T0): 5.0})
    moved = Device(id="g0", kind="gauge", group="district-1", stage=Stage.ACTIVE)
    senses.enrol([moved])
    wishes = [Wish(senses.registry.one(name, "level"), T0, 2.0) for name in ("g0", "g1")]
    amend(senses, wishes, "a", LATER)
    senses.flush(LATER)
    assert rolls(senses, LEVELS[0]).sum.tolist() == [1.0, 5.0]
    assert untold(senses, everything(senses), T0, T0 + 1) == 2
    senses.close()
    again = Senses(senses.folder)
    assert again.registry.devices["moved"].tolist() == [1, 0, 0, 0]
    assert untold(again, everything(again), T0, T0 + 1) == 2, "it is remembered"
    again.close()


def test_a_device_that_was_never_heard_may_change_its_group(tmp_path: Path) -> None:
    senses = Senses(tmp_path)
    senses.declare(Model(name="gauge", props=(Prop(name="level"),)))
    for group in ("a", "b"):
        senses.enrol([Device(id="g0", kind="gauge", group=group)])
    senses.take([levels("g0", [1.0])], T0)
    senses.flush(T0)
    amend(senses, [Wish(0, T0, 2.0)], "a", LATER)
    senses.flush(LATER)
    assert rolls(senses, LEVELS[0]).sum.tolist() == [2.0]
    senses.close()


def test_where_readings_beside_it_are_gone_rollups_tell_what_was_first_said(
    tmp_path: Path,
) -> None:
    senses = Senses(tmp_path)
    prop = Prop(name="level")
    senses.declare(Model(name="brief", props=(prop,), keep=Keep(hand=2)))
    senses.declare(Model(name="long", props=(prop,)))
    senses.enrol([Device(id=kind, kind=kind, stage=Stage.ACTIVE) for kind in ("brief", "long")])
    senses.take([levels("brief", [1.0]), levels("long", [2.0])], T0)
    senses.flush(T0)
    tier(senses, T0 + 5 * DAY, Keep())
    amend(senses, [Wish(senses.registry.one("long", "level"), T0, 7.0)], "a", T0 + 5 * DAY)
    senses.flush(T0 + 5 * DAY)
    assert rolls(senses, LEVELS[0]).sum.tolist() == [3.0]
    assert untold(senses, everything(senses), 0, 1 << 50) == 1
    senses.close()


def test_columns_that_an_older_version_kept_are_taken_up_with_a_new_one() -> None:
    old, new = Columns({"a": ("i4", 0)}), Columns({"a": ("i4", 0), "b": ("u1", 7)})
    old.add(3)
    old["a"][:] = [1, 2, 3]
    new.load(old.dump())
    assert (new["a"].tolist(), new["b"].tolist()) == ([1, 2, 3], [7, 7, 7])
