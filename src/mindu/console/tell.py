"""Tell: what one entry says, in one sentence a person reads."""

from functools import singledispatch
from html import escape
from typing import Protocol

from mindu.base.records import (
    Action,
    Decision,
    Entry,
    Event,
    Forecast,
    Grant,
    Judgement,
    Lesson,
    Observation,
    Outcome,
    Placed,
    Receipt,
    Record,
    Segment,
    Sending,
    Settlement,
    Trial,
    Weighing,
    Words,
)
from mindu.brain.folds.standing import BLIND
from mindu.console.words import number, pick, shown, span, term


def says(record: Record) -> Words:
    """Return what a record says, in both languages."""
    return Words(saying(record, "en"), saying(record, "zh"))


def promise(look: "Titled", it: Action, lang: str) -> str:
    """Return what an action promises, as one sentence; empty where it promises nothing."""
    expects = it.expects
    if expects is None:
        return ""
    bounds = (("<", expects.below), (">", expects.above))
    marks = " ".join(f"{sign} {number(v)}" for sign, v in bounds if v is not None)
    about = pick(look.name(expects.about or it.on), lang)
    return f"{about} {term(expects.prop, lang)} {marks} ({span(expects.within, lang)})"


class Titled(Protocol):
    """Knows the names of things."""

    def name(self, about: str) -> Words:
        """Return the name of a thing in both languages."""
        ...


def told(entry: Entry, lang: str) -> str:
    """Return what an entry says, safe for HTML."""
    return escape(saying(entry.record, lang))


@singledispatch
def saying(record: Record, _lang: str) -> str:
    """Return what a record says as plain text; its kind if nothing more is known of it."""
    return type(record).__name__


def verdict(judged: Judgement) -> Words:
    """Return what a judgement says; of a thing that is not heard, which property, by its word."""
    props = [it.prop for it in judged.evidence]
    if judged.finding == BLIND and props:
        said = [" / ".join(term(prop, lang) for prop in props) for lang in ("en", "zh")]
        return Words(f"No fresh {said[0]}", f"{said[1]}无新数据")
    return judged.says if judged.says.en else Words(judged.finding, judged.finding)


@saying.register
def _(record: Judgement, lang: str) -> str:
    return pick(verdict(record), lang)


@saying.register
def _(record: Action, lang: str) -> str:
    return pick(record.says, lang) or record.verb


@saying.register
def _(record: Lesson, lang: str) -> str:
    return pick(record.says, lang) or f"{record.param} = {number(record.value)}"


@saying.register
def _(record: Trial, lang: str) -> str:
    return pick(record.says, lang) or f"{record.model} / {record.champion}"


@saying.register
def _(record: Weighing, lang: str) -> str:
    return pick(record.says, lang) or f"{record.chosen} ({record.rollouts} rollouts)"


@saying.register
def _(record: Observation, lang: str) -> str:
    value = number(record.value) if isinstance(record.value, float) else str(record.value)
    return f"{term(record.prop, lang)} {value} {shown(record.unit)}".rstrip()


@saying.register
def _(record: Segment, lang: str) -> str:
    refused = sum(record.refused.values())
    if lang == "zh":
        return f"{record.count} 条读数,拒收 {refused}"
    return f"{record.count} readings, {refused} refused"


@saying.register
def _(record: Forecast, lang: str) -> str:
    prop = term(record.prop, lang)
    if not record.mid:
        return prop
    band = f"{number(record.low[-1])}–{number(record.high[-1])} {shown(record.unit)}".rstrip()
    return f"{prop} → {number(record.mid[-1])} ({band}), +{record.leads[-1]:g} min"


@saying.register
def _(record: Placed, _lang: str) -> str:
    return record.kind


@saying.register
def _(record: Decision, lang: str) -> str:
    words = ("同意", "否决") if lang == "zh" else ("yes", "no")
    return f"{words[0 if record.confirmed else 1]}: {record.note}"


@saying.register
def _(record: Sending, lang: str) -> str:
    words = ("已发出", "未发出") if lang == "zh" else ("sent", "withheld")
    return f"{words[0 if record.ok else 1]} {record.note}"


@saying.register
def _(record: Outcome, lang: str) -> str:
    words = ("兑现", "未兑现", "(未发出)") if lang == "zh" else ("kept", "broken", "(unsent)")
    came = "" if record.measured is None else f": {number(record.measured)}"
    return f"{words[0 if record.kept else 1]}{came} {'' if record.sent else words[2]}"


@saying.register
def _(record: Settlement, lang: str) -> str:
    names = {
        "hit": "命中", "miss": "漏报", "false_alarm": "误报",
        "averted": "已化解", "unknown": "无从检验", "forecast": "预报检验",
    }  # fmt: skip
    verdict = names[record.verdict] if lang == "zh" else record.verdict.replace("_", " ")
    return f"{verdict} {span(record.lead, lang) if record.lead is not None else ''}"


@saying.register
def _(record: Event, _lang: str) -> str:
    return f"{record.name} " + ", ".join(f"{k}: {v}" for k, v in record.args.items())


@saying.register
def _(record: Receipt, lang: str) -> str:
    said = Words(
        f"{record.department or record.who} "
        f"{'used' if record.allowed else 'was refused'} {', '.join(record.datasets)} for "
        f"{record.purpose}, on {record.basis}, {record.reference}",
        f"{record.department or record.who} {'使用' if record.allowed else '被拒使用'} "
        f"{'、'.join(record.datasets)},用途 {record.purpose},依据 {record.basis},"
        f"事由 {record.reference}",
    )
    return pick(said, lang)


@saying.register
def _(record: Grant, _lang: str) -> str:
    return f"{record.who}: {record.purpose}"
