"""The HTTP door, held against urllib, pyarrow and curl, which we did not write."""

import asyncio
import json
import socket
import subprocess
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pytest
from open_doors import Node, clock, node
from town import FIVE, T0

from mindu.data.senses.intake import Offer, Settled
from mindu.data.senses.registry import Registry
from mindu.data.senses.senses import Senses
from mindu.edge.keys import Keys, Sender
from mindu.edge.porch import Porch
from mindu.perceive.declare import Device
from mindu.perceive.wire.arrow import from_table

JSON = "application/json"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("http"), devices=8) as found:
        yield found


def ask(
    city: Node, path: str, body: bytes | None = None, *, form: str = JSON, key: str | None = None
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {city.key if key is None else key}"}
    if body is not None:
        headers["Content-Type"] = form
    request = urllib.request.Request(city.url + path, body, headers)  # noqa: S310 - our own
    try:
        with urllib.request.urlopen(request, timeout=30) as told:  # noqa: S310
            return told.status, json.loads(told.read())
    except urllib.error.HTTPError as wrong:
        with wrong:
            return wrong.code, json.loads(wrong.read())


def reading(device: str, at: int, value: float, prop: str = "level") -> dict[str, Any]:
    return {"device": device, "prop": prop, "at": at, "value": value}


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


def test_nobody_without_a_key_and_nobody_beyond_it(city: Node) -> None:
    body = json.dumps(reading("g2", clock(), 3.0)).encode()
    assert ask(city, "/v1/readings", body, key="")[0] == 401
    assert ask(city, "/v1/readings", body, key="s.tester.AAAA")[0] == 401
    assert ask(city, "/v1/account", key="d.ü.x")[0] == 401
    device = ask(city, "/v1/keys/g3")[1]["key"]
    other = ask(city, "/v1/readings", body, key=device)[1]
    assert other["refused"] == {"not this sender's device": 1}
    own = json.dumps(reading("g3", clock(), 3.0)).encode()
    assert ask(city, "/v1/readings", own, key=device)[1]["stored"] == 1
    assert ask(city, "/v1/latest", key=device)[0] == 403
    fresh = ask(city, "/v1/keys/g3", b"")[1]["key"]
    assert ask(city, "/v1/readings", own, key=device)[0] == 401
    assert ask(city, "/v1/readings", own, key=fresh)[1]["duplicate"] == 1
    district = city.doors.keys.grant("district", Sender(groups=("district-1",)))
    both = [reading("g2", clock(), 3.1), reading("g5", clock(), 3.1)]
    told = ask(city, "/v1/readings", json.dumps(both).encode(), key=district)[1]
    assert (told["stored"], sum(told["refused"].values())) == (1, 1)


def test_a_key_as_a_password_may_be_any_text(city: Node) -> None:
    senses = city.senses
    senses.enrol([Device(id="闽江-1", kind="gauge")])
    for key, status in ((city.doors.keys.device("闽江-1"), 200), ("d.闽江.AAAA", 401)):
        told = b64encode(f"who:{key}".encode()).decode()
        body = json.dumps(reading("闽江-1", clock(), 3.0)).encode()
        request = urllib.request.Request(  # noqa: S310
            f"{city.url}/v1/readings", body, {"Authorization": f"Basic {told}"}
        )
        request.add_header("Content-Type", JSON)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                found = answer.status
        except urllib.error.HTTPError as wrong:
            found = wrong.code
            wrong.close()
        assert found == status


def test_a_key_stays_until_what_it_may_do_changes(tmp_path: Path) -> None:
    keys = Keys(tmp_path, Registry())
    first = keys.grant("gateway", Sender(groups=("jinan",)))
    keys.revoke("gateway")
    second = keys.grant("gateway", Sender(groups=("jinan",)))
    assert second != first
    assert keys.caller(first) is None
    assert keys.grant("gateway", Sender(groups=("jinan",))) == second
    assert keys.grant("gateway", Sender(groups=("taijiang",))) != second
    assert keys.caller(second) is None
    with pytest.raises(KeyError, match="no sender is called"):
        keys.revoke("nobody")


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


def test_a_full_porch_sends_back_with_429_and_a_time_to_wait(city: Node) -> None:
    porch: Porch = city.doors.porch
    held, porch.waiting = porch.waiting, 10**9
    try:
        body = json.dumps(reading("g0", clock(), 3.0)).encode()
        request = urllib.request.Request(  # noqa: S310
            f"{city.url}/v1/readings", body,
            {"Authorization": f"Bearer {city.key}", "Content-Type": JSON},
        )  # fmt: skip
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(request, timeout=30)  # noqa: S310
        assert told.value.code == 429
        assert int(told.value.headers["Retry-After"]) >= 1
        told.value.close()
    finally:
        porch.waiting = held


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/readings", b"{broken", 400),
        ("/v1/readings", b"\xff\xfe", 400),
        ("/v1/devices", b'{"id": 7}', 422),
        ("/v1/devices", b'{"id": "x", "kind": "nothing"}', 422),
        ("/v1/kinds", b'{"name": "k", "props": [{"name": "a", "decimals": 99}]}', 422),
        ("/v1/window/nobody/level", None, 404),
        ("/v1/window/g0/level?since=yesterday", None, 422),
        ("/v1/grid/g0/level?every=5", None, 422),
        ("/v1/means?how=magic", None, 422),
        ("/v1/nearest?lon=500&lat=0", None, 422),
        ("/v1/inside", b"[]", 422),
        ("/v1/inside", b'{"coordinates": [[[1, "x"], [2, 3], [4, 5]]]}', 422),
        ("/v1/inside", b'{"coordinates": [[[1%s, 2], [2, 3], [4, 5]]]}' % (b"0" * 400), 422),
        ("/v1/devices/nobody", None, 404),
        ("/v1/stages", b'{"devices": ["nobody"], "stage": "active"}', 422),
        ("/v1/readings", b"[" * 100_000, 400),
        ("/v1/inside", b"[" * 100_000, 422),
        ("/v1/window/g0/level?since=--5", None, 422),
        ("/v1/window/g0/level?limit=%C2%B2", None, 422),
    ],
)
def test_what_is_wrong_is_told_and_never_a_5xx(
    city: Node, path: str, body: bytes | None, status: int
) -> None:
    found, told = ask(city, path, body)
    assert found == status
    assert told.get("error") or told["wrongs"]


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


def test_what_was_answered_is_there_after_the_door_was_closed(tmp_path: Path) -> None:
    with node(tmp_path) as city:
        body = json.dumps(reading("g0", clock(), 3.0)).encode()
        assert ask(city, "/v1/readings", body)[1]["stored"] == 1
    again = Senses(tmp_path / "senses")
    assert again.total().stored == 1
    again.close()


def test_a_message_that_breaks_us_is_counted_and_stops_nobody(
    city: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    porch, accept = city.doors.porch, city.senses.accept

    def weak(offers: list[Offer], now: int) -> list[Settled]:
        if any("poison" in offer.said.device for offer in offers):
            raise ZeroDivisionError
        return accept(offers, now)

    monkeypatch.setattr(city.senses, "accept", weak)
    before = city.senses.total()
    at = clock()

    async def together() -> list[Settled]:
        names = ["g0", "poison", "g1"]
        bodies = [json.dumps(reading(name, at, 3.0)).encode() for name in names]
        return await asyncio.gather(*(porch.message("x", None, JSON, body) for body in bodies))

    assert porch.loop is not None
    done = asyncio.run_coroutine_threadsafe(together(), porch.loop).result(60)
    assert [it.receipt.stored for it in done] == [1, 0, 1]
    assert done[1].receipt.refused == {"our own fault": 1}
    assert city.senses.total().received - before.received == 3
    assert city.senses.total().whole
    status, _ = ask(city, "/v1/readings", json.dumps(reading("poison", at, 3.0)).encode())
    assert status == 500
    assert "ZeroDivisionError" in porch.troubles[0]


def divide(number: int) -> None:
    assert 1 // number


def test_a_store_that_is_unsound_takes_nothing_until_the_next_start(tmp_path: Path) -> None:
    body = json.dumps(reading("g0", clock(), 3.0)).encode()
    with node(tmp_path) as city:
        city.senses.intake.heard.append(lambda _: divide(0))
        for _ in range(2):
            status, told = ask(city, "/v1/readings", body)
            assert (status, "anew" in told["error"]) == (429, True)
        city.senses.intake.heard.clear()
    with node(tmp_path) as city:
        assert ask(city, "/v1/readings", body)[1]["duplicate"] == 1


def test_a_key_that_was_granted_or_voided_elsewhere_holds_here(city: Node) -> None:
    other = Keys(city.senses.folder / "keys", Registry())
    key = other.grant("newcomer")
    body = json.dumps(reading("g2", clock(), 3.0)).encode()
    assert ask(city, "/v1/readings", body, key=key)[0] == 200
    other.revoke("newcomer")
    city.doors.keys.refresh()
    assert ask(city, "/v1/readings", body, key=key)[0] == 401


def answered(line: BinaryIO) -> tuple[int, Any]:
    """Read one answer."""
    status = int(line.readline().split()[1])
    length = 0
    while (told := line.readline().strip().lower()) != b"":
        if told.startswith(b"content-length:"):
            length = int(told[15:])
    return status, json.loads(line.read(length))


def test_many_requests_of_one_line_are_answered_in_their_turn(city: Node) -> None:
    at, sent = clock() + 1000, []
    for i in range(150):
        body = json.dumps(reading("g3", at + i, 3.0)).encode()
        path = b"/v1/clock" if i % 50 == 49 else b"/v1/readings"
        method, body = (b"GET", b"") if i % 50 == 49 else (b"POST", body)
        key = city.key if i % 10 else "s.nobody.AAAA"
        sent.append(
            b"%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
            % (method, path, key.encode(), len(body), body)
        )
    with socket.create_connection(("127.0.0.1", city.doors.http_port), 60) as line:
        stream, cut = b"".join(sent), 777
        for i in range(0, len(stream), cut):
            line.sendall(stream[i : i + cut])
        with line.makefile("rb") as answers:
            found = [answered(answers) for _ in range(150)]
    assert [status for status, _ in found] == [
        401 if not i % 10 and i % 50 != 49 else 200 for i in range(150)
    ]
    assert all("now" in told for _, told in found[49::50])
