"""Sealing a build: what is personal lies as cells under the names of its subjects."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import pyarrow as pa

from mindu.data.collect.sift import WHO
from mindu.data.registers.declare import Register

Values = list[str | None]


class Sealer(Protocol):
    """Names subjects, seals and opens: the vault."""

    def subject(self, told: str) -> str:
        """Return the vault's name of something."""
        ...

    def marks(self, told: Iterable[str]) -> list[int]:
        """Return a keyed number of each word."""
        ...

    def seal(
        self, subjects: Sequence[str], columns: Sequence[Sequence[str | None]]
    ) -> list[Values]:
        """Return columns as cells."""
        ...

    def unseal(self, cells: Sequence[str | None]) -> Values:
        """Return what cells hold."""
        ...


def named(register: Register, golden: pa.Table, vault: Sealer) -> dict[str, str]:
    """Return the vault's name of each subject: by its code, so that one key opens all of it."""
    subjects = golden["subject"].to_pylist()
    codes = golden[register.code].to_pylist() if register.code else [None] * len(subjects)
    return {
        subject: vault.subject(code or f"{register.name}#{subject}")
        for subject, code in zip(subjects, codes, strict=True)
    }


def sealed(
    register: Register, told: pa.Table, who: Mapping[str, str], vault: Sealer, *,
    names: Sequence[str],
) -> pa.Table:  # fmt: skip
    """Return a table with these columns as cells, and `_who` behind them."""
    owners = [who[subject] for subject in told["subject"].to_pylist()]
    columns = [told[name].to_pylist() for name in names]
    for name, cells in zip(names, vault.seal(owners, columns), strict=True):
        told = told.set_column(told.column_names.index(name), name, pa.array(cells, pa.string()))
    return told.append_column(WHO, pa.array(owners, pa.string())) if register.code else told


def opened(told: pa.Table, vault: Sealer, *, names: Sequence[str]) -> pa.Table:
    """Return a table with these columns opened; what was erased is nothing."""
    for name in names:
        values = vault.unseal(told[name].to_pylist())
        told = told.set_column(told.column_names.index(name), name, pa.array(values, pa.string()))
    return told


def secret(register: Register) -> list[str]:
    """Return the traits that lie sealed."""
    return [trait.name for trait in register.traits if trait.sealed]
