"""Alerts over the wire, and what people may do about them."""

from datetime import datetime
from typing import Literal

import msgspec

from mindu.base.records import Words
from mindu.console.contract.common import Seen
from mindu.console.kept.care import Step


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One judgement that holds, and what people did about it."""

    seq: int
    at: datetime
    about: str
    title: Words
    kind: str
    loop: str
    finding: str
    severity: int
    word: Words
    says: Words
    confidence: float
    state: str  # open | acked | silenced
    owner: str = ""
    acked: Step | None = None
    owned: Step | None = None
    silenced: Step | None = None
    escalated: Step | None = None


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    """One page of alerts; `counts` is of all that hold, by severity and by state."""

    seen: Seen
    items: tuple[Alert, ...]
    next: str | None
    total: int
    counts: dict[str, int]


class AlertDeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person does about alerts."""

    verb: Literal["ack", "unack", "own", "silence", "unsilence", "escalate"]
    seqs: tuple[int, ...]
    reason: str
    until: datetime | None = None
    to: str = ""
