"""The node that is fuzzed, with every door open, and what counts as a fault of ours."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from dying_post import GATE
from open_doors import Node, node
from town import T0, levels

from mindu.edge.keys import Sender
from mindu.edge.settings import Http, Mqtt, NgsiLd, Settings

SAID = {501, 503}  # not offered; a context that is not kept: answers in words, not faults
OPEN = Settings(http=Http(port=0), mqtt=Mqtt(port=0), ngsild=NgsiLd(notify=("127.0.0.1",)))
FAULTS = {*range(500, 600)} - SAID


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("fuzz"), OPEN, devices=4) as found:
        found.senses.declare(GATE)
        found.key = found.doors.keys.grant("tester", Sender(keeps=True, orders=True))
        found.senses.take([levels("g0", [3.0, 3.1, 3.2])], T0 + 3_600_000)
        yield found


def asked(city: Node, verb: str, path: str, body: object, form: str) -> int:
    """Return how the node answers."""
    request = urllib.request.Request(  # noqa: S310 - our own
        city.url + path, None if verb == "GET" else json.dumps(body).encode(),
        {"Authorization": f"Bearer {city.key}", "Content-Type": form}, method=verb,
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own
            return int(answer.status)
    except urllib.error.HTTPError as wrong:
        with wrong:
            return wrong.code
