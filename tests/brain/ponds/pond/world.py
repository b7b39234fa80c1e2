"""Two ponds under showers: rain fills them, outlets empty them, warm water loses its breath."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from mindu.city import Action, Event, Happening, Random, Reading, Refused

AREA = 1_000.0  # m2 of each pond
OUTLET = 0.20  # m3/s through an open outlet
SEEP = 0.004  # m3/s lost to the ground
SHOWER = 0.22  # m3/s at the height of a shower


class Ponds:
    """The ponds, their gauges, outlets and aerators."""

    name = "ponds"
    start = datetime(2026, 6, 1, tzinfo=UTC)

    def __init__(self, rng: Random) -> None:
        """Start half full and dry."""
        self.rng = rng
        self.level = {"north": 0.6, "south": 0.7}
        self.oxygen = {"north": 0.8, "south": 0.7}
        self.outlet = {"north": 0.0, "south": 0.0}
        self.stirred = {"north": 0.0, "south": 0.0}
        self.wet = 0.0  # seconds of shower left
        self.factor = 1.0
        self.began = False

    def alter(self, changes: Mapping[str, float]) -> None:
        """Take another rain."""
        self.factor = changes.get("rain", self.factor)

    def step(self, span: timedelta) -> None:
        """Let showers come and go, and water with them."""
        seconds = span.total_seconds()
        begins = self.rng.random() < 0.03
        self.began = begins and self.wet <= 0
        self.wet = 5_400.0 if self.began else max(0.0, self.wet - seconds)
        for pond in self.level:
            rain = SHOWER * self.rng.uniform(0.5, 1.0) * self.factor if self.wet > 0 else 0.0
            net = rain - SEEP - OUTLET * self.outlet[pond] * min(1.0, self.level[pond])
            self.level[pond] = min(2.0, max(0.0, self.level[pond] + net * seconds / AREA))
            breath = 0.08 if self.stirred[pond] > 0 else self.rng.uniform(-0.03, 0.02)
            self.oxygen[pond] = min(1.0, max(0.0, self.oxygen[pond] + breath * seconds / 300))
            self.stirred[pond] = max(0.0, self.stirred[pond] - seconds)
            if self.level[pond] < 0.4:
                self.outlet[pond] = 0.0

    def read(self, now: datetime) -> Iterator[Reading | Happening]:
        """Read every gauge, to the centimetre and the hundredth."""
        for pond, level in self.level.items():
            seen = round(level + self.rng.gauss(0.0, 0.005), 2)
            yield Reading(at=now, about=pond, prop="level", value=seen, unit="m")
            yield Reading(at=now, about=pond, prop="oxygen", value=round(self.oxygen[pond], 2))
        if self.began:
            yield Happening(at=now, about="north", event=Event("shower"))

    def send(self, action: Action, now: datetime) -> None:
        """Move an outlet or an aerator."""
        pond, _, machine = action.on.partition(":")
        if (machine, action.verb) in {("outlet", "open"), ("outlet", "close")}:
            self.outlet[pond] = 1.0 if action.verb == "open" else 0.0
        elif (machine, action.verb) in {("aerator", "stir"), ("aerator", "rest")}:
            self.stirred[pond] = 1_800.0 if action.verb == "stir" else 0.0
        else:
            raise Refused(f"{now:%H:%M}: a pond has no {machine} that can {action.verb}")
