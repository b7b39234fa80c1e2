"""Deeds: every proposed action: its effect, its alternatives, its consent, what came of it."""

from mindu.base.records import (
    Action,
    Decision,
    Entry,
    Option,
    Outcome,
    Sending,
    Weighing,
    Words,
)
from mindu.brain.folds.scores import NOTHING
from mindu.console.ask import Ask
from mindu.console.contract.deeds import (
    Answer,
    Approval,
    Approvals,
    Came,
    Consent,
    Course,
    Preview,
)
from mindu.console.look import Look
from mindu.console.tell import promise, says
from mindu.console.words import titled

STATES = ("waiting", "decided", "sent", "undoable", "all")
EXPIRED = "expired"


def approvals(look: Look, ask: Ask) -> Approvals:
    """List the actions asked for; what waits comes first, the soonest to expire on top."""
    state = ask.one_of("state", STATES, "all")
    waits = {entry.seq for entry in look.board.waiting(look.pulse.now)}
    about = ask.text("about")
    held = [e for e in look.board.actions.values() if about in {"", e.about}]
    found = [e for e in held if _fits(look, e, state, waits=e.seq in waits)]
    found.sort(key=lambda e: (e.seq not in waits, _until(e) if e.seq in waits else -e.seq))
    page, after = ask.page(found)
    return Approvals(
        seen=look.seen,
        items=tuple(approval(look, entry) for entry in page),
        next=after,
        total=len(found),
        waiting=len(waits),
    )


def approval(look: Look, entry: Entry) -> Approval:
    """Return one action whole."""
    it = action(entry)
    weighed = weighing_behind(look, entry)
    return Approval(
        seq=entry.seq,
        at=entry.at,
        about=entry.about,
        title=look.name(it.on),
        loop=entry.by,
        verb=it.verb,
        says=it.says if it.says.en else Words(it.verb, it.verb),
        args=it.args,
        promise=Words(promise(look, it, "en"), promise(look, it, "zh")),
        expires=entry.at + it.decide_within,
        state=state_of(look, entry),
        consent=consent(look, entry),
        undo=bool(it.undo) and _sent(look, entry) and entry.seq not in look.board.undone,
        type_name=typed_name(entry),
        preview=_preview(weighed) if weighed else None,
        courses=courses(weighed) if weighed else (),
        decision=_decided(look.board.decisions.get(entry.seq)),
        sending=_sending(look.board.sendings.get(entry.seq)),
        outcome=_came(look.board.outcomes.get(entry.seq)),
    )


def state_of(look: Look, entry: Entry) -> str:
    """Return how far an action has come."""
    board, seq = look.board, entry.seq
    decision = board.decisions.get(seq)
    if decision is None or not isinstance(decision.record, Decision):
        return "waiting" if look.pulse.now <= entry.at + action(entry).decide_within else EXPIRED
    if not decision.record.confirmed:
        return EXPIRED if decision.record.note == EXPIRED else "refused"
    sending = board.sendings.get(seq)
    if seq in board.undone or sending is None:
        return "undone" if seq in board.undone else "confirmed"
    return "sent" if _sent(look, entry) else "withheld"


def consent(look: Look, entry: Entry) -> Consent:
    """Return how many people must say yes to an action, and who has."""
    loop = look.loop(entry.by)
    given = tuple(e.by for e in look.board.seconds.get(entry.seq, ()))
    decision = look.board.decisions.get(entry.seq)
    if decision and isinstance(decision.record, Decision) and decision.record.confirmed:
        given = (*given, decision.by)
    return Consent(needed=loop.approvers if loop else 1, given=given)


def typed_name(entry: Entry) -> str:
    """Return the name that must be typed before a yes: of what cannot be taken back."""
    it = action(entry)
    return "" if it.undo else it.on


def weighing_behind(look: Look, entry: Entry) -> Entry | None:
    """Return the weighing that an action rests on, itself or through its judgement."""
    for cause in reversed(look.board.why(entry.seq, limit=40)):
        if isinstance(cause.record, Weighing):
            return cause
    return None


def courses(weighed: Entry) -> tuple[Course, ...]:
    """Return the courses that were weighed, the best mean first."""
    it = weighed.record
    assert isinstance(it, Weighing)
    return tuple(
        Course(
            name=option.name,
            title=titled(option),
            mean=option.mean,
            tail=option.tail,
            terms=option.terms,
            veto=_veto(option),
            chosen=option.name == it.chosen,
        )
        for option in sorted(it.options, key=lambda o: o.mean)
    )


def _veto(option: Option) -> Words | None:
    """Return why a course may not be taken; a log of before 2026-11-26 tells it in English."""
    told = option.veto
    if not told:
        return None
    return told if isinstance(told, Words) else Words(en=told, zh=told)


def action(entry: Entry) -> Action:
    """Return the action of an entry that is one."""
    assert isinstance(entry.record, Action)
    return entry.record


def _preview(weighed: Entry) -> Preview | None:
    it = weighed.record
    assert isinstance(it, Weighing)
    options = {option.name: option for option in it.options}
    chosen = options.get(it.chosen)
    without = next((options[name] for name in NOTHING if name in options), None)
    if chosen is None or without is None:
        return None
    return Preview(
        seq=weighed.seq,
        rollouts=it.rollouts,
        chosen=chosen.name,
        without=without.name,
        mean_with=chosen.mean,
        mean_without=without.mean,
        terms_with=chosen.terms,
        terms_without=without.terms,
    )


def _fits(look: Look, entry: Entry, state: str, *, waits: bool) -> bool:
    if state == "undoable":
        sent = _sent(look, entry) and entry.seq not in look.board.undone
        return sent and bool(action(entry).undo)
    if state == "sent":
        return _sent(look, entry)
    return state == "all" or waits == (state == "waiting")


def _until(entry: Entry) -> float:
    return (entry.at + action(entry).decide_within).timestamp()


def _sent(look: Look, entry: Entry) -> bool:
    sending = look.board.sendings.get(entry.seq)
    return sending is not None and isinstance(sending.record, Sending) and sending.record.ok


def _decided(entry: Entry | None) -> Answer | None:
    if entry is None or not isinstance(entry.record, Decision):
        return None
    it = entry.record
    return Answer(seq=entry.seq, at=entry.at, by=entry.by, yes=it.confirmed, note=it.note)


def _sending(entry: Entry | None) -> Words | None:
    return says(entry.record) if entry else None


def _came(entry: Entry | None) -> Came | None:
    if entry is None or not isinstance(entry.record, Outcome):
        return None
    it = entry.record
    return Came(seq=entry.seq, at=entry.at, kept=it.kept, measured=it.measured, sent=it.sent)
