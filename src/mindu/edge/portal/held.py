"""What the portal is held together by: the open tables, other rooms, and refusals."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mindu.base.records import Words
from mindu.brain.casework.refusals import Refusal
from mindu.data.catalog.dataset import Dataset
from mindu.data.opening.opened import Opened


class Missing(Refusal):
    """What was never there."""


class Shut(Refusal):
    """What was open, and is not any more."""


class Unknown(Refusal):
    """A key that is none."""


class Room(NamedTuple):
    """Another room of the city that these pages lead to."""

    title: Words
    path: str


class OpenTables(Mapping[str, Dataset]):
    """What the gateway may read here: the tables that are open, their open fields alone."""

    def __init__(self, opened: Opened) -> None:
        """Look at what is open, whenever somebody asks."""
        self._opened = opened

    def __getitem__(self, name: str) -> Dataset:  # type: ignore[explicit-override]
        """Return an open table."""
        held = self._opened.get(name)
        if held is None:
            raise KeyError(name)
        return held.dataset

    def __iter__(self) -> Iterator[str]:  # type: ignore[explicit-override]
        """Walk the names."""
        return (held.dataset.name for held in self._opened.every())

    def __len__(self) -> int:  # type: ignore[explicit-override]
        """Count them."""
        return len(self._opened.every())
