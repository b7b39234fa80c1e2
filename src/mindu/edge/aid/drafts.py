"""Drafts: a reply begun from a template, whose every field is filled from the case alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.office import Office
from mindu.edge.counter.counter import Counter
from mindu.engines.text.assist import TemplateError, fill, holes

TEMPLATES = "templates"
COLUMNS = ("id", "topic", "title", "text", "source")


@dataclass(frozen=True, slots=True)
class Template:
    """One template: for a topic and its parts, or for all ("*")."""

    id: str
    topic: str
    title: str
    text: str
    source: str


def templates(office: Office, number: int) -> list[Template]:
    """Return the templates that fit a case's topic, the nearest first."""
    cases = office.cases
    topic = cases.said(number, "topic")
    rows = office.rows(TEMPLATES, cases.said(number, "kind"))
    told = [Template(*row) for row in rows if len(row) == len(COLUMNS)]
    fit = [one for one in told if one.topic == "*" or _within(topic, one.topic)]
    return sorted(fit, key=lambda one: (one.topic == "*", -len(one.topic), one.id))


def draft(counter: Counter, number: int, template: str, now: datetime) -> str:
    """Return a template filled from the case.

    Raises:
        TemplateError: there is no such template, or the case lacks a field that it asks for.
    """
    found = next((t for t in templates(counter.office, number) if t.id == template), None)
    if found is None:
        raise TemplateError(f"no template {template!r} fits this case")
    return fill(found.text, facts(counter, number, now))


def facts(counter: Counter, number: int, now: datetime) -> Mapping[str, str]:
    """Return what a template may ask for: what stands in the case and its clocks, nothing else."""
    office, cases = counter.office, counter.office.cases
    row, told = cases.row(number), counter.opening(number)
    kind = office.kinds[cases.said(number, "kind")]
    unit = next((r for r in office.rows("units", kind.name) if r[0] == cases.said(number, "unit")),
                ("", "", ""))  # fmt: skip
    service = counter.service(kind, told.service)
    calendar, area = office.calendar(), cases.said(number, "area")
    place = next((j.name.zh for j in kind.jurisdictions if j.code == area), "")
    due = int(row["whole"]["due"])
    return {
        "编号": str(number),
        "标题": told.title,
        "事项": service.name.zh if service is not None else "",
        "地点": cases.said(number, "place") or told.place,
        "区域": place,
        "承办单位": unit[1],
        "来电日期": _day(datetime.fromtimestamp(int(row["opened"]), CITY)),
        "办结期限": _day(calendar.at(due)) if due else "",
        "查阅日期": _day(calendar.at(int(row["signed"]))) if row["signed"] else "",
        "今天": _day(now.astimezone(CITY)),
    }


def read(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table of templates as they may be laid down.

    Raises:
        ValueError: names the first line that cannot be read.
    """
    for line, row in enumerate(rows, start=2):
        if len(row) != len(COLUMNS) or not all(row):
            raise ValueError(f"line {line}: give {', '.join(COLUMNS)}, each of them")
        try:
            holes(row[3])
        except TemplateError as wrong:
            raise ValueError(f"line {line}: {wrong}") from wrong
    return tuple(tuple(row) for row in rows)


def _within(topic: str, whole: str) -> bool:
    return topic == whole or topic.startswith(f"{whole}.")


def _day(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日"
