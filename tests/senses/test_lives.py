"""The life of a device in the register: planned, heard, suspended, retired; and its facts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dying_post import GATE
from open_doors import Node, node
from town import GAUGE, levels, town

from mindu.data.senses.columns import Facts
from mindu.data.senses.registry import Registry
from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.health import Health
from mindu.edge.keys import Sender
from mindu.perceive.declare import Device, Stage

LATER = 86_400_000


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Node]:
    with node(tmp_path) as found:
        found.senses.declare(GATE)
        yield found


def post(city: Node, path: str, body: object, key: str = "") -> tuple[int, Any]:
    told = {"Authorization": f"Bearer {key}"} if key else {}
    return city.asked(path, json.dumps(body).encode(), **told)


def device(city: Node, name: str) -> dict[str, Any]:
    found: dict[str, Any] = city.asked(f"/v1/devices/{name}")[1]["device"]
    return found


def due(city: Node, name: str, key: str) -> list[str]:
    """Return the keys of the commands that a device fetches."""
    told = city.asked(f"/v1/commands?device={name}", Authorization=f"Bearer {key}")[1]
    return [it["key"] for it in told["commands"]]


def test_a_list_that_is_read_again_takes_no_device_out_of_service(tmp_path: Path) -> None:
    senses = Senses(tmp_path)
    senses.declare(GAUGE)
    senses.enrol([Device(id="g0", kind="gauge")])
    offer = levels("g0", [3.0])
    senses.take([offer], int(offer.said.at[0]))
    senses.enrol([Device(id="g0", kind="gauge", lon=119.3, lat=26.1)])
    assert senses.registry.device("g0").stage is Stage.ACTIVE
    assert senses.registry.device("g0").lon == 119.3, "the rest is as it is told"
    (silent,) = Health(senses.registry, senses.now).look(int(offer.said.at[0]) + LATER)
    assert silent.finding == "silent", "who died after the list was read again is still missed"
    senses.close()


def test_a_retired_device_stays_so(city: Node) -> None:
    assert post(city, "/v1/stages", {"devices": ["g0"], "stage": "retired"})[0] == 200
    assert post(city, "/v1/stages", {"devices": ["g0"], "stage": "retired"})[0] == 200
    status, told = post(city, "/v1/stages", {"devices": ["g1", "g0"], "stage": "suspended"})
    assert (status, "retired for good" in told["error"]) == (422, True)
    assert device(city, "g1")["stage"] == "active", "all move, or none"
    assert post(city, "/v1/devices", [{"id": "g0", "kind": "gauge"}])[0] == 200
    assert device(city, "g0")["stage"] == "retired"
    again = [{"id": "g0", "kind": "gauge", "stage": "active"}]
    assert post(city, "/v1/devices", again)[0] == 422


def test_a_heard_device_is_planned_no_more_and_a_suspended_one_comes_back(city: Node) -> None:
    assert post(city, "/v1/stages", {"devices": ["g0"], "stage": "planned"})[0] == 422
    for stage in ("suspended", "active"):
        assert post(city, "/v1/stages", {"devices": ["g0"], "stage": stage})[0] == 200
        assert device(city, "g0")["stage"] == stage


def test_facts_are_laid_over_those_of_many_devices_and_all_else_stays(
    city: Node,
) -> None:
    place = device(city, "g0")["lon"]
    told = {"devices": ["g0", "g1"], "facts": {"firmware": "1.2", "owner": "water"}}
    assert post(city, "/v1/facts", told)[1] == {"noted": 2}
    post(city, "/v1/facts", {"devices": ["g0"], "facts": {"firmware": "1.3", "owner": None}})
    assert device(city, "g0")["facts"] == {"firmware": "1.3"}
    assert device(city, "g1")["facts"] == {"firmware": "1.2", "owner": "water"}
    assert (device(city, "g0")["lon"], device(city, "g0")["stage"]) == (place, "active")
    assert post(city, "/v1/facts", {"devices": ["g0", "nobody"], "facts": {"a": 1}})[0] == 422
    assert device(city, "g0")["facts"] == {"firmware": "1.3"}, "all are noted, or none"


def test_facts_come_back_after_a_restart(tmp_path: Path) -> None:
    with node(tmp_path) as found:
        post(found, "/v1/facts", {"devices": ["g0"], "facts": {"firmware": "1.2"}})
    senses = town(tmp_path)
    assert senses.registry.device("g0").facts == {"firmware": "1.2"}
    senses.close()


def test_facts_that_devices_share_are_kept_once_and_those_of_an_older_state_are_known() -> None:
    facts = Facts()
    for row in range(100_000):
        facts.put(row, {"firmware": f"1.{row % 3}", "owner": "water", "indoor": row % 2 == 0})
    facts.put(7, {})
    facts.put(8, {"serial": "x", "height": 2.5})
    told, of = facts.dump()
    assert (len(told), len(of) < 5 * 100_000) == (8, True)
    again = Facts()
    again.load(told, of, {})
    assert again.of(9) == {"firmware": "1.0", "owner": "water", "indoor": False}
    assert (again.of(7), again.of(8), again.of(1 << 30)) == ({}, {"serial": "x", "height": 2.5}, {})
    again.put(8, {"serial": "y"})
    assert len(again.dump()[0]) == 8, "what no device has any more is not kept"
    registry = Registry()
    registry.declare(GAUGE)
    registry.enrol([Device(id="g0", kind="gauge")])
    held = registry.dump()
    held.facts, held.told, held.of = {0: {"owner": "water"}}, [], b""
    registry.load(held)
    assert registry.device("g0").facts == {"owner": "water"}


def test_a_device_out_of_service_is_told_nothing_that_was_given_before(city: Node) -> None:
    officer = city.doors.keys.grant("officer", Sender(orders=True))
    mine = city.doors.keys.device("g0")
    asked = {"key": "k1", "command": "open", "args": {"share": 0.5}}
    assert post(city, "/v1/commands/g0", asked, officer)[1]["state"] == "queued"
    post(city, "/v1/stages", {"devices": ["g0"], "stage": "suspended"})
    assert due(city, "g0", mine) == []
    post(city, "/v1/stages", {"devices": ["g0"], "stage": "active"})
    assert due(city, "g0", mine) == ["k1"]


def test_what_a_device_was_told_is_listed_also_when_it_is_over(city: Node) -> None:
    officer = city.doors.keys.grant("officer", Sender(orders=True))
    mine = city.doors.keys.device("g1")
    for key in ("a", "b", "c"):
        post(
            city, "/v1/commands/g1", {"key": key, "command": "open", "args": {"share": 0}}, officer
        )
    assert due(city, "g1", mine) == ["a", "b", "c"]
    for key in ("a", "b"):
        assert post(city, f"/v1/command/{key}", {"state": "done"}, mine)[0] == 200
    told = city.asked("/v1/commands/g1?over=1")[1]
    assert [it["key"] for it in told["commands"]] == ["c"]
    assert [it["key"] for it in told["over"]] == ["b"], "the newest that is over"
    assert "over" not in city.asked("/v1/commands/g1")[1]
