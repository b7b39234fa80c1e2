"""Writing SensorThings: Things with all that hangs on them, and Observations, one or many."""

from typing import Any

import msgspec
import numpy as np

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.register import fit, read
from mindu.edge.keys import Caller
from mindu.edge.sensorthings.functions import moment
from mindu.perceive.declare import Device, Model, Prop, Stage
from mindu.perceive.said import Said

KIND = "sensorthings"  # the kind of Things that come by this door
MOST = 100_000


class _Ref(msgspec.Struct):
    id: int = msgspec.field(name="@iot.id")


class _Named(msgspec.Struct):
    name: str = ""


class _Unit(msgspec.Struct):
    symbol: str | None = None


class _Stream(msgspec.Struct):
    name: str
    observed: _Named = msgspec.field(name="ObservedProperty")
    unit: _Unit = msgspec.field(name="unitOfMeasurement", default_factory=_Unit)


class _Location(msgspec.Struct):
    location: dict[str, Any]


class _Thing(msgspec.Struct):
    name: str
    description: str = ""
    properties: dict[str, Any] = {}
    places: list[_Location] = msgspec.field(name="Locations", default_factory=list)
    streams: list[_Stream] = msgspec.field(name="Datastreams", default_factory=list)


class _Seen(msgspec.Struct):
    result: float | bool
    at: str = msgspec.field(name="phenomenonTime", default="")
    stream: _Ref | None = msgspec.field(name="Datastream", default=None)


class _Array(msgspec.Struct):
    stream: _Ref = msgspec.field(name="Datastream")
    components: list[str]
    rows: list[list[Any]] = msgspec.field(name="dataArray")


_THING = msgspec.json.Decoder(_Thing)
_SEEN = msgspec.json.Decoder(_Seen)
_ARRAYS = msgspec.json.Decoder(list[_Array])


class Write:
    """What may be written to one store."""

    def __init__(self, senses: Senses, clock: Any) -> None:  # noqa: ANN401 - a call
        """Write to this store; `clock` says the epoch ms."""
        self._senses, self._clock = senses, clock

    def thing(self, body: bytes) -> int:
        """Create a Thing with its Location and Datastreams; return its id."""
        told, senses = read(_THING, body), self._senses
        if told.name in senses.registry.numbers:
            raise Unfit(409, f"a Thing is called {told.name!r} already")
        lon, lat = _place(told.places)
        props = [fitted(it) for it in told.streams]
        if KIND not in senses.registry.kinds:
            fit(lambda: senses.declare(Model(name=KIND, props=())))
        facts = {k: v for k, v in told.properties.items() if isinstance(v, str | float | int)}
        facts["description"] = told.description
        device: list[Device] = []
        fit(lambda: device.append(Device(
            id=told.name, kind=KIND, lon=lon, lat=lat, stage=Stage.ACTIVE, facts=facts
        )))  # fmt: skip
        fit(lambda: senses.enrol(device))
        for prop in props:
            fit(lambda it=prop: senses.attach(told.name, it))
        return senses.registry.numbers[told.name] + 1

    def delete(self, thing: int) -> None:
        """Retire a Thing; its past stays in the tables, and it is no longer shown."""
        ids = self._senses.registry.ids
        if not 0 < thing <= len(ids):
            raise Unfit(404, f"there is no Things({thing})")
        fit(lambda: self._senses.stage([ids[thing - 1]], Stage.RETIRED))

    def observation(self, body: bytes, stream: int | None, caller: Caller) -> str:
        """Take one Observation in; return its id once it is durable."""
        told = read(_SEEN, body)
        number = stream if stream is not None else told.stream.id if told.stream else 0
        at = self._instant(told.at)
        self._offer(number, [at], [float(told.result)], caller)
        return f"{number}-{at}"

    def arrays(self, body: bytes, caller: Caller) -> list[str]:
        """Take data arrays in; return for each row its id, or `error`."""
        found: list[str] = []
        for array in read(_ARRAYS, body):
            if "result" not in array.components or len(array.rows) > MOST:
                raise Unfit(400, f"components need `result`; at most {MOST} rows")
            for row in array.rows:
                it = dict(zip(array.components, row, strict=False))
                try:
                    at = self._instant(str(it.get("phenomenonTime", "")))
                    self._offer(array.stream.id, [at], [float(it["result"])], caller)
                except (Unfit, ValueError, TypeError, KeyError, OverflowError):
                    found.append("error")
                else:
                    found.append(f"{array.stream.id}-{at}")
        return found

    def _instant(self, told: str) -> int:
        if not told:
            return int(self._clock())
        try:
            return round(moment(told.partition("/")[0]) * 1000)
        except ValueError as wrong:
            raise Unfit(400, f"phenomenonTime: {told!r} is no ISO 8601 time") from wrong

    def _offer(self, stream: int, at: list[int], value: list[float], caller: Caller) -> None:
        registry = self._senses.registry
        if not 0 < stream <= len(registry.series):
            raise Unfit(400, "say which Datastream, by its @iot.id")
        said = Said(
            device=[registry.owner(stream - 1)] * len(at),
            prop=[registry.prop(stream - 1).name] * len(at),
            at=np.array(at, np.int64),
            value=np.array(value, np.float64),
        )
        offer = Offer(caller.source, said, caller.allowed)
        try:
            receipt = self._senses.take([offer], self._clock())[0]
        except OSError as wrong:
            raise Unfit(503, f"the disk refuses: {wrong}", **{"Retry-After": "5"}) from wrong
        if receipt.refused:
            raise Unfit(400, f"refused: {', '.join(receipt.refused)}")


def fitted(stream: _Stream) -> Prop:
    """Return the property that a Datastream reports."""
    name = stream.observed.name or stream.name
    made: list[Prop] = []
    fit(lambda: made.append(Prop(name=name, unit=stream.unit.symbol or "1")))
    return made[0]


def _place(places: list[_Location]) -> tuple[float | None, float | None]:
    for it in places:
        told = it.location.get("geometry", it.location)
        try:
            if told["type"] == "Point":
                return float(told["coordinates"][0]), float(told["coordinates"][1])
        except (KeyError, IndexError, TypeError, ValueError) as wrong:
            raise Unfit(400, "a Location is a GeoJSON Point here") from wrong
        raise Unfit(400, "a Location is a GeoJSON Point here")
    return None, None
