"""Dispatch: from what was understood of a case to the unit that answers, by duty, never by class.

Only where the model's confidence passes a certified threshold, no audit has stopped the group and
the duty table names one unit, a case goes on by itself; else a person gets three suggestions with
their reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np

from mindu.base.records import Entry, Move, Table, Value, Words
from mindu.brain.casework import duty, forwarding
from mindu.brain.casework.forwarding import Certificate
from mindu.brain.casework.office import Office, Wish
from mindu.brain.casework.rights import MACHINE

CERTIFICATES, DUTY = "certificates", "duty"
SUGGESTED, SUGGESTIONS = 3, "suggested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One way to understand a case, with the words or the choice that decided.

    `proved` is the topic that a model said, which a certificate is about (None: this one; "": no
    model said it); `topic` may be a finer one below it, which nothing certifies.
    """

    topic: str
    proved: str | None = None
    nature: str = "other"
    urgency: str = "normal"
    thing: str = ""
    place: str = ""  # as the words name it
    area: str = ""  # where the words name a place that lies in one
    sure: float = 0.0
    because: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """Return the topic that a certificate would be about; "" for none."""
        return self.topic if self.proved is None else self.proved


@dataclass(frozen=True, slots=True)
class Suggested:
    """A unit that may answer, and why: the line of the duty table, and the words that led to it."""

    unit: str
    line: int
    sure: float
    because: str

    @property
    def why(self) -> Words:
        """Return the reason in words."""
        return Words(
            f"duty line {self.line}, from {self.because}, {self.sure:.0%} sure",
            f"职责清单第 {self.line} 行,据“{self.because}”,把握 {self.sure:.0%}",
        )


def dispatch(
    office: Office, number: int, guesses: Sequence[Guess], *, model: str, now: datetime
) -> list[Entry]:
    """Accept a case and send it as far as a machine may; without a guess it waits for a person."""
    written = [office.act(number, Wish(name="accept"), MACHINE, now=now)]
    if not guesses:
        return written
    best = guesses[0]
    args: dict[str, Value] = {"topic": best.topic, "nature": best.nature, "urgency": best.urgency,
                              "object": best.thing, "sure": best.sure, "model": model,
                              **_where(office, number, best)}  # fmt: skip
    written.append(office.act(number, Wish(name="classify", args=args), MACHINE, now=now))
    told_by = stands(office, group_of(best.whole)) if best.whole else None
    line, why = _alone(office, number, best, model, told_by)
    if line is None or told_by is None:
        told = "\n".join(_written(one) for one in suggest(office, number, guesses))
        wish = Wish(name="triage", note=f"{why.zh} {why.en}", args={SUGGESTIONS: told})
    else:
        seq = certificates(office)[0]
        args = {"certificate": float(seq), "group": told_by.group, "helpers": line.helpers}
        wish = Wish(name="auto_forward", unit=line.unit, args=args, note=f"duty line {line.number}")
    written.append(office.act(number, wish, MACHINE, now=now))
    return written


def suggest(office: Office, number: int, guesses: Sequence[Guess]) -> list[Suggested]:
    """Return at most three units with their reasons, the best guess's first."""
    table, area = duties(office, number), office.cases.said(number, "area")
    found: dict[str, Suggested] = {}
    for guess in guesses:
        for line in table.fitting(guess.topic, area, guess.thing):
            said = "、".join(guess.because) or guess.topic
            found.setdefault(line.unit, Suggested(line.unit, line.number, guess.sure, said))
    return list(found.values())[:SUGGESTED]


def suggested(move: Move) -> list[Suggested]:
    """Return the suggestions that were written down as a case was left to a person."""
    found = []
    for told in str(move.args.get(SUGGESTIONS, "")).splitlines():
        unit, line, sure, because = told.split("|", 3)
        found.append(Suggested(unit, int(line), float(sure), because))
    return found


def _written(one: Suggested) -> str:
    because = " ".join(one.because.split())
    return f"{one.unit}|{one.line}|{one.sure:.3f}|{because}"


def duties(office: Office, number: int) -> duty.Duties:
    """Return the duty table that holds for a case's kind."""
    return _duties(office.rows(DUTY, office.cases.said(number, "kind")))


def certificates(office: Office) -> tuple[int, dict[str, Certificate]]:
    """Return the certificates that hold and the entry that laid them down; none at first."""
    laid = office.memory.tables.get(CERTIFICATES)
    return (-1, {}) if laid is None else (laid.seq, _certificates(laid.table.rows))


def stands(office: Office, group: str) -> Certificate | None:
    """Return the certificate of a topic group, unless audits have stopped it or the whole."""
    since, held = certificates(office)
    return forwarding.holding(held, lambda name: office.cases.audits(name, since)).get(group)


def to_audit(office: Office, day: datetime) -> list[int]:
    """Return the forwarded cases of the 24 h before an instant that a person looks at again."""
    rows, until = office.cases.rows, int(day.timestamp())
    mask = (rows["auto"] > 0) & (rows["opened"] >= until - 86_400) & (rows["opened"] < until)
    numbers: list[int] = rows["seq"][np.flatnonzero(mask)].tolist()
    if not numbers:
        return []
    # What the last of them was chained to: known to nobody before the day was over.
    return forwarding.sample(numbers, day.date().isoformat(), office.memory.log[numbers[-1]].prev)


def lay_duties(office: Office, rows: Sequence[Sequence[str]], *, kind: str, source: str, by: str,
               now: datetime) -> Entry:  # fmt: skip
    """Lay a new duty table down, refused while it has an overlap or a unit that there is not.

    Raises:
        ValueError: says what is wrong; the table before goes on.
    """
    told = tuple(tuple(row) for row in rows)
    units = [row[0] for row in office.rows("units", kind)]
    table = duty.read(told, units or None)
    topics = sorted({line.topic for line in table.lines if line.topic != duty.ANY})
    places = sorted({line.place for line in table.lines if line.place != duty.ANY}) or [""]
    clash = table.overlaps(topics, places)
    if clash:
        one, other = clash[0]
        raise ValueError(f"lines {one.number} and {other.number} name two units for the same thing")
    return office.lay(DUTY, Table(duty.COLUMNS, told, source), by=by, now=now)


def within(topic: str, whole: str) -> bool:
    """Say whether a topic is another, or a part of it."""
    return topic == whole or topic.startswith(f"{whole}.")


def group_of(topic: str) -> str:
    """Return the topic group that certificates are for: the first level."""
    return topic.partition(".")[0]


# A table is read once; the rows are the key, so an edited table is another one.
_duties = lru_cache(8)(duty.read)
_certificates = lru_cache(8)(forwarding.read)


def _alone(
    office: Office, number: int, best: Guess, model: str, told: Certificate | None
) -> tuple[duty.Duty | None, Words]:
    """Return the duty line by which a case may go alone, or why it may not."""
    group = group_of(best.whole)
    if told is None or told.model != model:
        return None, Words(f"no certificate of {model or 'a model'} stands for {group or 'it'}",
                           f"{group or '本类'} 暂无有效自动批转证书")  # fmt: skip
    if best.sure < told.threshold:
        return None, Words(f"{best.sure:.0%} is below the certified {told.threshold:.0%}",
                           f"把握 {best.sure:.0%} 低于认证门槛 {told.threshold:.0%}")  # fmt: skip
    area = office.cases.said(number, "area")
    table = duties(office, number)
    line = table.answers(best.topic, area, best.thing)
    if line is None or table.units(best.whole, area, best.thing) != {line.unit}:
        return None, Words(f"no one unit answers for all of {best.whole}",
                           f"{best.whole} 在职责清单中无唯一承办单位")  # fmt: skip
    return line, Words("", "")


def _where(office: Office, number: int, best: Guess) -> dict[str, Value]:
    """Return the place and the area that the words add to what the caller named."""
    cases, found = office.cases, dict[str, Value]()
    area = cases.said(number, "area")
    if best.area.startswith(area) and best.area != area:
        found["area"] = best.area
    if best.place and not cases.said(number, "place"):
        found["place"] = best.place
    return found
