"""The demo city with people in its streets: where its water stands on a road, they call.

Neither app knows the other: the wiring alone knows at which place of the network a road lies.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from mindu.apps.hotline.crews import Crews
from mindu.apps.hotline.storm.callers import Callers
from mindu.apps.hotline.things import Road
from mindu.apps.water.plant.city import PretendCity
from mindu.apps.water.plant.hands import Stations
from mindu.base.records import Action
from mindu.base.time import MINUTE
from mindu.city import Random
from mindu.cli.line.streets import near, streets
from mindu.engines.hydraulics.port import Seen, Totals
from mindu.perceive.source import Happening, Reading

STEP = 5 * MINUTE  # of calls
SIGHT_M = 0.02  # m: sd of what a crew reads off its staff


class Called:
    """A world of water whose streets are lived in; its calls are those of the last step."""

    def __init__(self, plant: PretendCity, roads: Sequence[Road], *, seed: int) -> None:
        """Put roads where the network has places near them; a city without any gets streets."""
        self.plant, self.name, self.start = plant, plant.name, plant.start
        laid = near(roads, plant.network) or streets(plant.network)
        self.places = {road.id: node for road, node in laid}
        stood = [road for road, _ in laid]
        self.callers = Callers(stood, self._depths, Random(f"{seed}:callers"))
        self.crews = Crews(self.places.__contains__)
        self._dice = Random(f"{seed}:crews")
        self._due: list[Reading] = []
        self._gone = timedelta(0)

    def step(self, span: timedelta) -> None:
        """Let `span` pass, and people call."""
        end = self._gone + span
        while self._gone < end:
            part = min(STEP, end - self._gone)
            self.plant.step(part)
            self._gone += part
            now = self.start + self._gone
            self.callers.step(part, now)
            for road in self.crews.there(self._gone):
                value = max(0.0, self.depth(road) + self._dice.gauss(0.0, SIGHT_M))
                deep = round(value, 2)
                self._due.append(Reading(at=now, about=road, prop="depth", value=deep, unit="m"))

    def read(self, now: datetime) -> Iterator[Reading | Happening]:
        """Return what gauges and crews reported up to `now`."""
        yield from self.plant.read(now)
        told = [reading for reading in self._due if reading.at <= now]
        self._due = [reading for reading in self._due if reading.at > now]
        yield from told

    def send(self, action: Action, now: datetime) -> None:
        """Send a crew, or hand an order to the stations.

        Raises:
            Refused: neither can do that.
        """
        if action.on in self.places:
            self.crews.send(action, self._gone)
        else:
            self.plant.send(action, now)

    def alter(self, changes: Mapping[str, float]) -> None:
        """Change the weather from now on.

        Raises:
            ValueError: another name, or a number beyond what is pretended.
        """
        self.plant.alter(changes)

    @property
    def stations(self) -> Stations:
        """The stations of the city's machines."""
        return self.plant.stations

    def truth(self) -> Seen:
        """Return what is really so: for whoever keeps the score, never for the brain."""
        return self.plant.truth()

    def totals(self) -> Totals:
        """Return the true balance: for whoever keeps the score, never for the brain."""
        return self.plant.totals()

    def depth(self, road: str) -> float:
        """Return the water that stands on a road, m: for whoever is there, never for the brain."""
        at = self.places[road]
        full = float(self.plant.network.full_depth[at])
        return max(0.0, float(self.plant.truth().depth[at]) - full)

    def close(self) -> None:
        """End the plant."""
        self.plant.close()

    def _depths(self) -> Sequence[float]:
        return [self.depth(road) for road in self.places]
