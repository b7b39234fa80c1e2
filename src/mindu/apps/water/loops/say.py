"""Numbers and names as a duty officer says them."""

from datetime import timedelta
from typing import Protocol

from mindu.city import Words


class Named(Protocol):
    """Anything with an id and a name in both languages."""

    @property
    def id(self) -> str:
        """Return the id."""
        ...

    @property
    def name_en(self) -> str:
        """Return the English name."""
        ...

    @property
    def name_zh(self) -> str:
        """Return the Chinese name."""
        ...


def called(thing: Named) -> Words:
    """Return the names of a thing; its id where it has none."""
    return Words(thing.name_en or thing.id, thing.name_zh or thing.name_en or thing.id)


def metres(value: float) -> str:
    """Return a level to the centimetre."""
    return f"{value:.2f} m"


def minutes(span: timedelta) -> str:
    """Return whole minutes."""
    return f"{span.total_seconds() / 60.0:.0f}"


def percent(share: float) -> str:
    """Return a share in whole per cent."""
    return f"{share:.0%}"
