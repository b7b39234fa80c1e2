"""How the units stand: boards over the cases that applications are, down to each case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
from starlette.requests import Request

from mindu.base.records import Case, Words
from mindu.brain.cases import TITLES
from mindu.brain.casework.board import MEASURES, behind, boards, pressing
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.office import Office
from mindu.brain.folds.flow.courses import INSTANCE
from mindu.console.steps.desk import Desk, Officer
from mindu.console.steps.page import page
from mindu.console.steps.sitting import lang_of

LISTED = 200  # cases behind one number


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """One case behind a number."""

    number: str
    title: str
    stands: Words
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Units:
    """The pages of the boards."""

    desk: Desk
    root: str

    def shown(
        self, request: Request, officer: Officer, _sent: dict[str, list[str]], _token: str
    ) -> tuple[str, int]:
        """Return the boards, with the cases behind one number where one was asked for."""
        office, asked = self.desk.processes.course.office, request.query_params
        unit, measure = asked.get("unit", "")[:100], asked.get("measure", "")
        now, found, rows = self.desk.now(), [], None
        if office is not None:
            found = boards(office, now)
            rows = None if not unit else self._behind(office, unit, measure, now)
        told = {"boards": found, "measures": MEASURES, "rows": rows, "unit": unit}
        return page("units", lang_of(request), root=self.root, officer=officer, **told), 200

    def _behind(self, office: Office, unit: str, measure: str, now: datetime) -> list[Behind]:
        numbers: Iterable[int] = pressing(office, now, unit=unit, most=LISTED)
        if measure in MEASURES:
            numbers = behind(office, now, unit=unit, measure=measure, good=False)
        return [self._one(office, number) for number in numbers]

    def _one(self, office: Office, number: int) -> Behind:
        record = office.memory.log[number].record
        assert isinstance(record, Case), "a case is numbered by its first entry"
        due = int(office.cases.row(number)["whole"]["due"])
        return Behind(
            number=self.desk.number(int(float(record.facts[INSTANCE]))), title=record.text,
            stands=TITLES[office.cases.state(number)],
            due=datetime.fromtimestamp(due, CITY) if due else None,
        )  # fmt: skip
