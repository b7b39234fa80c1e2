"""Opening: cells of the vault in an answer become values, masked as the duties say, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import pyarrow as pa

from mindu.data.catalog.dataset import Dataset
from mindu.data.gateway.allow import refused
from mindu.data.gateway.want import Want
from mindu.data.grants.duties import Duties, Mask

Unseal = Callable[[Sequence[str | None]], list[str | None]]
_MASKS: Mapping[Mask, Callable[[str, str], str | None]] = {
    "hide": lambda _value, _salt: None,
    "clear": lambda value, _: value,
    "middle": lambda value, _: f"{value[:3]}****{value[-4:]}" if len(value) >= 7 else "****",
    "last4": lambda value, _: f"****{value[-4:]}" if len(value) >= 8 else "****",
    "initial": lambda value, _: f"{value[:1]}**",
    "year": lambda value, _: value[:4],
    "month": lambda value, _: value[:7],
    "hundred": lambda value, _: str(round(float(value) / 100) * 100),
    "token": lambda value, salt: sha256((salt + value).encode()).hexdigest()[:16],
}


def sealed(dataset: Dataset) -> frozenset[str]:
    """Return the fields whose values lie as cells."""
    return frozenset(field.name for field in dataset.fields if field.sealed)


def asked(want: Want, dataset: Dataset) -> None:
    """Let a want pass that looks for nothing inside a cell.

    Raises:
        Refused: it compares or orders by a sealed field.
    """
    held = sealed(dataset)
    used = [*(one.field for one in want.where), want.order.removeprefix("-")]
    if found := [name for name in used if name in held]:
        raise refused(
            f"{found[0]} is sealed: ask by `subject`, not by its value",
            f"{found[0]} 为封存字段,请按 subject 查询",
        )


def masked(how: Mask, value: str | None, salt: str = "") -> str | None:
    """Return a value as a mask shows it."""
    return None if value is None else _MASKS[how](value, salt)


def opened(rows: pa.Table, dataset: Dataset, duties: Duties, salt: str, unseal: Unseal) -> pa.Table:
    """Return the rows with each cell opened and masked; without a mask it stays hidden."""
    how = dict(duties.masks)
    for name in sealed(dataset) & set(rows.column_names):
        mask = _MASKS[how.get(name, "hide")]
        cells = rows.column(name).to_pylist()
        if how.get(name, "hide") == "hide":
            cells = [None] * len(cells)
        told = [None if one is None else mask(one, salt) for one in unseal(cells)]
        place = rows.column_names.index(name)
        rows = rows.set_column(place, name, pa.array(told, pa.string()))
    return rows
