"""HTTP: readings come in by every form, and every question is answered."""

import json
import subprocess
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pyarrow as pa
from open_doors import Node, clock
from posted import JSON, ask, city, reading
from town import FIVE, T0

from mindu.perceive.wire.arrow import from_table

__all__ = ["city"]


def test_times_of_any_fineness_are_read_from_csv(city: Node) -> None:
    stamp = (clock() - FIVE) // 1000 * 1000
    text = datetime.fromtimestamp(stamp / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    ends = ("Z", ".25Z", ".250001+00:00", ".250999999Z")
    body = "device,prop,at,value\n" + "".join(
        f"g{i},rain,{text}{e},1\n" for i, e in enumerate(ends)
    )
    receipt = ask(city, "/v1/readings", body.encode(), form="text/csv")[1]
    assert receipt == {"received": 4, "stored": 4}
    told = [ask(city, f"/v1/window/g{i}/rain?last=1")[1]["at"] for i in range(4)]
    assert told == [[stamp], [stamp + 250], [stamp + 250], [stamp + 250]]


def test_tiers_and_holds_are_asked_for_and_laid_over_http(city: Node) -> None:
    held = json.dumps({"why": "a claim", "device": "g1"}).encode()
    assert ask(city, "/v1/holds/case-7", held)[1]["holds"][0]["why"] == "a claim"
    assert ask(city, "/v1/holds/case-7", held)[0] == 422
    told = ask(city, "/v1/tiers")[1]
    assert told["held"] == 2
    assert told["kinds"][0]["gone_before"] == ""
    request = urllib.request.Request(  # noqa: S310
        city.url + "/v1/holds/case-7", headers={"Authorization": f"Bearer {city.key}"},
        method="DELETE",
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        assert json.loads(answer.read()) == {"holds": []}


def test_json_lines_arrow_and_csv_all_come_in(city: Node) -> None:
    now = clock() - FIVE
    rows = [reading("g0", now + i, 3 + i / 100) for i in range(4)]
    status, receipt = ask(city, "/v1/readings", json.dumps(rows[:1]).encode())
    assert (status, receipt["stored"]) == (200, 1)
    lines = "\n".join(json.dumps(row) for row in rows[:2]).encode()
    assert ask(city, "/v1/readings", lines, form="application/x-ndjson")[1] == {
        "received": 2, "stored": 1, "duplicate": 1,
    }  # fmt: skip
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pylist(rows[2:3])
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    arrow = sink.getvalue().to_pybytes()
    form = "application/vnd.apache.arrow.stream"
    assert ask(city, "/v1/readings", arrow, form=form)[1]["stored"] == 1
    csv = f"device,prop,at,value\ng0,level,{now + 3},3.03\n".encode()
    assert ask(city, "/v1/readings", csv, form="text/csv")[1]["stored"] == 1
    _, window = ask(city, f"/v1/window/g0/level?since={now}&until={now + 3}")
    assert window["value"] == [3.0, 3.01, 3.02, 3.03]


def test_curl_sends_a_reading_as_the_paper_shows(city: Node) -> None:
    told = json.dumps({"device": "g1", "values": {"level": 3.5, "rain": 12.5}})
    done = subprocess.run(
        ["/usr/bin/env", "curl", "-s", "-H", f"Authorization: Bearer {city.key}", "-d", told, "-H",
         f"Content-Type: {JSON}", f"{city.url}/v1/readings"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == {"received": 2, "stored": 2}


def test_lines_of_both_forms_stand_together(city: Node) -> None:
    at = clock() - FIVE
    long = json.dumps({"device": "g4", "values": {"level": 3.5, "rain": 1.5}, "at": at})
    short = json.dumps(["g7", "level", at, 3.25, 9, "m"])
    for lines in (f"{long}\n{short}", f"{short}\n{long}"):
        told = ask(city, "/v1/readings", lines.encode(), form="application/x-ndjson")[1]
        assert told["received"] == 3
        assert told.get("stored", 0) + told.get("duplicate", 0) == 3
    assert ask(city, "/v1/window/g4/rain?last=1")[1]["value"] == [1.5]


def test_a_column_that_stands_twice_is_told(city: Node) -> None:
    body = b"device,device,prop,value\ng0,g1,level,3\n"
    status, told = ask(city, "/v1/readings", body, form="text/csv")
    assert status == 400
    assert "twice" in told["wrongs"][0]


def test_times_in_large_texts_are_read() -> None:
    text = pa.large_string()
    table = pa.table(
        {
            "device": pa.array(["g0"], text), "prop": pa.array(["level"], text),
            "at": pa.array(["2026-06-01T08:00:00+08:00"], text), "value": [3.0],
        }
    )  # fmt: skip
    assert from_table(table).at.tolist() == [T0]


def test_the_register_is_kept_over_http(city: Node) -> None:
    kind = {"name": "tank", "props": [{"name": "fill", "unit": "%", "decimals": 1, "high": 100}]}
    assert "tank" in ask(city, "/v1/kinds", json.dumps(kind).encode())[1]["kinds"]
    many = [{"id": f"tank:{i}", "kind": "tank", "lon": 119.2, "lat": 26.0} for i in range(500)]
    assert ask(city, "/v1/devices", json.dumps(many).encode())[1]["new"] == 500
    lines = "\n".join(json.dumps(it) for it in many[:10]).encode()
    assert ask(city, "/v1/devices", lines, form="application/x-ndjson")[1]["new"] == 0
    ask(city, "/v1/readings", json.dumps(reading("tank:7", clock(), 55.5, "fill")).encode())
    told = ask(city, "/v1/devices/tank:7")[1]
    assert told["latest"]["fill"]["value"] == 55.5
    assert told["account"]["tester"]["stored"] == 1
    moved = json.dumps({"devices": ["tank:7"], "stage": "suspended"}).encode()
    assert ask(city, "/v1/stages", moved)[1]["moved"] == 1
    body = json.dumps(reading("tank:7", clock(), 56.0, "fill")).encode()
    assert ask(city, "/v1/readings", body)[1]["refused"] == {"not in service": 1}
    total = ask(city, "/v1/account")[1]["total"]
    told_total = total["stored"] + total["late"] + total["duplicate"]
    assert total["received"] == told_total + sum(total["refused"].values())


def test_every_question_is_answered(city: Node) -> None:
    now = clock() // FIVE * FIVE
    rows = [reading("g6", now - i * FIVE, 3 + i / 10) for i in range(1, 7)]
    ask(city, "/v1/readings", json.dumps(rows[::-1]).encode())
    assert ask(city, "/v1/window/g6/level?last=2")[1]["value"] == [3.2, 3.1]
    assert ask(city, f"/v1/as-of/g6/level?at={now - 2 * FIVE + 1}")[1]["value"] == 3.2
    known = ask(city, f"/v1/as-of/g6/level?at={now}&known={now - 10 * FIVE}")[1]
    assert known == {"at": None, "value": None}
    grid = ask(city, f"/v1/grid/g6/level?since={now - 6 * FIVE}&until={now}")[1]
    assert len(grid["value"]) == 6
    means = ask(city, f"/v1/means?prop=level&group=district-0&since={now - 3 * FIVE}")[1]
    assert means["rows"][0] >= 1
    city.senses.flush(now)
    assert sum(ask(city, "/v1/rolls?prop=level&level=3600")[1]["count"]) > 5
    latest = ask(city, "/v1/latest?prop=level&limit=1")[1]
    assert len(latest["latest"]) == 1
    assert "next" in latest
    assert ask(city, "/v1/nearest?lon=119.36&lat=26.1&count=1")[1]["nearest"][0]["device"] == "g6"
    box = [[[119.355, 26], [119.365, 26], [119.365, 27], [119.355, 27]]]
    inside = json.dumps({"type": "Polygon", "coordinates": box}).encode()
    assert ask(city, "/v1/inside", inside)[1]["devices"] == ["g6"]
