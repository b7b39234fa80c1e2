"""The book of licences: issued on approval, shown by the holder, ended by the issuer.

What a licence says lies in the holder's vault; the log holds its number, its place in the status
list, and every use.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec

from mindu.apps.services.counter import Counter
from mindu.apps.services.licences.following import (
    AGAIN,
    REFUSED,
    REPLACED,
    TAKEN,
    UNDONE,
    Change,
    change,
)
from mindu.apps.services.licences.issuing import Hand
from mindu.apps.services.licences.kinds import KINDS, NUMBER, Kind
from mindu.apps.services.licences.presented import Presented, checked, presented
from mindu.apps.services.licences.rows import CHANGED, ISSUED, KEPT, Held, Row, Rows
from mindu.apps.services.licences.seals import Seals
from mindu.apps.services.licences.status import Status
from mindu.apps.services.materials import Materials
from mindu.apps.services.package import Package
from mindu.apps.services.progress import decided_at, stands
from mindu.city import Event, Fallen

USED = "used"
MOST_TO = 60  # characters of to whom it is shown


class Licences:
    """Issues, shows, suspends and revokes, over one counter."""

    def __init__(self, counter: Counter, materials: Materials, secret: bytes, base: str) -> None:
        """Sign with keys that follow from a secret; lists are found under `base`."""
        self.counter = counter
        self.seals = Seals(secret, base)
        self._rows = Rows()
        self._hand = Hand(counter, materials, self.seals, secret, self._rows)
        self._known = 0

    def look(self, now: datetime) -> None:
        """Take in what the log says, issue what was approved, and follow what was undone since."""
        processes = self.counter.processes
        touched = dict[int, None]()
        for instance, entry in processes.heard(self._known):
            touched[instance] = None
            if isinstance(entry.record, Event) and entry.record.name in (ISSUED, CHANGED):
                self._rows.fold(entry.record.name, instance, entry.record.args)
            elif (fell := processes.fell(entry)) is not None:
                self._fell(instance, fell)
        self._known = len(processes.memory.log)
        for instance in touched:
            package = self.counter.packages.get(self.counter.package_of(instance))
            for item in () if package is None else (part.item for part in package.parts):
                if package is not None and item in KINDS:
                    self._follow(package, KINDS[item], instance, now)

    def of(self, holder: str) -> list[Row]:
        """Return the licences of somebody."""
        return [row for row in self._rows.by_number.values() if row.holder == holder]

    def every(self) -> list[Row]:
        """Return all licences."""
        return list(self._rows.by_number.values())

    def row(self, number: str) -> Row:
        """Return what the log says of a licence; KeyError where there is none."""
        if number not in self._rows.by_number:
            raise KeyError(f"there is no licence {number}")
        return self._rows.by_number[number]

    def held(self, number: str) -> Held:
        """Return a licence as its holder keeps it; KeyError where it is not there any more."""
        told = self.counter.vault.get(self.row(number).holder, f"{KEPT}{number}")
        if told is None:
            raise KeyError(f"what licence {number} says was erased")
        return msgspec.convert(told, Held)

    def lists(self, now: datetime) -> dict[str, str]:
        """Return the signed status lists by address: what an offline check keeps at hand."""
        rows = [(KINDS[r.item].issuer, r.index, r.status) for r in self._rows.by_number.values()]
        return self.seals.lists(rows, now)

    def present(self, number: str, show: Collection[str], *, to: str, now: datetime) -> str:
        """Return a presentation of these claims; it is a receipt.

        Raises:
            ValueError: the licence holds no such claim.
        """
        held, row = self.held(number), self.row(number)
        to = to.strip()[:MOST_TO] or "nobody named"
        text = presented(held.credential, show, self.seals.holder(number), to=to, now=now)
        told = {"who": to, "purpose": f"shown/{number}", "fields": ", ".join(sorted(show))}
        self.counter.processes.note(row.instance, USED, told, by=row.holder, now=now)
        return text

    def check(self, text: str, now: datetime, *, by: str) -> Presented:
        """Hold what somebody shows against keys and lists; it is a receipt where it holds.

        Raises:
            Forged: it does not hold.
        """
        found = checked(text, self.seals.trust, now, self.lists(now))
        row = self._rows.by_number.get(str(found.shown.claims.get(NUMBER, "")))
        if row is not None:
            fields = ", ".join(sorted(found.shown.claims))
            told = {"who": by, "purpose": f"checked/{row.number}", "fields": fields}
            self.counter.processes.note(row.instance, USED, told, by=by, now=now)
        return found

    def set(self, number: str, status: Status, why: str, *, by: str, now: datetime) -> None:
        """Suspend, revoke or restore a licence, with the reason; a revoked one stays so.

        Raises:
            ValueError: nothing was said, it was revoked, or its approval does not stand.
            KeyError: there is none of that number.
        """
        self.look(now)
        row = self.row(number)
        if not why.strip():
            raise ValueError("say why: the holder reads it")
        if row.status is Status.REVOKED:
            raise ValueError(f"{number} was revoked: a new licence takes its place")
        if row.cause == UNDONE and status is Status.VALID:
            raise ValueError(f"{number} rests on an approval that is being decided again")
        self._hand.change(row, Change(status, ""), why, by=by, now=now)

    def _fell(self, instance: int, fell: Fallen) -> None:
        """Note which licences rest on what was undone."""
        package = self.counter.packages.get(self.counter.package_of(instance))
        for row in () if package is None else self._rows.upon(instance):
            if package is not None and not set(fell.nodes).isdisjoint(
                decided_at(package, row.item)
            ):
                self._rows.fell(row, fell)

    def _follow(self, package: Package, kind: Kind, instance: int, now: datetime) -> None:
        """Issue what an item calls for, and let its licence stand as its approval does."""
        state, known = self.counter.processes.standing(instance)
        outcome, last = stands(state, known, package, kind.item), None
        for last in self._rows.upon(instance, kind.item)[-1:]:
            fell = self._rows.fallen(last)
            due = change(last, outcome, fell=fell is not None)
            if due is not None and due.cause == AGAIN and self._hand.differs(kind, last):
                due = Change(Status.REVOKED, REPLACED)
            if due is not None:
                result = str(known.get(f"{kind.item}_result") or "")
                why = {REFUSED: result, TAKEN: state.outcome}.get(due.cause, "")
                by = self.counter.processes.last(instance).by
                if due.cause == UNDONE and fell is not None:
                    by, why = fell.by, fell.why
                self._hand.change(last, due, why, by=by, now=now)
        if outcome == "approved" and self._rows.wants(instance, kind.item):
            self._hand.issue(kind, instance, now)
