"""Which items end in a licence is declared beside them, and what contradicts itself is refused."""

import json
from importlib.resources import files

import pytest

from mindu.apps.services import items
from mindu.apps.services.licences.kinds import KINDS, read
from mindu.apps.services.package import SHIPPED, shipped

ONE = {
    "item": "signboard", "code": "HP", "title": {"en": "Signboard", "zh": "招牌"},
    "issuer": "城市管理", "claims": {"name": ["name", {"en": "name", "zh": "名称"}]},
}  # fmt: skip


def test_each_licence_ends_an_item_and_says_what_the_item_was_given() -> None:
    library = items.shipped()
    parts = {part.item: part for name in SHIPPED for part in shipped(name)[0].parts}
    for kind in KINDS.values():
        assert library.at(kind.item).department.zh == kind.issuer
        fields = {field for field, _ in kind.claims.values()}
        assert fields <= set(parts[kind.item].maps), kind.item


def test_a_licence_is_added_by_the_file_alone() -> None:
    file = files("mindu.apps.services").joinpath("packages/licences.json")
    kinds = read([*json.loads(file.read_text("utf-8")), ONE])
    assert kinds["signboard"].vct == "urn:mindu:licence:signboard"
    assert kinds["signboard"].years == 0


@pytest.mark.parametrize(("change", "why"), [
    ({"code": "YY"}, "two have code YY"), ({"item": "food_licence"}, "two have item"),
    ({"code": "h1"}, "no capital letters"), ({"often": 1}, "unknown field"),
    ({"years": "five"}, "years"),
])  # fmt: skip
def test_what_contradicts_itself_is_refused(change: dict[str, object], why: str) -> None:
    file = files("mindu.apps.services").joinpath("packages/licences.json")
    with pytest.raises(ValueError, match=why):
        read([*json.loads(file.read_text("utf-8")), {**ONE, **change}])
