"""Writing SensorThings: Things with all that hangs on them, and Observations, one or many."""

from typing import Any

import numpy as np

from mindu.data.senses.account import OUTCOMES
from mindu.data.senses.intake import Offer, Settled
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.register import fit, read
from mindu.edge.keys import Caller
from mindu.edge.parcel import Full
from mindu.edge.porch import Porch
from mindu.edge.sensorthings.functions import moment
from mindu.edge.sensorthings.names import fits, form_of
from mindu.edge.sensorthings.papers import Papers
from mindu.edge.sensorthings.places import placed
from mindu.edge.sensorthings.written import ARRAYS, SEEN, THING, Stream
from mindu.perceive.declare import Device, Model, Prop, Stage
from mindu.perceive.said import Said
from mindu.perceive.wire.rows import valued

KIND = "sensorthings"  # the kind of Things that come by this door
MOST = 100_000
_Row = tuple[int, int, Any]  # series, epoch ms, result


class Write:
    """What may be written to one store."""

    def __init__(self, porch: Porch) -> None:
        """Write to the porch's store; readings go through the porch as from every door."""
        self._porch, self._senses, self._clock = porch, porch.senses, porch.clock

    def thing(self, body: bytes) -> int:
        """Create a Thing with its Location and Datastreams; return its id."""
        told, senses = read(THING, body), self._senses
        if told.name in senses.registry.numbers:
            raise Unfit(409, f"a Thing is called {told.name!r} already")
        place = placed(it.location for it in told.places)
        props = [fitted(it, it.observed.name) for it in told.streams]
        if KIND not in senses.registry.kinds:
            fit(lambda: senses.declare(Model(name=KIND, props=())))
        facts = {k: v for k, v in told.properties.items() if isinstance(v, str | float | int)}
        facts["description"] = told.description
        device: list[Device] = []
        fit(lambda: device.append(Device(
            id=told.name, kind=KIND, lon=place.lon, lat=place.lat, stage=Stage.ACTIVE, facts=facts
        )))  # fmt: skip
        fit(lambda: senses.enrol(device, now=int(self._clock())))
        Papers(senses).shaped(senses.registry.numbers[told.name] + 1, place)
        for prop in props:
            fit(lambda it=prop: senses.attach(told.name, it))
        return senses.registry.numbers[told.name] + 1

    def observation(self, body: bytes, stream: int | None, caller: Caller) -> str:
        """Take one Observation in; return its id once it is durable."""
        told = read(SEEN, body)
        number = stream if stream is not None else told.stream.id if told.stream else 0
        row = self._row(number, told.at, told.result)
        receipt = self._taken([row], caller).receipt
        if receipt.refused:
            raise Unfit(400, f"refused: {', '.join(receipt.refused)}")
        return f"{number}-{row[1]}"

    def arrays(self, body: bytes, caller: Caller) -> list[str]:
        """Take data arrays in, all together; return for each row its id, or `error`."""
        found: list[str] = []
        rows: list[_Row] = []
        places: list[int] = []
        arrays = read(ARRAYS, body)
        if sum(len(array.rows) for array in arrays) > MOST:
            raise Unfit(413, f"a request has at most {MOST} rows: send them in several")
        for array in arrays:
            if "result" not in array.components:
                raise Unfit(400, "components need `result`")
            for told in array.rows:
                it = dict(zip(array.components, told, strict=False))
                row = self._row_or_none(array.stream.id, it)
                found.append("error" if row is None else f"{array.stream.id}-{row[1]}")
                if row is not None:
                    rows.append(row)
                    places.append(len(found) - 1)
        codes = self._taken(rows, caller).codes.tolist() if rows else []
        for place, code in zip(places, codes, strict=True):
            if code >= len(OUTCOMES):
                found[place] = "error"
        return found

    def _row_or_none(self, stream: int, told: dict[str, Any]) -> _Row | None:
        try:
            return self._row(stream, str(told.get("phenomenonTime", "")), told["result"])
        except (Unfit, ValueError, TypeError, KeyError, OverflowError):
            return None

    def _instant(self, told: str) -> int:
        if not told:
            return int(self._clock())
        try:
            return round(moment(told.partition("/")[0]) * 1000)
        except ValueError as wrong:
            raise Unfit(400, f"phenomenonTime: {told!r} is no ISO 8601 time") from wrong

    def _row(self, stream: int, at: str, result: object) -> _Row:
        registry = self._porch.senses.registry
        if not 0 < stream <= len(registry.series):
            raise Unfit(400, "say which Datastream, by its @iot.id")
        form = registry.prop(stream - 1).form
        if not fits(form, result):
            raise Unfit(400, f"result: this Datastream tells {form}, by its observationType")
        return stream - 1, self._instant(at), result

    def _taken(self, rows: list[_Row], caller: Caller) -> Settled:
        registry = self._porch.senses.registry
        series, at, results = zip(*rows, strict=True)
        value, words = valued(results)
        said = Said(
            device=[registry.owner(it) for it in series],
            prop=[registry.prop(it).name for it in series],
            at=np.array(at, np.int64),
            value=value,
            words=words,
        )
        try:
            return self._porch.wait(Offer(caller.source, said, caller.allowed))
        except Full as full:
            raise Unfit(429, str(full), **{"Retry-After": str(full.seconds)}) from full


def fitted(stream: Stream, name: str) -> Prop:
    """Return the property that a Datastream reports."""
    made: list[Prop] = []
    fit(
        lambda: made.append(
            Prop(
                name=name or stream.name, unit=stream.unit.symbol or "1", form=form_of(stream.kind)
            )
        )
    )
    return made[0]
