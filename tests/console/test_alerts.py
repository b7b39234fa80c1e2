"""Alerts: sifted, paged, acknowledged by name with an end; a thousand of them stay usable."""

from datetime import timedelta

import pytest
from night import NOW, Night
from visitor import Visitor, between, in_order

from mindu.base.records import Judgement, Placed, Severity, Words

pytest_plugins = ("served",)
MANY = 1_000


def gravest(officer: Visitor) -> int:
    return int(officer.get("/api/v1/alerts").json["items"][0]["seq"])


def act(officer: Visitor, verb: str, seq: int, **more: object) -> None:
    told = {"verb": verb, "seqs": [seq], "reason": "on it", **more}
    answer = officer.send("/api/v1/alerts/act", told)
    assert answer.status == 200, answer.text
    assert answer.json["done"] == [seq]


def crowd(night: Night, count: int = MANY) -> None:
    for n in range(count):
        night.write(Placed("Gauge", {"name_en": f"Gauge {n}"}), about=f"g{n}", by="w", at=NOW)
        says = Words(f"gauge {n} is high", f"测站 {n} 偏高")
        judged = Judgement("high", Severity(1 + n % 4), says, 0.7)
        night.write(judged, about=f"g{n}", by="water.flood", at=NOW)


def test_an_acknowledged_alert_stays_visible_with_name_reason_and_end(
    officer: Visitor, night: Night
) -> None:
    seq = gravest(officer)
    act(officer, "ack", seq)
    alert = officer.get("/api/v1/alerts?state=acked").json["items"][0]
    assert (alert["seq"], alert["acked"]["by"], alert["acked"]["reason"]) == (seq, "Chen", "on it")
    assert alert["acked"]["until"] == (NOW + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert "on it" in officer.get("/alerts?lang=en").text
    entry = night.board.entries[night.board.seq]
    assert (entry.by, entry.because) == ("Chen", (seq,))


def test_an_acknowledgement_ends_with_its_time(officer: Visitor, night: Night) -> None:
    act(officer, "ack", gravest(officer), until=(NOW + timedelta(minutes=9)).isoformat())
    assert officer.get("/api/v1/alerts").json["counts"]["acked"] == 1
    night.now = NOW + timedelta(minutes=10)
    assert officer.get("/api/v1/alerts").json["counts"]["acked"] == 0


def test_an_alert_that_grows_worse_is_open_again(officer: Visitor, night: Night) -> None:
    calm = Words("J3 rises", "水位上涨")
    first = night.write(
        Judgement("high", Severity.YELLOW, calm, 0.6), about="J3", by="water.lakes", at=NOW
    )
    act(officer, "ack", first)
    night.write(Judgement("high", Severity.RED, calm, 0.9), about="J3", by="water.lakes", at=NOW)
    states = {a["about"]: a["state"] for a in officer.get("/api/v1/alerts").json["items"]}
    assert states["J3"] == "open"


@pytest.mark.parametrize(
    ("verb", "part", "more"),
    [
        ("own", "owned", {"to": "Lin"}),
        ("silence", "silenced", {}),
        ("escalate", "escalated", {"to": "the mayor"}),
    ],
)
def test_an_alert_can_be_owned_silenced_and_escalated(
    officer: Visitor, verb: str, part: str, more: dict[str, object]
) -> None:
    seq = gravest(officer)
    act(officer, verb, seq, **more)
    alert = officer.get("/api/v1/alerts").json["items"][0]
    assert alert[part]["by"] == "Chen"
    assert alert[part]["to"] == more.get("to", "")
    if verb == "own":
        assert alert["owner"] == "Lin"
        assert officer.get("/api/v1/alerts?owner=Lin").json["total"] == 1


def test_a_silence_is_not_for_ever_and_can_be_ended(officer: Visitor) -> None:
    seq = gravest(officer)
    told = {"verb": "silence", "seqs": [seq], "reason": "works", "until": "2040-01-01T00:00:00Z"}
    assert officer.send("/api/v1/alerts/act", told).status == 422
    act(officer, "silence", seq)
    assert "Jin" not in officer.get("/warnings?lang=en").text
    act(officer, "unsilence", seq)
    assert "Jin" in officer.get("/warnings?lang=en").text


def test_a_sensor_that_falls_silent_is_an_alert(guest: Visitor) -> None:
    found = guest.get("/api/v1/alerts").json["items"]
    assert [a["finding"] for a in found if a["about"] == "J1"] == ["blind"]


def test_who_only_looks_changes_nothing(guest: Visitor, night: Night) -> None:
    before = night.board.seq
    told = {"verb": "ack", "seqs": [1], "reason": "x"}
    assert guest.send("/api/v1/alerts/act", told).status == 401
    assert guest.as_("viewer").send("/api/v1/alerts/act", told).status == 403
    assert night.board.seq == before


@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {"verb": "delete"}, {"seqs": []}, {"seqs": list(range(300))}, {"more": 1}],
)
def test_a_wrong_deed_is_refused_by_field(officer: Visitor, wrong: dict[str, object]) -> None:
    told = {"verb": "ack", "seqs": [gravest(officer)], "reason": "x", **wrong}
    answer = officer.send("/api/v1/alerts/act", told)
    assert answer.status == 422
    assert answer.json["field"]


def test_what_no_longer_stands_is_said_part_by_part(officer: Visitor) -> None:
    seq = gravest(officer)
    told = {"verb": "ack", "seqs": [seq, 99_999], "reason": "x"}
    answer = officer.send("/api/v1/alerts/act", told).json
    assert answer["done"] == [seq]
    assert [part["seq"] for part in answer["failed"]] == [99_999]


def test_a_thousand_open_alerts_are_paged_gravest_first(guest: Visitor, night: Night) -> None:
    crowd(night)
    seen: list[int] = []
    after, pages = "0", 0
    while after is not None:
        page = guest.get(f"/api/v1/alerts?limit=400&after={after}").json
        seen += [alert["severity"] for alert in page["items"]]
        after, pages = page["next"], pages + 1
    assert (len(seen), pages) == (MANY + 2, 3)
    assert seen == sorted(seen, reverse=True)
    text = guest.get("/alerts?lang=en&severity=4").text
    assert "gauge 3 is high" in text or "gauge 999 is high" in text
    assert f"100 / {MANY // 4 + 1}" in text
    assert text.count("<li ") <= 100 + 10


def test_filters_stand_in_the_address_and_in_the_way_to_the_next_page(
    guest: Visitor, night: Night
) -> None:
    crowd(night, 300)
    text = guest.get("/alerts?lang=en&severity=2&sort=oldest&q=gauge").text
    pager = between(text, 'class="pager"', "</nav>")
    for part in ("severity=2", "sort=oldest", "q=gauge", "after=100"):
        assert part in pager
    assert in_order(text, ["gauge 1 is high", "gauge 2 is high", "gauge 3 is high"])


def test_a_form_acknowledges_what_was_ticked(officer: Visitor, night: Night) -> None:
    seq = gravest(officer)
    form = {"seq": [seq], "verb": "ack", "reason": "seen", "minutes": "15", "back": "/alerts"}
    answer = officer.form("/alerts/act", form)
    assert (answer.status, answer.headers["location"]) == (303, "/alerts?told=done_care")
    held = night.board.alerts(night.now)[0]
    assert night.board.care(held, night.now).state == "acked"
