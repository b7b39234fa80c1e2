"""A dataset says what it holds and contradicts itself nowhere."""

import msgspec
import pytest

from mindu.base.records import Words
from mindu.data.catalog.dataset import Dataset, Field, Grade


def beds(**change: object) -> Dataset:
    told: dict[str, object] = {
        "name": "hospital_beds",
        "title": Words("Hospital beds", "医院床位"),
        "owner": "Health Commission",
        "department": "350100-wjw",
        "theme": "health",
        "fields": (
            Field("hospital", "text", Words("Hospital", "医院")),
            Field("free", "whole", Words("Free beds", "空床数"), unit="1"),
            Field("contact", "text", Words("Telephone", "电话"), grade=Grade.SENSITIVE),
        ),
        "grade": Grade.SENSITIVE,
        "cycle": "daily",
        "licence": "CC-BY-4.0",
        "basis": "Health statistics order, article 4",
        "stored": "file:beds.parquet",
        "quasi": ("hospital",),
    }
    return Dataset(**{**told, **change})  # type: ignore[arg-type]


def test_a_dataset_survives_being_written_down() -> None:
    told = beds()
    assert msgspec.json.decode(msgspec.json.encode(told), type=Dataset) == told
    field = told.field("free")
    assert field is not None
    assert field.unit == "1"
    assert told.field("taken") is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Beds; drop"}, "is no name"),
        ({"fields": ()}, "has 0 fields"),
        ({"fields": beds().fields * 2}, "two fields contact"),
        ({"quasi": ("age",)}, "no field age"),
        ({"subject": "person"}, "no field person"),
        ({"grade": Grade.OPEN}, "a field of it SENSITIVE"),
    ],
)
def test_a_dataset_that_contradicts_itself_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        beds(**change)


def test_a_contradiction_is_also_caught_in_what_comes_from_outside() -> None:
    raw = msgspec.json.encode(beds()).replace(b'"subject":""', b'"subject":"ghost"')
    with pytest.raises(msgspec.ValidationError, match="no field ghost"):
        msgspec.json.decode(raw, type=Dataset)
