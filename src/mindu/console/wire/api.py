"""The API: each address of the contract bound to its answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from mindu.base.records import Words
from mindu.console.answers import (
    alerts,
    changes,
    channels,
    deeds,
    jobs,
    learning,
    lessons,
    listed,
    manifest,
    points,
    things,
    why,
)
from mindu.console.ask import Bad
from mindu.console.contract.ahead import JobOut
from mindu.console.contract.common import Session
from mindu.console.contract.table import TABLE, Address
from mindu.console.look import Look
from mindu.console.modelling.modelling import need
from mindu.console.wire import entry
from mindu.console.wire.desk import Desk
from mindu.console.wire.models import api as modelling
from mindu.console.wire.visit import Visit

LIVE = Words("Ask a city with a log of its own.", "请查询带日志的城市。")
NO_BOOK = Words("This city keeps no log to prove by.", "此城无可供验证的日志。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of an address: by whom, where, and with what."""

    desk: Desk
    visit: Visit
    look: Look
    where: dict[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def by(self) -> str:
        """Return who signs a change."""
        assert self.visit.person is not None, "only somebody signed in changes anything"
        return self.visit.person.name


@dataclass(frozen=True, slots=True)
class Bytes:
    """An answer that is no JSON."""

    body: bytes
    kind: str
    headers: dict[str, str]


def answered(desk: Desk, address: Address, visit: Visit, where: dict[str, str]) -> Any:  # noqa: ANN401
    """Answer one call; reads hold the feed's lock, changes do not.

    Raises:
        Bad: it may not be, or cannot be, answered so.
    """
    visit.must(address.least)
    if address.apart:
        return _apart(desk, address, visit, where)
    asked = visit.query if address.timed else {}
    if address.method == "GET":
        cursor, looks = asked.get("at", ""), desk.looks_of(asked.get("night", ""))
        looks.reach(cursor)
        with looks.feed.lock:
            look = looks.at(cursor, visit.lang)
            return _BOUND[address.name](Call(desk=desk, visit=visit, look=look, where=where))
    visit.trusted(visit.headers.get("x-csrf-token", ""))
    with desk.feed.lock:
        told = {"look": desk.looks.at("", visit.lang), "body": _body(address, visit.body)}
    return _BOUND[address.name](Call(desk=desk, visit=visit, where=where, **told))


def _apart(desk: Desk, address: Address, visit: Visit, where: dict[str, str]) -> Any:  # noqa: ANN401
    """Answer what may take long, without holding up who reads the board."""
    body = None
    if address.method != "GET":
        visit.trusted(visit.headers.get("x-csrf-token", ""))
        body = _body(address, visit.body)
    with desk.feed.lock:
        seen = desk.looks.at("", visit.lang).seen
    by = visit.person.name if visit.person else ""
    office = need(desk.feed.modelling)
    asked = modelling.Asked(desk=office, ask=visit.ask, seen=seen, by=by, where=where, body=body)
    return modelling.answered(address.name, asked)


def session(desk: Desk, visit: Visit) -> Session:
    """Return who asks, and what they may do."""
    return Session(
        name=visit.person.name if visit.person else "",
        role=visit.role,
        signed_in=visit.person is not None,
        token=visit.token,
        demo=desk.demo,
    )


def _body(address: Address, body: bytes) -> Any:  # noqa: ANN401 - as the address says
    if address.body is None:
        return None
    try:
        return msgspec.json.decode(body or b"{}", type=address.body)
    except (msgspec.DecodeError, msgspec.ValidationError) as no:
        says = Words(f"The body does not fit: {no}", f"请求体不合要求:{no}")
        mend = Words("See `/api/v1/openapi.json`.", "见 `/api/v1/openapi.json`。")
        raise Bad(422, says, mend, field="body") from no


def _seq(call: Call) -> int:
    told = call.where["seq"].removeprefix("#")
    if not told.isdigit() or len(told) > 12:
        raise Bad(422, Words("`seq` is no number.", "`seq` 不是数字。"),
                  Words("Give an entry's number.", "请给出条目号。"), field="seq")  # fmt: skip
    return int(told)


def _proof(call: Call) -> Any:  # noqa: ANN401
    seq = why.found(call.look, _seq(call)).seq
    told = call.visit.query.get("size")
    size = call.visit.ask.whole("size", 0) if told else None
    proof = why.proof(call.look, seq, size)
    if proof is None:
        raise Bad(404, NO_BOOK, LIVE)
    return proof


def _points(call: Call) -> Bytes:
    body, tag = points.points(call.look, call.visit.ask)
    return Bytes(body, "application/octet-stream", {"X-Mindu-Ids": tag})


def _ids(call: Call) -> Bytes:
    found = points.crowd(call.look, call.visit.ask)
    return Bytes(msgspec.json.encode(found.ids), "application/json", {"ETag": f'"{found.tag}"'})


def _entered(call: Call, name: str) -> Session:
    call.desk.let_in(call.visit, name)
    return session(call.desk, call.visit)


def _enrolled(call: Call) -> Session:
    entry.finish_enrol(call.desk, call.visit, call.body)
    return session(call.desk, call.visit)


def _left(call: Call) -> Session:
    call.desk.let_out(call.visit)
    return session(call.desk, call.visit)


_BOUND: dict[str, Callable[[Call], Any]] = {
    "session": lambda c: session(c.desk, c.visit),
    "manifest": lambda c: manifest.manifest(c.look),
    "entities": lambda c: listed.rows(c.look, c.visit.ask),
    "entity": lambda c: things.thing(c.look, c.where["id"]),
    "series": lambda c: channels.series(c.look, c.visit.ask),
    "forecasts": lambda c: channels.forecast(c.look, c.visit.ask),
    "alerts": lambda c: alerts.alerts(c.look, c.visit.ask),
    "alerts_act": lambda c: changes.care_for(c.look, c.body, c.by),
    "approvals": lambda c: deeds.approvals(c.look, c.visit.ask),
    "decide": lambda c: changes.decide(c.look, c.body, c.by),
    "undo": lambda c: changes.undo(c.look, c.body, c.by),
    "why": lambda c: why.why(c.look, _seq(c)),
    "proof": _proof,
    "log": lambda c: why.nodes(c.look, c.visit.ask),
    "scores": lambda c: learning.scores(c.look),
    "lessons": lambda c: lessons.lessons(c.look),
    "take_back": lambda c: changes.take_back(c.look, c.body, c.by),
    "apps": lambda c: lessons.apps(c.look),
    "moments": lambda c: lessons.moments(c.look),
    "jobs": lambda c: jobs.jobs(c.desk.feed.ahead),
    "start": lambda c: JobOut(job=changes.start(c.look, c.body, c.by)),
    "job": lambda c: jobs.job(c.desk.feed.ahead, c.where["id"]),
    "cancel": lambda c: jobs.cancel(c.desk.feed.ahead, c.where["id"]),
    "points": _points,
    "points_ids": _ids,
    "sign_in": lambda c: _entered(c, entry.by_password(c.desk, c.visit, c.body)),
    "sign_out": _left,
    "passkey_begin_enrol": lambda c: entry.begin_enrol(c.desk, c.visit),
    "passkey_finish_enrol": _enrolled,
    "passkey_begin_enter": lambda c: entry.begin_enter(c.desk, c.visit),
    "passkey_finish_enter": lambda c: _entered(c, entry.finish_enter(c.desk, c.visit, c.body)),
}  # fmt: skip
_KNOWN = {*_BOUND, *modelling.BOUND, "stream", "points_stream"}
assert {address.name for address in TABLE} == _KNOWN
