"""SensorThings 1.1: what came by any door is read, created and filtered here."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from open_doors import Node, clock, node
from town import DAY, FIVE, T0, held, levels

from mindu.edge.http.bodies import Unfit
from mindu.edge.sensorthings.ask import Ask
from mindu.edge.sensorthings.entities import Entities


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("sta")) as found:
        found.senses.take([levels("g0", [3.0, 3.1, 3.2])], T0 + 3_600_000)
        yield found


def ask(city: Node, path: str, method: str = "GET", body: object = None) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    return city.asked(f"/v1.1{urllib.parse.quote(path, safe='/()$=&?;,')}", data, method=method)


def zoned(ms: int) -> str:
    """Return an instant as it is told in Fuzhou."""
    return datetime.fromtimestamp(ms / 1000, timezone(timedelta(hours=8))).isoformat()


def test_what_came_by_another_door_is_read_here(city: Node) -> None:
    (thing,) = ask(city, "/Things?$filter=name eq 'g0'")[1]["value"]
    streams = ask(city, f"/Things({thing['@iot.id']})/Datastreams")[1]["value"]
    assert [s["unitOfMeasurement"]["symbol"] for s in streams] == ["m", "mm/h"]
    path = f"/Datastreams({streams[0]['@iot.id']})/Observations?$orderby=phenomenonTime desc"
    assert [o["result"] for o in ask(city, path)[1]["value"]] == [3.2, 3.1, 3.0]


def test_a_thing_is_created_with_all_that_hangs_on_it(city: Node) -> None:
    told = {
        "name": "station-9", "description": "a weather station", "properties": {"owner": "city"},
        "Locations": [{"name": "roof", "description": "", "encodingType": "application/geo+json",
                       "location": {"type": "Point", "coordinates": [119.29, 26.07]}}],
        "Datastreams": [{
            "name": "air", "description": "", "observationType": "OM_Measurement",
            "unitOfMeasurement": {"name": "degree Celsius", "symbol": "Cel", "definition": ""},
            "ObservedProperty": {"name": "temperature", "definition": "", "description": ""},
            "Sensor": {"name": "thermometer", "description": "", "metadata": ""},
        }],
    }  # fmt: skip
    status, thing = ask(city, "/Things", "POST", told)
    assert status == 201
    key = thing["@iot.id"]
    assert ask(city, "/Things", "POST", told)[0] == 409
    asked = f"/Things({key})?$expand=Locations,Datastreams($select=name;$expand=ObservedProperty)"
    whole = ask(city, asked)[1]
    assert whole["Locations"][0]["location"]["coordinates"] == [119.29, 26.07]
    (stream,) = whole["Datastreams"]
    assert stream["ObservedProperty"]["name"] == "temperature"
    number = stream["@iot.id"]
    start = clock() // DAY * DAY - DAY  # what is older than 400 days is refused, so: yesterday
    seen = {"phenomenonTime": zoned(start), "result": 21.5}
    status, made = ask(city, f"/Datastreams({number})/Observations", "POST", seen)
    assert (status, made["result"]) == (201, 21.5)
    many = [{"Datastream": {"@iot.id": number}, "components": ["phenomenonTime", "result"],
             "dataArray": [[zoned(start + FIVE), 21.6], ["never", 1], ["2026-06-01T00:05", 1],
                           [zoned(start + 2 * FIVE), 22]]}]  # fmt: skip
    status, links = ask(city, "/CreateObservations", "POST", many)
    assert (status, links[1]) == (201, "error")
    assert links[2] == "error"
    assert held(city.senses, "station-9", "temperature").value.tolist() == [21.5, 21.6, 22.0]
    back = ask(city, f"/Observations('{number}-{start}')")[1]
    assert back["result"] == 21.5
    assert ask(city, f"/Observations('{number}-{start}')/Datastream")[1]["@iot.id"] == number
    assert ask(city, f"/Things({key})", "DELETE")[0] == 200
    assert ask(city, f"/Things({key})")[0] == 404


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/Things?$filter=startswith(name,'g') and not name eq 'g1'&$select=name",
         ["g0", "g2", "g3"]),
        ("/Things?$filter=properties/group eq 'district-1'", ["g1", "g3"]),
        ("/Things?$orderby=name desc&$top=2&$filter=length(name) eq 2", ["g3", "g2"]),
        ("/Locations?$filter=geo.distance(location,geography'POINT(119.32 26.1)') lt 0.015",
         ["g1", "g2", "g3"]),
        ("/Locations?$filter=st_within(location,geography'POLYGON((119.305 26,119.315 26,"
         "119.315 27,119.305 27,119.305 26))')", ["g1"]),
        ("/Datastreams?$filter=unitOfMeasurement/symbol eq 'm' and substringof('g2',name)",
         ["g2/level"]),
    ],
)  # fmt: skip
def test_filters_find_what_they_say(city: Node, path: str, names: list[str]) -> None:
    assert [it["name"] for it in ask(city, path)[1]["value"]] == names


def test_observations_are_filtered_by_time_and_counted(city: Node) -> None:
    number = city.senses.registry.one("g0", "level") + 1
    after = "phenomenonTime gt 2026-06-01T00:00:00Z and result lt 3.15"
    found = ask(city, f"/Datastreams({number})/Observations?$count=true&$filter={after}")[1]
    assert (found["@iot.count"], found["value"][0]["result"]) == (1, 3.1)
    minutes = ask(city, f"/Datastreams({number})/Observations?$filter=minute(phenomenonTime) ge 5")
    assert [it["result"] for it in minutes[1]["value"]] == [3.1, 3.2]
    page = ask(city, f"/Datastreams({number})/Observations?$top=1&$skip=1")[1]
    assert page["value"][0]["result"] == 3.1
    assert page["@iot.nextLink"].endswith("$top=1&$skip=2")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/Nothing", 404), ("/Things(999)", 404), ("/Things(0)", 404), ("/Things(x)", 404),
        ("/Things(1)/Nothing", 404), ("/Things?$filter=name eq", 400), ("/Things?$top=x", 400),
        ("/Things?$filter=" + "(" * 60, 400), ("/Things?$filter=magic(name)", 501),
        ("/Things?$expand=Nothing", 400), ("/Things?$nothing=1", 400),
        ("/Observations('1²-5')", 404), (f"/Things({'9' * 5000})", 404),
        ("/Things?$filter=" + "not " * 2000 + "true", 400),
        ("/Things?$filter=floor(1e999) eq 1", 400),
        ("/Locations?$filter=st_within(location,geography'POLYGON((1 2,3))')", 400),
        ("/Datastreams(1)/Observations?$filter=phenomenonTime gt 2026-13-01T00:00:00Z", 400),
        ("/Things?$expand=" + "Datastreams/Thing/" * 50 + "Locations", 400),
        ("/Observations('1-x')", 404), ("/Things?$filter=year(name) eq 1", 400),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(city: Node, path: str, status: int) -> None:
    found, told = ask(city, path)
    assert found == status
    assert told["error"]


def test_what_is_expanded_again_and_again_ends_in_time(city: Node) -> None:
    entities, query = Entities(city.senses), {"$expand": "Datastreams"}
    shown = Ask(entities, "", most=100).answer("Things", query)["value"]
    count = len(shown) + sum(len(it["Datastreams"]) for it in shown)
    assert Ask(entities, "", most=count).answer("Things", query)["value"] == shown
    with pytest.raises(Unfit, match="more than"):
        Ask(entities, "", most=count - 1).answer("Things", query)
