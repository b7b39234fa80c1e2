"""Sharing: a request, the owner's answer within its term, an agreement, its renewal and its end."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

import msgspec

from mindu.base.records import Entry, Event, Grant, Words
from mindu.brain.casework.office import Office, Told
from mindu.brain.casework.refusals import Denied, Refusal
from mindu.brain.casework.rights import Officer
from mindu.brain.sharing import errand
from mindu.brain.sharing.kinds import ASKED
from mindu.data.catalog.dataset import Dataset
from mindu.data.grants.allowed import DATASET, REVOKED, Allowed, Given
from mindu.data.grants.policies import CITY, Unfit, read
from mindu.data.grants.terms import Terms, cedar, odrl, of_odrl

LONGEST = 3 * 366  # days that an agreement may run


class Sharing:
    """The workflow over one office; every step is an entry of the log."""

    def __init__(self, office: Office, allowed: Allowed, catalogue: Mapping[str, Dataset]) -> None:
        """Work with the catalogue that holds."""
        self._office, self._allowed, self._catalogue = office, allowed, catalogue

    def ask(self, terms: Terms, *, by: str, now: datetime) -> Entry:
        """Ask the owner of a dataset for its use; the owner's term starts.

        Raises:
            Refusal: there is no such dataset, or it is not the named owner's.
        """
        dataset = self._owned(terms)
        self._fits(terms, dataset, now)
        text = (
            f"{terms.to} asks for {terms.dataset} for {terms.purpose} until {terms.until}, "
            f"on {terms.basis} 申请共享"
        )
        draft = odrl(terms, "draft")
        told = Told(kind=ASKED, text=text, channel="data", facts={"odrl": draft})
        return errand.send(self._office, told, to=dataset.department, by=by, now=now)

    def agree(
        self, number: int, officer: Officer, *, now: datetime, terms: Terms | None = None
    ) -> Entry:
        """Say yes, on the terms asked for or on narrower ones; return the agreement.

        Raises:
            Refusal, Denied: nothing waits there, or it is not the officer's to answer.
        """
        asked = of_odrl(str(errand.waiting(self._office, number, ASKED).facts["odrl"]))
        held = terms or asked
        if (held.dataset, held.to) != (asked.dataset, asked.to):
            raise Refusal(Words("answer what was asked for", "请就所申请的数据和部门答复"))
        self._fits(held, self._owned(held), now)
        self._apart(held)
        note = f"agreed until {held.until} 同意共享"
        reply = errand.answer(self._office, number, note, officer, now=now)
        return self._write(held, (reply.seq,), officer, now)

    def refuse(self, number: int, why: str, officer: Officer, *, now: datetime) -> Entry:
        """Say no, with a reason."""
        errand.waiting(self._office, number, ASKED)
        if not why.strip():
            raise Refusal(Words("a no needs a reason", "不同意须说明理由"))
        return errand.answer(self._office, number, f"refused 不同意: {why}", officer, now=now)

    def renew(self, seq: int, until: date, officer: Officer, *, now: datetime) -> Entry:
        """Let an agreement run on, on the same terms.

        Raises:
            Refusal, Denied: it does not hold any more, or is not the officer's to renew.
        """
        given = self._held(seq, officer)
        terms = msgspec.structs.replace(self.terms(given), until=until)
        self._fits(terms, self._owned(terms), now)
        return self._write(terms, (seq,), officer, now)

    def revoke(self, seq: int, why: str, officer: Officer, *, now: datetime) -> Entry:
        """End an agreement; the next request is refused.

        Raises:
            Refusal, Denied: it does not hold any more, no reason, or not the officer's to end.
        """
        given = self._held(seq, officer)
        if not why.strip():
            raise Refusal(Words("say why it ends", "请说明终止理由"))
        return self._office.memory.write(
            Event(REVOKED, {"note": why[:500]}), at=now, about=f"{DATASET}{given.dataset}",
            by=officer.id, because=(seq,),
        )  # fmt: skip

    def terms(self, given: Given) -> Terms:
        """Return the terms of an agreement."""
        record = self._office.memory.log[given.seq].record
        assert isinstance(record, Grant)
        return of_odrl(record.odrl)

    def _write(
        self, terms: Terms, because: tuple[int, ...], officer: Officer, now: datetime
    ) -> Entry:
        memory = self._office.memory
        name = f"agreement-{len(memory.log)}"
        until = datetime.combine(terms.until, time.max, CITY).astimezone(UTC)
        grant = Grant(
            terms.to, terms.purpose, until, terms.basis, cedar(terms, name), odrl(terms, name)
        )
        about = f"{DATASET}{terms.dataset}"
        return memory.write(grant, at=now, about=about, by=officer.id, because=because)

    def _owned(self, terms: Terms) -> Dataset:
        dataset = self._catalogue.get(terms.dataset)
        if dataset is None or dataset.department != terms.owner:
            raise Refusal(
                Words(
                    f"the catalogue knows no {terms.dataset} of {terms.owner}",
                    f"目录中没有 {terms.owner} 的 {terms.dataset}",
                )
            )
        return dataset

    def _fits(self, terms: Terms, dataset: Dataset, now: datetime) -> None:
        duties = terms.duties
        known = {field.name for field in dataset.fields}
        named = {*duties.fields, *duties.keys, *(field for field, _ in duties.masks)}
        if missing := sorted(named - known):
            raise Refusal(
                Words(
                    f"{dataset.name} has no {missing[0]}", f"{dataset.name} 没有字段 {missing[0]}"
                )
            )
        today = now.astimezone(CITY).date()
        if not 0 <= (terms.until - today).days <= LONGEST:
            raise Refusal(
                Words(f"it may run from today for {LONGEST} days", f"期限须在 {LONGEST} 日之内")
            )
        try:
            read(cedar(terms, "draft"))
        except Unfit as wrong:
            raise Refusal(Words(str(wrong), f"条款无法成文:{wrong}")) from wrong

    def _apart(self, terms: Terms) -> None:
        """Refuse a second way to group one dataset for one department: two ways tell of smaller."""
        for given in self._allowed.every():
            if (given.dataset, given.to) != (terms.dataset, terms.to):
                continue
            other, ours = self.terms(given).duties, terms.duties
            same = (other.group, sorted(other.keys), other.rows) == (
                ours.group, sorted(ours.keys), ours.rows,
            )  # fmt: skip
            if other.group and ours.group and not same:
                raise Refusal(
                    Words(
                        f"agreement {given.seq} groups {terms.dataset} otherwise; use its groups",
                        f"协议 {given.seq} 对 {terms.dataset} 的分组不同,请沿用",
                    )
                )

    def _held(self, seq: int, officer: Officer) -> Given:
        given = self._allowed.given(seq)
        if given is None:
            raise Refusal(Words(f"agreement {seq} does not hold", f"协议 {seq} 已失效或不存在"))
        owner = self._catalogue[given.dataset].department
        if officer.unit != owner:
            raise Denied(
                Words(
                    f"{given.dataset} is {owner}'s to answer for",
                    f"{given.dataset} 由 {owner} 负责",
                )
            )
        return given
