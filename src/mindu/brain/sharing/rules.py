"""Rules: a text of policies is laid down whole, or refused with a word on what is wrong."""

from datetime import datetime
from hashlib import sha256

from mindu.base.records import Entry, Event, Published
from mindu.brain.memory import Memory
from mindu.data.grants.allowed import CONSENTED, DATASET, FREED, POLICIES, SUBJECT, WITHDRAWN
from mindu.data.grants.policies import GRADES, Policies, read


def lay(memory: Memory, name: str, text: str, *, by: str, now: datetime) -> Entry:
    """Let a text hold under a name from now on; an empty one takes the older away.

    Raises:
        Unfit: it does not parse, does not fit the schema, or shares an id with another text.
    """
    others = [kept for known, kept in memory.allowed.texts().items() if known != name]
    others += [given.policy for given in memory.allowed.every()]
    policies = read(text) if text.strip() else []
    Policies([*policies, *(one for other in (GRADES, *others) for one in read(other))])
    body = text.strip().encode()
    key = f"{name}-{sha256(body).hexdigest()[:16]}"
    record = Published("cedar", key, tuple(policy.id for policy in policies), body)
    return memory.write(record, at=now, about=f"{POLICIES}{name}", by=by)


def free(
    memory: Memory, dataset: str, department: str, why: str, *, by: str, now: datetime
) -> Entry:
    """Let a department be given other groups of a dataset; what it knows of the old stays known.

    Raises:
        ValueError: it was given none, or no reason is given.
    """
    if memory.allowed.way(dataset, department) is None:
        raise ValueError(f"{department} was never given groups of {dataset}")
    if not why.strip():
        raise ValueError("say why (--why): of two ways to group the difference may tell of few")
    told = Event(FREED, {"department": department, "why": why.strip()[:500]})
    return memory.write(told, at=now, about=f"{DATASET}{dataset}", by=by)


def consent(memory: Memory, subject: str, department: str, purpose: str, *, now: datetime) -> Entry:
    """Write down that a subject lets a department use what is about it for a purpose."""
    record = Event(CONSENTED, {"department": department, "purpose": purpose})
    return memory.write(record, at=now, about=f"{SUBJECT}{subject}", by="subject")


def withdraw(memory: Memory, subject: str, seq: int, *, now: datetime) -> Entry:
    """Take a consent back; the next request is refused.

    Raises:
        ValueError: it is not theirs, or does not hold any more.
    """
    held = memory.allowed.consent(seq)
    if held is None or held.subject != subject:
        raise ValueError(f"consent {seq} does not hold; look at the list of yours")
    return memory.write(
        Event(WITHDRAWN), at=now, about=f"{SUBJECT}{subject}", by="subject", because=(seq,)
    )
