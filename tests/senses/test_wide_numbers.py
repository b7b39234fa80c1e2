"""Whole numbers of more than 64 bits are refused in words where nodes below tell of their loops."""

import json
from pathlib import Path

import pytest
from open_doors import node
from town import DAY, T0

WIDE = 1 << 70
CALM = ["Judged", 1, "l", T0, "calm", "limited", True, "g0", "level", T0, 5.0, "g0", "open", {},
        {"en": "", "zh": ""}]  # fmt: skip


@pytest.mark.parametrize("told", [
    [*CALM, ["Order", "k", "g0", "open", {}, "below", -WIDE, T0, False]],
    [*CALM, ["Order", "k", "g0", "open", {}, "below", T0, WIDE, False]],
    ["Judged", WIDE, *CALM[2:]],
    ["Step", "k", "sent", WIDE, "below"],
])  # fmt: skip
def test_a_number_of_more_than_64_bits_is_refused_in_words(
    tmp_path: Path, told: list[object]
) -> None:
    with node(tmp_path) as city:
        body = json.dumps({"node": "tester", "told": [told, CALM]}).encode()
        status, answer = city.asked("/v1/loops", body)
        assert (status, answer["received"], answer["new"]) == (200, 2, 1)
        assert len(answer["refused"]) == 1
        (held,) = city.asked(f"/v1/loops?since={T0 - DAY}")[1]["loops"]
        assert held["number"] == 1
