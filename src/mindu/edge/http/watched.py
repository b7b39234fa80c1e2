"""What the detectors found, over HTTP."""

from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from mindu.edge.hearing.watch import Watch
from mindu.edge.http.asks import PAGE, moment, whole
from mindu.edge.http.guard import Guard
from mindu.edge.keys import Keys


def watched(watch: Watch, keys: Keys) -> list[Route]:
    """Return the route: findings, the newest first."""

    def found(request: Request) -> dict[str, Any]:
        query = request.query_params
        since = moment(query["since"], name="since") if "since" in query else 0
        device, limit = query.get("device"), whole(query, "limit", 1000, 1, PAGE)
        told = (it for it in reversed(tuple(watch.found))
                if it.at >= since and device in {None, it.device})  # fmt: skip
        counts = {"heard": watch.heard, "passed": watch.passed, "watched": len(watch.online)}
        return {"found": list(islice(told, limit)), **counts}

    return [Route("/v1/found", Guard(keys, "reads")(found))]
