"""The chain and the tree: what is written stays as written, and can be proved."""

from datetime import timedelta, timezone
from functools import cache
from hashlib import sha256

import msgspec
import pytest
from gauges import START, write
from hypothesis import given, settings
from hypothesis import strategies as st

from mindu.base.records import (
    Action,
    AnyRecord,
    Entry,
    Event,
    Evidence,
    Expect,
    Forecast,
    Judgement,
    Lesson,
    Observation,
    Placed,
    Severity,
    Words,
)
from mindu.data.book import chain
from mindu.data.book.merkle import consistent, included
from mindu.data.log import Log

words = st.text(max_size=8)
floats = st.floats()
values = st.one_of(st.floats(allow_nan=False), words, st.booleans())
times = st.datetimes(timezones=st.just(START.tzinfo))
records: st.SearchStrategy[AnyRecord] = st.one_of(
    st.builds(Observation, words, values, words, st.integers(0, 255)),
    st.builds(Event, words, st.dictionaries(words, values, max_size=4)),
    st.builds(Placed, words, st.dictionaries(words, st.one_of(values, st.none()), max_size=4)),
    st.builds(Forecast, words, words, *[st.tuples(floats, floats)] * 4),
    st.builds(Lesson, words, floats, st.builds(Words, words, words)),
    st.builds(
        Judgement,
        words,
        st.sampled_from(Severity),
        st.builds(Words, words, words),
        floats,
        st.none() | st.builds(Expect, words, st.timedeltas(timedelta(0), timedelta(days=9))),
        st.tuples(st.builds(Evidence, words, words, times, floats)),
    ),
    st.builds(Action, words, words, st.builds(Words, words, words), st.dictionaries(words, values)),
)


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


@given(st.lists(records, max_size=12))
@settings(max_examples=60, deadline=None)
def test_an_entry_reads_back_as_the_very_bytes_that_were_written(said: list[AnyRecord]) -> None:
    log = Log.open(":memory:")
    bodies = []
    for record in said:
        entry = log.append(record, at=START, about="thing", by="test")
        bodies.append(chain.encode(entry))
        assert chain.encode(chain.decode(bodies[-1])) == bodies[-1]
    log.verify()
    assert [chain.encode(entry) for entry in log] == bodies
    assert log.root() == naive_root(bodies).hex()


def test_the_same_entries_give_the_same_head_whatever_the_order_of_their_facts() -> None:
    one, other = Log.open(":memory:"), Log.open(":memory:")
    one.append(Placed("Gauge", {"a": 1.0, "b": 2.0}), at=START, about="g", by="w")
    east = START.astimezone(timezone(timedelta(hours=8)))
    other.append(Placed("Gauge", {"b": 2.0, "a": 1.0}), at=east, about="g", by="w")
    assert one.head == other.head


@cache
def seven_hundred() -> tuple[Log, list[bytes]]:
    log = Log.open(":memory:")
    return log, [chain.encode(entry) for entry in write(log, 700)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 700])
def test_every_proof_of_a_log_convinces_an_auditor_who_holds_only_heads(size: int) -> None:
    log, every = seven_hundred()
    leaves, bodies = [chain.leaf(body) for body in every], every[:size]
    root = bytes.fromhex(log.root(size))
    assert root == naive_root(bodies)
    for seq in {0, size // 3, size // 2, size - 1}:
        proof = [bytes.fromhex(step) for step in log.inclusion(seq, size)]
        assert included(leaves[seq], seq, size, proof, root)
        assert not included(leaves[seq + 1] if seq < 699 else leaves[0], seq, size, proof, root)
        assert not included(leaves[seq], seq + 1, size, proof, root)
        assert not included(leaves[seq], seq, size, [*proof, root], root)
    for new in {size, size + 1, 512, 700} - {*range(size), 701}:
        proof = [bytes.fromhex(step) for step in log.consistency(size, new)]
        after = bytes.fromhex(log.root(new))
        assert consistent(size, new, root, after, proof)
        assert not consistent(size, new, after[::-1], after, proof)
        assert not consistent(size, new, root, after[::-1], proof)


@given(st.integers(1, 90), st.data())
@settings(max_examples=40, deadline=None)
def test_a_proof_with_one_bit_changed_convinces_nobody(size: int, data: st.DataObject) -> None:
    log = Log.open(":memory:")
    write(log, size)
    seq = data.draw(st.integers(0, size - 1))
    leaf, root = chain.leaf(chain.encode(log[seq])), bytes.fromhex(log.root())
    proof = [bytes.fromhex(step) for step in log.inclusion(seq, size)]
    assert included(leaf, seq, size, proof, root)
    if proof:
        at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        changed = bytearray(proof[at])
        changed[bit // 8] ^= 1 << bit % 8
        assert not included(leaf, seq, size, [*proof[:at], bytes(changed), *proof[at + 1 :]], root)


def test_a_cause_comes_first() -> None:
    log = Log.open(":memory:")
    log.append(Event("a"), at=START, about="x", by="t")
    for cause in (1, 7, -1):
        with pytest.raises(ValueError, match="a cause comes first"):
            log.append(Event("b"), at=START, about="x", by="t", because=(cause,))
    assert len(log) == 1


def test_a_time_without_a_zone_is_not_taken() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Log.open(":memory:").append(
            Event("a"),
            at=START.replace(tzinfo=None),
            about="x",
            by="t",
        )


def test_what_cannot_be_written_changes_nothing() -> None:
    log = Log.open(":memory:")
    write(log, 20)
    head = log.head
    with pytest.raises(TypeError, match="cannot hold"):
        log.append(Event("a", {"x": object()}), at=START, about="x", by="t")  # type: ignore[dict-item]
    with pytest.raises(msgspec.ValidationError):
        log.append(Event("a", {"x": [1]}), at=START, about="x", by="t")  # type: ignore[dict-item]
    assert (len(log), log.head) == (20, head)
    log.verify()


def test_why_walks_back_to_the_first_causes_and_after_looks_ahead() -> None:
    log = Log.open(":memory:")
    causes: list[tuple[int, ...]] = [(), (), (0, 1), (2,), (2,), (3, 0)]
    for because in causes:
        log.append(Event("a"), at=START, about="x", by="t", because=because)
        if because == (2,):
            log.verify()  # half of the index is on disk and half still waits
    assert [e.seq for e in log.why(5)] == [0, 1, 2, 3, 5]
    assert [e.seq for e in log.after(2)] == [3, 4]
    assert [e.seq for e in log.after(0)] == [2, 5]
    assert log.after(5) == []


def test_a_clock_that_jumps_back_does_not_disturb_the_order() -> None:
    log = Log.open(":memory:")
    for hours in (3, 1, 2, -5):
        log.append(Event("a"), at=START + timedelta(hours=hours), about="x", by="t")
    log.verify()
    assert [(e.at - START) // timedelta(hours=1) for e in log] == [3, 1, 2, -5]
    assert [e.seq for e in log] == [0, 1, 2, 3]


def test_an_entry_that_does_not_exist_is_named() -> None:
    log = Log.open(":memory:")
    write(log, 3)
    assert log[-1] == log[2]
    with pytest.raises(IndexError, match="no entry 3; it has 3"):
        log[3]
    with pytest.raises(ValueError, match="the tree has 3"):
        log.inclusion(3, 3)


def test_old_entries_are_read_from_disk_when_memory_let_them_go() -> None:
    log = Log.open(":memory:")
    written = write(log, 5000, group=1000)
    log.verify()
    assert 0 not in log._tail.recent
    assert log[0] == written[0]
    walked: list[Entry] = list(log.since(4990))
    assert walked == written[4990:]
