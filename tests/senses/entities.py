"""A town whose devices are asked for as entities of NGSI-LD."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from open_doors import Node, node
from town import T0, levels

from mindu.edge.ngsild.model.show import text
from mindu.edge.settings import Http, NgsiLd, Settings

OPEN = Settings(http=Http(port=0), ngsild=NgsiLd(notify=("127.0.0.1",)))
LD = "application/ld+json"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("ngsild"), OPEN) as found:
        found.senses.take([levels("g0", [3.0, 3.1, 3.2])], T0 + 3_600_000)
        yield found


def ask(
    city: Node, path: str, method: str = "GET", body: object = None, **headers: str
) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    told = headers if data is None else {"Content_Type": "application/json"} | headers
    whole = f"/ngsi-ld/v1{quote(path, safe='/()$=&?;,:!*|~%')}"
    return city.asked(whole, data, method=method, **told)


def vehicle(name: str, speed: float = 55, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "id": f"urn:ngsi-ld:Vehicle:{name}", "type": "Vehicle",
        "brandName": {"type": "Property", "value": "Mercedes"},
        "speed": {"type": "Property", "value": speed, "unitCode": "KMH",
                  "source": {"type": "Property", "value": "Speedometer"}},
        "isParked": {"type": "Relationship", "object": "urn:ngsi-ld:OffStreetParking:Downtown1",
                     "providedBy": {"type": "Relationship", "object": "urn:ngsi-ld:Person:Bob"}},
        "location": {"type": "GeoProperty",
                     "value": {"type": "Point", "coordinates": [119.3, 26.08]}},
        **more,
    }  # fmt: skip


def zulu(ms: int) -> str:
    return str(text(ms))
