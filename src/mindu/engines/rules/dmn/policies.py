"""Hit policies: what a decision table gives when some rows match."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mindu.engines.rules.library.statistics import largest, smallest, total
from mindu.engines.rules.machine.core import Frame
from mindu.engines.rules.machine.tests import Check
from mindu.engines.rules.value.compare import equal
from mindu.engines.rules.value.numbers import exact
from mindu.engines.rules.value.run import Refused
from mindu.engines.rules.value.types import shown

Output = tuple[object, ...]  # the values of the output columns of one row


@dataclass(frozen=True, slots=True)
class Orders:
    """The order of output values, column by column, for priority and output order."""

    columns: tuple[list[Check], ...]

    def rank(self, frame: Frame, output: Output) -> tuple[int, ...]:
        """Return the places of an output's values in their lists, the first being 0."""
        return tuple(
            next((n for n, check in enumerate(checks) if check(frame, value) is True), len(checks))
            for checks, value in zip(self.columns, output, strict=True)
        )

    def checked(self, frame: Frame, output: Output, names: Sequence[str]) -> Output:
        """Return the output with null, and a warning, for what its column does not allow."""
        if not any(self.columns):
            return output
        return tuple(
            self._one(frame, checks, value, name)
            for checks, value, name in zip(self.columns, output, names, strict=True)
        )

    def _one(self, frame: Frame, checks: list[Check], value: object, name: str) -> object:
        if value is None or not checks or any(check(frame, value) is True for check in checks):
            return value
        frame[0].warn(-1, "allowed", shown(value), name)
        return None


Single = Callable[[Frame, Sequence[Output], Orders], Output]


def unique(_frame: Frame, hits: Sequence[Output], _orders: Orders) -> Output:
    """Give the one row; more are an error of the table."""
    if len(hits) > 1:
        raise Refused("several", len(hits), "UNIQUE")
    return hits[0]


def any_(frame: Frame, hits: Sequence[Output], _orders: Orders) -> Output:
    """Give what all rows agree on."""
    for hit in hits[1:]:
        if any(equal(frame[0], a, b) is not True for a, b in zip(hits[0], hit, strict=True)):
            raise Refused("differ")
    return hits[0]


def first(_frame: Frame, hits: Sequence[Output], _orders: Orders) -> Output:
    """Give the topmost row."""
    return hits[0]


def priority(frame: Frame, hits: Sequence[Output], orders: Orders) -> Output:
    """Give the row whose outputs stand first in their lists."""
    return min(hits, key=lambda hit: orders.rank(frame, hit))


SINGLE: dict[str, Single] = {
    "UNIQUE": unique,
    "ANY": any_,
    "FIRST": first,
    "PRIORITY": priority,
}
MANY = {"RULE ORDER", "OUTPUT ORDER", "COLLECT"}


def ordered(policy: str, frame: Frame, hits: Sequence[Output], orders: Orders) -> Sequence[Output]:
    """Return all rows in the order that the policy gives them."""
    if policy == "OUTPUT ORDER":
        return sorted(hits, key=lambda hit: orders.rank(frame, hit))
    return hits


def collected(aggregation: str, values: list[object]) -> object:
    """Return what COLLECT makes of the outputs."""
    if aggregation == "COUNT":
        return exact(len(values))
    folds = {"SUM": total, "MIN": smallest, "MAX": largest}
    return folds[aggregation](values)
