"""Fuzzing of both standards: entities and things told and asked in wrong ways: no 5xx."""

from typing import Any
from urllib.parse import quote

import pytest
from damage import SHORT, bytes_of, json_of
from fuzzed import FAULTS, asked, city
from hypothesis import given
from hypothesis import strategies as st
from open_doors import Node

__all__ = ["city"]
ENTITY: dict[str, Any] = {
    "id": "urn:ngsi-ld:gauge:g0", "type": "gauge", "scope": ["/a/b"],
    "level": {"type": "Property", "value": 3.2, "observedAt": "2026-06-01T00:00:00Z",
              "unitCode": "MTR", "datasetId": "urn:x:1", "by": {"type": "Relationship",
              "object": "urn:a:b"}},
    "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [119.3, 26.1]}},
    "words": {"type": "LanguageProperty", "languageMap": {"zh": "水", "en": "water"}},
    "list": {"type": "ListProperty", "valueList": [1, "a", None]},
    "@context": [{"gauge": "https://x.example/gauge", "by": {"@id": "urn:by", "@type": "@id"}}],
}  # fmt: skip
SUBSCRIPTION = {
    "type": "Subscription", "entities": [{"type": "gauge", "idPattern": "urn:.*"}],
    "watchedAttributes": ["level"], "q": "level>3", "throttling": 5, "scopeQ": "/a/#",
    "geoQ": {"georel": "near;maxDistance==9", "geometry": "Point", "coordinates": [1, 2]},
    "notification": {"attributes": ["level"], "format": "concise",
                     "endpoint": {"uri": "http://127.0.0.1:9/", "accept": "application/json"}},
}  # fmt: skip
QUERY = {"type": "Query", "entities": [{"type": "gauge"}], "attrs": ["level"], "q": "level>1",
         "temporalQ": {"timerel": "after", "timeAt": "2026-06-01T00:00:00Z"}}  # fmt: skip
G0 = "urn:ngsi-ld:gauge:g0"
LEVEL = ENTITY["level"]
ENTITIES: dict[str, list[Any]] = {
    "GET entities": [None], "POST entities": [ENTITY], "DELETE entities": [None],
    f"GET entities/{G0}": [None], f"PUT entities/{G0}": [ENTITY], f"PATCH entities/{G0}": [ENTITY],
    f"POST entities/{G0}/attrs": [ENTITY], f"PATCH entities/{G0}/attrs": [ENTITY],
    f"PATCH entities/{G0}/attrs/level": [LEVEL], f"PUT entities/{G0}/attrs/level": [LEVEL],
    f"DELETE entities/{G0}/attrs/words": [None],
    **{f"POST entityOperations/{it}": [[ENTITY, ENTITY]] for it in ("create", "upsert", "update")},
    "POST entityOperations/merge": [[ENTITY]], "POST entityOperations/delete": [["urn:x:y"]],
    "POST entityOperations/query": [QUERY], "POST temporal/entityOperations/query": [QUERY],
    "GET temporal/entities": [None], "POST temporal/entities": [{**ENTITY, "level": [LEVEL]}],
    f"GET temporal/entities/{G0}": [None], f"POST temporal/entities/{G0}/attrs": [ENTITY],
    f"PATCH temporal/entities/{G0}/attrs/level/urn:x:1": [LEVEL], "GET subscriptions": [None],
    "POST subscriptions": [SUBSCRIPTION], "PATCH subscriptions/urn:x:s": [SUBSCRIPTION],
    "GET jsonldContexts": [None], "POST jsonldContexts": [{"@context": ENTITY["@context"]}],
    "GET types": [None], "GET types/gauge": [None], "GET attributes/level": [None],
}  # fmt: skip
WORDS = [
    b"type=gauge&q=level>3;rain!=1..2&limit=5&offset=1&count=true&options=keyValues,sysAttrs",
    b"georel=near;maxDistance==100&geometry=Point&coordinates=[119.3,26.1]&type=gauge",
    b"type=gauge&timerel=between&timeAt=2026-06-01T00:00:00Z&endTimeAt=2026-06-02T00:00:00Z&"
    b"aggrMethods=avg,max&aggrPeriodDuration=PT5M&options=aggregatedValues&lastN=3",
    b"id=urn:ngsi-ld:gauge:g0&idPattern=urn.*&attrs=level&pick=id&omit=type&lang=zh&scopeQ=/a/%23",
]  # fmt: skip


@SHORT
@given(
    door=st.sampled_from([*ENTITIES]),
    words=st.one_of(st.just(b""), bytes_of(WORDS)),
    form=st.sampled_from(["application/json", "application/json", "application/ld+json"]),
    data=st.data(),
)
def test_no_entity_is_told_or_asked_into_a_5xx(
    city: Node, door: str, words: bytes, form: str, data: st.DataObject
) -> None:
    verb, path = door.split(" ")
    body = data.draw(json_of(ENTITIES[door]))
    whole = f"/ngsi-ld/v1/{path}?{quote(words, safe='=&;,.:/()[]')}"
    assert asked(city, verb, whole, body, form) not in FAULTS
    assert city.senses.total().whole


THING: dict[str, Any] = {
    "name": "station-9", "description": "d", "properties": {"owner": "city"},
    "Locations": [{"name": "roof", "description": "", "encodingType": "application/geo+json",
                   "location": {"type": "Point", "coordinates": [119.29, 26.07]}}],
    "Datastreams": [{"name": "air", "description": "", "observationType": "OM_Measurement",
                     "unitOfMeasurement": {"name": "m", "symbol": "m", "definition": "m"},
                     "ObservedProperty": {"name": "air", "definition": "x", "description": ""},
                     "Sensor": {"name": "s", "description": "", "encodingType": "text/html",
                                "metadata": "m"}}],
}  # fmt: skip
ARRAY = [{"Datastream": {"@iot.id": 1}, "components": ["phenomenonTime", "result"],
          "dataArray@iot.count": 1, "dataArray": [["2026-06-01T00:00:00Z", 3.1]]}]  # fmt: skip
OBSERVATION = {"Datastream": {"@iot.id": 1}, "result": 3.2, "resultTime": None,
               "phenomenonTime": "2026-06-01T00:00:00Z"}  # fmt: skip
SETS: dict[str, list[Any]] = {
    **{f"GET {it}": [None] for it in (
        "", "Things", "Things(1)/Datastreams", "Datastreams(1)/Observations", "Observations",
        "Locations", "FeaturesOfInterest", "HistoricalLocations", "ObservedProperties")},
    "POST Things": [THING], "PATCH Things(1)": [THING], "PUT Things(2)": [THING],
    "POST Observations": [OBSERVATION], "POST Datastreams(1)/Observations": [OBSERVATION],
    "POST CreateObservations": [ARRAY], "POST Locations": THING["Locations"],
    "POST Things(1)/Locations": THING["Locations"], "DELETE Things(4)": [None],
    "POST Datastreams": [{**THING["Datastreams"][0], "Thing": {"@iot.id": 1}}],
    "PATCH Datastreams(1)": THING["Datastreams"], "DELETE Datastreams(7)": [None],
    "POST Sensors": [{"name": "s", "description": "", "encodingType": "x", "metadata": "m"}],
}  # fmt: skip
OPTIONS = [
    b"$filter=result gt 3 and phenomenonTime lt 2026-06-01T00:00:00Z&$orderby=result desc&$top=2",
    b"$expand=Datastreams($expand=Observations($top=1;$select=result))&$select=name&$count=true",
    b"$filter=geo.distance(location,geography'POINT(119 26)') lt 1 or startswith(name,'g')&$skip=1",
    b"$filter=Datastreams/unitOfMeasurement/symbol eq 'm'&$resultFormat=dataArray",
]


@SHORT
@given(
    door=st.sampled_from([*SETS]),
    cut=st.sampled_from([0, 0, 0, 1, 2]),
    words=st.one_of(st.just(b""), bytes_of(OPTIONS)),
    data=st.data(),
)
def test_no_thing_is_told_or_asked_into_a_5xx(
    city: Node, door: str, cut: int, words: bytes, data: st.DataObject
) -> None:
    verb, path = door.split(" ")
    body = data.draw(json_of(SETS[door]))
    whole = f"/v1.1/{path[: len(path) - cut]}?{quote(words, safe='$=&;,.:/()')}"
    assert asked(city, verb, whole, body, "application/json") not in FAULTS
    assert city.senses.total().whole


WRONG = [
    ("POST entityOperations/update", [["no object"]]), ("POST entityOperations/merge", [7]),
    ("POST entityOperations/query", {**QUERY, "entities": [None]}),
    ("POST entityOperations/query", {**QUERY, "geoQ": [1]}), (f"PUT entities/{G0}", [ENTITY]),
    ("POST temporal/entityOperations/query", {**QUERY, "entities": 5}),
    ("POST temporal/entityOperations/query", {**QUERY, "temporalQ": [5]}),
    (f"PATCH entities/{G0}/attrs", {"level": {"type": ["Property"], "value": 1}}),
    (f"PATCH entities/{G0}/attrs", {"place": {"type": "GeoProperty", "value": {"type": []}}}),
    ("POST subscriptions", {**SUBSCRIPTION, "geoQ": [1]}),
    ("POST subscriptions", {**SUBSCRIPTION, "notificationTrigger": {"a": 1}}),
    ("POST subscriptions", {**SUBSCRIPTION, "notification": {
        "endpoint": {"uri": "http://127.0.0.1:99999/"}}}),
    ("POST subscriptions", {**SUBSCRIPTION, "notification": {
        "attributes": 5, "format": [], "endpoint": {"uri": "http://127.0.0.1:9/"}}}),
]  # fmt: skip


@pytest.mark.parametrize(("door", "body"), WRONG)
def test_what_once_broke_the_door_of_entities_is_refused_in_words(
    city: Node, door: str, body: object
) -> None:
    verb, path = door.split(" ")
    assert asked(city, verb, f"/ngsi-ld/v1/{path}", body, "application/json") in {207, 400}
