"""Matters: an open case as the reason for an ask, if it is the asker's and about that use."""

from collections.abc import Sequence

from mindu.base.records import Case
from mindu.brain.cases import DONE
from mindu.brain.casework.office import Office
from mindu.data.grants.ask import Ask

TABLE = "purposes"  # for which purposes a case of some kind and topic may be a reason
COLUMNS = ("kind", "topic", "purpose", "source")
ANY = "*"


def read(rows: Sequence[Sequence[str]]) -> list[tuple[str, str, str]]:
    """Return kind, topic and purpose of each line; "*" is any.

    Raises:
        ValueError: names the line that cannot be read.
    """
    for line, row in enumerate(rows, start=2):
        if len(row) != len(COLUMNS) or not all(word.strip() for word in row[:3]):
            raise ValueError(f"line {line}: give {', '.join(COLUMNS)}; * is any")
    return [(row[0].strip(), row[1].strip(), row[2].strip()) for row in rows]


def stands(office: Office, number: int, ask: Ask) -> bool:
    """Say whether a case stands as the reason for an ask.

    It is open, lies with the department that asks or is helped along by it, is about the asked
    datasets where it names one, and of the purpose where the city's table says for which it may be.
    """
    cases = office.cases
    if number not in cases or cases.state(number) in DONE or not ask.who.department:
        return False
    if ask.who.department not in {cases.said(number, "unit"), *cases.link(number).helpers}:
        return False
    record = office.memory.log[number].record
    dataset = record.facts.get("dataset") if isinstance(record, Case) else None
    return (dataset is None or dataset in ask.datasets) and _fits(office, number, ask.purpose)


def _fits(office: Office, number: int, purpose: str) -> bool:
    laid = office.memory.tables.get(TABLE)
    if laid is None:
        return True
    kind, topic = (office.cases.said(number, name) for name in ("kind", "topic"))
    return any(
        of in {kind, ANY} and (under == ANY or f"{topic}.".startswith(f"{under}."))
        and told in {purpose, ANY}
        for of, under, told in read(laid.table.rows)
    )  # fmt: skip
