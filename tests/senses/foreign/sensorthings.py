"""A town told and asked by frost_sta_client, which others wrote: `sensorthings.py ROOT KEY DAY`."""

import json
import sys
from typing import Any, Self

import frost_sta_client as sta
import geojson
import requests
from frost_sta_client.model.ext.unitofmeasurement import UnitOfMeasurement


class Key(sta.AuthHandler, requests.auth.AuthBase):  # type: ignore[misc]
    """Shows the sender's key at each request."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    def __call__(self, request: Any) -> Any:  # type: ignore[explicit-override]  # noqa: ANN401 - of the client
        request.headers["Authorization"] = f"Bearer {self.key}"
        return request

    def add_auth_header(self) -> Self:
        return self


def station() -> Any:  # noqa: ANN401 - of the client
    """Return a thing with all that hangs on it."""
    spot = geojson.Point((119.29, 26.07))
    roof = sta.Location("roof", "a roof", "application/geo+json", location=spot)
    celsius = UnitOfMeasurement(name="degree Celsius", symbol="Cel", definition="")
    air = sta.Datastream(
        name="air",
        description="air",
        observation_type="OM_Measurement",
        unit_of_measurement=celsius,
        sensor=sta.Sensor("thermometer", "a sensor", "text/plain", metadata="none"),
        observed_property=sta.ObservedProperty("temperature", "urn:temperature", "of the air"),
    )
    return sta.Thing("frost-9", "a weather station", {"owner": "city"}, [roof], datastreams=[air])


def main(root: str, key: str, day: str) -> None:
    """Tell a town and ask it; print what was heard."""
    town = sta.SensorThingsService(f"{root}/v1.1", auth_handler=Key(key))
    thing = station()
    town.create(thing)
    (stream,) = town.things().find(thing.id).get_datastreams().query().list().entities
    for minute, value in enumerate((21.5, 21.75, 24.0)):
        at = f"{day}T00:0{minute}:00Z"
        town.create(sta.Observation(phenomenon_time=at, result=value, datastream=stream))
    ask = town.observations().query().filter(f"Datastream/id eq {stream.id} and result gt 21.6")
    warm = ask.orderby("phenomenonTime", "ASC").count().list()
    near = "st_within(location, geography'POLYGON((119 26,120 26,120 27,119 27,119 26))')"
    places = town.locations().query().filter(near).expand("Things").list()
    whole = town.things().query().filter("name eq 'frost-9'").expand("Datastreams").list()
    known = town.things().find(thing.id)
    known.description = "moved"
    town.update(known)
    again = town.things().find(thing.id)
    told = {
        "warm": [one.result for one in warm],
        "count": warm.count,
        "near": sorted(one.name for one in places),
        "streams": [one.name for one in whole.entities[0].datastreams],
        "symbol": stream.unit_of_measurement.symbol,
        "then": again.description,
    }
    town.delete(again)
    told["left"] = len(town.things().query().filter("name eq 'frost-9'").list().entities)
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
