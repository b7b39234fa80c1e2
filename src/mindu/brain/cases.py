"""The one transition table: what a case may do next, who may do it, and what it takes.

Every matter that the city handles (a call, an event, a permit, an order) walks this table; nobody
writes a second one. The verbs here are pure: a state and a move in, the next state or a reason out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from mindu.base.records import Words


class State(StrEnum):
    """Where a case stands; the order is that of the stored fold, so new ones are added last."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CLASSIFIED = "classified"
    TRIAGE = "triage"
    AUTO_FORWARDED = "auto_forwarded"
    FORWARDED = "forwarded"
    SIGNED = "signed"
    HANDLING = "handling"
    WAITING = "waiting"
    REPLIED = "replied"
    REPLY_REVIEW = "reply_review"
    FINAL_REVIEW = "final_review"
    FED_BACK = "fed_back"
    CALL_BACK = "call_back"
    CLOSED = "closed"
    RETURN_ASKED = "return_asked"
    DIVIDED = "divided"
    MERGED = "merged"
    EXTERNAL = "external"
    VOID = "void"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """What somebody is there for; nobody may do anything that no role of theirs grants."""

    CALLER = "caller"
    MACHINE = "machine"
    OPERATOR = "operator"
    DISPATCHER = "dispatcher"
    OFFICER = "officer"
    REVIEWER = "reviewer"
    FINAL = "final_reviewer"
    ARBITER = "arbiter"
    SUPERVISOR = "supervisor"


STATES = tuple(State)
DONE = frozenset({State.REJECTED, State.CLOSED, State.MERGED, State.EXTERNAL, State.VOID,
                  State.WITHDRAWN})  # fmt: skip
OPEN = frozenset(STATES) - DONE
INBOX = frozenset({State.RECEIVED, State.ACCEPTED, State.CLASSIFIED, State.TRIAGE})
SENT = frozenset({State.FORWARDED, State.AUTO_FORWARDED})
AT_UNIT = SENT | {State.SIGNED, State.HANDLING, State.WAITING, State.REPLIED, State.REPLY_REVIEW}
# Where a case can stand while nobody has answered it, however often its reply was sent back.
UNANSWERED = INBOX | SENT | {State.SIGNED, State.HANDLING, State.WAITING, State.RETURN_ASKED}
# Where a case can stand that a drawn process moves, while its clocks run.
DRAWN = frozenset({State.RECEIVED, State.ACCEPTED, State.FORWARDED, State.SIGNED, State.HANDLING,
                   State.FINAL_REVIEW})  # fmt: skip

TITLES = {
    State.RECEIVED: Words("received", "已受理登记"),
    State.ACCEPTED: Words("accepted", "已受理"),
    State.REJECTED: Words("not accepted", "不予受理"),
    State.CLASSIFIED: Words("classified", "已分类"),
    State.TRIAGE: Words("waits to be sent to a unit", "待派单"),
    State.AUTO_FORWARDED: Words("forwarded by itself", "已自动批转"),
    State.FORWARDED: Words("forwarded to a unit", "已批转"),
    State.SIGNED: Words("read by the unit", "已查阅"),
    State.HANDLING: Words("being handled", "办理中"),
    State.WAITING: Words("waiting, clock stopped", "挂起(计时暂停)"),
    State.REPLIED: Words("replied", "已回复"),
    State.REPLY_REVIEW: Words("reply under review", "回复审核中"),
    State.FINAL_REVIEW: Words("under final review", "终审中"),
    State.FED_BACK: Words("answered to the caller", "已反馈"),
    State.CALL_BACK: Words("being called back", "回访中"),
    State.CLOSED: Words("closed", "已办结"),
    State.RETURN_ASKED: Words("the unit objects", "申请退单"),
    State.DIVIDED: Words("divided among units", "已拆分"),
    State.MERGED: Words("merged into another case", "已并案"),
    State.EXTERNAL: Words("handed to another line", "已转其他专线"),
    State.VOID: Words("void", "已作废"),
    State.WITHDRAWN: Words("withdrawn by the applicant", "申请人已撤回"),
}

Clock = Literal["keep", "start", "pause", "go", "stop", "renew", "rest"]
# rest: the step's clock ends and the whole one stays, so that who begins again goes on with it
Scope = Literal["own", "area", "any"]  # own: of the unit that holds the case
BEFORE = "before"  # back to where it stood before it was asked for, merged or divided


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the table: from where, by whom, to where, with what, and what the clock does."""

    name: str
    of: frozenset[State]
    to: State | Literal["before"] | None  # None: it stays where it is
    roles: frozenset[Role]
    needs: tuple[str, ...] = ()  # "note" (a reason or an answer), "unit", or an argument
    scope: Scope = "area"
    clock: Clock = "keep"
    dial: str = ""  # which term a new step clock runs on

    def __post_init__(self) -> None:
        """Refuse a row that starts a clock without a term."""
        assert (self.clock == "start") == bool(self.dial), (
            f"{self.name}: a started clock has a dial"
        )


def _step(name: str, of: object, to: object, roles: str, **more: object) -> Step:
    sources = frozenset({of} if isinstance(of, State) else of)  # type: ignore[call-overload]
    who = frozenset(Role(role) for role in roles.split())
    return Step(name=name, of=sources, to=to, roles=who, **more)  # type: ignore[arg-type]


S = State
NOTE = ("note",)
_ROWS = (
    _step("accept", S.RECEIVED, S.ACCEPTED, "operator machine"),
    _step("reject", S.RECEIVED, S.REJECTED, "operator", needs=NOTE, clock="stop"),
    _step("classify", {S.ACCEPTED, S.CLASSIFIED, S.TRIAGE}, S.CLASSIFIED,
          "operator dispatcher machine", needs=("topic", "nature", "urgency"), clock="renew"),
    _step("auto_forward", S.CLASSIFIED, S.AUTO_FORWARDED, "machine",
          needs=("unit", "certificate"), clock="start", dial="sign"),
    _step("triage", S.CLASSIFIED, S.TRIAGE, "operator dispatcher machine", needs=NOTE),
    _step("forward", {S.CLASSIFIED, S.TRIAGE}, S.FORWARDED, "dispatcher", needs=("unit",),
          clock="start", dial="sign"),
    _step("sign", SENT, S.SIGNED, "officer", scope="own", clock="start", dial="handle"),
    _step("handle", S.SIGNED, S.HANDLING, "officer", scope="own"),
    _step("wait", S.HANDLING, S.WAITING, "officer", scope="own", needs=("note", "days"),
          clock="pause"),
    _step("resume", S.WAITING, S.HANDLING, "officer machine", scope="own", clock="go"),
    _step("contribute", {S.SIGNED, S.HANDLING, S.WAITING}, None, "officer", scope="own",
          needs=NOTE),
    _step("reply", S.HANDLING, S.REPLIED, "officer", scope="own", needs=NOTE,
          clock="start", dial="review"),
    _step("review", S.REPLIED, S.REPLY_REVIEW, "reviewer", scope="own"),
    _step("pass", S.REPLY_REVIEW, S.FINAL_REVIEW, "reviewer", scope="own",
          clock="start", dial="final"),
    _step("send_back", {S.REPLY_REVIEW, S.FINAL_REVIEW}, S.HANDLING,
          "reviewer final_reviewer", needs=NOTE, clock="start", dial="handle"),
    _step("feed_back", S.FINAL_REVIEW, S.FED_BACK, "final_reviewer", clock="start",
          dial="call_back"),
    _step("call_back", S.FED_BACK, S.CALL_BACK, "operator machine"),
    _step("not_reached", S.CALL_BACK, S.FED_BACK, "machine", needs=NOTE),
    _step("close", {S.FED_BACK, S.CALL_BACK}, S.CLOSED, "operator machine", needs=NOTE,
          clock="stop"),
    _step("answered", S.MERGED, None, "machine", needs=NOTE),
    _step("ask_return", SENT | {S.SIGNED, S.HANDLING}, S.RETURN_ASKED, "officer", scope="own",
          needs=("note", "basis"), clock="start", dial="arbitrate"),
    _step("grant_return", S.RETURN_ASKED, S.TRIAGE, "arbiter", needs=NOTE, clock="start",
          dial="dispatch"),
    _step("deny_return", S.RETURN_ASKED, BEFORE, "arbiter", needs=NOTE, clock="start",
          dial="handle"),
    _step("reassign", AT_UNIT | {S.RETURN_ASKED}, S.FORWARDED, "dispatcher arbiter",
          needs=("unit", "note"), clock="start", dial="sign"),
    _step("undo_forward", {S.AUTO_FORWARDED, S.RETURN_ASKED} | (AT_UNIT - {S.WAITING}), S.TRIAGE,
          "dispatcher supervisor machine", needs=NOTE, clock="start", dial="dispatch"),
    _step("ask_extension", {S.SIGNED, S.HANDLING, S.WAITING}, None, "officer", scope="own",
          needs=("note", "days")),
    _step("grant_extension", {S.SIGNED, S.HANDLING, S.WAITING}, None, "reviewer supervisor",
          needs=NOTE, clock="renew"),
    _step("deny_extension", {S.SIGNED, S.HANDLING, S.WAITING}, None, "reviewer supervisor",
          needs=NOTE),
    _step("split", INBOX | SENT, S.DIVIDED, "dispatcher", needs=("parts",)),
    _step("gather", S.DIVIDED, S.FINAL_REVIEW, "machine dispatcher", needs=NOTE, clock="start",
          dial="final"),
    _step("undo_split", S.DIVIDED, BEFORE, "dispatcher", needs=NOTE),
    _step("drop", UNANSWERED, S.VOID, "machine", needs=NOTE, clock="stop"),
    _step("merge", OPEN - {S.DIVIDED}, S.MERGED, "operator dispatcher", needs=("into",),
          clock="stop"),
    _step("unmerge", S.MERGED, BEFORE, "operator dispatcher", needs=NOTE, clock="start",
          dial="dispatch"),
    _step("keep_apart", OPEN | {S.MERGED}, None, "operator dispatcher", needs=("from",)),
    _step("reopen", {S.CLOSED, S.FED_BACK, S.CALL_BACK, S.REJECTED, S.EXTERNAL}, S.TRIAGE,
          "caller operator supervisor machine", needs=NOTE, clock="start", dial="dispatch"),
    _step("external", INBOX, S.EXTERNAL, "operator machine", needs=("agency", "note"),
          clock="stop"),
    _step("urge", OPEN, None, "caller operator supervisor", needs=NOTE),
    _step("rate", {S.FED_BACK, S.CALL_BACK, S.CLOSED, S.MERGED}, None, "caller operator",
          needs=("solved", "satisfied")),
    _step("note", frozenset(STATES), None, "operator dispatcher officer reviewer supervisor",
          needs=NOTE),
    _step("audit", OPEN | DONE, None, "supervisor dispatcher", needs=("right",)),
    _step("warn", OPEN - {S.WAITING}, None, "machine", needs=("dial", "level")),
    _step("retime", OPEN, None, "machine supervisor", needs=NOTE, clock="renew"),
    # What a drawn process does with the cases that it moves; who may is settled by its tasks.
    _step("work", {S.RECEIVED, S.ACCEPTED, S.FINAL_REVIEW}, S.HANDLING, "machine", clock="rest"),
    _step("take_up", {S.ACCEPTED, S.HANDLING, S.FINAL_REVIEW}, S.RECEIVED, "machine",
          clock="start", dial="dispatch"),
    _step("deliver", {S.RECEIVED, S.ACCEPTED, S.HANDLING}, S.FINAL_REVIEW, "machine",
          clock="start", dial="final"),
    _step("route", {S.CLOSED, S.VOID}, S.FORWARDED, "machine", clock="start", dial="sign"),
    _step("suspend", DRAWN, S.WAITING, "machine", needs=NOTE, clock="pause"),
    _step("go_on", S.WAITING, BEFORE, "machine", clock="go"),
    _step("extend", DRAWN | {S.WAITING}, None, "machine", needs=("note", "days"), clock="renew"),
    _step("conclude", DRAWN, S.CLOSED, "machine", needs=NOTE, clock="rest"),
    _step("void", DRAWN | {S.WAITING}, S.VOID, "machine", needs=NOTE, clock="rest"),
    _step("withdraw", DRAWN | {S.WAITING}, S.WITHDRAWN, "machine", needs=NOTE, clock="rest"),
    _step("redraw", frozenset(STATES), None, "machine", needs=("node",)),
)  # fmt: skip
TABLE = {step.name: step for step in _ROWS}
BY_PROCESS = frozenset({"work", "take_up", "deliver", "route", "suspend", "go_on", "extend",
                        "conclude", "void", "withdraw", "redraw"})  # fmt: skip
assert len(TABLE) == len(_ROWS), "two rows of the table share a name"


def steps_from(state: State) -> Iterator[Step]:
    """Yield every row that leads on from a state."""
    return (step for step in _ROWS if state in step.of)


def lacking(step: Step, told: dict[str, object], *, note: str, unit: str) -> tuple[str, ...]:
    """Return what a move still needs before it can be made."""
    given = {**told, "note": note.strip(), "unit": unit}
    return tuple(need for need in step.needs if given.get(need) in {None, ""})


def target(step: Step, state: State, before: State) -> State:
    """Return the state that a move leads to."""
    if step.to is None:
        return state
    return before if step.to == BEFORE else State(step.to)
