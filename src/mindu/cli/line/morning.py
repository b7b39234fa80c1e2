"""The morning score of a night at the line: counted from the log, held against the truth."""

from collections import Counter as Tally
from statistics import median

from mindu.apps.hotline.storm.grammar import FLOOD, Call
from mindu.apps.hotline.storm.hear import DRY
from mindu.base.records import Action, Judgement, Settlement, Words
from mindu.brain.brain import Brain
from mindu.cli.line.shift import Shift
from mindu.data.log import Log

Score = dict[str, float | int | None]
NAMES = {
    "calls": Words("calls", "来电"),
    "right_first_time": Words("sent right first time", "一次派准率"),
    "minutes_to_sign_median": Words("minutes to sign, median", "查阅用时中位数(分钟)"),
    "duplicates_merged": Words("duplicates merged", "并案件数"),
    "merged_rightly": Words("merged rightly", "并案正确率"),
    "mergeable": Words("duplicates there were", "实际重复件"),
    "roads_judged_flooded": Words("roads judged flooded", "判为积水的道路"),
    "roads_really_flooded": Words("roads really flooded", "实际积水的道路"),
    "judged_rightly": Words("judged rightly", "判断正确的道路"),
    "judgements": Words("judgements on roads", "道路判断次数"),
    "hits": Words("borne out by a crew", "经现场核实"),
    "false_alarms": Words("false alarms", "误报"),
    "crews_sent": Words("crews asked for", "请派查看次数"),
    "callers_answered": Words("callers answered", "已答复来电人"),
    "flood_callers": Words("callers about water", "反映积水来电人"),
    "flood_callers_told_free": Words("told that the road is free", "已告知可通行"),
    "roads_told_free": Words("roads told free", "已告知可通行的道路"),
}
FOUND = frozenset({"flooded_road", "perhaps_passable"})


def score(shift: Shift) -> Score:
    """Return the figures of a night, as far as this shift heard it."""
    brain = shift.brain
    wet = {road for road, deep in shift.callers.worst.items() if deep >= DRY}
    judged = _judged(brain.log)
    return {
        "calls": len(shift.truth),
        **_sent(shift),
        **_merged(brain, shift.truth),
        "roads_judged_flooded": len(judged),
        "roads_really_flooded": len(wet),
        "judged_rightly": len(judged & wet),
        **_settled(brain.log),
        **_answered(brain, shift),
    }


def _sent(shift: Shift) -> Score:
    sent = sum(shift.right.values())
    return {
        "right_first_time": round(shift.right[True] / sent, 3) if sent else None,
        "minutes_to_sign_median": round(median(shift.to_sign), 1) if shift.to_sign else None,
    }


def _merged(brain: Brain, truth: dict[int, Call]) -> Score:
    """Count duplicates: those merged, those of them that were the same, those there were."""
    cases = brain.office.cases
    merged = [n for n in truth if cases.row(n)["master"] >= 0]
    same = sum(_alike(truth[n], truth.get(int(cases.row(n)["master"]))) for n in merged)
    floods = Tally(call.road for call in truth.values() if call.topic == FLOOD)
    return {
        "duplicates_merged": len(merged),
        "merged_rightly": round(same / len(merged), 3) if merged else None,
        "mergeable": sum(count - 1 for count in floods.values()),
    }


def _settled(log: Log) -> Score:
    said = {e.seq for e in log if isinstance(e.record, Judgement) and e.record.finding in FOUND}
    verdicts = Tally(
        e.record.verdict for e in log
        if isinstance(e.record, Settlement) and said.intersection(e.because)
    )  # fmt: skip
    looks = [e.record for e in log if isinstance(e.record, Action) and e.record.verb == "look"]
    return {
        "judgements": len(said),
        "hits": verdicts["hit"],
        "false_alarms": verdicts["false_alarm"],
        "crews_sent": len(looks),
    }


def _answered(brain: Brain, shift: Shift) -> Score:
    """Count who was told that the road is free again, and who still waits for it."""
    cases = brain.office.cases
    floods = [n for n, call in shift.truth.items() if call.topic == FLOOD]
    return {
        "callers_answered": sum(bool(cases.row(n)["answer"]) for n in shift.truth),
        "flood_callers": len(floods),
        "flood_callers_told_free": sum(bool(cases.row(n)["answer"]) for n in floods),
        "roads_told_free": len(shift.freed),
    }


def _judged(log: Log) -> set[str]:
    return {
        e.about for e in log
        if isinstance(e.record, Judgement) and e.record.finding == "flooded_road"
    }  # fmt: skip


def _alike(one: Call, other: Call | None) -> bool:
    return other is not None and (one.road, one.topic) == (other.road, other.topic)
