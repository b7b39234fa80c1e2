"""The map package: what is taken, and what is refused with how to mend it."""

from pathlib import Path

import pytest

from mindu.cli.live.maps import maps_in
from mindu.cli.say import Trouble

GOOD = """
[[map]]
file = "rivers.geojson"
zh = "内河(示意)"
en = "Inner rivers (schematic)"
source = "drawn by us"
datum = "WGS-84"
"""


def packed(folder: Path, text: str) -> Path:
    (folder / "maps").mkdir()
    (folder / "maps" / "maps.toml").write_text(text, encoding="utf-8")
    (folder / "maps" / "rivers.geojson").write_text("{}", encoding="utf-8")
    return folder


def test_no_package_is_no_map(tmp_path: Path) -> None:
    assert maps_in(tmp_path) == ()


def test_a_map_comes_with_its_source_its_datum_and_its_review_number(tmp_path: Path) -> None:
    (one,) = maps_in(packed(tmp_path, GOOD + 'review_no = "闽S(2026)1号"'))
    assert (one.name, one.datum, one.review_no) == ("rivers.geojson", "WGS-84", "闽S(2026)1号")
    assert one.title.zh == "内河(示意)"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (GOOD.replace("WGS-84", "GCJ-02"), "convert it to WGS-84"),
        (GOOD.replace('"WGS-84"', '""'), "no datum"),
        (GOOD.replace("rivers.geojson", "gone.geojson"), "no map"),
        (GOOD.replace("rivers.geojson", "../maps/rivers.geojson"), "no map"),
        (GOOD.replace("source", "sauce"), "maps.toml"),
        ("[[map", "maps.toml"),
    ],
)
def test_a_package_that_cannot_be_is_refused_with_how_to_mend_it(
    tmp_path: Path, wrong: str, why: str
) -> None:
    with pytest.raises(Trouble, match=why):
        maps_in(packed(tmp_path, wrong))
