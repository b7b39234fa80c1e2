"""Old tickets: a CSV file or mailbox taken in row by row; what cannot be read goes to quarantine.

A mapping (TOML) says which column is what; without one the usual names are looked for. A row that
was taken in before is passed over, so a file may be brought again after it was mended.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from mindu.brain.cases import Role
from mindu.brain.casework.office import Told, Wish
from mindu.brain.casework.rights import Officer
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.letter import digest, whole_city
from mindu.edge.counter.papers import Plan, guessed
from mindu.edge.counter.plain import phone, plain

TIMES = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d",
         "%Y/%m/%d")  # fmt: skip
COMMIT = 500  # rows between commits
ARCHIVE = "archive"  # the unit of old tickets that name none
FIRST = 2000  # year from which terms can be reckoned
PATH = ("sign", "handle", "reply", "review", "pass", "feed_back", "close")


@dataclass(slots=True)
class Account:
    """What became of the rows: taken + before + quarantined = read."""

    read: int = 0
    taken: int = 0
    before: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Account") -> None:
        """Count another account in."""
        self.read += other.read
        self.taken += other.taken
        self.before += other.before
        self.quarantined += other.quarantined
        for reason, count in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + count


def bring(
    counter: Counter, kind: str, rows: Iterable[Mapping[str, str]], how: Plan | None,
    quarantine: Callable[[Mapping[str, str]], object] | None = None,
) -> Account:  # fmt: skip
    """Take rows in; those that cannot be read are counted by reason and handed aside with it."""
    account = Account()
    for row in rows:
        account.read += 1
        try:
            how = how or guessed(row)
            took = _take(counter, kind, row, how)
        except (ValueError, KeyError, OverflowError) as wrong:
            reason = str(wrong).splitlines()[0][:120]
            account.quarantined += 1
            account.reasons[reason] = account.reasons.get(reason, 0) + 1
            if quarantine is not None:
                quarantine({**row, "reason": reason})
            continue
        account.taken += took
        account.before += not took
        if account.read % COMMIT == 0:
            counter.office.memory.log.commit()
    counter.office.memory.log.commit()
    return account


def _take(counter: Counter, kind: str, row: Mapping[str, str], how: Plan) -> bool:
    told = {field: row.get(name, "").strip() for field, name in how.columns.items()}
    text = plain(told.get("text", ""))
    if not text:
        raise ValueError("the text is empty 正文为空")
    at = _moment(told["received"], how) if told.get("received") else counter.clock.now()
    if at > counter.clock.now():
        raise ValueError("it was received in the future 受理时间在将来")
    if at.year < FIRST:
        raise ValueError(
            f"it was received before {FIRST}: no calendar reaches there 早于 {FIRST} 年,无日历"
        )
    key = told.get("id") or sha256(f"{at}|{text}".encode()).hexdigest()
    code = digest(f"import|{kind}|{key}")
    if counter.office.cases.by_code(code) is not None:
        return False
    letter, unit = _letter(counter, kind, told, how, code), _unit(counter, kind, told, how)
    closed = _moment(told["closed"], how) if told.get("closed") else None
    if closed is not None and closed < at:
        raise ValueError("it was closed before it was received 办结早于受理")
    if closed is not None and closed > counter.clock.now():
        raise ValueError("it was closed in the future 办结时间在将来")
    with counter.lock:
        number = counter.office.open(letter, by="import", now=at).seq
        if told.get("answer") or closed:
            _finish(counter, number, {**told, "unit": unit}, closed or at)
    return True


def _letter(
    counter: Counter, kind: str, told: Mapping[str, str], how: Plan, code: str
) -> Told:  # fmt: skip
    """Return a row as the office takes it, masked; who it was goes into the vault."""
    declared = counter.office.kinds[kind]
    service = how.services.get(told.get("service", ""), told.get("service", ""))
    if service and counter.service(declared, service) is None:
        raise ValueError(
            f"no service {service!r}: map it under [services] 没有该事项,请在 [services] 对应"
        )
    caller = counter.vault.subject(phone(told.get("phone", ""))) or f"import-{code[:16]}"
    who = {name: told.get(name, "") for name in ("phone", "name")}
    if any(who.values()):
        counter.vault.put(caller, "who", who)
    title, text, place = (plain(told.get(name, "")) for name in ("title", "text", "place"))
    return Told(
        kind=kind, text=declared.mask(text), title=declared.mask(title[:200]), code=code,
        channel="import", caller=caller, service=service,
        area=told.get("area") or whole_city(declared),
        place=declared.mask(place[:200]),
    )  # fmt: skip


def _unit(counter: Counter, kind: str, told: Mapping[str, str], how: Plan) -> str:
    """Return the unit of a row by its code or name; checked before anything is written."""
    said = how.units.get(told.get("unit", ""), told.get("unit", "")) or ARCHIVE
    rows = counter.office.rows("units", kind)
    found = next((row[0] for row in rows if said in row[:3]), said if not rows else "")
    if not found:
        raise ValueError(
            f"no unit {said[:40]!r}: map it under [units] 没有该单位,请在 [units] 对应"
        )
    return found


def _finish(counter: Counter, number: int, told: Mapping[str, str], at: datetime) -> None:
    """Walk an answered ticket along the table to its end, in the clerk's name."""
    unit = told["unit"]
    roles = tuple(role for role in Role if role is not Role.MACHINE)
    clerk = Officer("import", "导入", unit, roles, ("*",))
    office, kind = counter.office, counter.office.kinds[counter.office.cases.said(number, "kind")]
    note = kind.mask(plain(told.get("answer", ""), 8_000)) or "imported as closed 导入时已办结"
    about = {"topic": told.get("service") or "old", "nature": "other", "urgency": "normal"}
    moves = [
        Wish(name="accept"),
        Wish(name="classify", args=about),
        Wish(name="forward", unit=unit),
    ]
    moves += [Wish(name=name, note=note) for name in PATH]
    for wish in moves:
        office.act(number, wish, clerk, now=at)


def _moment(text: str, how: Plan) -> datetime:
    for form in (how.time,) if how.time else TIMES:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the mapping's
        except ValueError:
            continue
        told = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(how.zone))
        return told.astimezone(UTC)
    try:
        told = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError(
            f"the time {text[:30]!r} is not as [time] says 时间与 [time] 格式不符"
        ) from wrong
    return (told if told.tzinfo else told.replace(tzinfo=ZoneInfo(how.zone))).astimezone(UTC)
