"""A source is anything that can be asked what is new."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import msgspec

from mindu.base.records import Event


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a source says of one number of one entity at one instant."""

    at: datetime  # when it was so
    about: str
    prop: str
    value: float
    unit: str = ""


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says happened to one entity at one instant."""

    at: datetime
    about: str
    event: Event


class Source(Protocol):
    """A gauge network, a hotline, a file, another city."""

    name: str

    def read(self, now: datetime) -> Iterable[Reading | Happening]:
        """Return everything that became known since the last call."""
        ...
