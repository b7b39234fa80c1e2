"""Anybody reads what is open, takes it away in every form, and is told when it is too much."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from opening_house import LIN, NOON, WEI, lay, patients, pumps
from portal_house import PLACE, Desk, token

from mindu.base.records import Receipt
from mindu.brain.opening.check import Proposal
from mindu.data.book.sqlite import Sqlite
from mindu.data.log import Log
from mindu.edge.portal.quota import KEYLESS


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_list_finds_what_is_open_in_both_languages(desk: Desk) -> None:
    reader = desk.browser()
    page = reader.get("/open/?q=泵站&lang=zh").text
    assert '<a href="/open/d/pumps">泵站</a>' in page
    assert "patients" not in page, "what is not open is not listed"
    english = reader.get("/open/?lang=en").text
    assert '<html lang="en"' in english
    assert "Pumps</a>" in english
    assert "Nothing open holds these words" in reader.get("/open/?q=nothing").text


def test_one_table_is_shown_with_rows_chart_map_licence_and_use(desk: Desk) -> None:
    page = desk.browser().get("/open/d/pumps?lang=zh")
    assert page.status_code == 200
    for told in ("CC-BY-4.0", "水位 (m)", 'class="fan"', 'class="atlas spots"', "泵站 1",
                 "未声明准标识字段", "pumps.geojson"):  # fmt: skip
        assert told in page.text
    bars = desk.browser().get("/open/d/pumps?by=id&of=level").text
    assert 'class="bars"' in bars
    one = desk.browser().get("/open/d/pumps?by=at&of=level&only=id&is=p3").text
    assert one.count('<th scope="row">2026-') == 1
    assert desk.portal.memory.opened.ways("pumps") == {"read": 3, "query": 6}
    assert "泵站 1" in desk.browser().get("/open/dataset/pumps").text, "as DCAT names it"


def test_a_csv_holds_no_formula(desk: Desk) -> None:
    got = desk.machine().get("/open/d/pumps.csv")
    assert got.headers["content-type"].startswith("text/csv")
    assert 'filename="pumps-20260916.csv"' in got.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))
    assert len(rows) == 41
    assert rows[1][1] == "'=cmd()"
    assert (got.headers["mindu-rows"], got.headers["mindu-more"]) == ("40", "0")


def test_every_form_says_the_same(desk: Desk) -> None:
    reader = desk.machine()
    told = reader.get("/open/d/pumps.json").json()
    assert told[3]["level"] == 0.3
    table = pq.read_table(io.BytesIO(reader.get("/open/d/pumps.parquet").content))
    assert table.num_rows == 40
    assert table["level"].to_pylist()[3] == 0.3
    features = reader.get("/open/d/pumps.geojson").json()["features"]
    assert features[3]["geometry"] == {"type": "Point", "coordinates": [119.203, 26.003]}
    assert features[3]["properties"]["id"] == "p3"
    assert reader.get("/open/d/pumps.xlsx").status_code == 404


def test_what_is_drawn_by_a_browser_gets_its_values(desk: Desk) -> None:
    reader = desk.machine()
    chart = reader.get("/open/d/pumps/chart?by=at&of=level&lang=en").json()
    assert (len(chart["points"]), chart["unit"]) == (40, "m")
    places = reader.get("/open/d/pumps/places").json()["places"]
    assert places[0] == {"lon": 119.2, "lat": 26.0, "title": "p0"}


def test_what_was_never_open_and_what_is_closed_are_told_apart(desk: Desk) -> None:
    reader = desk.browser()
    assert reader.get("/open/d/patients").status_code == 404
    desk.openings.close("pumps", "gauges are wrong", LIN, now=NOON)
    gone = reader.get("/open/d/pumps?lang=en")
    assert gone.status_code == 410
    assert "gauges are wrong" in gone.text
    assert desk.machine().get("/open/d/pumps.csv").status_code == 410


def test_a_delicate_column_never_goes_out(desk: Desk) -> None:
    lay(desk.pool.folder, "patients", patients(lonely=0))
    fields = Proposal(fields=("district", "age", "cause"))
    desk.openings.open("patients", fields, WEI, now=NOON)
    rows = desk.machine().get("/open/d/patients.json").json()
    assert set(rows[0]) == {"district", "age", "cause"}
    page = desk.browser().get("/open/d/patients?lang=en").text
    assert "least people alike by district + age: 10 (k ≥ 5)" in page.replace("\n", " ")
    sql = "SELECT patient FROM patients"
    no = desk.machine().get("/open/api/3/action/datastore_search_sql", params={"sql": sql})
    assert no.status_code == 409


def test_new_rows_that_tell_somebody_apart_are_not_given(desk: Desk) -> None:
    lay(desk.pool.folder, "patients", patients(lonely=0))
    fields = Proposal(fields=("district", "age", "cause"))
    desk.openings.open("patients", fields, WEI, now=NOON)
    lay(desk.pool.folder, "patients", patients(lonely=1))
    no = desk.machine().get("/open/d/patients.csv")
    assert no.status_code == 410
    assert "1 of 61 rows" in no.json()["error"]


def test_every_answer_leaves_a_receipt_that_names_no_address(desk: Desk) -> None:
    got = desk.machine().get("/open/d/pumps.csv")
    record = desk.memory.log[int(got.headers["mindu-receipt"])].record
    assert isinstance(record, Receipt)
    assert (record.action, record.datasets, record.rows) == ("download", ("pumps",), 40)
    assert record.who.startswith("public-")
    assert PLACE not in repr(record)


def test_too_much_is_told_with_when_to_come_again(desk: Desk) -> None:
    reader = desk.machine()
    codes = {reader.get("/open/d/pumps/places").status_code for _ in range(20)}
    assert codes == {200}
    for _ in range(int(KEYLESS.burst)):
        desk.portal.quota._keyless.take(_public(desk), NOON.timestamp())
    slow = reader.get("/open/d/pumps.csv")
    assert slow.status_code == 429
    assert int(slow.headers["retry-after"]) >= 1
    assert "a key gives more" in slow.json()["error"]
    page = desk.browser().get("/open/d/pumps?lang=zh")
    assert page.status_code == 429
    assert "请求过于频繁" in page.text


def _public(desk: Desk) -> str:
    return f"public-{desk.portal.gateway.cloak(PLACE)[:12]}"


def test_a_day_has_an_end_that_a_restart_does_not_move(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mindu.edge.portal.quota.DAY_KEYLESS", 2)
    reader = desk.machine()
    assert [reader.get("/open/d/pumps.csv").status_code for _ in range(3)] == [200, 200, 429]
    told = reader.get("/open/d/pumps.csv")
    assert told.headers["retry-after"] == str(12 * 3600), "noon: half a day until midnight"


def test_a_key_is_shown_once_kept_as_a_digest_and_taken_back(desk: Desk) -> None:
    reader = desk.browser()
    page = reader.get("/open/keys?lang=en").text
    made = reader.post("/open/keys", data={"token": token(page), "label": "my map"}).text
    secret = made.split('class="secret">')[1].split("<")[0]
    assert secret.startswith("mdo_")
    assert secret not in reader.get("/open/keys").text
    assert all(secret.encode() not in repr(entry).encode() for entry in desk.memory.log)
    keyed = desk.machine(authorization=secret)
    got = keyed.get("/open/d/pumps.csv")
    record = desk.memory.log[int(got.headers["mindu-receipt"])].record
    assert isinstance(record, Receipt)
    assert record.who.startswith("key-")
    held = reader.get("/open/keys").text
    name = held.split('name="take" value="')[1].split('"')[0]
    other = desk.browser()
    no = other.post("/open/keys", data={"token": token(other.get("/open/keys").text), "take": name})
    assert no.status_code == 400, "nobody takes back the key of another browser"
    reader.post("/open/keys", data={"token": token(held), "take": name})
    assert keyed.get("/open/d/pumps.csv").status_code == 401


def test_who_holds_a_key_can_void_it_from_anywhere(desk: Desk) -> None:
    reader, other = desk.browser(), desk.browser()
    made = reader.post(
        "/open/keys", data={"token": token(reader.get("/open/keys").text), "label": "x"}
    ).text
    secret = made.split('class="secret">')[1].split("<")[0]
    form = {"token": token(other.get("/open/keys?lang=en").text), "pasted": secret}
    assert "The key is void" in other.post("/open/keys", data=form).text
    assert desk.machine(authorization=secret).get("/open/d/pumps.csv").status_code == 401


def test_guessing_keys_is_slow(desk: Desk) -> None:
    codes = [
        desk.machine(authorization=f"mdo_{i}").get("/open/d/pumps.csv").status_code
        for i in range(12)
    ]
    assert codes == [401] * 10 + [429] * 2


def test_a_reader_without_script_sees_all_and_no_page_has_a_script_of_its_own(desk: Desk) -> None:
    reader = desk.browser()
    for path in ("/", "/d/pumps", "/plan", "/requests", "/keys", "/api"):
        got = reader.get(f"/open{path}")
        assert got.status_code == 200, path
        assert "<script" not in got.text
        assert "script-src 'self'" in got.headers["content-security-policy"]
        assert 'style="' not in got.text


def test_the_plan_of_the_year_is_public(desk: Desk) -> None:
    rows = [("pumps", "泵站水位", "Pump levels", "350100-slj", "2026-12-31", "每日")]
    desk.openings.plan(rows, LIN, now=NOON)
    page = desk.browser().get("/open/plan?lang=zh").text
    assert '<a href="/open/d/pumps">泵站水位</a>' in page
    assert "已开放" in page


@pytest.mark.parametrize("path", ["/d/pumps?by=ghost", "/d/pumps?only=id&is=%27;--", "/?start=9e9"])
def test_strange_addresses_are_answered_all_the_same(desk: Desk, path: str) -> None:
    assert desk.browser().get(f"/open{path}").status_code == 200


def test_no_word_of_a_row_is_run_by_a_browser(desk: Desk) -> None:
    bad = pumps()
    names = ["<script>alert(1)</script>"] * bad.num_rows
    lay(desk.pool.folder, "pumps", bad.set_column(1, "name", [names]))
    page = desk.browser().get("/open/d/pumps?by=name").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert json.loads(desk.machine().get("/open/d/pumps.json").text)[0]["name"] == names[0]


def test_on_a_full_disk_no_file_goes_out_and_readers_are_told_in_their_language(
    tmp_path: Path,
) -> None:
    with Log.open(str(tmp_path / "city.mindu")) as log:
        desk = Desk(log)
        log.commit()
        assert isinstance(log._store, Sqlite)
        db, program = log._store._db, desk.machine()
        assert program.get("/open/d/pumps.csv").status_code == 200
        db.pragma("max_page_count", db.pragma("page_count"))
        codes = [program.get("/open/d/pumps.csv").status_code for _ in range(40)]
        assert set(codes) == {200, 507}
        assert codes[-1] == 507, "a full disk stays full"
        page = desk.browser().get("/open/d/pumps.csv?lang=zh")
        assert page.status_code == 507
        assert "磁盘暂不可写" in page.text
        assert str(tmp_path) not in page.text
        assert "level" not in page.text
        db.pragma("max_page_count", 1 << 20)
        assert program.get("/open/d/pumps.csv").status_code == 200
