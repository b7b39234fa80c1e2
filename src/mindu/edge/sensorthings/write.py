"""Writing SensorThings: Things with all that hangs on them, and Observations, one or many."""

from typing import Any

import numpy as np

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.register import fit, read
from mindu.edge.keys import Caller
from mindu.edge.sensorthings.functions import moment
from mindu.edge.sensorthings.written import ARRAYS, SEEN, THING, Stream
from mindu.perceive.declare import Device, Model, Prop, Stage
from mindu.perceive.said import Said

KIND = "sensorthings"  # the kind of Things that come by this door
MOST = 100_000


class Write:
    """What may be written to one store."""

    def __init__(self, senses: Senses, clock: Any) -> None:  # noqa: ANN401 - a call
        """Write to this store; `clock` says the epoch ms."""
        self._senses, self._clock = senses, clock

    def thing(self, body: bytes) -> int:
        """Create a Thing with its Location and Datastreams; return its id."""
        told, senses = read(THING, body), self._senses
        if told.name in senses.registry.numbers:
            raise Unfit(409, f"a Thing is called {told.name!r} already")
        lon, lat = placed([it.location for it in told.places])
        props = [fitted(it, it.observed.name) for it in told.streams]
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

    def observation(self, body: bytes, stream: int | None, caller: Caller) -> str:
        """Take one Observation in; return its id once it is durable."""
        told = read(SEEN, body)
        number = stream if stream is not None else told.stream.id if told.stream else 0
        at = self._instant(told.at)
        self._offer(number, [at], [float(told.result)], caller)
        return f"{number}-{at}"

    def arrays(self, body: bytes, caller: Caller) -> list[str]:
        """Take data arrays in; return for each row its id, or `error`."""
        found: list[str] = []
        for array in read(ARRAYS, body):
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


def fitted(stream: Stream, name: str) -> Prop:
    """Return the property that a Datastream reports."""
    made: list[Prop] = []
    fit(lambda: made.append(Prop(name=name or stream.name, unit=stream.unit.symbol or "1")))
    return made[0]


def placed(places: list[dict[str, Any]]) -> tuple[float | None, float | None]:
    """Return (lon, lat) of the first Location, or of what holds one."""
    for it in places:
        inner = it.get("location", it)
        try:
            told = inner.get("geometry", inner)
            if told["type"] == "Point":
                return float(told["coordinates"][0]), float(told["coordinates"][1])
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as wrong:
            raise Unfit(400, "a Location is a GeoJSON Point here") from wrong
        raise Unfit(400, "a Location is a GeoJSON Point here")
    return None, None
