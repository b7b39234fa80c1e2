"""Base maps in a browser: tiles of one file are drawn, ten megabytes come in and go again."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from everywhere import held
from night import NOW, Night, stormy
from PIL import Image
from playwright.sync_api import Page, expect
from tiles import archive
from watched import Opener, Served

from mindu.base.records import Event, Value, Words
from mindu.console.declared import Map
from mindu.console.maps.kept import Maps
from mindu.console.server import serving

BIG, VAST = 10_000_000, 13 << 20  # bytes
DIFFERS = 0.2  # of the map's picture that a lake over all of the city changes at least


@pytest.fixture
def city(tmp_path: Path) -> Iterator[tuple[Night, Served]]:
    night = stormy()

    def say(what: str, args: dict[str, Value], by: str) -> None:
        with night.lock:
            night.write(Event(what, args), about="city", by=by, at=NOW)

    night.maps = Maps(tmp_path, (), say=say)
    with serving(night) as desk:
        yield night, cast("Served", desk)


def picture(page: Page) -> Image.Image:
    page.wait_for_timeout(1_000)
    canvas = page.locator("md-map canvas").first.screenshot()
    return Image.open(BytesIO(canvas)).convert("RGB")


def test_tiles_of_one_file_are_drawn_from_this_origin(opened: Opener, tmp_path: Path) -> None:
    night, path = stormy(), tmp_path / "water.pmtiles"
    with serving(night) as desk:
        bare = picture(opened(at=cast("Served", desk)).go("/situation", "md-map[data-drawn]"))
    path.write_bytes(archive())
    tiles = Map(name=path.name, title=Words("Lake", "湖"), source="示意", datum="WGS-84",
                review_no="", path=path)  # fmt: skip
    night.city = replace(night.city, maps=(tiles,))
    with serving(night) as desk:
        watched = opened(at=cast("Served", desk))
        page = watched.go("/situation", "md-map[data-drawn][data-laid]")
        drawn = picture(page)
        watched.clean()
    changed = float((np.asarray(bare) != np.asarray(drawn)).any(axis=2).mean())
    assert changed > DIFFERS, f"{changed:.0%} of the map changed"


def test_a_file_that_is_no_archive_leaves_the_city_to_be_seen(
    opened: Opener, tmp_path: Path
) -> None:
    night, path = stormy(), tmp_path / "broken.pmtiles"
    path.write_bytes(b"PMTiles\x03 and nothing else")
    broken = Map(name=path.name, title=Words("Broken", "坏图"), source="-", datum="WGS-84",
                 review_no="", path=path)  # fmt: skip
    night.city = replace(night.city, maps=(broken,))
    with serving(night) as desk:
        watched = opened(at=cast("Served", desk))
        page = watched.go("/situation?lang=en", "md-map[data-drawn]")
        expect(page.locator("#toasts .bad")).to_contain_text("Broken")
        assert not watched.errors


def ten_megabytes() -> bytes:
    ring = [[119.2 + n % 50 / 6000 + 1e-7, 26.0 + n // 50 / 6000 + 1e-7] for n in range(100)]
    area = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    one = {
        "type": "Feature",
        "properties": {"name": "<img src=x onerror=alert(1)>"},
        "geometry": area,
    }
    count = BIG // len(json.dumps(one)) + 1
    return json.dumps({"type": "FeatureCollection", "features": [one] * count}).encode()


def test_a_steward_brings_ten_megabytes_in_and_takes_them_back(
    opened: Opener, city: tuple[Night, Served], axe: str
) -> None:
    night, desk = city
    watched = opened(at=desk, role="steward")
    page = watched.go("/data?lang=en", "md-bring progress")
    assert not held(watched, axe, "en", "light")
    form = page.locator("md-bring form")
    form.locator("[name=en]").fill("Big <b>map</b>")
    form.locator("[name=source]").fill("<script>alert(1)</script>")
    broken = {"name": "broken.geojson", "mimeType": "application/geo+json", "buffer": b"{"}
    form.locator("[name=map]").set_input_files(files=broken)  # type: ignore[arg-type]
    form.locator("button").click()
    expect(form.locator("[role=alert]")).to_contain_text("no JSON")
    expect(form.locator("[name=en]")).to_have_value("Big <b>map</b>")
    whole = broken | {"name": "big.geojson", "buffer": ten_megabytes()}
    form.locator("[name=map]").set_input_files(files=whole)  # type: ignore[arg-type]
    form.locator("button").click()
    expect(page.locator("#maps .row")).to_contain_text("Big <b>map</b>")
    assert night.maps is not None
    assert len(night.maps.listed()) == 1
    watched.go("/situation?lang=en", "md-map[data-drawn]")
    expect(page.locator("md-map .keybox")).to_contain_text("Big <b>map</b>")
    watched.go("/data?lang=en", "md-bring progress")
    page.locator("#maps .row button").click()
    expect(page.locator("#maps .row")).to_have_count(0)
    assert not night.maps.listed()
    watched.clean()


def test_a_file_beyond_the_limit_is_refused_in_words(
    opened: Opener, city: tuple[Night, Served]
) -> None:
    night, desk = city
    page = opened(at=desk, role="steward").go("/data?lang=zh", "md-bring progress")
    form = page.locator("md-bring form")
    form.locator("[name=zh]").fill("大图")
    form.locator("[name=source]").fill("自绘")
    vast = {"name": "vast.geojson", "mimeType": "application/geo+json", "buffer": b" " * VAST}
    form.locator("[name=map]").set_input_files(files=vast)  # type: ignore[arg-type]
    form.locator("button").click()
    expect(form.locator("[role=alert]")).to_contain_text("过大")
    expect(form.locator("[name=zh]")).to_have_value("大图")
    assert night.maps is not None
    assert not night.maps.listed()
