"""Erasure: a person's key is destroyed, and a certificate in the log says so without saying who.

Who was erased stays withheld until somebody lets them in again, for a reason that is written down.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from mindu.base.records import Event, Value
from mindu.data.vault import Vault

ERASED, ADMITTED = "erased", "admitted"
MOST_WHY = 500  # signs


class Written(Protocol):
    """A log that a certificate may be written to."""

    def append(
        self, record: Event, *, at: datetime, about: str, by: str, because: Sequence[int] = ()
    ) -> object:
        """Write one record down."""
        ...

    def commit(self) -> None:
        """Make it durable."""
        ...


def erase(  # noqa: PLR0913 - whom, when, by whom, why, and after what
    vault: Vault, log: Written, subject: str, *, now: datetime, by: str, why: str,
    because: Sequence[int] = (),
) -> Event:  # fmt: skip
    """Destroy the key of a subject and write the certificate; return it.

    The order is: announced and durable, destroyed, certified and durable. A crash in between
    leaves an announcement without a certificate, and erasing again completes it. The log itself
    holds no value of the subject, so that it verifies and replays as before.

    Raises:
        KeyError: the vault holds nothing of the subject.
        ValueError: no reason is given, or far too long a one.
    """
    _reasoned(why)
    digest, count = vault.held(subject)
    if not digest:
        raise KeyError("the vault holds nothing of this subject, or no longer")
    args: dict[str, Value] = {"key": digest, "values": count, "why": why.strip()}
    log.append(Event("erasing", args), at=now, about=f"subject:{subject}", by=by)
    log.commit()
    vault.erase(subject)
    told = Event(ERASED, {**args, "left": vault.held(subject)[1]})
    log.append(told, at=now, about=f"subject:{subject}", by=by, because=because)
    log.commit()
    return told


def admit(  # noqa: PLR0913 - whom, when, by whom, why, and after what
    vault: Vault, log: Written, subject: str, *, now: datetime, by: str, why: str,
    because: Sequence[int] = (),
) -> Event:  # fmt: skip
    """Let an erased subject in again: what a source sends of it from now on is sealed anew.

    What was erased stays unreadable. Written down first, so that a crash leaves no silent change.

    Raises:
        KeyError: the subject was not erased.
        ValueError: no reason is given, or far too long a one.
    """
    _reasoned(why)
    if not vault.gone(subject):
        raise KeyError("this subject was not erased, or was let in again")
    told = Event(ADMITTED, {"why": why.strip()})
    log.append(told, at=now, about=f"subject:{subject}", by=by, because=because)
    log.commit()
    vault.admit(subject)
    return told


def _reasoned(why: str) -> None:
    if not 0 < len(why.strip()) <= MOST_WHY:
        raise ValueError(f"say why in 1 to {MOST_WHY} signs: the request or the law")
