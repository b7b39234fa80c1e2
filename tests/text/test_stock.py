"""A stock answers alike however it came to hold its cases, and as a search of all of them would."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindu.engines.text.same import Stock
from mindu.engines.text.same.features import Vector

TERMS = 60  # different terms: so few that cases share many


def cases(count: int, seed: int) -> list[Vector]:
    dice = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        at = dice.choice(TERMS, dice.integers(1, 12), replace=False).astype(np.int64)
        much = -np.sort(-dice.random(len(at)).astype(np.float32))
        made.append(Vector(at, much / np.float32(np.linalg.norm(much))))
    return made


def answers(stock: Stock, asked: Vector) -> list[tuple[int, float]]:
    """Return every case that shares a term, by number: equal likeness has no order."""
    found = stock.find(asked, most=10_000)
    return sorted((one.case, one.likeness) for one in found)


def searched(held: list[Vector], asked: Vector) -> list[tuple[int, float]]:
    mine = dict(zip(asked.at.tolist(), asked.much.tolist(), strict=True))
    told = []
    for number, one in enumerate(held):
        shared = [
            mine[term] * float(np.float16(much))
            for term, much in zip(one.at.tolist(), one.much.tolist(), strict=True)
            if term in mine
        ]
        if shared:
            told.append((number, sum(shared)))
    return told


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    parts=st.lists(st.tuples(st.integers(1, 25), st.sampled_from("add settle settled drop")),
                   min_size=1, max_size=6),
)  # fmt: skip
def test_a_stock_that_grew_answers_as_one_made_at_once_and_as_a_search_of_all(
    seed: int, parts: list[tuple[int, str]]
) -> None:
    grown, held = Stock(), list[Vector]()
    for turn, (count, then) in enumerate(parts):
        for one in cases(count, seed + turn):
            grown.add(one)
            held.append(one)
        if then == "s":
            grown.settle()
        elif then == "t":
            grown = grown.settled()
        elif then == "d":
            gone = len(held) // 3
            grown, held = grown.without(gone), held[gone:]
    at_once = Stock.of(*grown.rows())
    assert len(grown) == len(at_once) == len(held)
    for asked in cases(5, seed + 99):
        mine, other = answers(grown, asked), answers(at_once, asked)
        assert [number for number, _ in mine] == [number for number, _ in other]
        assert [much for _, much in mine] == pytest.approx([m for _, m in other], abs=2e-4)
        assert dict(mine) == pytest.approx(dict(searched(held, asked)), abs=2e-4)
