"""Keys over HTTP: nobody comes in without one, and nobody beyond what it allows."""

import json
import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path

import pytest
from open_doors import Node, clock
from posted import JSON, ask, city, reading

from mindu.data.senses.registry import Registry
from mindu.edge.keys import Keys, Sender
from mindu.perceive.declare import Device

__all__ = ["city"]


def test_nobody_without_a_key_and_nobody_beyond_it(city: Node) -> None:
    body = json.dumps(reading("g2", clock(), 3.0)).encode()
    assert ask(city, "/v1/readings", body, key="")[0] == 401
    assert ask(city, "/v1/readings", body, key="s.tester.AAAA")[0] == 401
    assert ask(city, "/v1/account", key="d.ü.x")[0] == 401
    device = ask(city, "/v1/keys/g3")[1]["key"]
    other = ask(city, "/v1/readings", body, key=device)[1]
    assert other["refused"] == {"not this sender's device": 1}
    own = json.dumps(reading("g3", clock(), 3.0)).encode()
    assert ask(city, "/v1/readings", own, key=device)[1]["stored"] == 1
    assert ask(city, "/v1/latest", key=device)[0] == 403
    fresh = ask(city, "/v1/keys/g3", b"")[1]["key"]
    assert ask(city, "/v1/readings", own, key=device)[0] == 401
    assert ask(city, "/v1/readings", own, key=fresh)[1]["duplicate"] == 1
    district = city.doors.keys.grant("district", Sender(groups=("district-1",)))
    both = [reading("g2", clock(), 3.1), reading("g5", clock(), 3.1)]
    told = ask(city, "/v1/readings", json.dumps(both).encode(), key=district)[1]
    assert (told["stored"], sum(told["refused"].values())) == (1, 1)


def test_a_key_as_a_password_may_be_any_text(city: Node) -> None:
    senses = city.senses
    senses.enrol([Device(id="闽江-1", kind="gauge")])
    for key, status in ((city.doors.keys.device("闽江-1"), 200), ("d.闽江.AAAA", 401)):
        told = b64encode(f"who:{key}".encode()).decode()
        body = json.dumps(reading("闽江-1", clock(), 3.0)).encode()
        request = urllib.request.Request(  # noqa: S310
            f"{city.url}/v1/readings", body, {"Authorization": f"Basic {told}"}
        )
        request.add_header("Content-Type", JSON)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                found = answer.status
        except urllib.error.HTTPError as wrong:
            found = wrong.code
            wrong.close()
        assert found == status


def test_a_key_stays_until_what_it_may_do_changes(tmp_path: Path) -> None:
    keys = Keys(tmp_path, Registry())
    first = keys.grant("gateway", Sender(groups=("jinan",)))
    keys.revoke("gateway")
    second = keys.grant("gateway", Sender(groups=("jinan",)))
    assert second != first
    assert keys.caller(first) is None
    assert keys.grant("gateway", Sender(groups=("jinan",))) == second
    assert keys.grant("gateway", Sender(groups=("taijiang",))) != second
    assert keys.caller(second) is None
    with pytest.raises(KeyError, match="no sender is called"):
        keys.revoke("nobody")


def test_a_key_that_was_granted_or_voided_elsewhere_holds_here(city: Node) -> None:
    other = Keys(city.senses.folder / "keys", Registry())
    key = other.grant("newcomer")
    body = json.dumps(reading("g2", clock(), 3.0)).encode()
    assert ask(city, "/v1/readings", body, key=key)[0] == 200
    other.revoke("newcomer")
    city.doors.keys.refresh()
    assert ask(city, "/v1/readings", body, key=key)[0] == 401
