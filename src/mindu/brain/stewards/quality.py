"""Quality becomes judgements and cases: stale or odd data is said, disputed, put right, weighed."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from mindu.base.records import Entry, Event, Evidence, Expect, Judgement, Severity, Words
from mindu.brain.casework.office import Office, Told
from mindu.brain.casework.refusals import Refusal
from mindu.brain.sharing import errand
from mindu.brain.sharing.kinds import PUT_RIGHT
from mindu.data.catalog.dataset import Dataset
from mindu.data.quality.rules import Report, Result

EVALUATED = "evaluated"
FINDINGS = {"fresh": "data_stale", "plausible": "data_odd"}
WITHIN = timedelta(days=1)  # in which a judgement is to prove true or not


def judgements(report: Report) -> list[Judgement]:
    """Return what an audit gives to say: data that is stale, or unlike what came before.

    The promise is measured by the next audits: `broken_RULE` of the dataset stays above zero.
    """
    return [_judged(report, one) for one in report.results if one.of in FINDINGS and not one.held]


def _judged(report: Report, told: Result) -> Judgement:
    prop = f"broken_{told.rule}"
    at = datetime.fromtimestamp(report.at / 1000, UTC)
    about = f"dataset:{report.dataset}"
    value = told.value if told.value is not None else 0.0
    if told.of == "fresh":
        hours = f"{value / 3600:.1f} h" if told.value is not None else "never 从未"
        says = Words(
            f"{report.dataset} is stale: its newest row came {hours} ago",
            f"{report.dataset} 数据陈旧:最新数据距今 {hours}",
        )
    else:
        says = Words(
            f"{report.dataset} is unlike before: {told.field or 'rows'} came to {value:g}",
            f"{report.dataset} 与历史明显不同:{told.field or '行数'}为 {value:g}",
        )
    return Judgement(
        FINDINGS[told.of], Severity.YELLOW, says, confidence=0.9,
        proof=Expect(prop, WITHIN, above=0.0, about=about),
        evidence=(Evidence(about, told.rule, at, value),),
    )  # fmt: skip


class Objection(NamedTuple):
    """What somebody says against what a rule let pass or found."""

    rule: str
    text: str
    by: str


def dispute(
    office: Office, dataset: Dataset, report: Report, said: Objection, *, now: datetime
) -> Entry:
    """Dispute what a rule found; the case goes to the department that owns the dataset.

    It is answered there as every objection is (`sharing.objections.answer`).

    Raises:
        Refusal: the audit knows no such rule, or nothing broke it.
    """
    told = _result(report, said.rule)
    if told.held:
        words = Words(
            f"{told.rule} holds in {dataset.name}", f"{dataset.name} 的 {told.rule} 已满足"
        )
        raise Refusal(words)
    case = Told(
        kind=PUT_RIGHT,
        text=said.text,
        channel="quality",
        facts={
            "dataset": dataset.name, "rule": told.rule, "field": told.field, "pull": report.pull,
            "share": told.share, "rows": ", ".join(map(str, told.rows)),
        },
    )  # fmt: skip
    return errand.send(office, case, to=dataset.department, by=said.by, now=now)


def evaluate(office: Office, number: int, report: Report, *, by: str, now: datetime) -> Entry:
    """Hold a newer audit against a dispute that was answered; what came of it is written down.

    Raises:
        Refusal: it is no dispute of this dataset, or no pull came since.
    """
    record = office.memory.log[number].record if number in office.cases else None
    facts = getattr(record, "facts", {})
    if facts.get("dataset") != report.dataset or "rule" not in facts:
        raise Refusal(
            Words(f"case {number} disputes nothing here", f"编号 {number} 不是该数据的异议")
        )
    if report.pull <= float(facts["pull"]):
        raise Refusal(Words("pull the source again first", "请先重新归集该数据源"))
    told = _result(report, str(facts["rule"]))
    event = Event(EVALUATED, {
        "dataset": report.dataset, "rule": told.rule, "before": facts["share"],
        "after": told.share, "mended": told.held,
    })  # fmt: skip
    return office.memory.write(
        event, at=now, about=f"dataset:{report.dataset}", by=by, because=(number,)
    )


def _result(report: Report, rule: str) -> Result:
    found = [one for one in report.results if one.rule == rule]
    if not found:
        raise Refusal(Words(f"no rule is called {rule}", f"没有名为 {rule} 的规则"))
    return found[0]
