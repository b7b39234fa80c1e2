"""What was told of SensorThings entities beyond the register: kept as papers, laid over them."""

import re
from typing import Any

import msgspec

from mindu.data.senses.beside.entities import MOST_PAPERS, Paper, encode
from mindu.data.senses.beside.folds import ENTITIES
from mindu.data.senses.senses import Senses
from mindu.edge.http.bodies import Unfit
from mindu.edge.sensorthings.places import Placed

SHELF, PLACES = "sensorthings", "places"
SHAPE, AT = "geometry", "at"  # of a Thing that stands on more than a point
WORDS = {
    "Things": {"name": str, "description": str, "properties": dict},
    "Locations": {"name": str, "description": str, "encodingType": str, "properties": dict},
    "Datastreams": {
        "name": str, "description": str, "properties": dict, "observationType": str,
        "unitOfMeasurement": dict, "observedArea": dict, "phenomenonTime": str, "resultTime": str,
    },
    "Sensors": {
        "name": str, "description": str, "encodingType": str, "metadata": str, "properties": dict,
    },
    "ObservedProperties": {"name": str, "description": str, "definition": str, "properties": dict},
    "FeaturesOfInterest": {"name": str, "description": str, "encodingType": str,
                           "properties": dict},
}  # fmt: skip
FIXED = {"unitOfMeasurement"}  # the store keeps numbers in it: it stays
MOST_PLACES = 1000  # former places of one Thing
GONE = "gone"
_WORD = re.compile(r"[A-Za-z@]")


class Papers:
    """The papers of one store."""

    def __init__(self, senses: Senses) -> None:
        """Keep papers here."""
        self._senses = senses

    def of(self, many: str, key: int) -> dict[str, Any]:
        """Return what was told of an entity."""
        body = self._senses.entities.shelf(SHELF).get(f"{many}({key})")
        return {} if body is None else dict(msgspec.json.decode(body))

    def is_gone(self, many: str, key: int) -> bool:
        """Say whether an entity was deleted."""
        return bool(self.of(many, key).get(GONE))

    def tell(self, many: str, key: int, told: dict[str, Any], *, whole: bool = False) -> None:
        """Keep what is told of an entity; `whole`: and nothing of what was told before.

        Raises:
            Unfit: a word is not one of the entity, or its value does not fit.
        """
        words = WORDS[many]
        for name, value in told.items():
            if name in FIXED and many == "Datastreams":
                raise Unfit(400, f"{name} stays: readings are kept in it. Make a new Datastream")
            if name not in words:
                raise Unfit(400, f"{many} have no {name}; they have {', '.join(words)}")
            if not isinstance(value, words[name]):
                raise Unfit(400, f"{name} is a {words[name].__name__}")
        before = {} if whole else self.of(many, key)
        self._keep(f"{many}({key})", {**before, **told})

    def bury(self, many: str, key: int) -> None:
        """Let an entity be shown no more."""
        self._keep(f"{many}({key})", {**self.of(many, key), GONE: True})

    def _keep(self, key: str, told: dict[str, Any]) -> None:
        self._commit(Paper(SHELF, key, msgspec.json.encode(told)))

    def _commit(self, paper: Paper) -> None:
        shelf = self._senses.entities.shelf(paper.shelf)
        if paper.key not in shelf and len(shelf) >= MOST_PAPERS:
            raise Unfit(400, f"{MOST_PAPERS} entities were told of beyond the register already")
        try:
            self._senses.commit([(ENTITIES, encode([paper]))])
        except OSError as wrong:
            raise Unfit(503, f"the disk refuses: {wrong}", **{"Retry-After": "5"}) from wrong

    # -- places ----------------------------------------------------------------------------

    def shape(self, thing: int, lon: float, lat: float) -> dict[str, Any] | None:
        """Return the geometry that a Thing was told to have, as long as its point is this one."""
        told = self.of("Shapes", thing)
        return told.get(SHAPE) if told.get(AT) == [lon, lat] else None

    def shaped(self, thing: int, place: Placed) -> None:
        """Keep the geometry of a Thing, where it is more than a point."""
        if place.shape is not None:
            self._keep(f"Shapes({thing})", {SHAPE: place.shape, AT: [place.lon, place.lat]})

    # -- former places ---------------------------------------------------------------------

    def places(self, thing: int) -> list[tuple[int, float, float]]:
        """Return where a Thing stood: (epoch ms since when, lon, lat), oldest first."""
        body = self._senses.entities.shelf(PLACES).get(str(thing))
        return [] if body is None else [tuple(it) for it in msgspec.json.decode(body)]

    def moved(self, thing: int, at: int, lon: float, lat: float) -> None:
        """Keep that a Thing stands somewhere from an instant on."""
        kept = [*self.places(thing), (at, lon, lat)][-MOST_PLACES:]
        self._commit(Paper(PLACES, str(thing), msgspec.json.encode(kept)))
