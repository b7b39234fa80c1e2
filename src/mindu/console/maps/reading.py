"""Reading a map that somebody sends: nothing is believed; what is wrong is said with its place."""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from mindu.base.records import Words
from mindu.console.ask import Bad
from mindu.console.maps.datum import DATUMS

FEATURES = 100_000  # of one map
SPOTS = 2_000_000  # corners of one map
NAME = 120  # characters kept of a feature's name; all other properties stay outside
DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2,
          "MultiPolygon": 3}  # fmt: skip
DIGITS = 7  # of a degree: a centimetre

Spots = list[list[float]]


def geojson(body: bytes, datum: str) -> bytes:
    """Return a map as GeoJSON in WGS-84 that holds shapes and names, nothing else.

    Raises:
        Bad: it is no GeoJSON, has no shapes, lies outside of the globe, or its datum is unknown.
    """
    if datum not in DATUMS:
        known = " | ".join(DATUMS)
        raise _no(
            "The datum is not known.", "坐标系不明。", f"Say one of {known}.", f"请选 {known}。"
        )
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError as no:
        raise _no(
            f"This is no JSON: {no}.", f"不是有效的 JSON:{no}。",
            "Export the map again as GeoJSON.", "请重新导出为 GeoJSON。",
        ) from no  # fmt: skip
    shapes = list(_shapes(told))
    spots: Spots = []
    for where, shape, _ in shapes:
        _gather(shape["coordinates"], DEPTHS[shape["type"]], where, spots)
    _place(spots, datum)
    features = [
        {"type": "Feature", "properties": {"name": name} if name else {}, "geometry": shape}
        for _, shape, name in shapes
    ]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def _shapes(told: Any) -> Iterator[tuple[str, dict[str, Any], str]]:  # noqa: ANN401 - as it was sent
    """Yield where each shape stands, the shape, and what it is called."""
    listed = _listed(told)
    if not isinstance(listed, list) or not listed:
        raise _no(
            "This is no GeoJSON with shapes.", "不是含几何的 GeoJSON。",
            "Send a FeatureCollection, a Feature or one shape.",
            "请上传 FeatureCollection、Feature 或单个几何。",
        )  # fmt: skip
    if len(listed) > FEATURES:
        raise _no(
            f"It has {len(listed):,} features.", f"要素共 {len(listed):,} 个,过多。",
            f"Send at most {FEATURES:,}, or make tiles (PMTiles) of it.",
            f"最多 {FEATURES:,} 个,或制成 PMTiles。",
        )  # fmt: skip
    for n, feature in enumerate(listed):
        shape = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(shape, dict) or shape.get("type") not in DEPTHS:
            raise _place_wrong(n, "has no shape that can be drawn", "没有可绘制的几何")
        about = feature.get("properties")
        name = about.get("name") if isinstance(about, dict) else ""
        kept = {"type": shape["type"], "coordinates": shape.get("coordinates")}
        yield str(n), kept, name[:NAME] if isinstance(name, str) else ""


def _listed(told: Any) -> Any:  # noqa: ANN401 - as it was sent
    """Return the features of a whole GeoJSON: of a collection, of one feature, of a bare shape."""
    kind = told.get("type") if isinstance(told, dict) else None
    if kind == "FeatureCollection":
        return told.get("features")
    if kind == "Feature":
        return [told]
    return [{"geometry": told}] if kind in DEPTHS else None


def _gather(told: Any, depth: int, where: str, spots: Spots) -> None:  # noqa: ANN401 - as it was sent
    """Collect every corner of a shape, each cut to two numbers in place."""
    if not isinstance(told, list) or not told:
        raise _place_wrong(int(where), "has no coordinates", "缺少坐标")
    if depth:
        for part in told:
            _gather(part, depth - 1, where, spots)
        return
    del told[2:]  # heights are not drawn
    if len(told) != 2 or not all(type(v) in {int, float} for v in told):
        raise _place_wrong(
            int(where), "has a corner that is no pair of numbers", "坐标不是一对数字"
        )
    spots.append(told)
    if len(spots) > SPOTS:
        raise _no(
            f"It has more than {SPOTS:,} corners.", f"坐标点超过 {SPOTS:,} 个。",
            "Simplify it, or make tiles (PMTiles) of it.", "请简化,或制成 PMTiles。",
        )  # fmt: skip


def _place(spots: Spots, datum: str) -> None:
    """Bring all corners to WGS-84, in place."""
    xy = np.array(spots, np.float64)
    lies = np.isfinite(xy).all() and (np.abs(xy) <= (180.0, 90.0)).all()
    if not lies:
        raise _no(
            "Some corners lie outside of the globe.", "部分坐标超出经纬度范围。",
            "Give degrees, east before north: a projected map must be unprojected first.",
            "请用经纬度(经度在前);投影坐标须先转换。",
        )  # fmt: skip
    for spot, (x, y) in zip(spots, DATUMS[datum](xy).round(DIGITS).tolist(), strict=True):
        spot[0], spot[1] = x, y


def _place_wrong(n: int, en: str, zh: str) -> Bad:
    return _no(f"Feature {n + 1} {en}.", f"第 {n + 1} 个要素{zh}。",
               "Mend or remove it and send the map again.", "请修正或删除后重新上传。")  # fmt: skip


def _no(en: str, zh: str, mend_en: str, mend_zh: str) -> Bad:
    return Bad(422, Words(en, zh), Words(mend_en, mend_zh), field="map")
