"""The entities of SensorThings as views of the register and the series."""

from collections.abc import Iterable, Iterator

from mindu.data.senses.beside.words import told_as
from mindu.data.senses.memory import reads
from mindu.data.senses.senses import Senses
from mindu.edge.http.bodies import Unfit
from mindu.edge.sensorthings.names import MOST, TYPES, Entity, observed, plural, text
from mindu.edge.sensorthings.papers import GONE, Papers
from mindu.perceive.declare import STAGES, Stage


class Entities:
    """Everything that can be read, by entity set."""

    def __init__(self, senses: Senses) -> None:
        """Look at this store."""
        self._senses, self._registry, self.papers = senses, senses.registry, Papers(senses)

    def one(self, many: str, key: str) -> Entity:
        """Return one entity.

        Raises:
            Unfit: there is none of that id.
        """
        found = None
        if many == "Observations":
            found = self._observation(key.strip("'"))
        elif many == "HistoricalLocations":
            thing, _, at = key.strip("'").partition("-")
            places = self.past_places(int(thing)) if thing.isdecimal() and len(thing) < 10 else []
            found = next((it for it in places if it["@iot.id"] == f"{thing}-{at}"), None)
        elif key.isdecimal() and len(key) < 10 and int(key) > 0:
            found = self._made(many, int(key) - 1)
        if found is None:
            raise Unfit(404, f"there is no {many}({key})")
        return found

    def _count(self, many: str) -> int:
        return self._counts()[many]

    def _counts(self) -> dict[str, int]:
        return {
            "Things": len(self._registry), "Locations": len(self._registry),
            "FeaturesOfInterest": len(self._registry), "Datastreams": len(self._registry.series),
            "Sensors": len(self._registry.kinds), "ObservedProperties": len(self._registry.props),
        }  # fmt: skip

    def _made(self, many: str, n: int) -> Entity | None:
        make = {
            "Things": self._thing, "Locations": self._place, "FeaturesOfInterest": self._place,
            "Datastreams": self._stream, "Sensors": self._sensor, "ObservedProperties": self._prop,
        }  # fmt: skip
        found = make[many](n) if n < self._count(many) else None
        told = self.papers.of(many, n + 1)
        return None if found is None or told.pop(GONE, False) else {**found, **told}

    def past_places(self, thing: int) -> list[Entity]:
        """Return where a Thing stood and stands, as HistoricalLocations, oldest first."""
        if not 0 < thing <= len(self._registry) or self._hidden(thing - 1):
            return []
        return [{"@iot.id": f"{thing}-{at}", "time": text(at), "place": [lon, lat]}
                for at, lon, lat in self.papers.places(thing)]  # fmt: skip

    def all(self, many: str) -> Iterator[Entity]:
        """Yield every entity of a set but Observations, which are asked of their Datastream."""
        if many == "HistoricalLocations":
            for thing in range(1, len(self._registry) + 1):
                yield from self.past_places(thing)
        for n in range(self._count(many) if many in self._counts() else 0):
            found = self._made(many, n)
            if found is not None:
                yield found

    def related(self, many: str, it: Entity, link: str) -> Iterator[Entity]:
        """Yield what a navigation property of an entity leads to (not Observations)."""
        n, target = it["@iot.id"], plural(link)
        if target == "HistoricalLocations":
            yield from self.past_places(int(n))
        elif many == "HistoricalLocations":
            yield from self._then(it, target)
        elif many == "Observations":
            series = int(str(n).partition("-")[0])
            owner = int(self._registry.series["device"][series - 1]) + 1
            yield self.one(target, str(series if target == "Datastreams" else owner))
        elif many == "Datastreams":
            columns = self._registry.series
            device = int(columns["device"][n - 1])
            kind = int(self._registry.devices["kind"][device])
            to = {"Things": device, "Sensors": kind, "ObservedProperties": columns["prop"][n - 1]}
            yield self.one(target, str(int(to[target]) + 1))
        elif many == "Things" and target == "Datastreams":
            for s in self._registry.of(self._registry.ids[n - 1]):
                yield self.one(target, str(s + 1))
        elif target == "Datastreams":
            yield from self._by(many, n - 1)
        else:
            found = self._made(target, n - 1)
            yield from [found] if found is not None else []

    def _then(self, it: Entity, target: str) -> Iterator[Entity]:
        """Yield the Thing of a former place, or the Location as it was then."""
        thing = str(it["@iot.id"]).partition("-")[0]
        if target == "Things":
            yield self.one(target, thing)
            return
        place = {"type": "Point", "coordinates": it["place"]}
        found = self._made("Locations", int(thing) - 1)
        yield from [{**found, "location": place}] if found is not None else []

    def of_many(self, it: Entity | None, since: int, until: int) -> Iterator[Entity]:
        """Yield the Observations of all Datastreams, or of those of a feature."""
        series: Iterable[int] = range(len(self._registry.series))
        if it is not None:
            series = self._registry.of(self._registry.ids[it["@iot.id"] - 1])
        for n in series:
            if self._made("Datastreams", n) is not None:
                yield from self.observations(n, since, until)

    def _by(self, many: str, n: int) -> Iterator[Entity]:
        series = self._registry.series
        if many == "ObservedProperties":
            chosen = series["prop"] == n
        else:
            chosen = self._registry.devices["kind"][series["device"]] == n
        for s in chosen.nonzero()[0].tolist():
            found = self._stream(s)
            if found is not None:
                yield found

    def observations(
        self, series: int, since: int, until: int, *, newest: int | None = None
    ) -> Iterator[Entity]:
        """Yield observations of a Datastream, oldest first; with `newest`, newest first."""
        if newest is not None:
            rows = reads.last(self._senses, series, newest, until=until)
            rows = rows.take(rows.at >= since).take(slice(None, None, -1))
        else:
            rows = reads.window(self._senses, series, since, until)
        for i in range(min(len(rows.at), MOST)):
            result = told_as(self._senses, series, float(rows.value[i]))
            yield observed(series, int(rows.at[i]), result, int(rows.quality[i]))

    def _observation(self, key: str) -> Entity | None:
        series, _, at = key.partition("-")
        if not (series.isdecimal() and at.isdecimal()) or len(at) > 15 or len(series) > 9:
            return None
        n = int(series) - 1
        if not 0 <= n < len(self._registry.series):
            return None
        return next(self.observations(n, int(at), int(at)), None)

    def _hidden(self, device: int) -> bool:
        return bool(STAGES[self._registry.devices["stage"][device]] is Stage.RETIRED)

    def _thing(self, n: int) -> Entity | None:
        if self._hidden(n):
            return None
        it = self._registry.device(self._registry.ids[n])
        facts = {k: v for k, v in it.facts.items() if k != "description"}
        more = {"kind": it.kind, "group": it.group, "stage": it.stage, **facts}
        told = str(it.facts.get("description", it.kind))
        return {"@iot.id": n + 1, "name": it.id, "description": told, "properties": more}

    def _place(self, n: int) -> Entity | None:
        it = self._registry.device(self._registry.ids[n])
        if it.lon is None or self._hidden(n):
            return None
        place = self.papers.shape(n + 1, it.lon, it.lat or 0.0)
        place = place or {"type": "Point", "coordinates": [it.lon, it.lat]}
        return {
            "@iot.id": n + 1, "name": it.id, "description": f"where {it.id} stands",
            "encodingType": "application/geo+json", "location": place, "feature": place,
        }  # fmt: skip

    def _stream(self, n: int) -> Entity | None:
        device = int(self._registry.series["device"][n])
        if self._hidden(device):
            return None
        it, owner = self._registry.prop(n), self._registry.ids[device]
        unit = {"name": it.unit, "symbol": it.unit, "definition": f"https://ucum.org/#{it.unit}"}
        return {
            "@iot.id": n + 1, "name": f"{owner}/{it.name}", "description": f"{it.name} of {owner}",
            "observationType": TYPES[it.form], "unitOfMeasurement": unit,
        }  # fmt: skip

    def _sensor(self, n: int) -> Entity:
        name = list(self._registry.kinds)[n]
        return {
            "@iot.id": n + 1, "name": name, "description": f"kind {name}",
            "encodingType": "text/html", "metadata": name,
        }  # fmt: skip

    def _prop(self, n: int) -> Entity:
        name = list(self._registry.props)[n]
        told = {"@iot.id": n + 1, "name": name, "description": name}
        return {**told, "definition": f"urn:mindu:property:{name}"}
