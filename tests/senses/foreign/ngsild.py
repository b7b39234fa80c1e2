"""A town told and asked by ngsildclient, which others wrote: `python ngsild.py ROOT KEY DAY`."""

import json
import sys
from typing import Any
from urllib.parse import urlsplit

import requests
from ngsildclient import Client, Entity

CORE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"


class Key(requests.auth.AuthBase):
    """Shows the sender's key at each request."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __call__(self, request: Any) -> Any:  # type: ignore[explicit-override]  # noqa: ANN401 - of the client
        request.headers["Authorization"] = f"Bearer {self.key}"
        return request


def car(number: int, speed: float, day: str) -> Any:  # noqa: ANN401 - of the client
    """Return a car of the town."""
    it = Entity("Vehicle", f"orange-{number}")
    it.prop("brandName", "Geely")
    it.prop("speed", speed, unitcode="KMH", observedat=f"{day}T00:00:00Z")
    return it.loc(26.08, 119.3 + number / 1000)


def main(root: str, key: str, day: str) -> None:
    """Tell a town and ask it; print what was heard."""
    where = urlsplit(root)
    town = Client(str(where.hostname), where.port, custom_auth=Key(key), verbose=False)
    one = car(1, 55.0, day)
    more = town.create(car(2, 60.0, day), car(3, 72.0, day))
    told = {"created": town.create(one), "batch": more.ok}
    again = town.get(one)
    told["same"] = [again["brandName.value"], again["speed.value"], again["speed.unitCode"]]
    fast = town.query(type="Vehicle", q="speed>58")
    told["fast"] = sorted(it.id.rsplit("-", 1)[1] for it in fast)
    told["count"] = town.count("Vehicle")
    again["speed.value"], again["speed.observedAt"] = 61.5, f"{day}T00:05:00Z"
    town.batch.upsert([again], update=True)
    told["then"] = town.get(one)["speed.value"]
    past = town.temporal.get(one.id, attrs=["speed"])
    told["past"] = [value[0] for value in past["speed"]["values"]]
    told["types"] = "Vehicle" in json.dumps(town.types.list())
    watch = {
        "type": "Subscription",
        "description": "cars",
        "entities": [{"type": "Vehicle"}],
        "@context": [CORE],
        "notification": {"endpoint": {"uri": "http://127.0.0.1:9/none"}},
    }
    number = town.subscriptions.create(watch)
    told["watched"] = town.subscriptions.exists(number)
    town.subscriptions.delete("cars")
    told["gone"] = not town.subscriptions.exists(number)
    told["deleted"], told["left"] = town.delete(one), town.exists(one)
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
