"""Numbers and names as a duty officer says them."""

from datetime import timedelta
from typing import Protocol

from mindu.city import View, Words

SWELL = "swell"  # the finding, whoever holds it: more people tell of one matter than usual
MATTER = "water."  # how topics of water begin in the city's tables
NAMED = 4  # towns named in a sentence


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


def people_tell(see: View) -> Words:
    """Return a clause that names where a burst of calls about water holds; empty where none."""
    held = sorted(see.heard(SWELL), key=lambda told: -told[1])
    things = [see.twins.get(about) for about, _ in held if about in see.twins]
    named = [t for t in things if str(getattr(t, "topic", "")).startswith(MATTER)][:NAMED]
    if not named:
        return Words("", "")
    en = ", ".join(str(getattr(thing, "name_en", thing.id)) for thing in named)
    zh = "、".join(str(getattr(thing, "name_zh", thing.id)) for thing in named)
    return Words(f"; callers tell of: {en}", f"；市民集中反映：{zh}")
