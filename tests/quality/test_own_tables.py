"""Tables of apps and of the lake under audit: their own declarations are the rules."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mindu.base.dial import Dial
from mindu.base.records import Case, Observation, Placed, Words
from mindu.base.time import SystemClock
from mindu.cli.data.verbs import run
from mindu.data.catalog.dataset import Dataset, Field, Grade
from mindu.data.log import Log

DIAL = Dial("5wd", 0, 0, 0, 0, 0)
GAUGE: dict[str, Any] = {
    "x": 119.3,
    "y": 26.1,
    "name_en": "Gauge",
    "name_zh": "雨量站",
    "owner": "",
    "origin": "",
}


class City:
    """A folder with rain gauges, calls, and a table of the lake."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.now = SystemClock().now()

    def tell(self, rains: dict[str, float], ago: timedelta = timedelta()) -> None:
        with Log.open(str(self.folder / "city.mindu")) as log:
            for name, rain in rains.items():
                at = self.now - ago
                log.append(Placed("RainGauge", GAUGE), at=at, about=name, by="wiring")
                log.append(Observation("rain", rain, "mm/h"), at=at, about=name, by="gauge")
            log.commit()

    def says(self, *words: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON
        self.capsys.readouterr()
        assert run([*words, "--data", str(self.folder), "--json"]) == code
        return json.loads(self.capsys.readouterr().out.splitlines()[-1])

    def audit(self, name: str, *, code: int = 0) -> dict[str, tuple[bool, int]]:
        (report,) = self.says("quality", name, code=code)
        assert report["dataset"] == name
        return {one["rule"]: (one["held"], one["broken"]) for one in report["results"]}


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> City:
    return City(tmp_path, capsys)


def test_an_apps_things_are_held_against_the_bounds_that_the_app_declares(city: City) -> None:
    city.tell({"R1": 12.0, "R2": 3.0})
    assert all(held for held, _ in city.audit("water_rain_gauge").values())
    city.tell({"R3": -4.0})
    told = city.audit("water_rain_gauge", code=1)
    assert told["rain_within_bounds"] == (False, 1)
    assert told["id_unique"] == (True, 0)
    entry = city.says("catalog", "water_rain_gauge")
    assert entry["facts"]["broken"] == ["rain_within_bounds"]
    assert 0 < entry["facts"]["score"] < 100
    (score,) = city.says("quality", "--scores")
    assert (score["worst"][0], score["broken"]) == ("water_rain_gauge", 1)


def test_a_kind_of_which_nothing_is_heard_is_late(city: City) -> None:
    city.tell({"R1": 12.0}, ago=timedelta(days=3))
    assert city.audit("water_rain_gauge", code=1)["heard_in_time"] == (False, 1)


def test_an_apps_cases_are_audited_where_there_are_any(city: City) -> None:
    city.tell({})
    assert city.says("quality", "hotline_matter_cases") == []
    with Log.open(str(city.folder / "city.mindu")) as log:
        for lon in (119.3, 719.3):
            case = Case(kind="matter", text="路灯不亮", channel="phone", code="c", step=DIAL,
                        whole=DIAL, where=(lon, 26.0))  # fmt: skip
            log.append(case, at=city.now, about="case", by="line")
        log.commit()
    told = city.audit("hotline_matter_cases", code=1)
    assert told["number_unique"] == (True, 0)
    assert told["lon_on_earth"] == (False, 1)


def test_a_table_of_the_lake_is_audited_with_rules_of_its_own(city: City, tmp_path: Path) -> None:
    lake = city.folder / "lake"
    lake.mkdir()
    fields = (
        Field("id", "text", Words("id", "编号")),
        Field("level", "number", Words("l", "水位")),
    )
    stations = Dataset(
        name="stations", title=Words("Stations", "泵站"), owner="Water", department="350100-slj",
        theme="", fields=fields, grade=Grade.OPEN, cycle="once", licence="", basis="",
        stored="file:stations.parquet",
    )  # fmt: skip
    (lake / "stations.json").write_bytes(msgspec.json.encode(stations))
    table = pa.table({"id": ["a", "a", None], "level": [1.0, 2.0, 99.0]})
    pq.write_table(table, lake / "stations.parquet")
    told = city.audit("stations", code=1)
    assert (told["id_unique"], told["id_complete"]) == ((False, 2), (False, 1))
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nname = "dry"\nof = "valid"\nfield = "level"\nhigh = 10.0\n')
    (report,) = city.says("quality", "stations", "--rules", str(rules), code=1)
    dry = next(one for one in report["results"] if one["rule"] == "dry")
    assert (dry["broken"], dry["rows"]) == (1, [3])
    assert [f["name"] for f in city.says("quality", "stations", "--profile")["stations"]] == [
        "id", "level",
    ]  # fmt: skip
    assert {one["department"] for one in city.says("quality", "--scores")} == {"350100-slj"}
    assert "no table is called" in city.says("quality", "ghosts", code=2)["error"]
    assert datetime.fromtimestamp(report["at"] / 1000, UTC).year > 2000
