"""Order: by which columns a database is read, so that a pull that was cut off can go on."""

from collections.abc import Sequence

from mindu.data.collect.declare import Source
from mindu.data.collect.part import Cursor


def ordered(source: Source) -> list[str]:
    """Return the headings by which rows are ordered: what grows, then the key; [] for no order.

    Only a key tells rows apart: without one, a pull that was cut off begins anew.
    """
    told = [source.since] if source.mode == "incremental" else []
    told += [source.key] if source.key and source.key not in told else []
    columns = (source.column(name) for name in told)
    return [column.heading or column.name for column in columns]


def reached(row: int, last: Sequence[object]) -> Cursor:
    """Return the place behind a row by its number and the values by which it is ordered.

    Nobody knows where a row without such a value lies: the pull would begin anew.
    """
    if not last or None in last:
        return {}
    values = [value if isinstance(value, int) else str(value) for value in last]
    return {"row": row, **dict(zip(("last", "then"), values, strict=False))}
