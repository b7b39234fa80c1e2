"""The book of licences: issued on approval, shown by the holder, ended by the issuer.

What a licence says lies in the holder's vault; the log holds its number, its place in the status
list, and every use.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import msgspec

from mindu.apps.services.counter import Counter
from mindu.apps.services.licences.credential import Licence, issued
from mindu.apps.services.licences.kinds import KINDS, NUMBER, Kind
from mindu.apps.services.licences.presented import Presented, bound, checked, presented
from mindu.apps.services.licences.seals import Seals
from mindu.apps.services.licences.status import Status
from mindu.apps.services.materials import Material, Materials

ISSUED, CHANGED, USED = "licence_issued", "licence_changed", "used"
KEPT, YEAR = "licence:", timedelta(days=365)
WORDS = {"valid": Status.VALID, "suspended": Status.SUSPENDED, "revoked": Status.REVOKED}
MOST_TO = 60  # characters of to whom it is shown


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A licence as the holder keeps it."""

    number: str
    item: str
    claims: dict[str, object]
    issued: datetime
    until: datetime | None = None
    credential: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What the log says of a licence."""

    number: str
    item: str
    instance: int
    holder: str
    index: int
    status: Status = Status.VALID
    why: str = ""


class Licences:
    """Issues, shows, suspends and revokes, over one counter."""

    def __init__(self, counter: Counter, materials: Materials, secret: bytes, base: str) -> None:
        """Sign with keys that follow from a secret; lists are found under `base`."""
        self.counter, self._materials, self._secret = counter, materials, secret
        self.seals = Seals(secret, base)
        self._rows: dict[str, Row] = {}
        self._known = 0

    def look(self, now: datetime) -> None:
        """Take in what the log says, and issue what was approved since."""
        processes = self.counter.processes
        touched = processes.touched(self._known)
        for name in (ISSUED, CHANGED):
            for entry, args in processes.noted(name, since=self._known):
                self._fold(name, int(entry.about.partition(":")[2]), args)
        self._known = len(processes.memory.log)
        for instance in touched:
            for kind in self._approved(instance):
                self._issue(kind, instance, now)

    def of(self, holder: str) -> list[Row]:
        """Return the licences of somebody."""
        return [row for row in self._rows.values() if row.holder == holder]

    def every(self) -> list[Row]:
        """Return all licences."""
        return list(self._rows.values())

    def row(self, number: str) -> Row:
        """Return what the log says of a licence; KeyError where there is none."""
        if number not in self._rows:
            raise KeyError(f"there is no licence {number}")
        return self._rows[number]

    def held(self, number: str) -> Held:
        """Return a licence as its holder keeps it; KeyError where it is not there any more."""
        told = self.counter.vault.get(self.row(number).holder, f"{KEPT}{number}")
        if told is None:
            raise KeyError(f"what licence {number} says was erased")
        return msgspec.convert(told, Held)

    def lists(self, now: datetime) -> dict[str, str]:
        """Return the signed status lists by address: what an offline check keeps at hand."""
        rows = [(KINDS[r.item].issuer, r.index, r.status) for r in self._rows.values()]
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
        row = self._rows.get(str(found.shown.claims.get(NUMBER, "")))
        if row is not None:
            fields = ", ".join(sorted(found.shown.claims))
            told = {"who": by, "purpose": f"checked/{row.number}", "fields": fields}
            self.counter.processes.note(row.instance, USED, told, by=by, now=now)
        return found

    def set(self, number: str, status: Status, why: str, *, by: str, now: datetime) -> None:
        """Suspend, revoke or restore a licence, with the reason; a revoked one stays so.

        Raises:
            ValueError: nothing was said, or it was revoked.
            KeyError: there is none of that number.
        """
        row = self.row(number)
        if not why.strip():
            raise ValueError("say why: the holder reads it")
        if row.status is Status.REVOKED:
            raise ValueError(f"{number} was revoked: a new licence takes its place")
        told = {NUMBER: number, "status": status.name.lower(), "why": why[:500]}
        self.counter.processes.note(row.instance, CHANGED, told, by=by, now=now)
        self._fold(CHANGED, row.instance, told)

    def _approved(self, instance: int) -> list[Kind]:
        """Return the licences that an instance calls for and that were not issued."""
        package = self.counter.packages.get(self.counter.package_of(instance))
        if package is None:
            return []
        known = self.counter.processes.variables(instance)
        kinds = [KINDS[part.item] for part in package.parts if part.item in KINDS]
        return [
            kind for kind in kinds
            if known.get(f"{kind.item}_approved") is True
            and _number(kind, instance) not in self._rows
        ]  # fmt: skip

    def _issue(self, kind: Kind, instance: int, now: datetime) -> None:
        counter, number = self.counter, _number(kind, instance)
        package = counter.packages[counter.package_of(instance)]
        holder = counter.processes.state(instance).applicant
        given = package.given(kind.item, counter.answers(instance))
        claims = {name: given[field] for name, (field, _) in kind.claims.items() if field in given}
        licence = Licence(
            number=number, kind=kind.vct, title=kind.title.zh, issuer=kind.issuer, issued=now,
            claims={NUMBER: number, **claims}, index=len(self._rows),
            until=now + kind.years * YEAR if kind.years else None,
            list=self.seals.address(kind.issuer), bound=bound(self.seals.holder(number).public),
        )  # fmt: skip
        credential = issued(licence, self.seals.of(kind.issuer), self._secret)
        held = Held(number=number, item=kind.item, claims=licence.claims, issued=now,
                    until=licence.until, credential=credential)  # fmt: skip
        counter.vault.put(holder, f"{KEPT}{number}", msgspec.to_builtins(held))
        told: dict[str, float | str | bool]
        told = {NUMBER: number, "item": kind.item, "holder": holder, "index": float(licence.index)}
        counter.processes.note(instance, ISSUED, told, by=kind.issuer, now=now)
        self._fold(ISSUED, instance, told)
        if kind.material:
            self._materials.keep(holder, Material(kind=kind.material, told=licence.claims,
                                                  vouched=kind.issuer, at=now,
                                                  until=licence.until))  # fmt: skip

    def _fold(self, name: str, instance: int, args: Mapping[str, object]) -> None:
        number = str(args[NUMBER])
        if name == ISSUED:
            row = Row(number=number, item=str(args["item"]), instance=instance,
                      holder=str(args["holder"]), index=int(float(str(args["index"]))))  # fmt: skip
            self._rows.setdefault(number, row)
        elif number in self._rows:
            status = WORDS[str(args["status"])]
            row = msgspec.structs.replace(self._rows[number], status=status, why=str(args["why"]))
            self._rows[number] = row


def _number(kind: Kind, instance: int) -> str:
    return f"{kind.code}{instance:08d}"
