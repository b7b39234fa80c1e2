"""A look at the past knows what was known then, and nothing later."""

from datetime import timedelta

import pytest
from night import NOW, Night, stormy
from visitor import Visitor, between

from mindu.base.records import Entry, Event, Forecast, Observation, Severity
from mindu.console.board import Board
from mindu.console.cursor.past import Pasts, TooFar, then
from mindu.console.kept.kept import Kept

pytest_plugins = ("served",)
COMPARED = (
    "places", "entries", "forecasts", "weighings", "judged", "cares", "actions", "seconds",
    "decisions", "sendings", "outcomes", "undone", "settled", "lessons", "cards", "count",
)  # fmt: skip


def refolded(night: Night, seq: int) -> Board:
    board = Board()
    for entry in night.board.entries.values():
        if entry.seq <= seq:
            board.fold(entry)
    return board


def test_every_past_board_equals_one_folded_afresh() -> None:
    night = stormy()
    night.remark(16, "alert_acked", {"reason": "seen", "severity": 4.0}, by="Chen")
    for seq in range(night.board.seq + 1):
        past, fresh = then(night.board, seq), refolded(night, seq)
        for name in COMPARED:
            assert getattr(past, name) == getattr(fresh, name), (seq, name)
        assert past.scores.dump() == fresh.scores.dump()
        assert list(past.failures) == list(fresh.failures)


def test_a_reading_heard_later_is_not_in_a_past_board() -> None:
    night = stormy()
    seq = night.board.seq
    later = Observation("level", 9.9, "m")
    night.write(later, about="J1", by="gauge", at=NOW + timedelta(minutes=5))
    assert night.board.last("J1", "level") == (NOW + timedelta(minutes=5), 9.9)
    assert then(night.board, seq).last("J1", "level") != (NOW + timedelta(minutes=5), 9.9)


def test_a_past_board_keeps_its_readings_when_the_present_lets_the_oldest_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mindu.console.kept.kept.KEPT_POINTS", 4)
    board = Board()
    for n in range(7):
        board.fold(_observed(board, n))
    past = then(board, 6)
    before = list(past.readings["J1", "level"])
    for n in range(7, 40):
        board.fold(_observed(board, n))
    assert list(past.readings["J1", "level"]) == before
    assert len(board.readings["J1", "level"]) < 8


def test_the_board_lets_the_oldest_entries_go_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mindu.console.kept.kept.KEPT_ENTRIES", 10)
    board = Board()
    for n in range(30):
        board.fold(_observed(board, n))
    assert len(board.entries) == 10
    assert isinstance(board, Kept)
    with pytest.raises(TooFar, match="log alone"):
        Pasts().at(board, 3)


def test_a_cursor_is_an_instant_or_a_position_and_every_answer_says_which(
    guest: Visitor, night: Night
) -> None:
    present = guest.get("/api/v1/alerts").json
    assert present["seen"]["seq"] == night.board.seq
    assert not present["seen"]["past"]
    early = guest.get("/api/v1/alerts?at=2023-09-05T12:30:00Z").json
    assert early["seen"]["past"]
    assert early["seen"]["now"] == "2023-09-05T12:30:00Z"
    assert early["total"] == 0
    assert guest.get("/api/v1/alerts?at=%2310").json["seen"]["seq"] == 10
    future = guest.get("/api/v1/alerts?at=2030-01-01T00:00:00Z").json
    assert not future["seen"]["past"]


def test_a_series_ends_where_the_cursor_stands(guest: Visitor) -> None:
    query = "about=J2&prop=level"
    whole = guest.get(f"/api/v1/series?{query}").json["points"]
    cut = guest.get(f"/api/v1/series?{query}&until=2023-09-05T13:00:00Z").json["points"]
    assert 0 < len(cut) < len(whole)


def test_a_long_series_is_cut_into_buckets_that_keep_the_extremes(
    guest: Visitor, night: Night
) -> None:
    for n in range(1200):
        night.board.note("J3", "flow", NOW + timedelta(seconds=n), 100.0 if n == 700 else 1.0)
    night.now = NOW + timedelta(hours=1)
    told = guest.get("/api/v1/series?about=J3&prop=flow&points=50").json
    assert not told["points"]
    assert 0 < len(told["buckets"]) <= 50
    assert max(bucket[3] for bucket in told["buckets"]) == 100.0
    assert min(bucket[1] for bucket in told["buckets"]) == 1.0


def _observed(board: Board, n: int) -> Entry:
    at = NOW + timedelta(minutes=n)
    record = Observation("level", float(n), "m") if n % 7 else Event("tick")
    return Entry(seq=board.seq + 1, at=at, about="J1", by="gauge", record=record, prev="")


def test_a_cursor_in_the_future_shows_how_grave_things_are_foretold_to_be(
    guest: Visitor, night: Night
) -> None:
    made = night.board.forecasts["J2", "level"]
    assert isinstance(made.record, Forecast)
    mark = dict(night.board.places["J2"].marks)["warn_mark"]
    seen, at = set[int](), ""
    for lead, mid, high in zip(made.record.leads, made.record.mid, made.record.high, strict=True):
        at = (made.at + timedelta(minutes=lead)).isoformat().replace("+00:00", "Z")
        told = guest.get(f"/api/v1/entities?at={at}").json
        row = next(r for r in told["items"] if r["id"] == "J2")
        wanted = Severity.YELLOW if mid >= mark else Severity.BLUE if high >= mark else 0
        assert row["severity"] == wanted, lead
        assert told["seen"]["ahead"] == at
        seen.add(row["severity"])
    assert len(seen) > 1
    assert guest.get("/api/v1/entities").json["items"][0]["severity"] == Severity.RED
    text = guest.get(f"/situation?lang=en&at={at}").text
    assert "as forecast for" in text
    assert 'class="mark watch"' in text
    assert 'class="mark crit"' not in between(text, '<svg class="atlas"', "</svg>")


def test_a_thing_whose_forecast_ends_before_keeps_what_is_known_now(guest: Visitor) -> None:
    far = guest.get("/api/v1/entities?at=2030-01-01T00:00:00Z").json
    now = guest.get("/api/v1/entities").json
    assert [r["severity"] for r in far["items"]] == [r["severity"] for r in now["items"]]
