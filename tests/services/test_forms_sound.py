"""A form that contradicts itself is refused whole, in both languages; a sound one is held."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest

from mindu.engines.forms import FormError, checked, load, taken

NOW = datetime(2026, 3, 2, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "id": "shop", "title": {"en": "Shop", "zh": "店铺"},
    "schema": {"type": "object", "required": ["area"], "properties": {
        "area": {"type": "integer", "minimum": 1, "maximum": 5_000},
        "kitchen": {"type": "boolean"},
        "fuel": {"type": "string", "enum": ["gas", "power"]},
    }},
    "ui": {
        "fields": {
            "area": {"label": {"en": "Area, m²", "zh": "面积"}},
            "kitchen": {"label": {"en": "A kitchen?", "zh": "有厨房?"}},
            "fuel": {"label": {"en": "Fuel", "zh": "燃料"}, "when": "kitchen = true"},
        },
        "pages": [
            {"id": "one", "title": {"en": "The shop", "zh": "店铺"}, "fields": ["area", "kitchen"]},
            {"id": "two", "title": {"en": "The kitchen", "zh": "厨房"}, "fields": ["fuel"]},
        ],
    },
}  # fmt: skip
CONTRADICTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "no number": ("area", {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 4}),
    "within its bounds": ("area", {"type": "number", "exclusiveMinimum": 3, "maximum": 3}),
    "no number is within": ("area", {"type": "integer", "multipleOf": 7, "minimum": 8,
                                     "maximum": 13}),
    "minLength 9 is above": ("fuel", {"type": "string", "minLength": 9, "maxLength": 3}),
    "enum ['electricity']": ("fuel", {"type": "string", "enum": ["gas", "electricity"],
                                      "maxLength": 5}),
    "default": ("area", {"type": "integer", "maximum": 5, "default": 6}),
    "const": ("kitchen", {"type": "boolean", "const": "yes"}),
    "points elsewhere": ("fuel", {"type": "string", "allOf": [{"$ref": "http://far/away.json"}]}),
    "cannot be read": ("fuel", {"type": "string", "pattern": "a{1,2000}"}),
    "is of one of": ("area", {"type": "object"}),
    "needs items": ("area", {"type": "array"}),
}  # fmt: skip


def changed(at: str, schema: dict[str, Any]) -> dict[str, Any]:
    told = deepcopy(GOOD)
    told["schema"]["properties"][at] = schema
    return told


def refused(told: dict[str, Any]) -> str:
    with pytest.raises(FormError) as wrong:
        load(told)
    assert all(one.en and one.zh and one.where for one in wrong.value.problems)
    return "; ".join(f"{one.where}: {one.en}" for one in wrong.value.problems)


@pytest.mark.parametrize("word", CONTRADICTIONS)
def test_a_question_that_nobody_can_answer_is_refused_by_its_name(word: str) -> None:
    at, schema = CONTRADICTIONS[word]
    told = refused(changed(at, schema))
    assert word in told
    assert f"{at}:" in told


def test_a_condition_over_what_is_asked_later_or_in_a_circle_is_refused() -> None:
    told = deepcopy(GOOD)
    told["ui"]["fields"]["kitchen"]["when"] = 'fuel = "gas"'
    assert "kitchen: its condition reads 'fuel', which is asked later" in refused(told)
    told = deepcopy(GOOD)
    told["ui"]["pages"][1]["when"] = 'fuel = "gas"'
    assert "two: its condition reads 'fuel', which is asked later" in refused(told)
    told = deepcopy(GOOD)
    told["ui"]["fields"]["fuel"]["when"] = "gone = true"
    assert "is no question" in refused(told)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    told = changed("area", {"type": "integer", "minimum": 9, "maximum": 3})
    told["schema"]["required"] = ["area", "nowhere"]
    told["ui"]["pages"][1]["fields"] = ["fuel", "area"]
    said = refused(told)
    assert "nowhere: it is required" in said
    assert "area: it is asked on two pages" in said
    assert "area: it contradicts itself" in said


def test_a_pattern_and_a_condition_that_run_for_ever_are_bounded() -> None:
    told = changed("fuel", {"type": "string", "pattern": "^(a|a)*(a|a)*(a|a)*b$"})
    form = load(told)
    raw = {"fuel": ["a" * 5_000]}
    filled = taken(form, form.page("two"), raw, {"area": 5, "kitchen": True}, NOW)
    assert filled.errors["fuel"].en == "write it as the example shows"
    told = deepcopy(GOOD)
    told["ui"]["fields"]["fuel"]["when"] = (
        "sum(for i in 1..100000, j in 1..100000 return i * j) > area"
    )
    form = load(told)
    assert "fuel" not in checked(form, {"area": 5}, NOW).errors, "what is not known is not asked"


def test_the_forms_that_are_shipped_are_sound() -> None:
    lists = {"items.json", "licences.json"}  # what the packages share: they have no form
    found = [path for path in (files("mindu.apps.services") / "packages").iterdir()
             if path.name.endswith(".json") and path.name not in lists]  # fmt: skip
    assert len(found) == 3
    for path in found:
        load(json.loads(path.read_text("utf-8"))["form"])
