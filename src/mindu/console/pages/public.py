"""The public pages: status, warnings, decisions and scores, with no person's name on them."""

from mindu.base.records import Evidence, Judgement, Severity
from mindu.brain.folds.standing import BLIND
from mindu.console.answers import alerts, deeds, learning
from mindu.console.ask import Ask
from mindu.console.contract.deeds import Approval
from mindu.console.look import Look
from mindu.console.pages.page import Page
from mindu.console.tell import verdict
from mindu.console.words import clock, number, term

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
    reasons = {a.seq: _reasons(look, a) for a in found.items}
    return Page(name="decisions", template="decisions.html", title="public_decisions",
                shows={"found": found, "reasons": reasons})  # fmt: skip


def score_cards(look: Look, _ask: Ask) -> Page:
    """Show how often the brain was right."""
    return Page(name="score-cards", template="score_cards.html", title="public_scores",
                shows={"scores": learning.scores(look)})  # fmt: skip


def accessibility(_look: Look, _ask: Ask) -> Page:
    """Show the accessibility statement."""
    return Page(name="accessibility", template="accessibility.html", title="public_access")


def _reasons(look: Look, asked: Approval) -> list[str]:
    """Return why an action was proposed: what was judged, and the readings that it rests on."""
    entry = look.board.known(asked.seq)
    causes = [look.board.known(cause) for cause in entry.because] if entry else []
    judged = [e.record for e in causes if e and isinstance(e.record, Judgement)][-1:]
    says = [look.pick(verdict(it)) for it in judged if verdict(it) != asked.says]
    return says + [_heard(look, one) for it in judged for one in it.evidence]


def _heard(look: Look, one: Evidence) -> str:
    """Return one reading that a judgement rests on, in words."""
    value, at = number(one.value), clock(one.at, look.feed.zone)
    return f"{look.title(one.about)} {term(one.prop, look.lang)} {value} ({at})"


def _warnings(look: Look) -> list[object]:
    """Return what is grave in the city; what the brain means to do about it is no warning."""
    held = alerts.in_force(look)
    grave = [e for e in held if isinstance(e.record, Judgement)
             and e.record.severity >= Severity.YELLOW and e.record.finding != BLIND]  # fmt: skip
    return [alerts.alert(look, entry) for entry in grave if not look.plans(entry)]


PUBLIC = {
    "status": status,
    "warnings": warnings,
    "decisions": decisions,
    "score-cards": score_cards,
    "accessibility": accessibility,
}
