"""The report of a night and its scores: what happened, what was measured, what was never so."""

from night import stormy

from mindu.cli.ask import table
from mindu.console.answers.sums import lines
from mindu.console.report.measured import Measured
from mindu.console.report.report import report


def test_a_report_tells_what_happened_before_what_was_judged() -> None:
    text = report(stormy(), "en", Measured(40.0, {"static": 100.0, "prepared": 30.0}))
    happened, judged = text.index("What happened"), text.index("What was judged")
    for said in ("level", "Guangming", "Places that passed a mark"):
        assert happened < text.index(said, happened) < judged, said
    assert "saved 60.0 m³" in text
    assert "would have saved 10.0 m³ more" in text


def test_a_table_of_scores_leaves_out_what_was_never_measured() -> None:
    cards = lines(stormy().board.cards)
    measured = any(card["covered"] is not None for card in cards.values())
    head = table(cards, "en").splitlines()[0]
    assert "hits" in head
    assert ("covered" in head) == measured
