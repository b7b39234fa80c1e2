"""A place: one thing that stands in the city, as the face shows it."""

from dataclasses import dataclass, field

from mindu.base.records import Value, Words

Facts = dict[str, Value | list[Value] | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A thing that stands in the city."""

    id: str
    kind: str
    facts: Facts
    xy: tuple[float, float] | None = field(init=False, compare=False)  # where it stands on the map
    ends: tuple[str, str] = field(init=False, compare=False)  # what it leads from and to, or empty
    name: Words = field(init=False, compare=False)  # in both languages, or its id

    def __post_init__(self) -> None:
        """Work out once what every list and map asks for."""
        object.__setattr__(self, "xy", self._spot())
        object.__setattr__(self, "ends", self._ends())
        object.__setattr__(self, "name", Words(self._said("en"), self._said("zh")))

    def title(self, lang: str) -> str:
        """Return its name in that language, or its id."""
        return self.name.zh if lang == "zh" else self.name.en

    def _spot(self) -> tuple[float, float] | None:
        for name in ("xy", "place"):
            spot = self.facts.get(name)
            if isinstance(spot, list) and len(spot) == 2:
                return float(spot[0]), float(spot[1])
        for east, north in (("x", "y"), ("lon", "lat")):
            x, y = self.facts.get(east), self.facts.get(north)
            if isinstance(x, int | float) and isinstance(y, int | float):
                return float(x), float(y)
        return None

    def _ends(self) -> tuple[str, str]:
        up, down = self.facts.get("up"), self.facts.get("down")
        return (up if isinstance(up, str) else "", down if isinstance(down, str) else "")

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

    def _said(self, lang: str) -> str:
        for name in (f"name_{lang}", f"title_{lang}", "name", "title"):
            told = self.facts.get(name)
            if isinstance(told, str) and told:
                return told
        return self.id
