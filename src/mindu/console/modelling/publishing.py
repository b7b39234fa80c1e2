"""Publishing: a draft becomes a version once enough people said yes; each answer is a record."""

from datetime import UTC

import msgspec
from msgspec.structs import replace

from mindu.base.records import Published, Value, Words
from mindu.brain.folds.models import Unfit, fit
from mindu.console.ask import Bad, missing, wrong
from mindu.console.contract.models.modelling import Answered, AnswerModel, Proposal, Propose
from mindu.console.modelling.modelling import Modelling, kind_of

PROPOSED, ANSWERED = "model_proposed", "model_answered"
REASON = 300  # characters
SHOWN = 200  # proposals that are listed; older ones stand in the log
PROPOSAL = Words("proposal", "待批版本")
LISTED = Words("The page of models lists them.", "见建模页。")
MOVED = Words("The draft was saved again since.", "草稿在此之后又被保存。")
LOOK = Words("Look at it once more, then publish what you saw.", "请再看一遍后发布所见的版本。")
OVER = Words("This proposal is over.", "该版本已有结论。")
SAME = Words("You have said so already: another person must.", "您已表态,须由另一人确认。")
OTHER = Words("Ask somebody else with the role steward.", "请由另一位“数据管理员”确认。")
AGREED = Words("This very version holds already.", "该版本已在用。")
NOTHING = Words("There is nothing to publish.", "无需发布。")
_PROPOSAL = msgspec.json.Decoder(Proposal)


def propose(desk: Modelling, told: Propose, by: str) -> Proposal:
    """Publish a revision of a draft at once, or let it wait for others to say yes.

    Raises:
        Bad: it cannot run, was saved again since, holds already, or no reason is given.
    """
    reason = reasoned(told.reason)
    draft = desk.drafts.get(told.draft)
    if draft.revision != told.revision:
        raise Bad(409, MOVED, LOOK, field="revision")
    record = _fit(draft.text.encode())
    names = [f"{record.kind}:{name}" for name in record.names]
    if all(desk.models.newest.get(one) == record.key for one in names):
        raise Bad(409, AGREED, NOTHING)
    first = Answered(by=by, yes=True, at=desk.now().astimezone(UTC), reason=reason)
    made = Proposal(
        id=0, key=record.key, kind=kind_of(record), names=record.names, draft=draft.id,
        revision=draft.revision, by=by, at=first.at, reason=reason, needed=desk.needed(record),
        state="waiting", answers=(first,),
    )  # fmt: skip
    kept: Proposal = desk.turn(lambda: _propose(desk, made, record))
    return kept


def _propose(desk: Modelling, made: Proposal, record: Published) -> Proposal:
    with desk.drafts.lock:
        held = desk.drafts.run("SELECT coalesce(max(id), 0) + 1 FROM proposal")
        made = replace(made, id=int(held[0][0]))
        row = (made.id, msgspec.json.encode(made), record.text)
        desk.drafts.run("INSERT INTO proposal VALUES(?,?,?)", row)
    told: dict[str, Value] = {
        "reason": made.reason,
        "needed": float(made.needed),
        "draft": made.draft,
    }
    desk.note(PROPOSED, made.key, told, made.by)
    return _counted(desk, made, record.text)


def answer(desk: Modelling, told: AnswerModel, by: str) -> Proposal:
    """Take another person's yes or no; with the last yes that is needed the version holds.

    Raises:
        Bad: there is no such proposal, it is over, the same person spoke before, or no reason.
    """
    reason = reasoned(told.reason)
    done: Proposal = desk.turn(lambda: _answer(desk, replace(told, reason=reason), by))
    return done


def _answer(desk: Modelling, told: AnswerModel, by: str) -> Proposal:
    made, text = _found(desk, told.id)
    if made.state != "waiting":
        raise Bad(409, OVER, LISTED)
    if told.yes and any(one.by == by for one in made.answers):
        raise Bad(409, SAME, OTHER)
    said = Answered(by=by, yes=told.yes, at=desk.now().astimezone(UTC), reason=told.reason)
    made = replace(made, answers=(*made.answers, said), state=made.state if told.yes else "refused")
    desk.note(ANSWERED, made.key, {"yes": told.yes, "reason": told.reason}, by)
    _keep(desk, made)
    return _counted(desk, made, text)


def _counted(desk: Modelling, made: Proposal, text: bytes) -> Proposal:
    """Let a version hold that enough people said yes to; its text is the one they saw."""
    yes = {one.by for one in made.answers if one.yes}
    if made.state != "waiting" or len(yes) < made.needed:
        return made
    record = _fit(text)
    assert record.key == made.key, "what is published is what people said yes to"
    desk.processes.publish(text, by=made.answers[-1].by, now=desk.now())
    made = replace(made, state="published")
    _keep(desk, made)
    return made


def proposals(desk: Modelling) -> tuple[Proposal, ...]:
    """Return the proposals, those that wait first, then the newest."""
    rows = desk.drafts.run("SELECT told FROM proposal ORDER BY id DESC LIMIT ?", (SHOWN,))
    found = [_PROPOSAL.decode(row[0]) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.state != "waiting", -one.id)))


def _found(desk: Modelling, number: int) -> tuple[Proposal, bytes]:
    rows = desk.drafts.run("SELECT told, text FROM proposal WHERE id=?", (number,))
    if not rows:
        raise missing(PROPOSAL, LISTED)
    return _PROPOSAL.decode(rows[0][0]), bytes(rows[0][1])


def _keep(desk: Modelling, made: Proposal) -> None:
    told = msgspec.json.encode(made)
    desk.drafts.run("UPDATE proposal SET told=? WHERE id=?", (told, made.id))


def _fit(text: bytes) -> Published:
    try:
        return fit(text)
    except Unfit as no:
        first, more = no.problems[0], len(no.problems) - 1
        en, zh = f"{first.where}: {first.en}", f"{first.where}:{first.zh}"
        says = Words(f"It cannot run. {en}", f"不能运行。{zh}")
        mend = Words(f"Mend it{f' and {more} more' if more else ''}: the check names each element.",
                     f"请修正{f'(另有 {more} 处)' if more else ''},检查结果逐项列出。")  # fmt: skip
        raise Bad(422, says, mend, field="text") from no


def reasoned(told: str) -> str:
    """Return a reason; Bad where none is given, or too much."""
    reason = told.strip()
    if not 1 <= len(reason) <= REASON:
        raise wrong("reason", f"a reason of 1 to {REASON} characters", f"1 至 {REASON} 字的理由")
    return reason
