"""Issuing: the hand that writes a licence, and what becomes of it, for holder and log."""

from datetime import datetime, timedelta

import msgspec

from mindu.apps.services.counter import Counter
from mindu.apps.services.licences.credential import Licence, issued
from mindu.apps.services.licences.following import Change
from mindu.apps.services.licences.kinds import KINDS, NUMBER, Kind
from mindu.apps.services.licences.presented import bound
from mindu.apps.services.licences.rows import CHANGED, ISSUED, KEPT, Held, Row, Rows
from mindu.apps.services.licences.seals import Seals
from mindu.apps.services.licences.status import Status
from mindu.apps.services.materials import Material, Materials

YEAR = timedelta(days=365)


class Hand:
    """Writes licences over one counter."""

    def __init__(
        self, counter: Counter, materials: Materials, seals: Seals, secret: bytes, rows: Rows
    ) -> None:
        """Sign with these seals; what is written is taken in by these rows."""
        self._counter, self._materials, self._rows = counter, materials, rows
        self._seals, self._secret = seals, secret

    def change(self, row: Row, to: Change, why: str, *, by: str, now: datetime) -> None:
        """Write a change of a licence; what it vouches for in the library goes with it."""
        number, material = row.number, KINDS[row.item].material
        held = self._counter.vault.get(row.holder, f"{KEPT}{number}")
        if material and to.status is not Status.VALID:
            self._materials.let_go(row.holder, material, {NUMBER: number})
        elif material and held is not None:
            self._vouch(row.holder, msgspec.convert(held, Held))
        told = {NUMBER: number, "status": to.status.name.lower(), "why": why[:500],
                "cause": to.cause}  # fmt: skip
        self._counter.processes.note(row.instance, CHANGED, told, by=by, now=now)
        self._rows.fold(CHANGED, row.instance, told)

    def differs(self, kind: Kind, row: Row) -> bool:
        """Say whether the application says something else now than a licence does."""
        told = {NUMBER: row.number, **self._claims(kind, row.instance)}
        held = self._counter.vault.get(row.holder, f"{KEPT}{row.number}")
        return held is None or msgspec.convert(held, Held).claims != told

    def _claims(self, kind: Kind, instance: int) -> dict[str, object]:
        """Return what a licence says, as the application stands now."""
        package = self._counter.packages[self._counter.package_of(instance)]
        given = package.given(kind.item, self._counter.answers(instance))
        return {name: given[field] for name, (field, _) in kind.claims.items() if field in given}

    def _vouch(self, holder: str, held: Held) -> None:
        """Keep what a licence says in its holder's library, for other forms."""
        kind = KINDS[held.item]
        if kind.material:
            self._materials.keep(holder, Material(kind=kind.material, told=held.claims,
                                                  vouched=kind.issuer, at=held.issued,
                                                  until=held.until))  # fmt: skip

    def issue(self, kind: Kind, instance: int, now: datetime) -> None:
        """Write the licence that an approval calls for."""
        counter, number = self._counter, self._rows.number(kind, instance)
        holder, index = counter.processes.state(instance).applicant, len(self._rows.by_number)
        licence = Licence(
            number=number, kind=kind.vct, title=kind.title.zh, issuer=kind.issuer, issued=now,
            claims={NUMBER: number, **self._claims(kind, instance)}, index=index,
            until=now + kind.years * YEAR if kind.years else None,
            list=self._seals.address(kind.issuer), bound=bound(self._seals.holder(number).public),
        )  # fmt: skip
        credential = issued(licence, self._seals.of(kind.issuer), self._secret)
        held = Held(number=number, item=kind.item, claims=licence.claims, issued=now,
                    until=licence.until, credential=credential)  # fmt: skip
        counter.vault.put(holder, f"{KEPT}{number}", msgspec.to_builtins(held))
        told: dict[str, float | str | bool]
        told = {NUMBER: number, "item": kind.item, "holder": holder, "index": float(licence.index)}
        counter.processes.note(instance, ISSUED, told, by=kind.issuer, now=now)
        self._rows.fold(ISSUED, instance, told)
        self._vouch(holder, held)
