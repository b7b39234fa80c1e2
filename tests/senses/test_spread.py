"""Many workers give the answer of one, also when some of them are killed."""

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
from dying_count import dying
from town import DAY, FIVE, LEVEL, RAIN, T0, gauges, levels, town

from mindu.cli.verbs import run
from mindu.data.senses.memory import across, tiers
from mindu.data.senses.memory.across import Asked
from mindu.data.senses.senses import Senses
from mindu.data.senses.spread import beside as spreading
from mindu.data.senses.spread.beside import Beside, together
from mindu.data.senses.spread.part import Part, Partial, added, count
from mindu.data.senses.spread.shards import Shards
from mindu.data.senses.spread.workers import Processes
from mindu.perceive.declare import Keep, Model

HOUR = 12 * FIVE
DAYS = 4


class Here:
    """Counts in this very process."""

    def all(self, parts: Sequence[Part]) -> list[Partial]:
        return [count(part) for part in parts]


@pytest.fixture(scope="module")
def senses(tmp_path_factory: pytest.TempPathFactory) -> Senses:
    """Four days of gauges: some readings have more digits than are declared."""
    senses = town(tmp_path_factory.mktemp("spread"))
    for day in range(DAYS):
        start = T0 + day * DAY
        values = [3 + day / 10 + (i / 100 if i % 5 else i / 700) for i in range(48)]
        told = [levels(f"g{k}", values, start=start, every=6 * FIVE) for k in range(4)]
        senses.take(told, start + DAY - 1)
    senses.tidy(T0 + DAYS * DAY + 1)
    return senses


def asked(senses: Senses, how: str = "mean", group: str | None = None) -> Asked:
    number = None if group is None else senses.registry.groups[group]
    return Asked(senses.registry.props["level"], number, T0 + HOUR, T0 + 3 * DAY, HOUR, how)


@pytest.mark.parametrize("how", ["mean", "sum", "min", "max", "count"])
def test_files_counted_apart_come_to_what_one_process_reads(senses: Senses, how: str) -> None:
    one = across.means(senses, asked(senses, how, "district-1"), across.here(senses)).means
    beside = Beside(senses.folder)
    many = beside.means(asked(senses, how, "district-1"), Here()).means
    assert many.bucket.tolist() == one.bucket.tolist()
    assert many.rows.tolist() == one.rows.tolist()
    assert many.value.tolist() == pytest.approx(one.value.tolist(), rel=1e-12)


def test_however_the_files_are_dealt_out_the_sum_is_the_same(senses: Senses) -> None:
    files = [str(p.path) for day in senses.table.days() for p in senses.table.of_day(day)]
    assert len(files) == DAYS
    whole = Part(tuple(files), T0, T0 + DAYS * DAY, 7 * HOUR, None)
    told = count(whole)
    cut = [whole._replace(files=(file,)) for file in files]
    for order in (cut, cut[::-1], [*cut[2:], *cut[:2]]):
        parts = [count(part) for part in order]
        assert scaled(parts) == scaled([told])  # what is kept as integers, to the last bit
        sums = added(parts, whole.every, "sum").value
        assert sums.tolist() == pytest.approx(added([told], whole.every, "sum").value.tolist())


def scaled(parts: list[Partial]) -> bytes:
    bare = [part._replace(exact=np.zeros(len(part.exact))) for part in parts]
    return added(bare, 7 * HOUR, "sum").value.tobytes()


def test_a_process_killed_while_it_counts_changes_nothing(
    senses: Senses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "PART", 1)  # every file by itself
    whole = Beside(senses.folder).means(asked(senses), Here()).means
    found = Beside(senses.folder).means(asked(senses), Processes(2, dying)).means
    assert (senses.folder / "died").exists()
    assert found.value.tobytes() == whole.value.tobytes()
    (senses.folder / "died").unlink()


def test_what_is_gone_is_told_by_the_rollups_to_a_reader_beside_the_node(tmp_path: Path) -> None:
    senses = town(tmp_path)
    for day in range(3):
        told = [levels("g0", [3.0, 4.0], start=T0 + day * DAY)]
        senses.take(told, T0 + day * DAY + HOUR)
    senses.declare(Model(name="gauge", props=(LEVEL, RAIN), keep=Keep(hand=1)))
    tiers.tier(senses, T0 + 2 * DAY + HOUR, Keep())
    senses.keep()
    question = Asked(senses.registry.props["level"], None, T0, T0 + 3 * DAY, DAY, "mean")
    answer = Beside(senses.folder).means(question, Here())
    assert answer.rolled == T0 + DAY
    assert answer.means.value.tolist() == [3.5, 3.5, 3.5]


def test_brains_answer_together_what_each_was_told(senses: Senses, tmp_path: Path) -> None:
    other = town(tmp_path)
    other.take([levels("g0", [9.0, 9.0], start=T0 + HOUR)], T0 + DAY)
    other.tidy(T0 + DAY)
    parts = [Beside(it.folder).means(asked(it), Here()) for it in (senses, other)]
    city = together(parts, "mean").means
    mine = parts[0].means
    assert city.rows[0] == mine.rows[0] + 2
    assert city.value[0] == pytest.approx((mine.value[0] * mine.rows[0] + 18) / (mine.rows[0] + 2))
    assert city.value[1:].tolist() == pytest.approx(mine.value[1:].tolist())


def test_the_verb_asks_beside_a_node_that_runs(
    senses: Senses, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run([
        "senses", "means", "--folder", str(senses.folder), "--prop", "level", "--how", "count",
        "--since", "2026-06-01T00:00Z", "--until", "2026-06-02T00:00Z", "--every", "86400",
        "--processes", "1", "--json",
    ])  # fmt: skip
    assert code == 0
    assert json.loads(capsys.readouterr().out)["count"] == [48 * 4]
    assert run(["senses", "means", "--folder", str(senses.folder.parent / "none")]) != 0
    assert "holds no senses" in capsys.readouterr().err


def test_a_new_brain_takes_its_share_and_nothing_moves_between_the_others() -> None:
    counties = tuple(f"county-{i}" for i in range(12))
    before, after = Shards(counties, {}), Shards((*counties, "county-12"), {})
    names = [f"source-{i}" for i in range(5000)]
    moved = [name for name in names if before.owner(name) != after.owner(name)]
    assert {after.owner(name) for name in moved} == {"county-12"}
    assert 5000 / 13 * 0.8 < len(moved) < 5000 / 13 * 1.2
    shares = np.unique([after.owner(name) for name in names], return_counts=True)[1]
    assert shares.max() < 1.25 * shares.mean()


def test_a_register_is_dealt_out_with_groups_whole_and_pins_kept(tmp_path: Path) -> None:
    devices = gauges(40)
    file = tmp_path / "devices.ndjson"
    file.write_bytes(b"".join(msgspec.json.encode(device) + b"\n" for device in devices))
    out = tmp_path / "out"
    assert run([
        "senses", "shard", str(file), "--brain", "a", "--brain", "b", "--pin", "district-1=b",
        "--out", str(out),
    ]) == 0  # fmt: skip
    lines = {p.stem: p.read_text().splitlines() for p in out.glob("*.ndjson")}
    assert sum(map(len, lines.values())) == 40
    assert sum("district-1" in line for line in lines["b"]) == 20
    with pytest.raises(ValueError, match="no brains"):
        Shards(("a",), {"district-1": "b"})
