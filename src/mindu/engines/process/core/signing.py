"""Signing: one or many, before or after, in order or at once, by a rule that comes to an end."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from mindu.engines.process.core import activities
from mindu.engines.process.core.work import Work
from mindu.engines.process.core.written import taken_back
from mindu.engines.process.happenings import (
    AddSigners,
    Complete,
    Countersign,
    Delegate,
    DropSigner,
    Extend,
    HandOver,
    Move,
    Stuck,
    Vars,
)
from mindu.engines.process.model import Node
from mindu.engines.process.state import Round, Token, Vote, Wait, Write

MOST_SIGNERS = 50


def task(work: Work, number: int, told: Move) -> tuple[Wait, Token]:
    """Return the task that a move is about."""
    signed(told)
    wait = work.waits.get(number)
    if wait is None or wait.kind != "task":
        raise Stuck(f"#{number}", "there is no such open task", "没有这个待办任务")
    return wait, work.tokens[wait.token]


def signed(told: Move) -> None:
    """Refuse a move that nobody signs, or that has no reason."""
    if not told.by.strip() or not told.why.strip():
        raise Stuck("", "a move is signed and has a reason: give both", "操作须署名并说明理由")


def done(work: Work, token: Token, values: Vars, by: str) -> None:
    """A task is done: go on, also from where the applicant mends an application."""
    node = work.node(token)
    if node.kind == "start":
        work.note(token.frame, values)
        work.shut(token.id)
        work.leave(token, node.out)
    else:
        activities.complete(work, token, node, values, by)


# signing


def vote(work: Work, wait: Wait, told: Complete) -> None:
    """Take one signer's word; the round is over when its rule is."""
    token = work.tokens[wait.token]
    current, *later = token.rounds
    yes = told.yes is not False
    votes = (*current.votes, Vote(told.by, yes))
    current = replace(current, votes=votes)
    work.tokens[token.id] = token = replace(token, rounds=(current, *later))
    work.close(wait.id)
    work.note(token.frame, told.vars, token)
    over = verdict(current)
    if over is None:
        if current.order:
            _open(work, token)
    elif over and later:
        work.tokens[token.id] = token = replace(token, rounds=tuple(later))
        _close_tasks(work, token)
        _open(work, token)
    else:
        signed_off(work, token, told.by, yes=over)


def signed_off(work: Work, token: Token, by: str, *, yes: bool) -> None:
    """End the signing: what the signers wrote is the step's now, and no variable of its own."""
    frame = work.frames[token.frame]
    visit = frame.visits.get(token.node)
    since = (0, 0) if visit is None or token.inner else (visit.step, visit.turn)

    def of_signers(write: Write) -> bool:
        own = bool(write.path) and write.path[0][:2] == (token.frame, token.node)
        return own and (write.step, write.turn) > since

    names = {name for one in work.writes if of_signers(one) for name in one.was}
    said = {name: work.look(token.frame, name) for name in names}
    work.writes = taken_back(work.frames, work.writes, of_signers)
    work.tokens[token.id] = token = replace(token, rounds=())
    done(work, token, {**said, "approved": yes}, by)


def verdict(current: Round) -> bool | None:
    """Return what a round has come to, None while it goes on."""
    yes = sum(1 for one in current.votes if one.yes)
    no, left = len(current.votes) - yes, len(current.who) - len(current.votes)
    if current.rule == "veto" and no:
        return False
    if current.rule in {"all", "veto"}:
        return None if left else no == 0
    enough = int(current.rule)
    if yes >= enough:
        return True
    return False if yes + left < enough else None


def _open(work: Work, token: Token) -> None:
    """Put the first round's tasks on the desk."""
    node, current = work.node(token), token.rounds[0]
    left = list(current.who[len(current.votes) :] if current.order else current.who)
    for who in left[:1] if current.order else left:
        activities.offer(work, token, node, who=who, groups="" if who else node.lane)


def _close_tasks(work: Work, token: Token) -> None:
    for wait in [w for w in work.waits.values() if w.token == token.id and w.kind == "task"]:
        work.close(wait.id)


def checked(told: Round, node: Node) -> Round:
    """Return a round that can come to an end."""
    people = tuple(dict.fromkeys(who.strip() for who in told.who if who.strip()))
    if not 1 <= len(people) <= MOST_SIGNERS or told.votes:
        raise Stuck(
            node.called(),
            f"name 1 to {MOST_SIGNERS} different signers",
            f"请指定1至{MOST_SIGNERS}名不同的会签人",
        )
    number = told.rule.isdigit() and 1 <= int(told.rule) <= len(people)
    if told.rule not in {"all", "veto"} and not number:
        raise Stuck(
            node.called(),
            f"the rule is all, veto or a number from 1 to {len(people)}, not {told.rule!r}",
            f"会签规则应为 all、veto 或1至{len(people)}的数字",
        )
    return replace(told, who=people)


def _countersign(work: Work, told: Countersign) -> None:
    wait, token = task(work, told.wait, told)
    node = work.node(token)
    current = checked(told.round, node)
    rest = token.rounds[1:]
    if token.rounds and token.rounds[0].votes:
        raise work.stuck(node, "somebody has signed already", "已有人签署,不能改为会签")
    work.tokens[token.id] = token = replace(token, rounds=(current, *rest))
    _close_tasks(work, token)
    _open(work, token)
    assert wait.id not in work.waits, "the old task is off the desk"


def _add(work: Work, told: AddSigners) -> None:
    wait, token = task(work, told.wait, told)
    node = work.node(token)
    new = checked(told.round, node)
    own = token.rounds or (Round((wait.who,), "all"),)
    if len(own) >= 10:
        raise work.stuck(node, "ten rounds of signing are enough", "加签轮次至多十轮")
    if told.after:
        rounds = (own[0], new, *own[1:])
    else:
        if own[0].votes:
            raise work.stuck(
                node, "somebody has signed already: add signers after", "已有人签署,请改为后加签"
            )
        rounds = (new, *own)
    work.tokens[token.id] = token = replace(token, rounds=rounds)
    if told.after:
        return
    _close_tasks(work, token)
    _open(work, token)


def _drop(work: Work, told: DropSigner) -> None:
    wait, token = task(work, told.wait, told)
    node = work.node(token)
    if not token.rounds or told.who not in token.rounds[0].who:
        raise work.stuck(node, f"{told.who} is no signer here", f"{told.who}不是会签人")
    current, *later = token.rounds
    if len(current.who) == 1 or any(one.who == told.who for one in current.votes):
        raise work.stuck(
            node, f"{told.who} has signed or is the only one", f"{told.who}已签署或是唯一会签人"
        )
    people = tuple(who for who in current.who if who != told.who)
    rule = current.rule
    if rule.isdigit() and int(rule) > len(people):
        rule = str(len(people))
    current = replace(current, who=people, rule=rule)
    work.tokens[token.id] = token = replace(token, rounds=(current, *later))
    over = verdict(current)
    if over is None:
        _close_tasks(work, token)
        _reopen(work, token)
    elif over and later:
        work.tokens[token.id] = token = replace(token, rounds=tuple(later))
        _close_tasks(work, token)
        _open(work, token)
    else:
        signed_off(work, token, told.by, yes=over)
    assert wait.token == token.id, "a signer is dropped from the task's own round"


def _reopen(work: Work, token: Token) -> None:
    """Put those on the desk who have not signed yet."""
    current = token.rounds[0]
    signed = {one.who for one in current.votes}
    left = [who for who in current.who if who not in signed]
    for who in left[:1] if current.order else left:
        activities.offer(work, token, work.node(token), who=who)


def _hand_over(work: Work, told: HandOver) -> None:
    wait, token = task(work, told.wait, told)
    _other(work, token, wait.who, told.to)
    _named(work, token, told.to)
    work.waits[wait.id] = replace(wait, who=told.to, groups="", owner="")
    _rename(work, token, wait.who, told.to)


def _delegate(work: Work, told: Delegate) -> None:
    wait, token = task(work, told.wait, told)
    _other(work, token, wait.who, told.to)
    _named(work, token, told.to)
    work.waits[wait.id] = replace(wait, who=told.to, groups="", owner=wait.owner or told.by)
    _rename(work, token, wait.who, told.to)


def _extend(work: Work, told: Extend) -> None:
    """Change nothing here: the one deadline of a task is the case's, and it moves that."""
    _, token = task(work, told.wait, told)
    if told.days < 1:
        raise work.stuck(work.node(token), "give it 1 or more working days", "请填写延长的工作日数")


def _other(work: Work, token: Token, has: str, to: str) -> None:
    """Refuse to give a task to who has it: that would be a move that moves nothing."""
    if has and to == has:
        raise work.stuck(
            work.node(token),
            f"{to} has it already: name somebody else",
            f"该任务已在{to}手中:请指定另一人",
        )


def _named(work: Work, token: Token, to: str) -> None:
    taken = token.rounds and to in token.rounds[0].who
    if not to.strip() or taken:
        raise work.stuck(
            work.node(token),
            f"{to!r} cannot take it: name a person who does not sign here already",
            f"“{to}”不能接手:请指定尚未参与会签的人",
        )


def _rename(work: Work, token: Token, old: str, new: str) -> None:
    if token.rounds:
        current = token.rounds[0]
        people = tuple(new if who == old else who for who in current.who)
        rounds = (replace(current, who=people), *token.rounds[1:])
        work.tokens[token.id] = replace(token, rounds=rounds)


Take = Callable[[Work, Any], None]
TAKE: dict[type, Take] = {
    Countersign: _countersign,
    AddSigners: _add,
    DropSigner: _drop,
    HandOver: _hand_over,
    Delegate: _delegate,
    Extend: _extend,
}
