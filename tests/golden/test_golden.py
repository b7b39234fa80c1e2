"""The golden day comes out as it did, or somebody says why it should not."""

import json
from collections.abc import Iterator
from typing import Any

from day import FILE, told

NEAR = {"levels_m": 0.02, "flood_m3": 300.0}  # what another machine may be off by
RENEW = (
    "The golden day is another day now. If that is meant, run `python tests/golden/day.py`, look at"
    " the difference, and say in the commit what changed and why; if not, the change broke it:\n"
)


def test_the_golden_day_comes_out_as_it_did() -> None:
    pinned = json.loads(FILE.read_text(encoding="utf-8"))
    found = list(differences(pinned, json.loads(json.dumps(told())), near=0.0))
    assert not found, RENEW + "\n".join(found)


def test_a_day_that_differs_is_told_place_by_place() -> None:
    was = {"levels_m": {"02:00": [2.0, 1.2]}, "judged": {"water.flood ponding": 2}}
    now = {"levels_m": {"02:00": [2.01, 1.5]}, "judged": {"water.flood ponding": 3}}
    assert list(differences(was, was, near=0.0)) == []
    assert list(differences(was, now, near=0.0)) == [
        "  judged / water.flood ponding: was 2, is 3",
        "  levels_m / 02:00 / 1: was 1.2, is 1.5",
    ]


def differences(was: Any, now: Any, *, near: float, at: str = "") -> Iterator[str]:  # noqa: ANN401
    """Yield what differs by more than another machine's last digits."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted({*was, *now}):
            within = NEAR.get(key, near)
            yield from differences(
                was.get(key), now.get(key), near=within, at=f"{at} / {key}".lstrip(" /")
            )
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for k, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from differences(one, other, near=near, at=f"{at} / {k}")
    elif isinstance(was, int | float) and isinstance(now, int | float):
        if abs(was - now) > near + 1e-9:
            yield f"  {at}: was {was}, is {now}"
    elif was != now:
        yield f"  {at}: was {was}, is {now}"
