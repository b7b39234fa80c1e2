"""Working days of a process: by the calendar that was laid down, else by the shipped one."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mindu.brain.casework.calendar import Calendar, read, shipped

if TYPE_CHECKING:  # the door to it opens no database
    from mindu.brain.folds.tables import Tables

HOLIDAYS = "holidays"  # the table's name


class Workdays:
    """Counts working days; the table is read again only when another was laid down."""

    def __init__(self, tables: "Tables") -> None:
        """Count by these tables."""
        self._tables = tables
        self._held: tuple[int, Calendar] | None = None

    def __call__(self, since: datetime, days: int) -> datetime:
        """Return the close of the last of so many working days after the day of a moment."""
        at = self._calendar().closing(int(since.timestamp()), days)
        return max(since, datetime.fromtimestamp(at, UTC))

    def _calendar(self) -> Calendar:
        laid = self._tables.get(HOLIDAYS)
        seq = -1 if laid is None else laid.seq
        if self._held is None or self._held[0] != seq:
            self._held = seq, Calendar(shipped() if laid is None else read(laid.table.rows))
        return self._held[1]
