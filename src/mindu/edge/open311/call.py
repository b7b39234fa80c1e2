"""One call to GeoReport v2: the city that answers, what was asked, and what may be seen."""

from dataclasses import dataclass

from mindu.base.records import Words
from mindu.brain.casework.calendar import CITY
from mindu.brain.casework.kinds import CaseKind, Jurisdiction, Service
from mindu.edge.counter.counter import Counter
from mindu.edge.open311 import keys
from mindu.edge.open311.asked import Asked, Wrong, jurisdiction, offered
from mindu.edge.open311.cases import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What the doors must know: the counter, the kind that is told there, and how to reach us."""

    counter: Counter
    kind: CaseKind
    contact: Words
    key_service: str
    changeset: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read once."""

    city: City
    asked: Asked
    root: str
    path: dict[str, str]
    photos: tuple[bytes, ...] = ()
    address: str = ""  # of the machine that asks: for limits alone

    @property
    def where(self) -> Jurisdiction | None:
        """Return the jurisdiction asked for."""
        return jurisdiction(self.asked, self.city.kind)

    @property
    def shelf(self) -> Shelf:
        """Return the cases that this call may see."""
        return Shelf(self.city.counter, self.city.kind, self.where, self.root)

    def client(self, doing: str) -> str:
        """Return whose key was given.

        Raises:
            Wrong: none that holds.
        """
        counter, where = self.city.counter, self.where
        today = counter.clock.now().astimezone(CITY).date()
        area = where.code if where else ""
        return keys.client(counter.office, self.asked.one("api_key"), area, today, doing=doing)

    def service(self, code: str) -> Service:
        """Return the service of a code.

        Raises:
            Wrong: it is not offered here.
        """
        for service in offered(self.city.kind, self.where):
            if service.code == code:
                return service
        raise Wrong(404, f"service_code {code!r} was not found")
