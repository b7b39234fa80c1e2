"""A flood of calls: many hands take them in at once, one place is slowed, and none is lost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from house import KEY, KIND, NOON, WIRE, counter, served
from mindu.base.records import Words
from mindu.data.log import Log
from mindu.edge.counter.heard import REMEMBERED, Heard
from mindu.edge.counter.letter import Flood, Letter, Receipt
from mindu.edge.open311.call import City
from mindu.edge.open311.doors import routes

HANDS, CALLS, MOST_TRIES = 8, 400, 10_000


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


def test_a_button_that_many_hands_hit_at_once_makes_one_case(tmp_path: Path) -> None:
    desk = counter(tmp_path, Log.open(str(tmp_path / "city.mindu")))
    with ThreadPoolExecutor(HANDS) as hands:
        got = list(hands.map(lambda n: desk.receive(call(n // HANDS)), range(5 * HANDS)))
    assert len({receipt.number for receipt in got}) == 5
    assert sum(not receipt.again for receipt in got) == 5
    assert len(desk.office.cases) == 5


def test_whoever_finds_the_doors_full_comes_again_and_is_heard_once(tmp_path: Path) -> None:
    desk, callers, tries = counter(tmp_path), 60, list[int]()
    told = City(
        counter=desk, kind=KIND, contact=Words("call 12345", "请拨 12345"), key_service="here",
        changeset="2026-11-25T00:00:00+08:00",
    )  # fmt: skip

    def tell(number: int) -> str:
        data = {"api_key": KEY, "jurisdiction_id": "fuzhou.gov.cn", "service_code": "lamp",
                "address_string": "五四路", "description": f"第 {number} 盏路灯不亮"}  # fmt: skip
        for attempt in range(MOST_TRIES):
            got = WIRE.post(f"{root}/open311/v2/requests.json", data=data)
            if got.status_code == 200:
                tries.append(attempt)
                return str(got.json()[0]["service_request_id"])
            assert got.status_code == 503, got.text
        raise AssertionError(f"caller {number} was never let in")

    doors = Starlette(routes=[Mount("/open311/v2", routes=routes(told))])
    with served(doors, at_once=3) as root, ThreadPoolExecutor(4 * HANDS) as hands:
        got = list(hands.map(tell, range(callers)))
    assert len(set(got)) == callers == len(desk.office.cases)
    assert max(tries) > 0, "some did come again"


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
