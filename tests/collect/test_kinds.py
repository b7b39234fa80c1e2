"""JSON, lines of JSON, GeoJSON, Parquet, SQLite, MariaDB, our own cases and series as sources."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import apsw
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from maria import port
from sources import faults, gauges, one, placed, pulled, rows

from mindu.base.dial import Dial
from mindu.base.records import Case
from mindu.data.collect import declare as d
from mindu.data.collect.declare import Column, Source
from mindu.data.collect.part import Broken
from mindu.data.collect.store import files
from mindu.data.log import Log
from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.perceive.declare import Device, Model, Prop
from mindu.perceive.wire.rows import from_json

T0 = 1_780_000_000_000


def test_a_json_list_at_a_pointer(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"data": {"list": [one(1), 7, one(2), {"id": None}]}}))
    done = pulled(tmp_path / "held", placed(d.Document(path=str(path), pointer="/data/list")))
    noon = round(datetime(2026, 5, 1, tzinfo=UTC).timestamp() * 1000)
    assert rows(tmp_path / "held") == [(1, "地1", noon + 1000), (2, "地2", noon + 2000)]
    assert [(f.row, f.rule) for f in faults(tmp_path / "held")] == [(2, "object"), (4, "required")]
    assert done.account.received == 4


def test_lines_of_json_with_broken_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    lines = [json.dumps(one(i)) for i in range(1, 40_001)]
    lines[10] = '{"id": 11, "info'
    lines[20] = "[" * 100_000
    lines[30] = json.dumps({"id": 31, "info": {"name": "长" * (1 << 20)}})
    path.write_text("\n".join(lines))
    done = pulled(tmp_path / "held", placed(d.Document(path=str(path))), batch=20_000)
    assert [(f.row, f.rule) for f in faults(tmp_path / "held")] == [
        (11, "json"), (21, "json"), (31, "too_long"),
    ]  # fmt: skip
    assert done.account.stored == 40_000 - 3


@pytest.mark.parametrize("body", ['{"a": [1, 2', "[" * 100_000, '{"a": "秘密'])
def test_a_broken_document_is_told_by_its_place_alone(tmp_path: Path, body: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(body)
    with pytest.raises(Broken, match=r"is no JSON|nested too deep") as told:
        pulled(tmp_path / "held", placed(d.Document(path=str(path), pointer="/a")))
    assert "秘密" not in str(told.value)


def test_geojson_points_get_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    spot = {"type": "Point", "coordinates": [119.3, 26.08]}
    told = [{"type": "Feature", "properties": {"name": "甲"}, "geometry": spot}, "x"]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}))
    columns = (
        Column(name="name"), Column(name="lon", of="number"), Column(name="lat", of="number"),
        Column(name="geometry"),
    )  # fmt: skip
    pulled(tmp_path / "held", placed(d.GeoJson(path=str(path)), columns=columns))
    ((name, lon, lat, geometry),) = rows(tmp_path / "held")
    assert (name, lon, lat, json.loads(geometry)["type"]) == ("甲", 119.3, 26.08, "Point")


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    at = pa.array([0, 86_400_000], pa.timestamp("ms", "UTC"))
    table = pa.table({"id": pa.array([1, None], pa.int32()), "info.name": ["a", "b"], "at": at})
    pq.write_table(table, path)
    pulled(tmp_path / "held", placed(d.Parquet(path=str(path))))
    assert rows(tmp_path / "held") == [(1, "a", 0)]
    assert faults(tmp_path / "held")[0].rule == "required"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(Broken, match="no whole Parquet"):
        pulled(tmp_path / "held", placed(d.Parquet(path=str(path))))


def test_a_parquet_file_of_one_huge_word_written_once_is_refused_before_it_unfolds(
    tmp_path: Path,
) -> None:
    """A few kilobytes on disk, 60 GB in memory: the word stands in the file once."""
    path = tmp_path / "bomb.parquet"
    word = pa.array(["长" * 333_000])
    many = pa.DictionaryArray.from_arrays(pa.array(np.zeros(60_000, np.int32)), word)
    pq.write_table(pa.table({"id": np.arange(60_000), "info.name": many}), path)
    assert path.stat().st_size < 3_000_000
    with pytest.raises(Broken, match=r"60000 rows of info.name unfold to 57163 MB"):
        pulled(tmp_path / "held", placed(d.Parquet(path=str(path))))
    assert files(tmp_path / "held") == []


def test_huge_fields_of_any_source_are_set_aside_and_never_told(tmp_path: Path) -> None:
    secret = "陈英燕" * 400_000
    db = apsw.Connection(str(tmp_path / "a.db"))
    db.execute("CREATE TABLE t(id INTEGER, name TEXT)")
    db.executemany("INSERT INTO t VALUES(?,?)", [(1, "甲"), (2, secret)])
    db.close()
    pq.write_table(pa.table({"id": [1, 2], "name": ["甲", secret]}), tmp_path / "a.parquet")
    (tmp_path / "a.json").write_text(
        json.dumps([{"id": 1, "name": "甲"}, {"id": 2, "name": secret}]), encoding="utf-8"
    )
    columns = (d.Column(name="id", of="whole"), d.Column(name="name"))
    reads: list[d.Read] = [
        d.Sqlite(path=str(tmp_path / "a.db"), table="t"),
        d.Parquet(path=str(tmp_path / "a.parquet")), d.Document(path=str(tmp_path / "a.json")),
    ]  # fmt: skip
    for place, read in enumerate(reads):
        held = tmp_path / f"held{place}"
        told = pulled(held, d.Source(name="huge", read=read, columns=columns))
        assert (told.account.received, told.account.stored) == (2, 1)
        (fault,) = faults(held)
        assert (fault.column, fault.rule) == ("name", "too_long")
        assert len(fault.shape) < 100


def test_sqlite_by_table_and_by_query(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    db = apsw.Connection(str(path))
    db.execute('CREATE TABLE 站("编号" INTEGER, "名称" TEXT, "水位(cm)" REAL, "日期", "开放")')
    with db:
        every = ((i, f"站{i}", i / 100, "2026-05-01", 1) for i in range(30_000))
        db.executemany("INSERT INTO 站 VALUES(?,?,?,?,?)", every)
    db.close()
    more = {"key": "id", "since": "id", "mode": "incremental"}
    read = d.Sqlite(path=str(path), table="站")
    columns = [c for c in gauges(path).columns if c.name != "level"]
    source = gauges(path, read=read, columns=tuple(columns), **more)
    assert pulled(tmp_path / "held", source).account.stored == 30_000
    assert pulled(tmp_path / "held", source).account.received == 1  # the last comes again
    assert len(rows(tmp_path / "held")) == 30_000
    query = d.Sqlite(path=str(path), query='SELECT * FROM 站 WHERE "编号" < 10;')
    some = gauges(path, read=query, columns=tuple(columns))
    assert pulled(tmp_path / "some", some).account.stored == 10
    lost = gauges(path, read=d.Sqlite(path=str(path), table="没有"))
    with pytest.raises(Broken, match="check table and columns"):
        pulled(tmp_path / "lost", lost)
    with pytest.raises(Broken, match="is not there"):
        pulled(tmp_path / "gone", gauges(path, read=d.Sqlite(path="/nowhere/x.db", table="a")))


def test_mariadb_without_its_driver_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(Broken, match=r"mindu\[mariadb\]"):
        pulled(tmp_path / "held", placed(d.MariaDb(user="root", database="test", table="x")))


def test_mariadb_is_read_and_its_errors_say_what_to_check(tmp_path: Path) -> None:
    query = (
        "SELECT 1 AS id, '甲' AS `info.name`, TIMESTAMP '2026-05-01 08:00:00' AS at "
        "UNION SELECT 2, NULL, NULL"
    )
    read = d.MariaDb(port=port(), user="root", database="test", query=query)
    pulled(tmp_path / "held", placed(read))
    noon = round(datetime(2026, 5, 1, tzinfo=UTC).timestamp() * 1000)
    assert rows(tmp_path / "held") == [(1, "甲", noon), (2, None, None)]
    nobody = d.MariaDb(port=port(), user="nobody", database="test", table="x")
    with pytest.raises(Broken, match=r"MariaDB: error 1\d{3}; check"):
        pulled(tmp_path / "no", placed(nobody))


def test_our_own_cases_come_without_the_caller(tmp_path: Path) -> None:
    dial = Dial("5wd", 0, 0, 0, 0, 0)
    with Log.open(str(tmp_path / "city.mindu")) as log:
        for i in range(3):
            case = Case(kind="matter", text=f"井盖{i}", code="c", step=dial, whole=dial,
                        caller="vault-name", where=(119.3, 26.0))  # fmt: skip
            log.append(case, at=datetime(2026, 5, 1, tzinfo=UTC), about=f"case:{i}", by="office")
        log.commit()
    columns = (
        Column(name="number", of="whole", required=True), Column(name="at", of="moment"),
        Column(name="text"), Column(name="lon", of="number"), Column(name="caller"),
    )  # fmt: skip
    read = d.Cases(kind="matter")
    source = Source(name="matters", read=read, columns=columns)
    pulled(tmp_path / "held", source)
    found = rows(tmp_path / "held", "SELECT number, text, lon, caller")
    assert found == [(i, f"井盖{i}", 119.3, None) for i in range(3)]


def test_our_own_series_come_device_by_device(tmp_path: Path) -> None:
    senses = Senses(tmp_path / "senses")
    senses.declare(Model(name="gauge", props=(Prop(name="level", unit="m"),)))
    senses.enrol([Device(id="g1", kind="gauge"), Device(id="g2", kind="gauge")])
    for i, device in enumerate(("g1", "g2", "g1")):
        told = [{"device": device, "prop": "level", "value": 1.0 + i, "at": T0 + 60_000 * i}]
        senses.take([Offer("test", from_json(json.dumps(told).encode()))], T0 + 300_000)
    senses.close()
    columns = (
        Column(name="device"),
        Column(name="at", of="moment"),
        Column(name="value", of="number"),
    )
    source = Source(name="levels", read=d.Series(prop="level"), columns=columns)
    pulled(tmp_path / "held", source)
    found = [(device, at - T0, value) for device, at, value in rows(tmp_path / "held")]
    assert found == [("g1", 0, 1.0), ("g1", 120_000, 3.0), ("g2", 60_000, 2.0)]
