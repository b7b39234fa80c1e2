"""Words of NGSI-LD: queries, names and shapes, without a door."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindu.edge.ngsild.asking.geo import distance, touching
from mindu.edge.ngsild.asking.query import Parser
from mindu.edge.ngsild.model.problems import Problem
from mindu.edge.ngsild.model.terms import CORE_CONTEXT, Context


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_query_that_a_stranger_writes_breaks_the_parser(told: str) -> None:
    with suppress(Problem):
        Parser(told, CORE_CONTEXT).whole()


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_a_name_that_was_expanded_comes_back_short(name: str) -> None:
    context = Context({"ex": "https://example.org/", "level": "https://example.org/level"})
    try:
        full = context.expand(name)
    except Problem:
        return
    assert context.expand(context.compact(full)) == full


def test_shapes_meet_and_stand_apart() -> None:
    square = ("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]])
    hole = ("Polygon", [square[1][0], [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8], [0.2, 0.2]]])
    line = ("LineString", [[-1, 0.5], [2, 0.5]])
    assert touching(square, line)
    assert touching(("Point", [0.5, 0.5]), square)
    assert not touching(("Point", [0.5, 0.5]), hole)
    assert distance(("Point", [0, 0]), ("Point", [0, 1])) == pytest.approx(111_195, rel=1e-3)
    assert distance(("Point", [0.5, 2]), square) == pytest.approx(111_195, rel=1e-3)
