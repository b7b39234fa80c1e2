"""Changing SensorThings: PATCH and PUT of every entity, new Datastreams, Locations and Sensors."""

from typing import Any

import msgspec

from mindu.data.senses.senses import Senses
from mindu.edge.corrections import amended, wished
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.register import fit, read
from mindu.edge.sensorthings.entities import Entities
from mindu.edge.sensorthings.names import LINKS, fits, form_of
from mindu.edge.sensorthings.papers import WORDS, Papers
from mindu.edge.sensorthings.places import placed
from mindu.edge.sensorthings.write import fitted
from mindu.edge.sensorthings.written import STREAM, Named
from mindu.perceive.declare import Model, Stage

_ANY = msgspec.json.Decoder(dict[str, Any])
_PLACE = {"Locations": "location", "FeaturesOfInterest": "feature"}


class Change:
    """Changes what stands in one store."""

    def __init__(self, senses: Senses, entities: Entities, clock: Any) -> None:  # noqa: ANN401
        """Change this store; `clock` says the epoch ms."""
        self._senses, self._entities, self._clock = senses, entities, clock
        self._papers = Papers(senses)

    def patch(self, many: str, key: int, body: bytes, *, whole: bool) -> None:
        """Tell an entity anew, in part or wholly.

        Raises:
            Unfit: there is none of that id, or what is told does not fit.
        """
        if many not in WORDS:
            raise Unfit(501, f"{many} are not changed: what was observed stays")
        self._entities.one(many, str(key))
        told = {k: v for k, v in read(_ANY, body).items() if not k.startswith("@iot")}
        links = [name for name in told if name in LINKS[many]]
        if links:
            raise Unfit(400, f"{links[0]}: links are made when an entity is created")
        if many == "Datastreams" and "observationType" in told:
            form = self._senses.registry.prop(key - 1).form
            if form_of(str(told["observationType"])) is not form:
                raise Unfit(400, "observationType stays: results are kept by it. Make a new one")
        place = told.pop(_PLACE.get(many, ""), None)
        if not told and place is None:
            raise Unfit(400, "nothing is told")
        if place is not None:
            self._move(key, {"location": place})
        if told or whole:
            self._papers.tell(many, key, told, whole=whole)

    def _move(self, thing: int, told: dict[str, Any]) -> None:
        registry = self._senses.registry
        place = placed([told])
        device = registry.device(registry.ids[thing - 1])
        if not self._papers.places(thing) and device.lon is not None and device.lat is not None:
            self._papers.moved(thing, 0, device.lon, device.lat)
        new = msgspec.structs.replace(device, lon=place.lon, lat=place.lat)
        fit(lambda: self._senses.enrol([new], now=int(self._clock())))
        self._papers.shaped(thing, place)
        if place.lon is not None and place.lat is not None:
            self._papers.moved(thing, int(self._clock()), place.lon, place.lat)

    def observed(self, key: str, body: bytes | None, by: str) -> None:
        """Tell the result of an Observation anew, or take it back (`body` None).

        Raises:
            Unfit: there is none, or something else than its result is told.
        """
        self._entities.one("Observations", key)
        series, _, at = key.partition("-")
        result = None
        if body is not None:
            told = {k: v for k, v in read(_ANY, body).items() if not k.startswith("@iot")}
            form = self._senses.registry.prop(int(series) - 1).form
            if told.keys() != {"result"} or not fits(form, told["result"]):
                raise Unfit(400, f"of an Observation its `result` is told anew: {form}")
            result = told["result"]
        wish = wished(self._senses, int(series) - 1, int(at), result)
        amended(self._senses, [wish], by, int(self._clock()))

    def delete(self, many: str, key: int) -> None:
        """Let an entity be no more: its past stays in the tables.

        Raises:
            Unfit: there is none, or it cannot be deleted.
        """
        self._entities.one(many, str(key))
        registry = self._senses.registry
        if many == "Things":
            name, now = registry.ids[key - 1], int(self._clock())
            fit(lambda: self._senses.stage([name], Stage.RETIRED, now=now))
        elif many in {"Locations", "FeaturesOfInterest"}:
            device = msgspec.structs.replace(
                registry.device(registry.ids[key - 1]), lon=None, lat=None
            )
            fit(lambda: self._senses.enrol([device], now=int(self._clock())))
        elif many == "Datastreams":
            self._papers.bury(many, key)
        elif many in {"Sensors", "ObservedProperties"}:
            for stream in list(self._entities.related(many, {"@iot.id": key}, "Datastreams")):
                self._papers.bury("Datastreams", stream["@iot.id"])
            self._papers.bury(many, key)
        else:
            raise Unfit(501, f"{many} are not deleted: what was observed stays")

    # -- creating --------------------------------------------------------------------------

    def stream(self, body: bytes, thing: int | None) -> int:
        """Create a Datastream of a Thing that is there; return its id."""
        told = read(STREAM, body)
        number = thing if thing is not None else told.thing.id if told.thing else 0
        self._entities.one("Things", str(number))
        device = self._senses.registry.ids[number - 1]
        prop = fitted(told, self._name(told.observed))
        if self._senses.registry.one(device, prop.name) >= 0:
            raise Unfit(409, f"{device} reports {prop.name} already")
        made: list[int] = []
        fit(lambda: made.append(self._senses.attach(device, prop)))
        self.described(made[0] + 1, body)
        return made[0] + 1

    def _name(self, told: Named) -> str:
        if told.id:
            return str(self._entities.one("ObservedProperties", str(told.id))["name"])
        return told.name

    def described(self, stream: int, body: bytes) -> None:
        """Keep what a new Datastream and its ObservedProperty are said to be."""
        told = read(_ANY, body)
        words = WORDS["Datastreams"].keys() - {"unitOfMeasurement", "observationType"}
        self._papers.tell("Datastreams", stream, {k: v for k, v in told.items() if k in words})
        prop = told.get("ObservedProperty") or {}
        number = int(self._senses.registry.series["prop"][stream - 1]) + 1
        said = {k: prop[k] for k in ("definition", "description") if prop.get(k)}
        if said and not self._papers.of("ObservedProperties", number):
            self._papers.tell("ObservedProperties", number, said)

    def place(self, body: bytes, thing: int | None) -> int:
        """Give a Thing its Location; return its id, which is that of the Thing."""
        told = read(_ANY, body)
        things = told.get("Things") or []
        number = thing if thing is not None else things[0].get("@iot.id", 0) if things else 0
        self._entities.one("Things", str(number))
        self._move(number, told)
        words = {k: v for k, v in told.items() if k in WORDS["Locations"]}
        self._papers.tell("Locations", number, words)
        return int(number)

    def sensor(self, body: bytes) -> int:
        """Create a Sensor: a kind without properties; return its id."""
        told = read(_ANY, body)
        name = str(told.get("name", ""))
        if name in self._senses.registry.kinds:
            raise Unfit(409, f"a Sensor is called {name!r} already")
        fit(lambda: self._senses.declare(Model(name=name, props=())))
        key = self._senses.registry.number(name) + 1
        words = {k: v for k, v in told.items() if k in WORDS["Sensors"] and k != "name"}
        self._papers.tell("Sensors", key, words)
        return key
