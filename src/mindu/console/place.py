"""A place: one thing that stands in the city, as the face shows it."""

from dataclasses import dataclass

from mindu.base.records import Value, Words

Facts = dict[str, Value | list[Value] | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A thing that stands in the city."""

    id: str
    kind: str
    facts: Facts

    @property
    def xy(self) -> tuple[float, float] | None:
        """Return where it stands on the map, if its facts say so."""
        for name in ("xy", "place"):
            spot = self.facts.get(name)
            if isinstance(spot, list) and len(spot) == 2:
                return float(spot[0]), float(spot[1])
        for east, north in (("x", "y"), ("lon", "lat")):
            x, y = self.facts.get(east), self.facts.get(north)
            if isinstance(x, int | float) and isinstance(y, int | float):
                return float(x), float(y)
        return None

    @property
    def ends(self) -> tuple[str, str]:
        """Return what it leads from and to, empty where it leads nowhere."""
        up, down = self.facts.get("up"), self.facts.get("down")
        return (up if isinstance(up, str) else "", down if isinstance(down, str) else "")

    @property
    def name(self) -> Words:
        """Return its name in both languages, or its id."""
        return Words(self.title("en"), self.title("zh"))

    @property
    def marks(self) -> list[tuple[str, float]]:
        """Return the levels that matter among its facts: every number whose name says so."""
        told = ("mark", "warn", "alarm", "crest", "bank", "limit_high")
        return [
            (name, float(value))
            for name, value in self.facts.items()
            if isinstance(value, int | float)
            and not isinstance(value, bool)
            and any(word in name for word in told)
        ]

    def title(self, lang: str) -> str:
        """Return its name in that language, or its id."""
        for name in (f"name_{lang}", f"title_{lang}", "name", "title"):
            told = self.facts.get(name)
            if isinstance(told, str) and told:
                return told
        return self.id
