"""What is small on the wire and vast in memory is refused before it is unfolded."""

import resource

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindu.perceive.wire.arrow import from_arrow

ROWS = 3
PLAIN = {"device": pa.array(["g0"] * ROWS), "prop": pa.array(["level"] * ROWS),
         "value": pa.array([1.0, 2.0, 3.0]), "at": pa.array([1, 2, 3])}  # fmt: skip


def written(table: pa.Table, form: str = "stream", compression: str | None = None) -> bytes:
    out = pa.BufferOutputStream()
    new = pa.ipc.new_file if form == "file" else pa.ipc.new_stream
    with new(out, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table)
    found: bytes = out.getvalue().to_pybytes()
    return found


@pytest.mark.parametrize("form", ["stream", "file"])
@pytest.mark.parametrize("compression", [None, "zstd", "lz4"])
@pytest.mark.parametrize("names", ["plain", "dictionary"])
def test_what_is_within_bounds_is_read_however_it_is_packed(
    form: str, compression: str | None, names: str
) -> None:
    columns = dict(PLAIN)
    if names == "dictionary":
        columns["device"] = columns["device"].dictionary_encode()
    said = from_arrow(written(pa.table(columns), form, compression=compression))
    assert (list(said.device), said.value.tolist(), said.lost) == (["g0"] * 3, [1, 2, 3], 0)


def vast() -> dict[str, bytes]:
    """Return messages of at most some MiB that would take many GiB."""
    zeros = pa.array(np.zeros(60_000_000))
    names = pa.DictionaryArray.from_arrays(pa.array(np.zeros(100_000, "i4")), ["x" * 1_000_000])
    many = {"prop": pa.array(["level"] * 100_000), "value": pa.array(np.zeros(100_000))}
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([2_000_000_000], pa.int32()), ["g0"])
    view = pa.array(["x" * 1000] * 10, pa.string_view())
    return {
        "compressed": written(pa.table({"device": zeros}), compression="zstd"),
        "dictionary": written(pa.table({"device": names, **many})),
        "runs": written(pa.table({"device": runs})),
        "nulls": written(pa.table({"device": pa.nulls(2_000_000_000)})),
        "views": written(pa.table({"device": view})),
    }


def test_what_is_vast_is_refused_without_the_memory_for_it() -> None:
    bodies = vast()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, body in bodies.items():
        assert len(body) < 16 << 20
        said = from_arrow(body)
        assert (len(said), said.lost) == (0, 1), name
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


@given(st.data())
def test_no_damage_breaks_the_look_ahead(data: st.DataObject) -> None:
    body = bytearray(written(pa.table(PLAIN), compression="zstd"))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    said = from_arrow(bytes(body))
    assert said.received >= 0
