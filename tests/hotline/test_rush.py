"""A flood of calls: many hands take them in at once, one place is slowed, and none is lost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from house import NOON, counter
from mindu.data.log import Log
from mindu.edge.counter.heard import REMEMBERED, Heard
from mindu.edge.counter.letter import Flood, Letter, Receipt

HANDS, CALLS = 8, 400


def call(number: int, *, channel: str = "telephone", address: str = "") -> Letter:
    text, phone = f"第 {number} 路公交一直不来", f"138{number:08d}"
    return Letter(kind="matter", text=text, channel=channel, address=address, phone=phone)


def test_many_hands_at_once_lose_no_call_and_give_no_number_twice(tmp_path: Path) -> None:
    desk = counter(tmp_path, Log.open(str(tmp_path / "city.mindu")))
    with ThreadPoolExecutor(HANDS) as hands:
        got = list(hands.map(lambda n: desk.receive(call(n)), range(CALLS)))
    assert len({receipt.number for receipt in got}) == CALLS
    assert len({receipt.code for receipt in got}) == CALLS
    desk.office.memory.log.close()
    again = counter(tmp_path, Log.open(str(tmp_path / "city.mindu")))
    assert set(again.office.cases) == {receipt.number for receipt in got}, "after a restart too"
    again.office.memory.log.verify()


def test_one_place_that_floods_the_form_is_slowed_and_what_was_acknowledged_is_there(
    tmp_path: Path,
) -> None:
    desk, taken, refused = counter(tmp_path), list[int](), 0
    for number in range(60):
        try:
            letter = call(number, channel="web", address="198.51.100.7")
            taken.append(desk.receive(letter).number)
        except Flood as wrong:
            refused += wrong.wait > 0.0
    assert (len(taken) + refused, sorted(desk.office.cases)) == (60, sorted(taken))
    assert refused >= 30
    assert desk.receive(call(99)).number, "who calls by telephone is heard all the same"


def test_what_is_remembered_of_callers_is_bounded() -> None:
    heard = Heard()
    for number in range(REMEMBERED + 500):
        heard.remember(f"caller {number}", "x", Receipt(number, "", None), NOON)
    assert heard.again("caller 1", "x", NOON) is None, "the oldest are forgotten"
    assert heard.again(f"caller {REMEMBERED + 499}", "x", NOON) is not None
