"""Delegation 亲友代办: one person lets another act for them, in named matters, until a day.

Both say yes, each after a strong proof. What comes of it is a signed credential; each use asks here
whether it still holds, and is a receipt. Either side ends it at once.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

import msgspec

from mindu.console.identity.book import ACCEPTED, ACTED, ENDED, OFFERED, SUBJECT, Book
from mindu.console.identity.citizens import Subject
from mindu.console.identity.delegated import (
    KIND,
    LEAST,
    LONGEST,
    MAY,
    MOST,
    RELATIONS,
    WAITS,
    Delegation,
    NotSo,
    Wish,
)
from mindu.console.identity.keyring import Keyring, NotOurs
from mindu.console.identity.signed import Session
from mindu.console.people.store import Store


class Delegations:
    """All delegations; what is not here, accepted and in its time allows nothing."""

    def __init__(self, store: Store, keyring: Keyring, book: Book) -> None:
        """Keep them in this store; write each step into the book."""
        self._store, self._keyring, self._book = store, keyring, book

    def offer(self, session: Session, delegate: Subject, wish: Wish, now: datetime) -> Delegation:
        """Offer somebody to act for whoever is signed in.

        Raises:
            NotSo: it says too much or too little, or the proof is too weak.
        """
        principal = session.subject
        _strong(session)
        if delegate.id == principal.id or delegate.kind != "person":
            raise NotSo("name another person", "受托人须为他人且为自然人")
        if wish.relation not in RELATIONS or not wish.may or not set(wish.may) <= set(MAY):
            raise NotSo("say who they are to you and what they may do", "请选择关系和委托事项")
        if not now < wish.until <= now + LONGEST:
            raise NotSo("say until when, at most a year", "请选择期限,最长一年")
        for mine in (self.given(principal.id), self.held(delegate.id)):
            if sum(one.ended is None and one.until > now for one in mine) >= MOST:
                raise NotSo(f"{MOST} are enough: end one first", f"最多{MOST}项委托,请先终止一项")
        told = Delegation(
            id=token_urlsafe(12), principal=principal.id, delegate=delegate.id,
            relation=wish.relation, may=wish.may, matters=wish.matters, offered=now,
            until=wish.until, offer_acr=session.level,
        )  # fmt: skip
        self._keep(told)
        self._write(OFFERED, told, by=principal.id, now=now)
        return told

    def accept(self, session: Session, name: str, now: datetime) -> Delegation:
        """Accept what was offered to whoever is signed in.

        Raises:
            NotSo: there is no such offer, it is too late, or the proof is too weak.
        """
        told = self._mine(session.subject.id, name)
        _strong(session)
        late = now > min(told.until, told.offered + WAITS)
        if told.delegate != session.subject.id or told.accepted or told.ended or late:
            raise NotSo("this offer is not open", "该委托邀请已失效")
        told = msgspec.structs.replace(told, accepted=now, accept_acr=session.level)
        self._keep(told)
        self._write(ACCEPTED, told, by=session.subject.id, now=now)
        return told

    def end(self, subject: str, name: str, now: datetime) -> Delegation:
        """End a delegation, or turn an offer down: either side may, at any time."""
        told = self._mine(subject, name)
        if told.ended is None:
            told = msgspec.structs.replace(told, ended=now, ended_by=subject)
            self._keep(told)
            self._write(ENDED, told, by=subject, now=now)
        return told

    def credential(
        self, told: Delegation, names: tuple[str, str], issuer: str, now: datetime
    ) -> str:
        """Return a delegation as a signed credential, with both names as a counter reads them."""
        claims: dict[str, Any] = {
            "iss": issuer, "jti": told.id, "iat": int(now.timestamp()),
            "exp": int(told.until.timestamp()), "principal": names[0], "delegate": names[1],
            "relation": told.relation, "may": told.may, "matters": told.matters,
        }  # fmt: skip
        return self._keyring.sign(claims, now, kind=KIND)

    def shown(self, credential: str, now: datetime) -> Delegation:
        """Return what a credential stands for, while it holds.

        Raises:
            NotSo: it is forged, too old, or was ended.
        """
        try:
            claims = self._keyring.opened(credential.strip(), kind=KIND)
        except NotOurs as no:
            raise NotSo(
                "this credential was not signed here", "凭证签名无效,系伪造或被改动"
            ) from no
        told = self.find(str(claims.get("jti", "")))
        if told is None or not told.holds(now):
            raise NotSo("this delegation does not hold any more", "该委托已终止或过期")
        return told

    def use(self, told: Delegation, *, what: str, matter: str, by: str, now: datetime) -> int:
        """Use a delegation: hold it against its scope and write the receipt; return its number.

        Raises:
            NotSo: it does not hold, or not for this.
        """
        if not told.holds(now):
            raise NotSo("this delegation does not hold any more", "该委托已终止或过期")
        if not told.reaches(what, matter):
            raise NotSo(f"it does not reach to {what} {matter}", "超出委托范围")
        return self._write(ACTED, told, by=by, now=now, what=what, matter=matter)

    def find(self, name: str) -> Delegation | None:
        """Return a delegation."""
        found = self._store.one("SELECT told FROM delegation WHERE id=?", name)
        return None if found is None else msgspec.json.decode(found[0], type=Delegation)

    def given(self, subject: str) -> list[Delegation]:
        """Return what a person gave, also what is over."""
        return self._all("principal", subject)

    def held(self, subject: str) -> list[Delegation]:
        """Return what a person was given, also what is over."""
        return self._all("delegate", subject)

    def _all(self, side: str, subject: str) -> list[Delegation]:
        sql = f"SELECT told FROM delegation WHERE {side}=? ORDER BY rowid"  # noqa: S608 - two words
        with self._store.lock:
            rows = list(self._store.run(sql, (subject,)))
        return [msgspec.json.decode(row[0], type=Delegation) for row in rows]

    def _mine(self, subject: str, name: str) -> Delegation:
        told = self.find(name)
        if told is None or subject not in {told.principal, told.delegate}:
            raise NotSo("there is no such delegation", "没有这项委托")
        return told

    def _keep(self, told: Delegation) -> None:
        row = (told.id, told.principal, told.delegate, msgspec.json.encode(told))
        with self._store.lock:
            self._store.run("INSERT OR REPLACE INTO delegation VALUES(?,?,?,?)", row)

    def _write(self, name: str, told: Delegation, *, by: str, now: datetime, **more: str) -> int:
        said = {"delegation": told.id, "delegate": told.delegate, "may": " ".join(told.may), **more}
        return self._book.write(name, said, about=f"{SUBJECT}{told.principal}", by=by, now=now)


def until_of(days: int, now: datetime) -> datetime:
    """Return the instant so many days ahead."""
    return now + timedelta(days=days)


def _strong(session: Session) -> None:
    if session.level < LEAST:
        raise NotSo("prove who you are more strongly first", "请先完成更高等级的身份验证")
