"""Forms: what a page without script sends, turned into the same changes as the API's."""

from collections.abc import Callable
from datetime import timedelta

from mindu.base.records import Words
from mindu.console.answers import changes
from mindu.console.ask import Ask, Bad, wrong
from mindu.console.contract.ahead import Setting, Wish
from mindu.console.contract.alerts import AlertDeed
from mindu.console.contract.common import Done, Reasoned, Role
from mindu.console.contract.deeds import Decide
from mindu.console.kept.care import VERBS
from mindu.console.look import Look
from mindu.console.wire.form import Form
from mindu.console.wire.models.forms import MODEL_FORMS

HAND = 4  # machines of the form


def care(look: Look, form: Form, by: str) -> Done:
    """Do what was chosen with the alerts chosen."""
    verb = form.one("verb")
    if verb not in VERBS:
        raise wrong("verb", " | ".join(VERBS), " | ".join(VERBS))
    minutes = form.number("minutes", 60.0)
    until = look.pulse.now + timedelta(minutes=min(max(minutes, 1.0), 43_200.0))
    deed = AlertDeed(
        verb=verb,  # type: ignore[arg-type] # held against VERBS above
        seqs=form.seqs(),
        reason=form.one("reason"),
        until=until if verb in {"ack", "silence"} else None,
        to=form.one("to"),
    )
    return changes.care_for(look, deed, by)


def decide(look: Look, form: Form, by: str) -> Done:
    """Take the answer to one or many actions."""
    said = form.one("answer")
    if said not in {"yes", "no"}:
        raise wrong("answer", "yes | no", "yes | no")
    answer = Decide(
        seqs=form.seqs(), yes=said == "yes", reason=form.one("reason"), typed=form.one("typed")
    )
    return changes.decide(look, answer, by)


def undo(look: Look, form: Form, by: str) -> Done:
    """Take back what was sent."""
    return changes.undo(look, _reasoned(form), by)


def take_back(look: Look, form: Form, by: str) -> Done:
    """Take a lesson back."""
    return changes.take_back(look, _reasoned(form), by)


def start(look: Look, form: Form, by: str) -> Done:
    """Start a look ahead from the form's fields."""
    levers = {
        lever.name: value
        for lever in look.feed.city.levers
        if (value := form.number(f"lever.{lever.name}", lever.neutral)) != lever.neutral
    }
    answers = form.one("answers") or "logged"
    if answers not in {"logged", "yes", "nobody"}:
        raise wrong("answers", "logged | yes | nobody", "logged | yes | nobody")
    param = form.one("param")
    wish = Wish(
        at=Ask({"at": form.one("at")}).moment("at"),
        hours=form.number("hours", 1.0),
        levers=levers,
        settings=tuple(_settings(form)),
        params={param: form.number("param_value", 0.0)} if param else {},
        answers=answers,  # type: ignore[arg-type] # held against the words above
        title=form.one("title")[:60],
    )
    changes.start(look, wish, by)
    return Done()


def _settings(form: Form) -> list[Setting]:
    """Return the machines set by hand."""
    return [
        Setting(
            about=form.one(f"machine.{n}"),
            value=form.number(f"value.{n}", 0.0) / 100.0,
            minute=form.number(f"minute.{n}", 0.0),
        )
        for n in range(1, HAND + 1)
        if form.one(f"machine.{n}")
    ]


def cancel(look: Look, form: Form, by: str) -> Done:
    """End a look ahead."""
    ahead = look.feed.ahead
    try:
        assert by
        if ahead is not None:
            ahead.cancel(form.one("job"))
    except KeyError:
        no = Words("There is no such look ahead.", "没有此推演。")
        raise Bad(404, no, Words("See the list.", "见列表。"), field="job") from None
    return Done()


def _reasoned(form: Form) -> Reasoned:
    seqs = form.seqs()
    if len(seqs) != 1:
        raise wrong("seq", "one entry", "一个条目")
    return Reasoned(seq=seqs[0], reason=form.one("reason"))


Change = Callable[[Look, Form, str], Done]
# address -> (least role, what it does, what is said when it is done)
CHANGES: dict[str, tuple[Role, Change, str]] = {
    "/alerts/act": ("operator", care, "done_care"),
    "/approvals/decide": ("approver", decide, "decided"),
    "/approvals/undo": ("approver", undo, "decided"),
    "/look-ahead/start": ("operator", start, "done_ahead"),
    "/look-ahead/cancel": ("operator", cancel, "done_cancel"),
    "/learning/take-back": ("steward", take_back, "done_care"),
    **MODEL_FORMS,
}
