"""The shelf of a hall: its licences as the desk's papers."""

from collections.abc import Collection
from dataclasses import dataclass

from mindu.apps.services.licences.following import CAUSES, UNDONE
from mindu.apps.services.licences.kinds import KINDS
from mindu.apps.services.licences.rows import WORDS, Row
from mindu.apps.services.web.site import Site
from mindu.base.records import Words
from mindu.console.steps.papers import Paper


@dataclass(frozen=True, slots=True)
class Issued:
    """The licences of one hall, by the office that signed them."""

    site: Site

    def of(self, offices: Collection[str]) -> list[Paper]:
        """Return what these offices issued, the newest first."""
        rows = self.site.licences.every()
        return [_paper(row) for row in reversed(rows) if KINDS[row.item].issuer in offices]

    def set(self, number: str, status: str, why: str, *, by: str) -> None:
        """Suspend, revoke or restore one; its holder and all who check it are told so."""
        self.site.licences.set(number, WORDS[status], why, by=by, now=self.site.now())


def _paper(row: Row) -> Paper:
    kind = KINDS[row.item]
    return Paper(number=row.number, title=kind.title, office=kind.issuer,
                 status=row.status.name.lower(), why=row.why,
                 cause=CAUSES.get(row.cause, Words("", "")), rests=row.cause != UNDONE)  # fmt: skip
