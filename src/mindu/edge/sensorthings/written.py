"""SensorThings entities as they are written down by those who create them."""

from typing import Any

import msgspec


class Ref(msgspec.Struct):
    """A link to an entity by its id."""

    id: int = msgspec.field(name="@iot.id")


class Named(msgspec.Struct):
    """An entity by its name, or linked by its id."""

    name: str = ""
    id: int = msgspec.field(name="@iot.id", default=0)


class Unit(msgspec.Struct):
    """A unit of measurement."""

    symbol: str | None = None


class Stream(msgspec.Struct):
    """A Datastream as it is created."""

    name: str
    observed: Named = msgspec.field(name="ObservedProperty")
    unit: Unit = msgspec.field(name="unitOfMeasurement", default_factory=Unit)
    thing: Ref | None = msgspec.field(name="Thing", default=None)
    kind: str = msgspec.field(name="observationType", default="")


class Location(msgspec.Struct):
    """A Location as it is created."""

    location: dict[str, Any]


class Thing(msgspec.Struct):
    """A Thing as it is created, with all that hangs on it."""

    name: str
    description: str = ""
    properties: dict[str, Any] = {}
    places: list[Location] = msgspec.field(name="Locations", default_factory=list)
    streams: list[Stream] = msgspec.field(name="Datastreams", default_factory=list)


class Seen(msgspec.Struct):
    """An Observation as it is created."""

    result: Any
    at: str = msgspec.field(name="phenomenonTime", default="")
    stream: Ref | None = msgspec.field(name="Datastream", default=None)


class Array(msgspec.Struct):
    """Observations as a data array."""

    stream: Ref = msgspec.field(name="Datastream")
    components: list[str]
    rows: list[list[Any]] = msgspec.field(name="dataArray")


THING = msgspec.json.Decoder(Thing)
SEEN = msgspec.json.Decoder(Seen)
ARRAYS = msgspec.json.Decoder(list[Array])


STREAM = msgspec.json.Decoder(Stream)
