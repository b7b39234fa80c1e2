"""The storm night as a whole city has it: apps, a base map, a machine to set, looks ahead."""

import json
from dataclasses import replace
from pathlib import Path

from looked import looked
from night import NOW, Night, stormy

from mindu.apps.water import APP
from mindu.base.records import Placed, Words
from mindu.console.declared import Declared, Map


def whole(folder: Path) -> Night:
    """Return the night with all that a whole city brings."""
    night = stormy()
    ring = [[119.2, 26.0], [119.4, 26.0], [119.4, 26.15], [119.2, 26.15], [119.2, 26.0]]
    path = folder / "county.geojson"
    area = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [area]}), encoding="utf-8")
    county = Map(name=path.name, title=Words("County", "县界"), source="示意 drawn by us",
                 datum="WGS-84", review_no="", path=path)  # fmt: skip
    night.city = replace(night.city, apps=(Declared(app=APP),), maps=(county,))
    facts = Placed("Gate", {"x": 119.32, "y": 26.06, "name_en": "Gate 1", "name_zh": "一号闸"})
    night.write(facts, about="G1", by="wiring", at=NOW)
    night.board.note("G1", "setting", NOW, 0.4)
    night.ahead = looked()
    return night
