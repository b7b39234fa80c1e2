"""Blocks: the rows of a segment as bytes, always the same bytes for the same rows."""

import numpy as np
import pytest
from gauges import START, level
from hypothesis import given, settings
from hypothesis import strategies as st

from mindu.base.records import Segment
from mindu.data.block import Block, Channels, decode, encode
from mindu.data.log import Log

COUNT = 40
rows = st.tuples(
    st.one_of(st.just(1.5), st.floats(0, 1e10)),
    st.integers(0, COUNT - 1),
    st.floats(allow_nan=False),
    st.one_of(st.just(0), st.integers(0, 255)),
)


def channels() -> Channels:
    names = Channels()
    for k in range(COUNT):
        names.number(f"闸:{k // 2}", ("level", "flow")[k % 2], "m")
    return names


def block(said: list[tuple[float, int, float, int]], names: Channels) -> Block:
    at, channel, value, quality = zip(*said, strict=True) if said else ((),) * 4
    return Block(
        np.array(at, np.float64),
        np.array(channel, np.int64),
        np.array(value, np.float64),
        np.array(quality, np.uint8),
        names,
    )


@given(
    st.lists(rows, max_size=COUNT),
    st.sampled_from(["apart", "together"]),
    st.sampled_from(["mixed", "in a row"]),
)
@settings(max_examples=150, deadline=None)
def test_a_block_reads_back_as_it_was(
    said: list[tuple[float, int, float, int]],
    when: str,
    which: str,
) -> None:
    said = [
        (1.5 if when == "together" else at, i if which == "in a row" else channel, value, quality)
        for i, (at, channel, value, quality) in enumerate(said)
    ]
    names = channels()
    body = encode(block(said, names))
    back = decode(body, names)
    assert list(back.rows()) == list(block(said, names).rows())
    assert encode(back) == body


def test_ten_thousand_readings_of_one_tick_take_a_good_eight_bytes_each() -> None:
    log = Log.open(":memory:")
    said = [level(f"gauge:{k}", k / 10) for k in range(10_000)]
    for tick in range(2):
        entry = log.store(said, now=START, by="gauges")
        assert entry is not None
        body = encode(log.block(entry.seq) or block([], log.channels))
        assert len(body) < 8.1 * len(said), tick


@pytest.mark.parametrize("cut", [0, 10, 60, -1])
def test_bytes_that_are_no_block_are_refused(cut: int) -> None:
    names = channels()
    body = encode(block([(1.0, 3, 2.0, 0), (2.0, 7, 2.0, 1)], names))
    with pytest.raises(ValueError, match="block"):
        decode(body[:cut], names)
    with pytest.raises(ValueError, match="version"):
        decode(b"\x09" + body[1:], names)


def test_a_block_does_not_fit_a_dictionary_in_which_a_name_was_changed() -> None:
    names, other = channels(), Channels()
    body = encode(block([(1.0, 3, 2.0, 0)], names))
    for k in range(COUNT):
        other.number(f"闸:{k // 2}", ("level", "flow")[k % 2], "m" if k != 2 else "ft")
    with pytest.raises(ValueError, match="other channels"):
        decode(body, other)
    grown = channels()
    grown.number("new", "level", "m")
    assert list(decode(body, grown).rows()) == [(1.0, "闸:1", "flow", 2.0, 0)]


def test_a_segment_tells_its_rows_and_what_was_refused() -> None:
    log = Log.open(":memory:")
    said = [level("a", 1.0, minutes=5), level("b", 2.0), level("a", 1.5, minutes=9)]
    entry = log.store(said, now=START, by="gauges", refused={"twice": 2})
    assert entry is not None
    record = entry.record
    assert isinstance(record, Segment)
    assert (record.count, record.refused) == (3, {"twice": 2})
    assert (record.first, record.last) == (said[1].at, said[2].at)
    empty = log.store([], now=START, by="gauges", refused={"no such thing": 1})
    assert empty is not None
    found = log.block(empty.seq)
    assert found is not None
    assert len(found) == 0
    assert log.store([], now=START, by="gauges") is None
    log.verify()
