"""Trouble: floods, tiny batches, clocks that jump: never a reading unaccounted."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from open_doors import Node, clock, node
from town import T0, levels, said, town

from mindu.data.senses.intake import Offer
from mindu.edge.document import DOORS, Door
from mindu.perceive.said import Said


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("trouble"), devices=4) as found:
        yield found


def test_the_document_names_doors_that_are_there(city: Node) -> None:
    with urllib.request.urlopen(city.url + "/v1/openapi.json", timeout=30) as told:  # noqa: S310
        assert json.loads(told.read())["paths"].keys() == {door.path for door in DOORS}
    answers = {door.path: unknown(city, door) for door in DOORS}
    assert {path for path, code in answers.items() if code == 200} == {"/v1/clock"}
    assert set(answers.values()) <= {200, 400, 401, 415}


def unknown(city: Node, door: Door) -> int:
    """Return how a door answers who shows no key."""
    path = door.path.replace("{device}", "g0").replace("{prop}", "level")
    body = b"" if door.method == "post" else None
    request = urllib.request.Request(city.url + path, body, method=door.method.upper())  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as wrong:
        with wrong:
            return wrong.code


def test_a_device_that_floods_costs_no_other_device_a_reading(city: Node) -> None:
    before = city.senses.total()
    now = clock() - 3_000_000
    flood = json.dumps(
        [{"device": "g0", "prop": "rain", "at": now + i, "value": 1} for i in range(20_000)]
    ).encode()
    codes: list[int] = []

    def send(body: bytes) -> None:
        request = urllib.request.Request(  # noqa: S310
            city.url + "/v1/readings", body,
            {"Authorization": f"Bearer {city.key}", "Content-Type": "application/json"},
        )  # fmt: skip
        while True:
            try:
                with urllib.request.urlopen(request, timeout=120) as told:  # noqa: S310
                    codes.append(told.status)
                    return
            except urllib.error.HTTPError as wrong:
                with wrong:
                    codes.append(wrong.code)
                    if wrong.code != 429:
                        return

    calm = [
        json.dumps({"device": f"g{k}", "prop": "rain", "at": now + i, "value": 2}).encode()
        for k in (1, 2) for i in range(20)
    ]  # fmt: skip
    threads = [threading.Thread(target=send, args=(body,)) for body in [*[flood] * 8, *calm]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {200, 429}
    after = city.senses.total()  # who sends at once may come in any order: late, and kept
    kept = (after.stored + after.late) - (before.stored + before.late)
    assert kept == 20_000 + 40
    account = city.senses.account
    doubles = account.device(city.senses.registry.numbers["g0"]).values()
    assert sum(told.duplicate for told in doubles) >= 7 * 20_000
    assert city.senses.total().whole


def test_very_many_tiny_batches_are_each_counted(tmp_path: Path) -> None:
    senses = town(tmp_path)
    offers = [Offer(f"s{i % 50}", tiny(i)) for i in range(20_000)]
    for start in range(0, len(offers), 1000):
        told = senses.take(offers[start : start + 1000], T0 + start)
        assert [it.received for it in told] == [len(offer.said) for offer in offers[start:][:1000]]
    total = senses.total()
    assert (total.received, total.whole) == (sum(len(it.said) for it in offers), True)
    senses.close()


def tiny(i: int) -> Said:
    """Return a message of no reading or of one."""
    return said([("g0", "rain", T0 + i - 20_000, 1.0)] if i % 5 else [])


def test_a_clock_that_jumps_a_year_either_way_while_days_go_cold_loses_nothing(
    tmp_path: Path,
) -> None:
    senses = town(tmp_path)
    year = 365 * 86_400_000
    for place, jump in enumerate((0, year, -year, 0, 3_600_000, -3_600_000)):
        senses.take([levels("g1", [3.0, 3.1], start=T0 + place * 600_000)], T0 + 3_600_000 + jump)
        senses.tidy(T0 + 3_600_000 + jump)
    total = senses.total()
    assert total.whole
    assert total.received == 12
    senses.close()
