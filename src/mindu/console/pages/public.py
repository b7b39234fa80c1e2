"""The public pages: status, warnings, decisions and scores, with no person's name on them."""

from mindu.base.records import Judgement, Severity, Words
from mindu.console.answers import alerts, deeds, learning
from mindu.console.ask import Ask
from mindu.console.look import Look
from mindu.console.pages.page import Page

DECISIONS = 40


def status(look: Look, _ask: Ask) -> Page:
    """Show how the city is, in one sentence and a few figures."""
    return Page(
        name="status",
        template="status.html",
        title="public_status",
        shows={"warnings": _warnings(look)[:6], "board": look.board},
    )


def warnings(look: Look, _ask: Ask) -> Page:
    """Show the warnings in force."""
    return Page(name="warnings", template="warnings.html", title="public_warnings",
                shows={"warnings": _warnings(look)})  # fmt: skip


def decisions(look: Look, _ask: Ask) -> Page:
    """Show what the brain proposed, what was decided, and what came of it."""
    found = deeds.approvals(look, Ask({"state": "decided", "limit": str(DECISIONS)}))
    reasons = {a.seq: _reason(look, a.seq) for a in found.items}
    return Page(name="decisions", template="decisions.html", title="public_decisions",
                shows={"found": found, "reasons": reasons})  # fmt: skip


def score_cards(look: Look, _ask: Ask) -> Page:
    """Show how often the brain was right."""
    return Page(name="score-cards", template="score_cards.html", title="public_scores",
                shows={"scores": learning.scores(look)})  # fmt: skip


def accessibility(_look: Look, _ask: Ask) -> Page:
    """Show the accessibility statement."""
    return Page(name="accessibility", template="accessibility.html", title="public_access")


def _reason(look: Look, seq: int) -> Words:
    """Return the judgement that an action answers, as it was said."""
    asked = look.board.known(seq)
    causes = [look.board.known(cause) for cause in asked.because] if asked else []
    told = [e.record.says for e in causes if e and isinstance(e.record, Judgement)]
    return told[-1] if told else Words("", "")


def _warnings(look: Look) -> list[object]:
    held = [e for e in alerts.in_force(look) if isinstance(e.record, Judgement)]
    grave = [e for e in held if isinstance(e.record, Judgement)
             and e.record.severity >= Severity.YELLOW and e.record.finding != "blind"]  # fmt: skip
    return [alerts.alert(look, entry) for entry in grave]


PUBLIC = {
    "status": status,
    "warnings": warnings,
    "decisions": decisions,
    "score-cards": score_cards,
    "accessibility": accessibility,
}
