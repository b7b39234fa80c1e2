"""Forms of a message: JSON in five shapes, Arrow and CSV say the same, and no bytes break them."""

import json

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from town import LEVEL, T0

from mindu.data.senses.beside.words import Words
from mindu.data.senses.intake import Offer
from mindu.data.senses.now import Now
from mindu.data.senses.registry import Registry
from mindu.data.senses.sift import Before, sift
from mindu.perceive.declare import Device, Model
from mindu.perceive.wire.arrow import from_arrow, from_csv
from mindu.perceive.wire.rows import from_json, from_lines


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
    done = sift([Offer("x", read)], registry, now, Before(none, none, Words()), T0, T0)
    assert int(done.outcomes[0].sum()) == read.received
