"""Fences over HTTP: declared and taken down, who is inside, who crossed, now and in the past."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from mindu.data.senses.beside.fences import Crossed, Felled, Fence, Rings, encode
from mindu.data.senses.beside.folds import FENCES
from mindu.data.senses.senses import Senses
from mindu.data.senses.watch.crossing import past
from mindu.edge.hearing.fenced import Fenced
from mindu.edge.http.asks import PAGE, moment, real, whole
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.guard import Guard
from mindu.edge.http.register import fit, read
from mindu.edge.keys import Keys

LONGEST = 60.0  # s that an ask may wait
SPAN = 31 * 86_400_000  # ms that a look at the past spans at most
DAY = 86_400_000  # ms


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fence as it is asked for: a GeoJSON Polygon's rings. `dwell`: s inside that are told."""

    coordinates: Rings
    dwell: float = 0.0
    kind: str = ""
    group: str = ""


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An area that a past is held against: a fence's name, or rings of its own."""

    fence: str = ""
    coordinates: Rings = []
    dwell: float = 0.0


_ASKED, _AREA = msgspec.json.Decoder(Asked), msgspec.json.Decoder(Area)


class Doors:
    """What may be asked about fences."""

    def __init__(self, senses: Senses, fenced: Fenced, clock: Callable[[], int]) -> None:
        """Speak for this store; `clock` says the epoch ms."""
        self._senses, self._fenced, self._clock = senses, fenced, clock
        self._fences = senses.fences

    def put(self, request: Request) -> dict[str, Any]:
        """Put up a fence, or move it."""
        told, name = read(_ASKED, request.state.body), request.path_params["name"]
        by = request.state.caller.source
        one = Fence(name, told.coordinates, by, self._clock(), told.dwell, told.kind, told.group)
        with self._senses.lock:
            fit(partial(self._fences.check, one))
            self._senses.commit([(FENCES, encode([one]))])
        return self._plain(one)

    def end(self, request: Request) -> dict[str, Any]:
        """Take a fence down."""
        name, by = request.path_params["name"], request.state.caller.source
        self._held(name)
        with self._senses.lock:
            self._senses.commit([(FENCES, encode([Felled(name, by, self._clock())]))])
        return {"fences": len(self._fences.fences)}

    def all(self, _: Request) -> dict[str, Any]:
        """Return the fences."""
        return {"fences": [self._plain(it) for it in list(self._fences.fences.values())]}

    def one(self, request: Request) -> dict[str, Any]:
        """Return a fence, and who is inside since when."""
        fence = self._held(request.path_params["name"])
        with self._senses.lock:
            stays = self._fences.inside.get(fence.name, {})
            inside = [
                {"device": d, "since": it.since, "dwelt": it.dwelt} for d, it in stays.items()
            ]
        told = {"coordinates": fence.rings, "by": fence.by, "at": fence.at}
        return {**self._plain(fence), **told, "inside": inside}

    async def crossings(self, request: Request) -> dict[str, Any]:
        """Return crossings beyond a number, oldest first, waiting a while if there are none."""
        query = request.query_params
        after = whole(query, "after", 0, 0, 1 << 53)
        since = moment(query["since"], name="since") if "since" in query else 0
        limit = whole(query, "limit", 1000, 1, PAGE)
        wait = min(real({"wait": query.get("wait", "0")}, "wait", 0, 1e6), LONGEST)
        fence, device = query.get("fence"), query.get("device")
        loop = asyncio.get_running_loop()
        end = loop.time() + wait
        while True:
            news = self._fenced.news
            with self._senses.lock:
                mine = (it for it in self._fences.after(after) if it.at >= since
                        and fence in {None, it.fence} and device in {None, it.device})  # fmt: skip
                found = list(islice(mine, limit))
                last = self._fences.last
            left = end - loop.time()
            if found or left <= 0:
                to = found[-1].number if len(found) == limit else last
                return {"crossings": [plain(it) for it in found], "to": to}
            try:
                async with asyncio.timeout(left):
                    await news.wait()
            except TimeoutError:
                continue

    def past(self, request: Request) -> dict[str, Any]:
        """Return how a device crossed an area in the past, by all that is known now."""
        asked, query = read(_AREA, request.state.body), request.query_params
        until = moment(query["until"], name="until") if "until" in query else self._clock()
        since = moment(query["since"], name="since") if "since" in query else until - DAY
        if not 0 <= until - since <= SPAN:
            raise Unfit(422, "a look at the past spans 31 days at most, and ends after it begins")
        fence = self._held(asked.fence) if asked.fence else None
        rings = fence.rings if fence is not None else asked.coordinates
        dwell = asked.dwell or (fence.dwell if fence is not None else 0.0)
        fit(partial(self._fences.check, Fence("area", rings, "", 0, dwell)))
        try:
            device = request.path_params["device"]
            found = past(self._senses, device, rings, (since, until), dwell=dwell)
        except KeyError as wrong:
            raise Unfit(404, str(wrong.args[0])) from wrong
        except ValueError as wrong:
            raise Unfit(422, str(wrong)) from wrong
        return {"crossings": [plain(it) for it in found[:PAGE]], "count": len(found)}

    def _held(self, name: str) -> Fence:
        fence = self._fences.fences.get(name)
        if fence is None:
            raise Unfit(404, f"no fence is called {name!r}")
        return fence

    def _plain(self, it: Fence) -> dict[str, Any]:
        count = len(self._fences.inside.get(it.name, ()))
        return {"name": it.name, "dwell": it.dwell, "kind": it.kind, "group": it.group,
                "inside": count}  # fmt: skip


def plain(it: Crossed) -> dict[str, Any]:
    """Return a crossing as plain data."""
    return {"number": it.number, "fence": it.fence, "device": it.device, "did": it.did,
            "at": it.at, "lon": it.lon, "lat": it.lat}  # fmt: skip


def fences(senses: Senses, keys: Keys, fenced: Fenced, clock: Callable[[], int]) -> list[Route]:
    """Return the routes of fences."""
    it, reading, keeping = Doors(senses, fenced, clock), Guard(keys, "reads"), Guard(keys, "keeps")
    return [
        Route("/v1/fences", reading(it.all)),
        Route("/v1/fences/{name:path}", reading(it.one)),
        Route("/v1/fences/{name:path}", keeping(it.put), methods=["POST"]),
        Route("/v1/fences/{name:path}", keeping(it.end), methods=["DELETE"]),
        Route("/v1/crossings", reading(it.crossings)),
        Route("/v1/crossings/{device:path}", reading(it.past), methods=["POST"]),
    ]
