"""Ask: the query of one request as typed values; whatever is wrong is said once, here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from mindu.base.records import Words

LIMIT = 500  # items a page at most, where nothing else is said
PAGE = 100

T = TypeVar("T")


class Bad(ValueError):  # noqa: N818 - an answer to a reader
    """The request cannot be answered as it was asked."""

    def __init__(self, status: int, error: Words, mend: Words, *, field: str = "") -> None:
        """Carry the HTTP status, what is wrong, and how to mend it."""
        super().__init__(error.en)
        self.status, self.error, self.mend, self.field = status, error, mend, field


@dataclass(frozen=True, slots=True)
class Ask:
    """The query of one request."""

    query: Mapping[str, str]

    def text(self, name: str, default: str = "", *, most: int = 200) -> str:
        """Return a text field, refusing one that is too long."""
        told = self.query.get(name, default)
        if len(told) > most:
            raise wrong(name, f"at most {most} characters", f"最多 {most} 字")
        return told

    def whole(self, name: str, default: int, *, low: int = 0, high: int = 10**12) -> int:
        """Return a whole number within bounds."""
        told = self.query.get(name, "") or str(default)
        if not told.removeprefix("#").removeprefix("-").isdigit() or len(told) > 13:
            raise wrong(name, "a whole number", "整数")
        found = int(told.removeprefix("#"))
        if not low <= found <= high:
            raise wrong(name, f"{low} to {high}", f"{low} 至 {high}")
        return found

    def one_of(self, name: str, known: Sequence[str], default: str = "") -> str:
        """Return one of the words known."""
        told = self.query.get(name, default) or default
        if told and told not in known:
            raise wrong(name, " | ".join(known), " | ".join(known))
        return told

    def moment(self, name: str) -> datetime | None:
        """Return an instant; one without a zone is in UTC."""
        told = self.query.get(name, "")
        if not told:
            return None
        try:
            found = datetime.fromisoformat(told.replace(" ", "+"))
        except ValueError:
            raise wrong(name, "an ISO 8601 instant", "ISO 8601 时刻") from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def box(self, name: str) -> tuple[float, float, float, float] | None:
        """Return west, south, east, north."""
        told = self.query.get(name, "")
        if not told:
            return None
        try:
            w, s, e, n = (float(part) for part in told.split(","))
        except ValueError:
            raise wrong(name, "west,south,east,north", "西,南,东,北") from None
        return w, s, e, n

    def page(self, items: Sequence[T], *, most: int = LIMIT) -> tuple[Sequence[T], str | None]:
        """Return one page of a list by `limit` and `after`, and the cursor of the next."""
        limit = self.whole("limit", PAGE, low=1, high=most)
        first = self.whole("after", 0)
        end = first + limit
        return items[first:end], str(end) if end < len(items) else None


def wrong(name: str, want_en: str, want_zh: str, *, status: int = 422) -> Bad:
    """Return the refusal of one field."""
    return Bad(
        status,
        Words(f"`{name}` is not right.", f"`{name}` 有误。"),
        Words(f"Give {want_en}.", f"请给出{want_zh}。"),
        field=name,
    )


def missing(what: Words, mend: Words) -> Bad:
    """Return the refusal of what is not there."""
    return Bad(404, Words(f"There is no such {what.en}.", f"没有此{what.zh}。"), mend)
