"""Forwarding by itself: only above a threshold that was certified, audited daily, stopped alone.

The bound is Clopper and Pearson's (1934): with k wrong of n, the true share is below
Beta(1 - alpha; k + 1, n - k). Fixed-sequence testing walks thresholds from the strictest down and
keeps the last before the first that fails, so that many thresholds cost no more than one; three
walks from starts that were fixed beforehand share the allowed error (Bonferroni).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil, log

CONFIDENCE = 0.98  # of the bound; messages that hang together make 95 % too bold (measured)
TARGET = 0.02  # share of forwardings that may be wrong
STARTS = (1, 2, 4)  # where the walks begin, in least samples; fixed before anything is seen
SHARE = 0.05  # of a day's forwardings that a person looks at again; at least FEW
FEW, MANY = 5, 200
RECENT = 60  # audits that alone may stop a group: a drift hides behind an old, big sample
COLUMNS = ("group", "threshold", "wrong", "of", "target", "confidence", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """From this confidence on, messages of the group may be forwarded without a person."""

    group: str
    threshold: float
    wrong: int
    of: int
    target: float = TARGET
    confidence: float = CONFIDENCE
    model: str = ""

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


def certify(
    group: str,
    tried: Iterable[tuple[float, bool]],
    *,
    model: str,
    target: float = TARGET,
    confidence: float = CONFIDENCE,
) -> Certificate | None:
    """Return the certificate of a group from held-out (confidence, right) pairs; None if none.

    The pairs must come from messages that the model has not seen, near-duplicates kept together.
    """
    pairs = sorted(tried, reverse=True)
    strict = 1.0 - (1.0 - confidence) / len(STARTS)
    least = ceil(log(1.0 - strict) / log(1.0 - target))  # with none wrong it would just do
    best = max((_walk(pairs, least * start, target, strict) for start in STARTS), default=(0, 0))
    count, wrong = best
    if not count:
        return None
    return Certificate(
        group=group,
        threshold=pairs[count - 1][0],
        wrong=wrong,
        of=count,
        target=target,
        confidence=confidence,
        model=model,
    )


def _walk(
    pairs: Sequence[tuple[float, bool]], start: int, target: float, confidence: float
) -> tuple[int, int]:
    """Return (forwarded, wrong) at the lowest threshold before the first that fails; (0, 0)."""
    wrong, kept = 0, (0, 0)
    for count, (sure, right) in enumerate(pairs, start=1):
        wrong += not right
        if count < start or (count < len(pairs) and pairs[count][0] == sure):
            continue
        if upper(wrong, count, confidence) > target:
            break
        kept = (count, wrong)
    return kept


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
