"""What benchmarks measured comes out as lines of JSON, whatever made the numbers."""

import json

import numpy as np
from benchmarks.__main__ import line
from benchmarks.figure import Figure


def test_numbers_of_numpy_are_numbers_of_a_figure() -> None:
    told = line(
        Figure(name="hits", value=np.float64(0.5), unit="share", peer=None, goal="", holds=None)
    )
    assert json.loads(told) == {
        "name": "hits", "value": 0.5, "unit": "share", "peer": None, "goal": "", "holds": None,
    }  # fmt: skip
