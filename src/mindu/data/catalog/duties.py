"""The shared-responsibility list (共享责任清单): who owes which data, how often, and since when."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from mindu.data.catalog.dataset import ELSEWHERE, Cycle, Dataset

HOUR = 3_600_000  # ms
DAY = 24 * HOUR
# How long after the last delivery the next is owed; a month has 31 days, so that no one is hurried.
OWED: dict[Cycle, int] = {
    "live": HOUR, "hourly": HOUR, "daily": DAY, "weekly": 7 * DAY, "monthly": 31 * DAY,
    "quarterly": 92 * DAY, "yearly": 366 * DAY,
}  # fmt: skip
GRACE = 0.2  # of the cycle: from yellow to red

Colour = Literal["green", "yellow", "red", "none"]


class Duty(NamedTuple):
    """What one department owes of one dataset, and how its clock stands."""

    dataset: str
    department: str
    owner: str
    cycle: Cycle
    basis: str
    delivered: int  # epoch ms; 0: never
    due: int  # epoch ms; 0: nothing is owed
    colour: Colour  # green: in time; yellow: due; red: overdue


def duties(told: Iterable[Dataset], delivered: Mapping[str, int], now: int) -> list[Duty]:
    """Return every duty, gravest first; `delivered` is when each dataset last came (epoch ms).

    A dataset that never came is overdue at once. Nothing is owed of what other portals hold.
    """
    found = [
        _duty(dataset, delivered.get(dataset.name, 0), now)
        for dataset in told
        if not dataset.stored.startswith(ELSEWHERE)
    ]
    order = ("red", "yellow", "green", "none")
    return sorted(found, key=lambda duty: (order.index(duty.colour), duty.due, duty.dataset))


def _duty(told: Dataset, delivered: int, now: int) -> Duty:
    owed = OWED.get(told.cycle, 0)
    due = delivered + owed if owed else 0
    colour: Colour = "green"
    if not owed:
        colour = "green" if delivered else "none"
    elif now > due + GRACE * owed:
        colour = "red"
    elif now > due:
        colour = "yellow"
    return Duty(told.name, told.department, told.owner, told.cycle, told.basis, delivered, due,
                colour)  # fmt: skip
