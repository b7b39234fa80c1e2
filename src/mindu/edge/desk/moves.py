"""What the desk calls each move of a case, and what a move asks for, in both languages."""

from collections.abc import Sequence

from mindu.base.records import AnyRecord, Move, Words
from mindu.brain.casework.kinds import Rung
from mindu.edge.counter.words import SAID, TOLD_AGAIN, pick

MOVES = {
    "accept": Words("accept", "受理"),
    "reject": Words("do not accept", "不予受理"),
    "classify": Words("classify", "分类"),
    "auto_forward": Words("forwarded by itself", "自动批转"),
    "triage": Words("leave it to a person", "转人工派单"),
    "forward": Words("forward to a unit", "批转"),
    "sign": Words("mark as read", "查阅"),
    "handle": Words("begin to handle", "开始办理"),
    "wait": Words("wait, clock stopped", "挂起"),
    "resume": Words("go on", "恢复办理"),
    "contribute": Words("add what we know", "协办意见"),
    "reply": Words("reply", "回复"),
    "review": Words("take into review", "提交审核"),
    "pass": Words("pass the review", "审核通过"),
    "send_back": Words("send back", "退回修改"),
    "feed_back": Words("answer the caller", "反馈诉求人"),
    "call_back": Words("call back", "回访"),
    "not_reached": Words("the message did not arrive: call", "短信未送达,转人工回访"),
    "close": Words("close", "办结"),
    "answered": Words("answered with another case", "随并案答复"),
    "ask_return": Words("object: not ours", "申请退单"),
    "grant_return": Words("grant the objection", "同意退单"),
    "deny_return": Words("deny the objection", "驳回退单"),
    "reassign": Words("give to another unit", "改派"),
    "undo_forward": Words("take back what was sent", "撤回批转"),
    "ask_extension": Words("ask for more time", "申请延期"),
    "grant_extension": Words("grant more time", "同意延期"),
    "deny_extension": Words("deny more time", "驳回延期"),
    "split": Words("divide", "拆分"),
    "undo_split": Words("undo the division", "撤销拆分"),
    "drop": Words("taken back: the division was undone", "撤销拆分,子件作废"),
    "gather": Words("gather the parts", "汇总"),
    "merge": Words("merge", "并案"),
    "unmerge": Words("take out of the merger", "撤销并案"),
    "keep_apart": Words("another matter: do not suggest again", "不是同一事项"),
    "reopen": Words("open again", "重新办理"),
    "external": Words("hand to another line", "转其他专线"),
    "urge": Words("urge", "催办"),
    "rate": Words("rate", "评价"),
    "note": Words("note", "备注"),
    "audit": Words("look into it", "抽查"),
    "warn": Words("warn", "预警"),
    "retime": Words("set the term anew", "调整时限"),
    "told": Words("told", "登记"),
    "work": Words("the work begins", "开始办理(流程)"),
    "take_up": Words("taken up again", "重新受理"),
    "deliver": Words("only to be handed over", "待送达"),
    "route": Words("sent to a unit again", "再次批转"),
    "suspend": Words("suspended, clock stopped", "中止计时"),
    "go_on": Words("goes on, clock runs", "恢复计时"),
    "extend": Words("more time granted", "延长时限"),
    "conclude": Words("concluded", "办结(流程)"),
    "void": Words("made void", "作废"),
    "withdraw": Words("withdrawn", "撤回申请"),
    "redraw": Words("drawn anew", "流程换版"),
}
DIALS = {
    "whole": Words("of the whole term", "总时限"),
    "step": Words("of this step's term", "环节时限"),
}
NEEDS = {
    "note": Words("note, reason or answer", "说明、理由或答复"),
    "unit": Words("unit", "单位"),
    "topic": Words("topic", "事项"),
    "nature": Words("nature", "性质"),
    "urgency": Words("urgency", "紧急程度"),
    "certificate": Words("certificate", "凭证"),
    "days": Words("days", "天数"),
    "basis": Words("basis", "依据"),
    "parts": Words("parts", "拆分项"),
    "into": Words("number of the other case", "并入件号"),
    "from": Words("number of the other case", "另一件号"),
    "agency": Words("line", "专线"),
    "solved": Words("solved", "是否解决"),
    "satisfied": Words("satisfied, 1 to 5", "满意度(1–5 分)"),
    "right": Words("was it right", "是否正确"),
    "dial": Words("term", "时限"),
    "level": Words("level", "级别"),
    "node": Words("step of the drawing", "流程环节"),
}


def move(name: str, lang: str) -> str:
    """Return what a move is called; one that nobody named keeps its own name."""
    return pick(MOVES.get(name, Words(name, name)), lang)


def need(name: str, lang: str) -> str:
    """Return what a move asks for."""
    return pick(NEEDS.get(name, Words(name, name)), lang)


def noted(record: AnyRecord, lang: str, ladder: Sequence[Rung] = ()) -> str:
    """Return the note of a move; what the machine itself noted, in the reader's language."""
    note = record.note if isinstance(record, Move) else ""
    if isinstance(record, Move) and record.name == "warn":
        level = str(record.args.get("level", ""))
        dial = DIALS.get(str(record.args.get("dial", "")), Words("", ""))
        tell = next((pick(rung.tell, lang) for rung in ladder if rung.level == level), note)
        colour = pick(SAID[level], lang) if level in SAID else level
        return " · ".join(said for said in (colour, pick(dial, lang), tell) if said)
    return pick(SAID["told_again"], lang) if note == TOLD_AGAIN else note
