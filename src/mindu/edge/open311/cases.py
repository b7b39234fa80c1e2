"""Cases as service requests: only open and closed exist there; our own state is told in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from mindu.brain.case_rows import CODES, IS_DONE
from mindu.brain.cases import DONE, STATES, TITLES, State
from mindu.brain.casework.kinds import CaseKind, Jurisdiction
from mindu.edge.counter.counter import Counter
from mindu.edge.open311.asked import MOST_IDS, MOST_PAGE, PAGE, SPAN, Asked, Wrong, offered
from mindu.edge.open311.shape import Plain, stamp

ANSWERED = DONE | {State.FED_BACK, State.CALL_BACK}
CLOSED = np.array([state in ANSWERED and state is not State.MERGED for state in STATES])
assert len(CLOSED) == len(IS_DONE)
Request = dict[str, Plain]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cases of one kind and jurisdiction, as the outside may see them."""

    counter: Counter
    kind: CaseKind
    where: Jurisdiction | None
    root: str  # address under which media lie

    def found(self, asked: Asked) -> list[Request]:
        """Return the requests asked for; a list of ids overrides every other filter.

        Raises:
            Wrong: a parameter does not fit.
        """
        ids = asked.many("service_request_id")
        if ids:
            if len(ids) > MOST_IDS:
                raise Wrong(400, f"at most {MOST_IDS} service_request_id at once")
            return [self.request(self.number(told)) for told in ids]
        return [self.request(number) for number in self._matching(asked)]

    def number(self, told: str) -> int:
        """Return the case of an id.

        Raises:
            Wrong: there is none here.
        """
        cases = self.counter.office.cases
        number = int(told) if told.isdigit() and len(told) < 10 else -1
        if number not in cases or not self._ours(number):
            raise Wrong(404, f"service_request_id {told!r} was not found")
        return number

    def request(self, number: int) -> Request:
        """Return one case as a service request."""
        office, row = self.counter.office, self.counter.office.cases.row(number)
        told, state = self.counter.opening(number), STATES[int(row["state"])]
        service = self.counter.service(self.kind, told.service)
        unit = office.cases.said(number, "unit")
        answer = self.counter.office.answer(number)
        where = told.where
        due = int(row["whole"]["due"])
        return {
            "service_request_id": str(number),
            "status": "closed" if closed(row) else "open",
            "status_notes": f"{TITLES[state].zh} {TITLES[state].en}"
            + (f": {answer}" * bool(answer)),
            "service_name": service.name.zh if service else None,
            "service_code": told.service or None,
            "description": told.text if self.kind.public else None,
            "agency_responsible": unit_name(self.counter, self.kind, unit),
            "service_notice": notice(self.counter, self.kind, due),
            "requested_datetime": stamp(_at(int(row["opened"]))),
            "updated_datetime": stamp(_at(int(row["changed"]))),
            "expected_datetime": stamp(_at(due)) if due else None,
            "address": told.place or None,
            "address_id": None,
            "zipcode": None,
            "lat": where[1] if where else None,
            "long": where[0] if where else None,
            "media_url": f"{self.root}/media/{told.media[0]}.jpg" if told.media else None,
        }

    def _ours(self, number: int) -> bool:
        cases = self.counter.office.cases
        area = self.where.code if self.where else ""
        here = cases.said(number, "area").startswith(area)
        return here and cases.said(number, "kind") == self.kind.name

    def _matching(self, asked: Asked) -> list[int]:
        cases, rows = self.counter.office.cases, self.counter.office.cases.rows
        mask = rows["kind"] == cases.code(self.kind.name)
        if self.where is not None and self.where.code:
            areas = [c for c, name in enumerate(cases.names) if name.startswith(self.where.code)]
            mask &= np.isin(rows["area"], areas)
        mask &= self._in_time(asked, rows)
        codes = asked.many("service_code")
        if codes:
            known = {service.code for service in offered(self.kind, self.where)}
            if set(codes) - known:
                raise Wrong(404, f"service_code {sorted(set(codes) - known)} was not found")
            mask &= np.isin(rows["service"], [cases.code(code) for code in codes])
        statuses = set(asked.many("status"))
        if statuses - {"open", "closed"}:
            raise Wrong(400, "status is open or closed, or both, comma delimited")
        if len(statuses) == 1:
            done = CLOSED[rows["state"]] | (
                (rows["state"] == CODES[State.MERGED]) & (rows["answer"] > 0)
            )
            mask &= done == ("closed" in statuses)
        page, size = asked.whole("page", 1, 100_000), asked.whole("page_size", PAGE, MOST_PAGE)
        newest = np.flatnonzero(mask)[::-1][(page - 1) * size : page * size]
        numbers: list[int] = rows["seq"][newest].tolist()
        return numbers

    def _in_time(self, asked: Asked, rows: Any) -> Any:  # noqa: ANN401 - columns
        start, end = asked.window()
        if start is None and end is None and not asked.one("updated_after"):
            start = self.counter.clock.now() - SPAN
        elif start is None and end is not None:
            start = end - SPAN
        mask = np.ones(len(rows), np.bool_)
        for column, since, until in (
            ("opened", start, end),
            ("changed", asked.moment("updated_after"), asked.moment("updated_before")),
        ):
            if since is not None:
                mask &= rows[column] >= int(since.timestamp())
            if until is not None:
                mask &= rows[column] <= int(until.timestamp())
        return mask


def closed(row: Any) -> bool:  # noqa: ANN401 - one row
    """Say whether a case is closed to the outside: answered, or over."""
    state = STATES[int(row["state"])]
    return bool(row["answer"]) if state is State.MERGED else state in ANSWERED


def unit_name(counter: Counter, kind: CaseKind, unit: str) -> str | None:
    """Return the names of a unit."""
    for code, zh, en, *_ in counter.office.rows("units", kind.name):
        if code == unit:
            return f"{zh} {en}"
    return unit or None


def notice(counter: Counter, kind: CaseKind, due: int) -> str | None:
    """Say that a deadline is reckoned in a year whose holidays nobody has announced."""
    del kind
    calendar = counter.office.calendar()
    if not due or calendar.known(calendar.at(due).date()):
        return None
    return "该年度放假安排尚未公布,期限可能调整 holidays of that year are not yet announced"


def _at(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC) + timedelta(0)


def updates(shelf: Shelf, since: datetime, until: datetime, most: int) -> Iterator[Request]:
    """Yield what was said of the cases of a shelf in a span, as service request updates."""
    rows = shelf.counter.office.cases.rows
    changed = (rows["changed"] >= int(since.timestamp())) & (
        rows["changed"] <= int(until.timestamp())
    )
    for number in rows["seq"][np.flatnonzero(changed)][:most].tolist():
        told = shelf.request(number)
        yield {
            "update_id": str(int(shelf.counter.office.cases.row(number)["last"])),
            "service_request_id": told["service_request_id"],
            "status": told["status"],
            "updated_datetime": told["updated_datetime"],
            "description": told["status_notes"],
            "media_url": told["media_url"],
        }
