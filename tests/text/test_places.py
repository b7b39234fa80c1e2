"""Places are found by the city's own gazetteer; addresses are cut into their parts."""

import pytest

from mindu.engines.text import fuzhou
from mindu.engines.text.places import Gazetteer, entries
from mindu.engines.text.places.rules import cut_by_rules
from mindu.engines.text.places.tagger import (
    TaggerError,
    entity_f1,
    fit_tagger,
    load_tagger,
    parts,
    save_tagger,
)

CITY = fuzhou()


def test_a_road_is_a_stretch_and_a_landmark_a_point() -> None:
    road, spot = CITY.find("五四路积水"), CITY.find("三坊七巷游客太多")
    assert (road[0].name, road[0].shape) == ("五四路", "stretch")
    assert (spot[0].name, spot[0].shape) == ("三坊七巷", "point")
    assert road[0].district == "鼓楼区"


def test_a_crossing_lies_where_both_roads_do() -> None:
    found = CITY.find("湖东路与五四路交叉口红绿灯坏了")[0]
    assert found.kind == "crossing"
    assert found.lat == pytest.approx(26.094, abs=0.005)
    assert found.lon == pytest.approx(119.308, abs=0.005)


def test_from_one_place_to_another_is_a_stretch() -> None:
    found = CITY.find("五一广场到东街口一段路面破损")[0]
    assert found.shape == "stretch"
    assert found.lat2 is not None


def test_a_district_that_fits_makes_surer_and_one_that_does_not_less() -> None:
    alone, fits, other = (
        next(p for p in CITY.find(text) if p.name == "五四路").confidence
        for text in ("五四路积水", "鼓楼区五四路积水", "马尾区五四路积水")
    )
    assert other < alone < fits


def test_an_unknown_estate_is_named_and_not_placed() -> None:
    found = CITY.find("榕江花园停水")
    assert found[0].name.endswith("榕江花园")
    assert found[0].lat is None
    assert found[0].confidence < 0.5


def test_another_city_is_never_guessed() -> None:
    assert all(place.lat is None for place in CITY.find("朝阳区建国路88号"))


def test_a_gazetteer_with_a_bad_line_says_which() -> None:
    head = "name,kind,within,lat,lon,lat2,lon2,within_m,alias\n"
    with pytest.raises(ValueError, match="line 2"):
        Gazetteer(entries(head + "甲路,road,乙区,north,119,,,100,\n"))


ADDRESSES = [
    [
        ("福州市", "city"),
        (area, "district"),
        (road, "road"),
        (f"{number}号", "roadno"),
        (spot, "poi"),
    ]
    for area in ("鼓楼区", "台江区", "仓山区")
    for road in ("五四路", "工业路", "则徐大道")
    for number in (3, 28, 156)
    for spot in ("榕江花园", "三盛大厦")
]


def tagged(address: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    pieces, tags = [], []
    for text, kind in address:
        cut = [text[:-1], text[-1]] if text[0].isdigit() else list(text)
        pieces += cut
        tags += [f"{'B' if at == 0 else 'I'}-{kind}" for at in range(len(cut))]
    return pieces, tags


def test_a_tagger_learns_to_cut_addresses_and_comes_back_from_its_bytes() -> None:
    tagger = load_tagger(save_tagger(fit_tagger([tagged(one) for one in ADDRESSES[::2]])))
    held = [tagged(one) for one in ADDRESSES[1::2]]
    right = [tuple(parts(*one)) for one in held]
    assert entity_f1(right, [tagger.parse(pieces) for pieces, _ in held])[2] >= 0.95
    assert tagger.parse([]) == ()
    assert len(tagger.tags(["路"] * 1_000)) == 1_000


def test_a_broken_tagger_says_so() -> None:
    with pytest.raises(TaggerError, match="train"):
        load_tagger(b"nothing")
    whole = save_tagger(fit_tagger([tagged(one) for one in ADDRESSES]))
    with pytest.raises(TaggerError, match="cut or was changed"):
        load_tagger(whole[:-5])


def test_rules_cut_a_plain_address_and_lose_no_sign() -> None:
    address = "浙江省杭州市西湖区三墩镇五常大道12号3幢2单元401室"
    cut = cut_by_rules(address)
    assert "".join(part.text for part in cut) == address
    kinds = {part.tag: part.text for part in cut}
    assert kinds["prov"] == "浙江省"
    assert kinds["roadno"] == "12号"
    assert kinds["roomno"] == "401室"
