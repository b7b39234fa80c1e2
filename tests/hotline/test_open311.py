"""GeoReport v2, asked by the real `georeport` client and by hand."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from georeport import GeoReport
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Mount

from house import KEY, KIND, NOON, WIRE, counter, served
from mindu.base.records import Words
from mindu.brain.cases import State
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.plain import spelled
from mindu.edge.open311.call import City
from mindu.edge.open311.doors import routes

CITY = "fuzhou.gov.cn"
TOLD = {
    "api_key": KEY, "jurisdiction_id": CITY, "service_code": "flooding",
    "lat": "26.076", "long": "119.296", "description": "乌山路积水,水深过膝。电话13900001234",
    "attribute[depth]": "knee",
}  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Counter]]:
    desk = counter(Path(tmp_path_factory.mktemp("city")))
    told = City(
        counter=desk, kind=KIND, contact=Words("call 12345", "请拨 12345"),
        key_service="ask the hotline centre for a key", changeset="2026-11-25T00:00:00+08:00",
    )  # fmt: skip
    with served(Starlette(routes=[Mount("/open311/v2", routes=routes(told))])) as root:
        yield f"{root}/open311/v2", desk


def send(root: str, form: str = "json", **more: Any) -> httpx.Response:  # noqa: ANN401
    data = {key: value for key, value in {**TOLD, **more}.items() if value is not None}
    return WIRE.post(f"{root}/requests.{form}", data=data)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_real_client_reads_services_definitions_and_requests(
    city: tuple[str, Counter], form: str
) -> None:
    root, _ = city
    sent = send(root, description=f"乌山路积水 {form}").json()[0]["service_request_id"]
    client = GeoReport(root, jurisdiction=CITY, output_format=form)
    services = client.get_service_list()
    assert {"flooding", "lamp", "business"} <= {s["service_code"] for s in services}
    asked = client.get_service_definition("flooding")
    assert asked["service_code"] == "flooding"
    one = client.get_service_request(sent)
    assert (one["service_request_id"], one["status"]) == (sent, "open")
    listed = client.get_service_requests(service_code="flooding", status="open")
    found = listed if isinstance(listed, list) else [listed]
    assert sent in {told["service_request_id"] for told in found}


def test_what_is_posted_is_masked_and_lies_in_the_log(city: tuple[str, Counter]) -> None:
    root, desk = city
    got = send(root)
    assert got.status_code == 200
    number = got.json()[0]["service_request_id"]
    assert "token" not in got.json()[0], "an id or a token, never both"
    told = WIRE.get(f"{root}/requests/{number}.json", params={"jurisdiction_id": CITY}).json()
    assert isinstance(told, list)
    assert "13900001234" not in str(told)
    assert "13900001234" not in str(list(desk.office.memory.log))
    assert (told[0]["lat"], told[0]["long"]) == (26.076, 119.296)
    assert told[0]["expected_datetime"].startswith("2026-")


def test_bytes_that_a_program_did_not_escape_are_read_as_they_were_meant(
    city: tuple[str, Counter],
) -> None:
    root, desk = city
    told = "八一七路有人落水,快来人"
    body = "&".join(f"{key}={value}" for key, value in {**TOLD, "description": told}.items())
    kind = {"content-type": "application/x-www-form-urlencoded"}
    got = WIRE.post(f"{root}/requests.json", content=body.encode(), headers=kind)
    assert got.status_code == 200, got.text
    number = max(desk.office.cases)
    assert desk.opening(number).text == told
    assert desk.office.cases.state(number) is State.EXTERNAL, "an emergency is heard there too"
    for text in ("café", "路灯", "plain", "Ã", "\xff\xfe"):
        assert spelled(text) == text
    assert spelled("路灯".encode().decode("latin-1")) == "路灯"


def test_xml_is_well_formed_whatever_was_typed(city: tuple[str, Counter]) -> None:
    root, _ = city
    nasty = "<script>alert(1)</script> ]]> & \x00\x0b\ufffe \u200b " + "啊" * 50
    number = send(root, description=nasty).json()[0]["service_request_id"]
    got = WIRE.get(f"{root}/requests/{number}.xml", params={"jurisdiction_id": CITY})
    tree = ET.fromstring(got.content)  # noqa: S314 - our own server's answer
    assert tree.tag == "service_requests"
    text = tree.findtext("request/description")
    assert text is not None
    assert "<script>" in text
    assert "\u200b" not in text


def test_discovery_tells_where_everything_lies(city: tuple[str, Counter]) -> None:
    root, _ = city
    told = WIRE.get(f"{root}/discovery.json").json()
    assert told["endpoints"][0]["url"] == root
    tree = ET.fromstring(WIRE.get(f"{root}/discovery.xml").content)  # noqa: S314
    assert tree.findtext("endpoints/endpoint/specification") == (
        "http://wiki.open311.org/GeoReport_v2"
    )
    assert [f.text for f in tree.iter("format")] == ["text/xml", "application/json"]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("services.json", {}, 400),  # several jurisdictions, none given
        ("services.json", {"jurisdiction_id": "nowhere.example"}, 404),
        ("services/none.json", {"jurisdiction_id": CITY}, 404),
        ("services/river.json", {"jurisdiction_id": CITY}, 404),  # metadata is false
        ("requests/99999.json", {"jurisdiction_id": CITY}, 404),
        ("requests.json", {"jurisdiction_id": CITY, "status": "lost"}, 400),
        ("requests.json", {"jurisdiction_id": CITY, "start_date": "yesterday"}, 400),
        ("requests.json", {"jurisdiction_id": CITY, "start_date": "2026-01-01T00:00:00Z",
                           "end_date": "2026-06-01T00:00:00Z"}, 400),
        ("requests.json", {"jurisdiction_id": CITY, "service_code": "none"}, 404),
        ("tokens/ABCDEFGH2345.json", {"jurisdiction_id": CITY}, 404),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_gets_the_errors_of_the_specification(
    city: tuple[str, Counter], path: str, query: dict[str, str], status: int
) -> None:
    root, _ = city
    got = WIRE.get(f"{root}/{path}", params=query)
    assert got.status_code == status
    assert got.json()[0]["code"] == status
    assert got.json()[0]["description"]
    xml = WIRE.get(f"{root}/{path.replace('.json', '.xml')}", params=query)
    assert ET.fromstring(xml.content).findtext("error/code") == str(status)  # noqa: S314


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": None}, 403), ({"api_key": "guessed"}, 403),
        ({"service_code": None}, 400), ({"service_code": "none"}, 404),
        ({"lat": None, "long": None}, 400), ({"lat": "95"}, 400), ({"long": None}, 400),
        ({"description": "长" * 4001}, 400), ({"attribute[depth]": "bottomless"}, 400),
        ({"service_code": "business"}, 400),  # the name of the firm is required
    ],
)  # fmt: skip
def test_a_report_that_lacks_something_is_refused_in_words(
    city: tuple[str, Counter], change: dict[str, Any], status: int
) -> None:
    root, desk = city
    before = len(desk.office.cases)
    got = send(root, **change)
    assert (got.status_code, got.json()[0]["code"]) == (status, status), got.text
    assert len(desk.office.cases) == before


def test_an_id_overrides_every_other_filter_and_empty_means_absent(
    city: tuple[str, Counter],
) -> None:
    root, _ = city
    number = send(root, description="一条").json()[0]["service_request_id"]
    query = {"jurisdiction_id": CITY, "service_request_id": number, "status": "closed",
             "start_date": ""}  # fmt: skip
    told = WIRE.get(f"{root}/requests.json", params=query).json()
    assert [t["service_request_id"] for t in told] == [number]


def test_a_county_sees_its_own_requests_and_the_city_sees_all(city: tuple[str, Counter]) -> None:
    root, _ = city
    number = send(root, jurisdiction_id="gulou.fuzhou.gov.cn", description="鼓楼的一条").json()[0][
        "service_request_id"
    ]
    here = {"jurisdiction_id": "cangshan.fuzhou.gov.cn"}
    assert WIRE.get(f"{root}/requests/{number}.json", params=here).status_code == 404
    for name in ("gulou.fuzhou.gov.cn", CITY):
        got = WIRE.get(f"{root}/requests/{number}.json", params={"jurisdiction_id": name})
        assert got.status_code == 200


def test_a_picture_is_taken_in_without_its_position(city: tuple[str, Counter]) -> None:
    root, _ = city
    picture, told = Image.new("RGB", (64, 48), "blue"), BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a phone that tells"
    exif.get_ifd(0x8825)[2] = (26.0, 4.0, 33.0)
    picture.save(told, "JPEG", exif=exif)
    got = WIRE.post(
        f"{root}/requests.json",
        data={**TOLD, "description": "有照片"},
        files={"media": ("photo.jpg", told.getvalue(), "image/jpeg")},
    )
    number = got.json()[0]["service_request_id"]
    one = WIRE.get(f"{root}/requests/{number}.json", params={"jurisdiction_id": CITY}).json()[0]
    kept = WIRE.get(one["media_url"])
    assert kept.headers["content-type"] == "image/jpeg"
    assert not Image.open(BytesIO(kept.content)).getexif()
    assert b"tells" not in kept.content


def test_updates_go_both_ways_and_pages_can_be_turned(city: tuple[str, Counter]) -> None:
    root, _ = city
    number = send(root, description="要补充").json()[0]["service_request_id"]
    data = {"api_key": KEY, "jurisdiction_id": CITY, "service_request_id": number,
            "description": "水退了一些"}  # fmt: skip
    got = WIRE.post(f"{root}/servicerequestupdates.json", data=data)
    assert got.json()[0]["update_id"]
    told = WIRE.get(
        f"{root}/servicerequestupdates.json",
        params={"jurisdiction_id": CITY, "start_date": (NOON - timedelta(days=1)).isoformat()},
    ).json()
    assert number in {update["service_request_id"] for update in told}
    page = {"jurisdiction_id": CITY, "page_size": "2", "page": "2"}
    assert len(WIRE.get(f"{root}/requests.json", params=page).json()) == 2
