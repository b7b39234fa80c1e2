"""What a client asked: parameters read once, with the errors that GeoReport v2 names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mindu.brain.casework.kinds import Attribute, CaseKind, Jurisdiction, Service

SPAN = timedelta(days=90)  # that a query may reach over
MOST_IDS = 100
PAGE, MOST_PAGE = 1_000, 1_000
_ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_.-]{1,64})\](\[\])?")


class Wrong(Exception):  # noqa: N818 - it becomes the answer
    """A request that cannot be answered: status and words."""

    def __init__(self, status: int, says: str) -> None:
        """Keep both."""
        super().__init__(says)
        self.status, self.says = status, says


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one request; an empty one is as good as none."""

    given: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        """Return a parameter, stripped; "" if it was not given."""
        told = self.given.get(name, ())
        return told[-1].strip() if told else ""

    def many(self, name: str) -> list[str]:
        """Return a comma-delimited parameter as a list."""
        told = ",".join(self.given.get(name, ()))
        return [part.strip() for part in told.split(",") if part.strip()]

    def moment(self, name: str) -> datetime | None:
        """Return a W3C date and time; without an offset it is taken as UTC.

        Raises:
            Wrong: it is none.
        """
        text = self.one(name)
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text.replace(" ", "+"))
        except ValueError as wrong:
            raise Wrong(400, f"{name} is no date like 2010-01-01T00:00:00Z") from wrong
        if not 1970 <= found.year < 2200:
            raise Wrong(400, f"{name} is from 1970 to 2199")
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def whole(self, name: str, otherwise: int, most: int) -> int:
        """Return a whole number from 1 to `most`.

        Raises:
            Wrong: it is none.
        """
        text = self.one(name)
        if text and not (text.isdigit() and 0 < int(text) <= most):
            raise Wrong(400, f"{name} is a whole number from 1 to {most}")
        return int(text) if text else otherwise

    def point(self) -> tuple[float, float] | None:
        """Return (longitude, latitude) when both were given.

        Raises:
            Wrong: one of them is missing or no number of degrees.
        """
        lat, long = self.one("lat"), self.one("long")
        if not lat and not long:
            return None
        try:
            y, x = float(lat), float(long)
        except ValueError as wrong:
            raise Wrong(400, "lat and long are given together, in degrees WGS 84") from wrong
        if not (-90.0 <= y <= 90.0 and -180.0 <= x <= 180.0):
            raise Wrong(400, "lat is from -90 to 90 and long from -180 to 180")
        return x, y

    def window(self) -> tuple[datetime | None, datetime | None]:
        """Return start and end of a query.

        Raises:
            Wrong: they span more than 90 days, or run backwards.
        """
        start, end = self.moment("start_date"), self.moment("end_date")
        if start and end and not timedelta(0) <= end - start <= SPAN:
            raise Wrong(400, "start_date and end_date may not span more than 90 days")
        return start, end


def jurisdiction(asked: Asked, kind: CaseKind) -> Jurisdiction | None:
    """Return the jurisdiction asked for; None where the city has only itself.

    Raises:
        Wrong: 400 when several exist and none was given, 404 when there is no such.
    """
    name, known = asked.one("jurisdiction_id"), kind.jurisdictions
    if not name:
        if len(known) > 1:
            told = ", ".join(j.id for j in known)
            raise Wrong(400, f"jurisdiction_id was not provided; there are {told}")
        return known[0] if known else None
    found = next((j for j in known if j.id == name), None)
    if found is None:
        raise Wrong(404, f"jurisdiction_id {name!r} was not found")
    return found


def offered(kind: CaseKind, where: Jurisdiction | None) -> list[Service]:
    """Return the services of a jurisdiction."""
    return [s for s in kind.services if not s.areas or where is None or where.code in s.areas]


def answers(asked: Asked, service: Service) -> dict[str, str]:
    """Return the answers to a service's own questions.

    Raises:
        Wrong: a required one is missing, or one does not fit its datatype.
    """
    told: dict[str, list[str]] = {}
    for name, values in asked.given.items():
        found = _ATTRIBUTE.fullmatch(name)
        if found:
            told.setdefault(found[1], []).extend(v.strip() for v in values if v.strip())
    kept = {}
    for question in service.attributes:
        values = told.get(question.code, [])
        if question.required and not values:
            raise Wrong(400, f"attribute[{question.code}] was not provided")
        if values:
            kept[question.code] = _fitting(question, values)
    return kept


def _fitting(question: Attribute, values: Sequence[str]) -> str:
    known = {key for key, _ in question.values}
    if question.datatype in {"singlevaluelist", "multivaluelist"}:
        strange = [value for value in values if value not in known]
        if strange or (question.datatype == "singlevaluelist" and len(values) > 1):
            raise Wrong(400, f"attribute[{question.code}] is one of {', '.join(sorted(known))}")
        return ",".join(values)
    if question.datatype == "number":
        try:
            float(values[-1])
        except ValueError as wrong:
            raise Wrong(400, f"attribute[{question.code}] is a number") from wrong
    if question.datatype == "datetime":
        Asked({"attribute": [values[-1]]}).moment("attribute")
    return values[-1][:1000]
