"""Forwarding by itself: only above a threshold that was certified, audited daily, stopped alone.

The bound is Clopper and Pearson's (1934): with k wrong of n, the true share is below
Beta(1 - alpha; k + 1, n - k). A certificate is for one topic group, or for small ones together
("a+b"), with a target of its own; the one of all groups ("*") keeps the promise of the whole.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

CONFIDENCE = 0.98  # of the bound; messages that hang together make 95 % too bold (measured)
TARGET = 0.02  # share of forwardings that may be wrong
WHOLE = "*"  # the certificate of all groups together
SHARE = 0.05  # of a day's forwardings that a person looks at again; at least FEW
FEW, MANY = 5, 200
RECENT = 60  # audits that alone may stop a group: a drift hides behind an old, big sample
COLUMNS = ("group", "threshold", "wrong", "of", "target", "confidence", "model")
Audits = Callable[[str], Sequence[tuple[int, bool]]]  # entry and whether right, oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """From this confidence on, messages of its groups may be forwarded without a person."""

    group: str
    threshold: float
    wrong: int
    of: int
    target: float = TARGET
    confidence: float = CONFIDENCE
    model: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the topic groups that it is for."""
        return tuple(self.group.split("+"))

    @property
    def row(self) -> tuple[str, ...]:
        """Return the certificate as a row of the table "certificates"."""
        told = (self.threshold, self.wrong, self.of, self.target, self.confidence)
        return (self.group, *(repr(number) for number in told), self.model)


def upper(wrong: int, of: int, confidence: float = CONFIDENCE) -> float:
    """Return the upper bound on the true share wrong; 1 where nothing was tried."""
    from scipy.special import betaincinv  # noqa: PLC0415 - scipy loads only when it is asked for

    assert 0 <= wrong <= of, f"{wrong} wrong of {of}"
    return 1.0 if wrong >= of else float(betaincinv(wrong + 1.0, float(of - wrong), confidence))


def lower(wrong: int, of: int, confidence: float = CONFIDENCE) -> float:
    """Return the lower bound on the true share wrong; 0 where nothing was wrong."""
    from scipy.special import betaincinv  # noqa: PLC0415 - scipy loads only when it is asked for

    assert 0 <= wrong <= of, f"{wrong} wrong of {of}"
    return 0.0 if not wrong else float(betaincinv(float(wrong), of - wrong + 1.0, 1.0 - confidence))


def read(rows: Iterable[Sequence[str]]) -> dict[str, Certificate]:
    """Read the table of certificates; one whose own figures do not bear it out is refused.

    Raises:
        ValueError: a line cannot be read, or promises more than its figures give.
    """
    found = {}
    for number, row in enumerate(rows, start=1):
        try:
            group, threshold, wrong, of, target, confidence, model = row
            told = Certificate(
                group=group,
                threshold=float(threshold),
                wrong=int(wrong),
                of=int(of),
                target=float(target),
                confidence=float(confidence),
                model=model,
            )
        except ValueError as slip:
            raise ValueError(f"line {number} of the certificates: {slip}") from slip
        if upper(told.wrong, told.of, told.confidence) > told.target:
            raise ValueError(f"line {number} of the certificates: {told.of} tries do not bear it")
        found[group] = told
    return found


def holding(certificates: Mapping[str, Certificate], audits: Audits) -> dict[str, Certificate]:
    """Return the certificate of each topic group that may go on; `audits` tells those of one.

    A group stops alone. What all together promise is held against the audits of those that go on.
    """
    whole = certificates.get(WHOLE)
    each = [told for told in certificates.values() if told.group != WHOLE]
    held = [told for told in each if not stopped(told, [r for _, r in audits(told.group)])]
    if whole is not None:
        seen = sorted(one for told in held for one in audits(told.group))
        if stopped(whole, [right for _, right in seen]):
            return {}
    return {group: told for told in held for group in told.groups}


def stopped(told: Certificate, audits: Sequence[bool]) -> bool:
    """Say whether a group must stop: audits (right or wrong, oldest first) have passed the target.

    Either all audits since the certificate together with its own figures pass the bound, or the
    recent ones alone are surely worse than the target.
    """
    wrong = sum(not right for right in audits)
    recent = audits[-RECENT:]
    bad = sum(not right for right in recent)
    all_in = upper(told.wrong + wrong, told.of + len(audits), told.confidence) > told.target
    return all_in or lower(bad, len(recent), told.confidence) > told.target


def sample(numbers: Sequence[int], day: str, head: str) -> list[int]:
    """Draw the day's audit: which of the forwarded cases a person looks at again.

    The dice are thrown by the day and the log's head, so that nobody can choose and all can check.
    """
    count = min(len(numbers), max(FEW, round(SHARE * len(numbers))), MANY)
    lot = {number: sha256(f"{day}|{head}|{number}".encode()).digest() for number in numbers}
    return sorted(sorted(lot, key=lambda number: lot[number])[:count])
