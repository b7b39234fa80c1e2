"""The pretend city as a world: time passes by the minute, gauges report every five."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from mindu.apps.water.changes import weather
from mindu.apps.water.control.event.live import Still
from mindu.apps.water.control.roles import layout
from mindu.apps.water.names import names_of
from mindu.apps.water.plant.eyes import Eyes
from mindu.apps.water.plant.hands import Stations, trouble
from mindu.apps.water.plant.scene import MINUTE_S, Scene
from mindu.apps.water.readings import channels, show
from mindu.city import Action, Entity, Event, Happening, Reading
from mindu.engines.hydraulics.port import Array, Forcing, Network, Plan, Seen, Totals, Twin

REPORT_S = 300.0
OUTLOOK_S = 1800.0  # s between two words of the weather service
MOST_DUE = 200_000  # readings kept for a reader that does not come; the oldest go first


class PretendCity:
    """A city that can be read and told, and not looked into."""

    def __init__(
        self,
        plant: Twin,
        things: Sequence[Entity],
        night: Scene,
        dice: np.random.Generator,
        *,
        also: Callable[[], None],
    ) -> None:
        """Stand at the start of the night, with its faults drawn; `also` is done on closing."""
        self._also = also
        network = plant.network
        self.name = things[0].id
        self.start = night.start
        self._plant, self._night = plant, night
        laid = layout(network)
        names = names_of(network, waters=self.name)
        self._channels = channels(network, things)
        self.eyes = Eyes(self._channels, hours=night.hours, dice=dice)
        self._truth = plant.see()
        faults = trouble(names.machines, laid, night.hours, dice)
        self.stations = Stations(names.machines, laid, self._truth, faults)
        self._t = 0.0
        self._due: list[Reading | Happening] = []
        self._held: dict[str, float] = {}
        self._report()

    def step(self, span: timedelta) -> None:
        """Let `span` pass, minute by minute."""
        end = self._t + round(span.total_seconds())
        while self._t < end - 0.5:
            self._minute(min((self._t // MINUTE_S + 1.0) * MINUTE_S, end))

    def read(self, now: datetime) -> Iterator[Reading | Happening]:
        """Return everything that was reported up to `now` and not yet read."""
        told = [r for r in self._due if r.at <= now]
        self._due = [r for r in self._due if r.at > now]
        yield from told

    def send(self, action: Action, now: datetime) -> None:
        """Hand an order to the stations.

        Raises:
            Refused: the verb, a machine or a setting is not known, or nothing named can move.
        """
        self.stations.order(action.verb, action.args, (now - self.start).total_seconds())

    def alter(self, changes: Mapping[str, float]) -> None:
        """Change the weather from now on: `rain` by a factor, `tide_m` the water outside by metres.

        Raises:
            ValueError: another name, or a number beyond what is pretended.
        """
        asked = weather(changes)
        self._night = self._night.altered(self._t, rain=asked.rain, tide_m=asked.tide_m)

    def totals(self) -> Totals:
        """Return the true balance: for whoever keeps the score, never for the brain."""
        return self._plant.totals()

    def truth(self) -> Seen:
        """Return what is really so: for whoever keeps the score, never for the brain."""
        return self._truth

    @property
    def network(self) -> Network:
        """Return the network as it is drawn: where its places lie, how deep they are."""
        return self._plant.network

    def close(self) -> None:
        """End the plant's process and put its drawing away."""
        self._plant.close()
        self._also()

    def _minute(self, to: float) -> None:
        settings = self.stations.settings(self._truth)
        plan = Plan(name="sent", blocks=settings[None, :], block_s=86400.0, tail=Still())
        row = self._night.minute(self._t)
        felt, stage = self._night.felt[row : row + 1], self._night.stage[row : row + 1]
        forcing = Forcing(t0=self._t, step_s=MINUTE_S, rain=felt, stage=stage, name="plant")
        self._truth = self._plant.advance(to, plan=plan, forcing=forcing)
        self._t = to
        if to % REPORT_S < 0.5:
            self._report()

    def _report(self) -> None:
        t, at = self._t, self._night.at(self._t)
        seen = self.eyes.look(self._truth, self._caught())
        heard = [c for c in self._channels if self.eyes.heard(c, t)]
        self._due += show(heard, seen, at)
        if t % OUTLOOK_S < 0.5:
            mean = float(self._night.outlook[self._night.minute(t)])
            self._due.append(
                Reading(at=at, about=self.name, prop="outlook", value=mean, unit="mm/h")
            )
        age = self.stations.unheard(t) / 60.0
        self._due.append(Reading(at=at, about=self.name, prop="order_age", value=age, unit="min"))
        self._due += self._hands(at)
        del self._due[:-MOST_DUE]

    def _hands(self, at: datetime) -> Iterator[Reading | Happening]:
        """Say who holds what by hand, and what befell the machines."""
        held = self.stations.held()
        for machine in sorted({*held, *self._held}):
            value = held.get(machine, -1.0)
            yield Reading(at=at, about=machine, prop="held", value=value, unit="1")
        self._held = held
        for about, name, args in self.stations.told():
            yield Happening(at=at, about=about or self.name, event=Event(name, {**args}))

    def _caught(self) -> Array:
        """Return the mean rain of the last five minutes, gauge by gauge."""
        end = self._night.minute(self._t)
        begin = max(end - round(REPORT_S / MINUTE_S), 0)
        rows = self._night.gauged[begin : max(end, begin + 1)]
        return np.asarray(rows.mean(axis=0))
