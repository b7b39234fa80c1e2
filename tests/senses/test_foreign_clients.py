"""SensorThings and NGSI-LD are spoken with clients that we did not write.

They run in a venv of their own, which `make test` lays beside ours (`requirements/clients.txt`):
one of them asks for libraries older than ours.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from entities import OPEN
from open_doors import PATIENCE, Node, clock, node

from mindu.base.time import DAY

ROOM = Path(__file__).parent / "foreign"
PYTHON = Path(os.environ.get("MINDU_CLIENTS", Path(sys.prefix) / "clients")) / "bin" / "python"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("foreign"), OPEN) as found:
        yield found


def heard(city: Node, client: str) -> dict[str, Any]:
    """Let a client tell and ask the city; return what it heard."""
    assert PYTHON.exists(), "the clients' venv is missing: run `make .venv/dev.stamp`"
    day = (datetime.fromtimestamp(clock() / 1000, UTC) - DAY).date().isoformat()
    command = [str(PYTHON), str(ROOM / f"{client}.py"), city.url, city.key, day]
    bare = {name: word for name, word in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=bare,
                          timeout=PATIENCE)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_a_client_of_sensorthings_tells_filters_along_links_changes_and_takes_away(
    city: Node,
) -> None:
    told = heard(city, "sensorthings")
    assert (told["warm"], told["count"]) == ([21.75, 24.0], 2)
    assert told["near"] == ["frost-9", "g0", "g1", "g2", "g3"]
    assert (told["streams"], told["symbol"]) == (["air"], "Cel")
    assert (told["then"], told["left"]) == ("moved", 0)


def test_a_client_of_ngsi_ld_tells_asks_looks_back_and_subscribes(city: Node) -> None:
    told = heard(city, "ngsild")
    assert (told["created"], told["batch"], told["count"], told["types"]) == (True, True, 3, True)
    assert told["same"] == ["Geely", 55.0, "KMH"]
    assert told["fast"] == ["2", "3"]
    assert (told["then"], told["past"]) == (61.5, [55.0, 61.5])
    assert (told["watched"], told["gone"]) == (True, True)
    assert (told["deleted"], told["left"]) == (True, False)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("Datastreams?$filter=ObservedProperty/name eq 'rain'&$select=name", 4),
        ("Datastreams?$filter=Thing/name eq 'g1'", 2),
        ("Things?$filter=startswith(name,'g') and st_within(Locations/location, "
         "geography'POLYGON((119 26,120 26,120 27,119 27,119 26))')", 4),
        ("Observations?$filter=Datastream/id eq 99999", 0),
        ("Observations?$filter=Datastream/Thing/name eq 'nobody'", 0),
    ],
)  # fmt: skip
def test_a_filter_goes_along_links(city: Node, path: str, names: int) -> None:
    status, told = city.asked(f"/v1.1/{path.replace(' ', '%20')}")
    assert (status, len(told["value"])) == (200, names)


def test_a_filter_along_a_link_to_many_is_refused_in_words(city: Node) -> None:
    status, told = city.asked("/v1.1/Things?$filter=Datastreams/name%20eq%20'x'")
    assert status == 400
    assert "ask Datastreams instead" in json.dumps(told)
