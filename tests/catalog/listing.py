"""Datasets that the tests list."""

from typing import Any

from mindu.base.records import Words
from mindu.data.catalog.dataset import Dataset, Field, Grade

PUMPS = (
    Field("station", "text", Words("station", "泵站名称")),
    Field("volume", "number", Words("water pumped", "抽排水量"), "m3"),
)


def dataset(name: str = "pumps", zh: str = "泵站月报", **more: Any) -> Dataset:  # noqa: ANN401
    told = {
        "title": Words(f"{name} monthly", zh), "owner": "市水系联排联调中心",
        "department": "350100",
        "theme": "水务", "fields": PUMPS, "grade": Grade.INTERNAL, "cycle": "monthly",
        "licence": "CC-BY-4.0", "basis": "《福建省大数据发展条例》第二十条",
        "stored": f"collect:{name}", "origin": "source:pumps",
        "about": Words('what "each" pump\nmoved', "各泵站抽排水量"), **more,
    }  # fmt: skip
    return Dataset(name=name, **told)
