"""Mending: an application that came back to its applicant is filled in again and goes on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mindu.apps.services.counter import Counter
from mindu.apps.services.own.refused import NotSo
from mindu.engines.process import Wait
from mindu.engines.process.happenings import Complete

MENDING = "mending:"


def waits(counter: Counter, instance: int, subject: str) -> Wait | None:
    """Return what waits for the applicant of a case; None where nothing does."""
    state = counter.processes.state(instance)
    found = (one for one in state.waits if one.kind == "task" and one.who == subject)
    return next(found, None) if state.applicant == subject else None


def begin(counter: Counter, instance: int, subject: str) -> str:
    """Lay the answers of a case out as a draft; return its package.

    Raises:
        ValueError: it is not theirs, or did not come back.
    """
    if waits(counter, instance, subject) is None:
        number = counter.number(instance)
        raise NotSo(f"{number} did not come back to you", f"{number} 未退回给您")
    package = counter.package_of(instance)
    counter.save(subject, package, counter.answers(instance))
    counter.vault.put(subject, f"{MENDING}{package}", instance)
    return package


def under_way(counter: Counter, subject: str, package: str) -> int | None:
    """Return the case that a person is mending, while it waits for them."""
    instance = counter.vault.get(subject, f"{MENDING}{package}")
    if not isinstance(instance, int) or instance < 0:
        return None
    return instance if waits(counter, instance, subject) is not None else None


def hand_in(
    counter: Counter, instance: int, values: Mapping[str, Any], *, by: str, now: datetime
) -> str:
    """Hand a mended application in; it goes on under its number.

    Raises:
        NotYet: answers are missing or wrong; nothing was handed in.
        ValueError: it does not wait for them any more.
    """
    subject, package = counter.processes.state(instance).applicant, counter.package_of(instance)
    given = counter.taken(subject, package, values, now)
    wait = waits(counter, instance, subject)
    if wait is None:
        number = counter.number(instance)
        raise NotSo(f"{number} does not wait for you any more", f"{number} 已不在您的待补正之列")
    told = Complete(wait=wait.id, by=by, vars=given)
    counter.processes.step(instance, told, by=by, now=now)
    counter.vault.put(subject, f"{MENDING}{package}", -1)
    counter.save(subject, package, {})
    return counter.number(instance)
