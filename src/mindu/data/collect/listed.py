"""A source as the catalogue lists it: what it declares is all that is needed."""

from mindu.base.records import Words
from mindu.data.catalog.dataset import Cycle, Dataset, Field, Grade
from mindu.data.collect.declare import Source, span

_CYCLES: tuple[tuple[float, Cycle], ...] = (
    (1, "live"), (23, "hourly"), (6 * 24, "daily"), (27 * 24, "weekly"), (85 * 24, "monthly"),
    (360 * 24, "quarterly"),
)  # fmt: skip


def listed(source: Source) -> Dataset:
    """Return the dataset that a source's rows make up, for departments until it is graded."""
    return Dataset(
        name=source.name,
        title=Words(source.en or source.name, source.zh or source.name),
        owner=source.owner,
        department=source.department,
        theme=source.theme,
        fields=tuple(
            Field(
                column.name,
                column.of,
                Words(column.en or column.name, column.zh or column.heading or column.name),
                column.unit,
                Grade.SENSITIVE if column.personal else Grade.OPEN,
                sealed=column.personal,
            )
            for column in source.columns
        ),
        grade=Grade.SENSITIVE if source.sealed else Grade.INTERNAL,
        cycle=cycle(source.every),
        licence=source.licence,
        basis=source.basis,
        stored=f"collect:{source.name}",
        origin=f"source:{source.name}",
        subject=source.subject,
    )


def cycle(every: str) -> Cycle:
    """Return how often the rows come anew, in the catalogue's words."""
    if not every:
        return "once"
    hours = span(every).total_seconds() / 3600
    return next((name for most, name in _CYCLES if hours < most), "yearly")
