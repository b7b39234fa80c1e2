"""The intake: what is sent is stored or refused with a reason, marked where it is doubtful."""

import json
import tracemalloc
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from town import DAY, FIVE, LEVEL, T0, held, levels, said, town

from mindu.data.senses.account import Account, Tally
from mindu.data.senses.intake import Offer
from mindu.data.senses.now import Now
from mindu.data.senses.registry import Registry
from mindu.data.senses.senses import Senses
from mindu.data.senses.sift import Before, sift
from mindu.perceive.declare import Device, Model, Prop, Stage
from mindu.perceive.quality import Quality
from mindu.perceive.said import NOW
from mindu.perceive.wire.arrow import from_arrow, from_csv
from mindu.perceive.wire.rows import from_json, from_lines

HOUR = 12 * FIVE


@pytest.fixture
def senses(tmp_path: Path) -> Senses:
    return town(tmp_path)


def quality(senses: Senses, device: str = "g0", prop: str = "level") -> list[Quality]:
    return [Quality(q) for q in held(senses, device, prop).quality.tolist()]


def test_what_is_sent_is_stored_and_counted(senses: Senses) -> None:
    (receipt,) = senses.take([levels("g0", [3.1, 3.2, 3.3])], T0 + HOUR)
    assert (receipt.received, receipt.stored) == (3, 3)
    assert senses.total().stored == 3
    assert senses.account.device(0)["line"].stored == 3


def test_a_reading_said_twice_is_a_duplicate_by_time(senses: Senses) -> None:
    senses.take([levels("g0", [3.1, 3.2])], T0 + HOUR)
    (receipt,) = senses.take([levels("g0", [3.1, 3.2, 3.3])], T0 + HOUR)
    assert (receipt.duplicate, receipt.stored) == (2, 1)


def test_a_reading_said_twice_is_a_duplicate_by_its_sequence_whatever_time_it_claims(
    senses: Senses,
) -> None:
    first, again = [("g0", "level", T0, 3.0)], [("g0", "level", T0 + FIVE, 3.0)]
    senses.take([Offer("line", said(first, seq=[77]))], T0 + HOUR)
    (receipt,) = senses.take([Offer("line", said(again, seq=[77]))], T0 + HOUR)
    assert receipt.duplicate == 1


def test_a_device_that_starts_again_from_zero_is_heard(senses: Senses) -> None:
    rows = [("g0", "level", T0 + i, 3.0) for i in range(100)]
    senses.take([Offer("line", said(rows, seq=range(100)))], T0 + HOUR)
    after = [("g0", "level", T0 + 1000 + i, 3.0) for i in range(3)]
    (receipt,) = senses.take([Offer("line", said(after, seq=range(3)))], T0 + HOUR)
    assert receipt.stored == 3


def test_a_device_that_starts_again_early_is_heard_where_its_time_goes_on(senses: Senses) -> None:
    numbers = [*range(20), *range(9), 7, 8, 9]
    rows = [("g0", "level", T0 + i * 1000, 3.0) for i in range(len(numbers))]
    together = town(senses.folder.parent / "together")
    (receipt,) = together.take([Offer("line", said(rows, seq=numbers))], T0 + HOUR)
    assert receipt.stored == len(numbers)
    for row, number in zip(rows, numbers, strict=True):
        senses.take([Offer("line", said([row], seq=[number]))], T0 + HOUR)
    assert senses.total().stored == len(numbers)
    for store in (senses, together):
        (again,) = store.take([Offer("line", said(rows[-3:], seq=numbers[-3:]))], T0 + HOUR)
        assert again.duplicate == 3
    untold = [("g1", "level", NOW, 3.0)]
    senses.take([Offer("line", said(untold, seq=[1]))], T0 + HOUR)
    (again,) = senses.take([Offer("line", said(untold, seq=[1]))], T0 + HOUR + 1000)
    assert again.duplicate == 1, "without a time a repeated number is a repetition"


def test_a_number_that_comes_twice_in_one_message_is_a_duplicate(senses: Senses) -> None:
    rows = [("g0", "level", T0 + i * 1000, 3.0) for i in range(3)]
    (receipt,) = senses.take([Offer("line", said(rows, seq=[1 << 61, 1 << 61, 7]))], T0 + HOUR)
    assert (receipt.stored, receipt.duplicate) == (2, 1)


def test_late_readings_enter_at_their_time_and_never_turn_the_present_back(senses: Senses) -> None:
    senses.take([levels("g0", [3.1], start=T0 + FIVE)], T0 + HOUR)
    (receipt,) = senses.take([levels("g0", [2.9])], T0 + HOUR)
    assert receipt.late == 1
    series = senses.registry.one("g0", "level")
    assert senses.now.columns["value"][series] == 3.1
    assert [bool(q & Quality.LATE) for q in quality(senses)] == [True, False]
    (again,) = senses.take([levels("g0", [2.9])], T0 + HOUR)
    assert again.duplicate == 1


def test_late_readings_are_known_again_after_they_went_to_the_tables(senses: Senses) -> None:
    senses.take([levels("g0", [3.0 + i / 100 for i in range(50)])], T0 + DAY)
    senses.flush(T0 + DAY)
    mixed = levels("g0", [3.0 + i / 100 for i in range(50)], start=T0 + FIVE // 2, every=FIVE // 2)
    (receipt,) = senses.take([mixed], T0 + DAY)
    assert (receipt.duplicate, receipt.late) == (25, 25)


@pytest.mark.parametrize(
    ("values", "every", "flag"),
    [
        ([3.0, 11.0], HOUR, Quality.RANGE),
        ([3.0, 3.9], FIVE, Quality.RATE),
        ([3.0] * 14, FIVE, Quality.STUCK),
        ([3.0, 3.1, 4.6], HOUR, Quality.SPIKE),
        ([3.0, 3.1], HOUR, Quality.GAP),
    ],
)
def test_a_doubtful_reading_is_stored_and_marked(
    senses: Senses, values: list[float], every: int, flag: Quality
) -> None:
    together = town(senses.folder.parent / "together")
    together.take([levels("g0", values, every=every)], T0 + DAY)
    for i, value in enumerate(values):
        senses.take([levels("g0", [value], start=T0 + i * every)], T0 + DAY)
    assert quality(senses)[-1] & flag
    assert not quality(senses)[0]
    assert quality(senses) == quality(together), "marks hang on how readings were grouped"


def test_readings_without_a_time_are_each_kept(senses: Senses) -> None:
    rows = [("g0", "level", NOW, 3.0 + i / 100) for i in range(3)]
    senses.take([Offer("line", said(rows)), Offer("line", said(rows[:1]))], T0)
    senses.take([Offer("line", said(rows[:1]))], T0)
    assert held(senses, "g0").at.tolist() == [T0 + i for i in range(5)]


def test_a_clock_that_runs_ahead_is_marked_and_one_far_ahead_is_refused(senses: Senses) -> None:
    offers = [levels("g0", [3.0], start=T0 + 30_000), levels("g1", [3.0], start=T0 + DAY)]
    marked, refused = senses.take(offers, T0)
    assert marked.stored == 1
    assert quality(senses)[0] & Quality.SKEW
    assert refused.refused == {"from the future": 1}


def test_our_own_clock_may_jump_both_ways(senses: Senses) -> None:
    for i, arrived in enumerate((T0, T0 + 20 * DAY, T0 - DAY, T0 + FIVE)):
        senses.take([levels("g0", [3.0 + i / 10], start=T0 + i * 1000)], arrived)
    rows = held(senses, "g0")
    assert rows.at.tolist() == [T0, T0 + 1000, T0 + 2000, T0 + 3000]
    assert (np.diff(rows.arrived) >= 0).all(), "what was known when must never run back"


def test_one_wrong_clock_far_ahead_makes_nothing_old(senses: Senses) -> None:
    far = T0 + 5000 * DAY
    untold = Offer("line", said([("g0", "level", NOW, 9.0)]))
    senses.take([untold, levels("g1", [9.0], start=far)], far)
    for name in ("g0", "g1"):
        (receipt,) = senses.take([levels(name, [3.1])], T0 + HOUR)
        assert receipt.stored == 1
        assert senses.now.columns["value"][senses.registry.one(name, "level")] == 3.1
    (receipt,) = senses.take([untold], T0 + HOUR)
    assert receipt.stored == 1
    assert held(senses, "g0").at.tolist()[:2] == [T0, T0 + HOUR]
    (receipt,) = senses.take([levels("g1", [3.1], start=T0 + DAY)], T0 + HOUR)
    assert receipt.refused == {"from the future": 1}
    senses.journal.close()
    again = town(senses.folder.parent)
    np.testing.assert_array_equal(again.now.columns["value"], senses.now.columns["value"])


def test_units_are_turned_and_strange_units_refused(senses: Senses) -> None:
    rows = [("g0", "level", T0 + i, v) for i, v in enumerate((310.0, 3.2, 1.0, 4.0))]
    message = said(rows, unit=["cm", "", "Pa", "m"])
    (receipt,) = senses.take([Offer("line", message)], T0 + HOUR)
    assert receipt.refused == {"another unit": 1}
    assert held(senses, "g0").value.tolist() == pytest.approx([3.1, 3.2, 4.0])


def test_heights_are_lifted_to_the_datum_unless_they_stand_over_it(senses: Senses) -> None:
    senses.enrol([Device(id="high", kind="gauge", zero=2.5, stage=Stage.ACTIVE)])
    rows = [("high", "level", T0 + i, 1.0) for i in range(3)]
    message = said(rows, datum=["", LEVEL.datum, "luo-zero"])
    (receipt,) = senses.take([Offer("line", message)], T0 + HOUR)
    assert receipt.refused == {"unknown datum": 1}
    assert held(senses, "high").value.tolist() == [3.5, 1.0]


def test_every_refusal_has_its_reason(senses: Senses) -> None:
    senses.stage(["g3"], Stage.RETIRED)
    rows = [
        ("nobody", "level", T0, 1.0),
        ("g0", "colour", T0, 1.0),
        ("g3", "level", T0, 1.0),
        ("g0", "level", T0, float("nan")),
        ("g0", "level", T0 - 500 * DAY, 1.0),
    ]
    (receipt,) = senses.take([Offer("line", said(rows))], T0)
    assert receipt.refused == {
        "no such device": 1, "no such property": 1, "not in service": 1, "not a number": 1,
        "too old": 1,
    }  # fmt: skip
    assert senses.total().whole


def test_a_bound_may_change_but_not_the_meaning_of_a_kind(senses: Senses) -> None:
    rain = senses.registry.kinds["gauge"].props[1]
    wider = Prop(**{**{f: getattr(LEVEL, f) for f in LEVEL.__struct_fields__}, "high": 20.0})
    senses.declare(Model(name="gauge", props=(wider, rain)))
    senses.take([levels("g0", [11.0])], T0)
    assert quality(senses) == [Quality.GOOD]
    other = Prop(name="level", unit="cm")
    with pytest.raises(ValueError, match="another name"):
        senses.declare(Model(name="gauge", props=(other, rain)))


def test_everything_comes_back_after_a_restart(senses: Senses) -> None:
    senses.attach("g1", Prop(name="battery", unit="V"))
    offer = Offer("line", said([("g1", "battery", T0, 3.6), ("g0", "level", T0, 3.1)], seq=[5, 5]))
    senses.take([offer], T0)
    before = senses.total()
    senses.journal.close()
    back = town(senses.folder.parent)
    assert back.total() == before
    assert back.intake.tail.all().value.tolist() == senses.intake.tail.all().value.tolist()
    (receipt,) = back.take([offer], T0)
    assert receipt.duplicate == 2
    back.close()
    third = town(senses.folder.parent)
    assert third.take([offer], T0)[0].duplicate == 2
    third.close()


def test_json_comes_in_five_shapes() -> None:
    one = {"device": "g0", "prop": "level", "at": T0, "value": 3.1, "seq": 4}
    values = {"device": "g0", "at": "2026-06-01T08:00:00+08:00", "values": {"level": 3.1, "b": 1}}
    columns = {"device": ["g0"], "prop": "level", "at": [T0], "value": [3.1], "seq": [4]}
    for told in (one, [one], [["g0", "level", T0, 3.1, 4]], columns):
        read = from_json(json.dumps(told).encode())
        assert list(read.device) == ["g0"]
        assert (read.at.tolist(), read.value.tolist()) == ([T0], [3.1])
        assert read.seq is not None
        assert read.seq.tolist() == [4]
    several = from_json(json.dumps(values).encode())
    assert (list(several.prop), several.at.tolist()) == (["level", "b"], [T0, T0])
    lines = from_lines(b"\n".join(json.dumps(it).encode() for it in (one, values)))
    assert len(lines) == 3


def test_one_malformed_row_costs_only_itself() -> None:
    good = {"device": "g0", "prop": "level", "at": T0, "value": 3.1}
    read = from_json(json.dumps([good, {"device": 7}, good]).encode())
    assert (len(read), read.lost, read.received) == (2, 1, 3)
    assert "row 1" in read.wrongs[0]
    lines = from_lines(json.dumps(good).encode() + b"\n{broken\n" + json.dumps(good).encode())
    assert (len(lines), lines.lost) == (2, 1)


def test_arrow_and_csv_say_the_same() -> None:
    table = pa.table({"device": ["g0", None], "prop": ["level", "x"], "at": [T0, T0],
                      "value": [3.1, 1.0]})  # fmt: skip
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    arrow = from_arrow(sink.getvalue().to_pybytes())
    csv = from_csv(b"device,prop,at,value\ng0,level,2026-06-01T00:00:00Z,3.1\ng0,level\n")
    for read in (arrow, csv):
        assert (list(read.device), read.at.tolist(), read.value.tolist()) == (["g0"], [T0], [3.1])
        assert read.lost == 1


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_a_decoder(body: bytes) -> None:
    for decode in (from_json, from_lines, from_arrow, from_csv):
        read = decode(body)
        assert len(read.device) == len(read.prop) == len(read.at) == len(read.value)


_WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["device", "prop", "at", "value", "values", "seq", "unit", "x"]), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(_WILD)
def test_no_json_whatever_breaks_the_intake(told: object) -> None:
    registry, now = Registry(), Now()
    registry.declare(Model(name="m", props=(LEVEL,)))
    registry.enrol([Device(id="g0", kind="m")])
    now.reach(1)
    read = from_json(json.dumps(told).encode())
    none = lambda s, _: np.zeros(len(s), bool)  # noqa: E731 - nothing stands, nothing is gone
    done = sift([Offer("x", read)], registry, now, Before(none, none), T0, T0)
    assert int(done.outcomes[0].sum()) == read.received


def test_a_device_that_sends_for_itself_costs_the_account_little() -> None:
    account, devices = Account(), 1_000_000
    tracemalloc.start()
    for device in range(devices - 3000, devices):
        one = np.array([device])
        account.book(f"device:{device}", 1, one, np.array([0]), np.array([1]))
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert used / 3000 < 3000, "bytes a source, whatever number its device has"
    again = Account()
    again.load(msgspec.msgpack.decode(msgspec.msgpack.encode(account.dump())))
    assert again.device(devices - 1) == {f"device:{devices - 1}": Tally(1, 1, 0, 0, {})}
    assert again.total() == account.total()


def test_an_account_as_it_was_kept_before_is_taken_up() -> None:
    columns = np.arange(3 * 70, dtype=np.uint32).reshape(3, 70)
    account = Account()
    account.load([("line", int(columns.sum()), 70, columns.tobytes(), [])])
    assert account.total().whole
    assert account.device(69)["line"].stored == 69
