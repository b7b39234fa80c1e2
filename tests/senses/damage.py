"""Damage: what a fuzzer does to a message that was whole, for every decoder and door."""

import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("MINDU_EXAMPLES", "5"))  # of each door; `make fuzz` asks for 200
SHORT = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
    phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip
MANY = settings(SHORT, max_examples=4 * EXAMPLES)  # where one costs little
EDGES = (
    "", "\0", "\ud7ff", "g0", "level", "\U0001f30a" * 3, "a" * 300, "NaN", "1e999", "-1", "urn:x",
    "2026-06-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00",
)  # fmt: skip
NUMBERS = st.one_of(
    st.sampled_from([0, -1, 255, 256, 2**31, 2**53, 2**62, 2**63, 2**64, -(2**63), 10**30]),
    st.floats(allow_nan=False, allow_infinity=False), st.integers(),
)  # fmt: skip
ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.sampled_from(EDGES), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def bytes_of(draw: st.DrawFn, wholes: list[bytes]) -> bytes:
    """Return a whole message with some of its bytes changed, cut, doubled or mixed with another."""
    body = bytearray(draw(st.sampled_from(wholes)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(body)))
        end = min(len(body), at + draw(st.sampled_from([0, 0, 1, 1, 4, 64, 1 << 20])))
        other = draw(st.sampled_from(wholes))
        start = draw(st.integers(0, len(other)))
        body[at:end] = draw(
            st.one_of(st.binary(max_size=9), st.just(other[start : start + 32]), st.just(b""))
        )
    return bytes(body)


@st.composite
def json_of(draw: st.DrawFn, wholes: list[Any]) -> object:
    """Return whole JSON in which some places hold anything."""
    return _changed(draw, draw(st.sampled_from(wholes)), draw(st.sampled_from([0.0, 0.1, 0.4])))


def _changed(draw: st.DrawFn, told: object, often: float) -> object:
    if draw(st.floats(0, 1)) < often:
        return draw(ANY)
    if isinstance(told, dict):
        return {
            key: _changed(draw, it, often)
            for key, it in told.items()
            if draw(st.floats(0, 1)) >= often / 4
        }
    if isinstance(told, list):
        return [_changed(draw, it, often) for it in told]
    return told
