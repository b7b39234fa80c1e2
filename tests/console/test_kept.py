"""What is worked out once is the same as what is worked out afresh, and no more of it is kept."""

from datetime import datetime, timedelta

from night import NOW, Night, stormy

from mindu.base.records import AnyRecord, Entry, Judgement, Observation, Placed, Severity, Words
from mindu.console.answers.listed import rows
from mindu.console.ask import Ask
from mindu.console.board import OPEN_FOR, Board
from mindu.console.looks import Looks
from mindu.console.pages.listing import listing
from mindu.console.ready import KEPT, Ready

ALL = Ask({"limit": "5000"})


def shown(night: Night, lang: str = "en") -> tuple[str, list[tuple[str, int, int, int]]]:
    look = Looks(night).at("", lang)
    found = rows(look, ALL)
    told = [(r.id, r.severity, r.alerts, len(r.values)) for r in found.items]
    return listing(look, ALL, found.items), told


def afresh(night: Night, lang: str = "en") -> tuple[str, list[tuple[str, int, int, int]]]:
    held = night.board.ready, night.board.stood
    night.board.ready, night.board.stood = Ready(), None
    try:
        return shown(night, lang)
    finally:
        night.board.ready, night.board.stood = held


def test_a_list_is_the_same_whether_its_rows_were_kept_or_made_afresh() -> None:
    night = stormy()
    place = Placed("Junction", {"name": "<New>"})
    changes: tuple[tuple[AnyRecord, str, str, datetime], ...] = (
        (Observation("level", 9.0, "m"), "J1", "g", later(1)),
        (judged(Severity.RED), "J1", "water.flood", NOW),
        (Observation("rain", 1.0, "mm"), "J3", "g", later(2)),
        (place, "J9", "w", NOW),
        (judged(Severity.BLUE, "clear"), "J1", "water.flood", NOW),
    )
    for record, about, by, at in changes:
        night.write(record, about=about, by=by, at=at)
        for lang in ("en", "zh"):
            assert shown(night, lang) == afresh(night, lang)
    text, _ = shown(night)
    assert "&lt;New&gt;" in text
    assert "level 9<" in text, "a whole number without a unit has no decimals"


def test_a_row_that_did_not_change_is_not_made_again() -> None:
    night = stormy()
    look = Looks(night).at("", "en")
    before = {r.id: r for r in rows(look, ALL).items}
    night.write(Observation("level", 9.0, "m"), about="J1", by="g", at=later(1))
    after = {r.id: r for r in rows(Looks(night).at("", "en"), ALL).items}
    assert after["J1"] is not before["J1"]
    assert all(after[name] is before[name] for name in before if name != "J1")


def test_an_alert_goes_when_its_time_is_over_though_nothing_is_written() -> None:
    board = Board()
    board.fold(Entry(seq=0, at=NOW, about="J1", by="a.b", record=judged(Severity.RED), prev=""))
    assert [e.seq for e in board.alerts(NOW)] == [0]
    assert [e.seq for e in board.alerts(NOW + OPEN_FOR)] == [0]
    assert board.alerts(NOW + OPEN_FOR + timedelta(seconds=1)) == []
    assert [e.seq for e in board.alerts(NOW)] == [0]


def test_answers_kept_are_bounded_and_made_anew_when_their_stamp_changes() -> None:
    ready, made = Ready(), list[int]()

    def answer() -> int:
        made.append(len(made))
        return made[-1]

    assert [ready.take("a", 1, answer) for _ in range(3)] == [0, 0, 0]
    assert ready.take("a", 2, answer) == 1
    for n in range(KEPT):
        ready.take(n, 1, answer)
    assert ready.take("a", 2, answer) == KEPT + 2


def judged(severity: Severity, finding: str = "high") -> Judgement:
    return Judgement(finding, severity, Words("J1 rises", "水位上涨"), 0.9)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)
