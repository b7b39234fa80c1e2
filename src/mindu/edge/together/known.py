"""Known: the cases of the last months as they are compared, each read from the log once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mindu.base.records import Case
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.office import Office
from mindu.brain.casework.rights import covers
from mindu.edge.together.heard import LEFT_OUT
from mindu.edge.together.spots import Places
from mindu.engines.text.same import Note

MONTHS = timedelta(days=180)  # what is compared; slow issues show over months
MOST = 12_000  # newest cases that are compared: a night's clustering then takes a minute or two


@dataclass(frozen=True, slots=True)
class Told:
    """One case as it is compared; topic and unit stand in its row, where they may change."""

    number: int
    at: datetime
    caller: str
    note: Note

    @property
    def day(self) -> date:
        """Return the city's day on which it was told."""
        return self.at.astimezone(CITY).date()


class Known:
    """The recent cases of one office; `renew` reads what is new, under whoever holds the log."""

    def __init__(self, office: Office, places: Places) -> None:
        """Know none."""
        self.office, self.places = office, places
        self._held: dict[int, Told] = {}
        self._read = 0  # rows of the cases that were looked at

    def __len__(self) -> int:
        """Count the cases."""
        return len(self._held)

    def __iter__(self) -> Iterator[Told]:
        """Walk them, oldest first as they were written."""
        return iter(list(self._held.values()))

    @property
    def notes(self) -> list[Note]:
        """Return their words."""
        return [told.note for told in self]

    def get(self, number: int) -> Told | None:
        """Return a case if it is among those compared."""
        return self._held.get(number)

    def renew(self, now: datetime) -> list[Told]:
        """Read what came since the last time, let go what is too old; return what is new."""
        rows, since = self.office.cases.rows, now - MONTHS
        fresh = rows["seq"][self._read :][-MOST:].tolist()
        self._read = len(rows)
        new = [told for number in fresh if (told := self._tell(number)).at >= since]
        self._held |= {told.number: told for told in new if told.note.body}
        while self._held and (len(self._held) > MOST or next(iter(self._held.values())).at < since):
            self._held.pop(next(iter(self._held)))
        return [told for told in new if told.number in self._held]

    def counted(self, number: int) -> str:
        """Return the topic of a case; "" where it has none, or where it was none of ours."""
        cases = self.office.cases
        return "" if cases.state(number) in LEFT_OUT else cases.said(number, "topic")

    def root(self, number: int) -> int:
        """Return the case that a case was merged into, in the end; itself if into none."""
        cases = self.office.cases
        while (into := int(cases.row(number)["master"])) >= 0:
            number = into
        return number

    def within(self, number: int, areas: Iterable[str]) -> bool:
        """Say whether a case lies in one of these jurisdictions."""
        return covers(areas, self.office.cases.said(number, "area"))

    def _tell(self, number: int) -> Told:
        entry = self.office.memory.log[number]
        case = entry.record
        assert isinstance(case, Case), "a number of a case is that of its opening"
        body = "" if case.parent >= 0 else case.text  # parts of a case are no news
        named = tuple(self.places(f"{case.title}\n{case.text}")) if body else ()
        note = Note(name=str(number), title=case.title, body=body, places=named)
        return Told(number, entry.at, case.caller, note)


__all__ = ["Known", "Places", "Told"]
