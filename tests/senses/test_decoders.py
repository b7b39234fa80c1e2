"""Decoders: whatever bytes come, they are read or refused in words, and never break."""

import json
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from damage import MANY, bytes_of
from hypothesis import given
from hypothesis import strategies as st

from mindu.data.senses import frame
from mindu.perceive.said import Said
from mindu.perceive.wire.forms import FORMS
from mindu.perceive.wire.sheaf import sheaf
from mindu.perceive.wire.topics import said

ROW = {"device": "g0", "prop": "level", "at": 1780272000000, "value": 3.25, "seq": 7, "unit": "cm",
       "datum": "local", "quality": 4}  # fmt: skip
JSONS = [
    json.dumps(told).encode()
    for told in (
        ROW, [ROW, ROW], [{**ROW, "at": "2026-06-01T08:00:00+08:00"}, {"device": "g1"}],
        {"device": "g0", "at": None, "values": {"level": 1, "rain": None, "x": True}},
        [["g0", "level", 1780272000000, 3, 7, "m"], ["g1", "rain", None, 0.5]],
        {"device": ["g0", "g1"], "prop": "level", "value": [1, 2.5], "at": [1, 2], "seq": [1, 2]},
    )
]  # fmt: skip
LINES = [b"\n".join([JSONS[0], JSONS[4][1:30], JSONS[3]]), JSONS[0] + b"\r\n\r\n" + JSONS[0]]
CSVS = [
    b"device,prop,value,at,seq\ng0,level,3.5,2026-06-01T00:00:00Z,1\ng1,rain,,,\n",
    "\ufeffdevice,prop,value,at\r\ng0,level,true,1780272000000\r\n".encode(),
    b'device,"prop",value,unit,quality\n"g,0","le""vel",1e3,cm,4\n',
]


def _arrow() -> list[bytes]:
    columns: tuple[dict[str, Any], ...] = (
        {"device": ["g0", None], "prop": ["level", "rain"], "value": [1.5, None], "at": [1, 2]},
        {"device": pa.array(["g0", "g1"]).dictionary_encode(), "prop": ["a", "b"],
         "value": pa.array([1, 2], pa.int8()), "at": pa.array([1, 2], pa.timestamp("ns", "UTC")),
         "seq": [1, None], "quality": [3, 300], "unit": [None, "m"]},
        {"device": ["g0"], "prop": ["level"], "value": ["x"], "at": [1e300]},
    )  # fmt: skip
    found = []
    for told in columns:
        table, sink = pa.table(told), pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        found.append(sink.getvalue().to_pybytes())
    return found


WHOLE = {
    "application/json": JSONS, "application/x-ndjson": [*JSONS, *LINES], "text/csv": CSVS,
    "application/vnd.apache.arrow.stream": _arrow(),
}  # fmt: skip


def sound(told: Said) -> None:
    """Hold what was said to columns of one length."""
    lengths = {len(told.device), len(told.prop), len(told.at), len(told.value)}
    lengths |= {len(it) for it in (told.seq, told.unit, told.datum) if it is not None}
    assert lengths == {len(told)}
    assert all(isinstance(name, str) for name in (*told.device, *told.prop, *told.wrongs))
    assert (told.at.dtype.str, told.value.dtype.str) == ("<i8", "<f8")


@pytest.mark.parametrize("form", WHOLE)
@MANY
@given(data=st.data())
def test_a_message_in_any_form_is_read_or_counted_as_lost(form: str, data: st.DataObject) -> None:
    told = FORMS[form](data.draw(bytes_of(WHOLE[form])))
    sound(told)
    assert not told.lost or told.wrongs, "what is lost is said in words"


@MANY
@given(st.lists(bytes_of(JSONS), min_size=1, max_size=4))
def test_messages_read_together_are_the_rows_of_each(bodies: list[bytes]) -> None:
    told, ends, apart = sheaf(bodies, "application/json")
    if told is None:
        return
    sound(told)
    kept = [FORMS[""](body) for i, body in enumerate(bodies) if i not in apart]
    assert list(told.device) == [name for one in kept for name in one.device]
    assert told.at.tolist() == [at for one in kept for at in one.at.tolist()]
    assert ends == np.cumsum([len(one) for one in kept]).tolist()
    assert not any(one.lost for one in kept)


PAYLOADS = [*JSONS, b"3.5", b"true", b'{"value":1,"at":5,"seq":2}', b'{"values":{"rain":1}}']
TOPICS = [b"city/g0/level", b"g0/values", b"x/readings", b"v1.1/Datastreams(1)/Observations", b"/"]


@MANY
@given(st.lists(st.tuples(bytes_of(TOPICS), bytes_of(PAYLOADS)), min_size=1, max_size=4))
def test_topics_and_payloads_are_read_or_lost_each(told: list[tuple[bytes, bytes]]) -> None:
    found = said(told)
    for one in found:
        sound(one)
    assert sum(one.received for one in found) >= sum(not _many(*it) for it in told)


def _many(topic: bytes, payload: bytes) -> bool:
    """Say whether a message may hold any number of readings, none among them."""
    return topic.endswith(b"readings") or b"values" in payload


@MANY
@given(bytes_of([b"", frame.encode(frame.decode(frame.encode(frame.Frame(
    arrived=5, series=np.array([1, 2]), at=np.array([3, 1 << 40]), value=np.array([1.0, np.nan]),
    quality=np.array([0, 4], np.uint8), seq=np.array([-1, 1 << 40]), sources=[("a", 3), ("b", 1)],
    source=np.array([0, 1]), booked=np.array([(0, 1, 3, 1)], frame.BOOKED),
))))]))  # fmt: skip
def test_a_damaged_frame_of_the_journal_is_refused_as_one(told: bytes) -> None:
    with suppress(ValueError):
        found = frame.decode(told)
        assert len(found.at) == len(found)
