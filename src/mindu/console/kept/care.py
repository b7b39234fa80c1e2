"""Care: what people did about an alert; each step is an event with a name and a reason."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from mindu.base.records import Entry, Event, Judgement

ACKED, UNACKED = "alert_acked", "alert_unacked"
OWNED = "alert_owned"
SILENCED, UNSILENCED = "alert_silenced", "alert_unsilenced"
ESCALATED = "alert_escalated"

VERBS = {
    "ack": ACKED,
    "unack": UNACKED,
    "own": OWNED,
    "silence": SILENCED,
    "unsilence": UNSILENCED,
    "escalate": ESCALATED,
}
ABOUT_ALERTS = frozenset(VERBS.values())
PART = {
    ACKED: "acked",
    UNACKED: "acked",
    OWNED: "owned",
    SILENCED: "silenced",
    UNSILENCED: "silenced",
    ESCALATED: "escalated",
}


class Step(msgspec.Struct, frozen=True):
    """One thing that a person did about an alert."""

    seq: int
    at: datetime
    by: str
    reason: str
    until: datetime | None = None
    to: str = ""
    severity: int = 0  # of the alert when it was done


class Care(msgspec.Struct, frozen=True):
    """What holds of one alert now; None where nobody did that, or its time is over."""

    acked: Step | None = None
    owned: Step | None = None
    silenced: Step | None = None
    escalated: Step | None = None

    @property
    def state(self) -> str:
        """Return open, acked or silenced."""
        return "silenced" if self.silenced else "acked" if self.acked else "open"


def care(steps: Mapping[str, Entry], judged: Entry, now: datetime) -> Care:
    """Return what holds of an alert; an acknowledgement ends when the alert grows worse."""
    held: dict[str, Step] = {}
    for part, entry in steps.items():
        record = entry.record
        assert isinstance(record, Event)
        assert isinstance(judged.record, Judgement)
        step = _step(entry, record)
        over = step.until is not None and step.until <= now
        worse = part == "acked" and int(judged.record.severity) > step.severity
        if record.name not in {UNACKED, UNSILENCED} and not over and not worse:
            held[part] = step
    return Care(**held)


def _step(entry: Entry, record: Event) -> Step:
    until = str(record.args.get("until", ""))
    severity = record.args.get("severity", 0)
    return Step(
        seq=entry.seq,
        at=entry.at,
        by=entry.by,
        reason=str(record.args.get("reason", "")),
        until=datetime.fromisoformat(until) if until else None,
        to=str(record.args.get("to", "")),
        severity=int(float(severity)),
    )
