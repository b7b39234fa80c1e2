"""Corrections over HTTP: a reading is told anew or taken back; what was said first stays known."""

from collections.abc import Callable
from itertools import islice
from math import nan
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from mindu.data.senses.beside.amended import Amendment
from mindu.data.senses.beside.words import CODED, plain, told_as
from mindu.data.senses.memory.amending import Wish, amend
from mindu.data.senses.senses import Senses
from mindu.edge.http.asks import PAGE, moment, whole
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.guard import Guard
from mindu.edge.http.register import read
from mindu.edge.keys import Keys
from mindu.perceive.wire.rows import Number

MOST = 1000  # corrections in one request


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one reading shall be. `at`: epoch ms, or a time with its zone; null: taken back."""

    device: str
    prop: str
    at: int | str
    value: Number
    why: str = ""


_TOLD = msgspec.json.Decoder(list[Correction])


def amended(senses: Senses, wishes: list[Wish], by: str, now: int) -> list[Amendment]:
    """Amend readings; what cannot be is told as over HTTP.

    Raises:
        Unfit: no such reading stands, the value is none, or the disk refuses.
    """
    try:
        return amend(senses, wishes, by, now)
    except KeyError as wrong:
        raise Unfit(404, str(wrong.args[0])) from wrong
    except ValueError as wrong:
        raise Unfit(422, str(wrong)) from wrong
    except OSError as wrong:
        raise Unfit(503, f"the disk refuses: {wrong}", **{"Retry-After": "5"}) from wrong


class Corrections:
    """Corrects one store, and tells what was corrected."""

    def __init__(self, senses: Senses, clock: Callable[[], int]) -> None:
        """Correct this store; `clock` says the epoch ms."""
        self._senses, self._clock = senses, clock

    def put(self, request: Request) -> dict[str, Any]:
        """Correct readings, all or none."""
        told = read(_TOLD, request.state.body)
        if len(told) > MOST:
            raise Unfit(413, f"a request has at most {MOST} corrections: send them in several")
        wishes = [self._wish(it) for it in told]
        done = amended(self._senses, wishes, request.state.caller.source, self._clock())
        return {"corrected": len(done)}

    def _wish(self, it: Correction) -> Wish:
        series = self._senses.registry.one(it.device, it.prop)
        if series < 0:
            raise Unfit(404, f"no device {it.device!r} reports {it.prop!r}")
        return wished(self._senses, series, moment(str(it.at), name="at"), it.value, it.why)

    def all(self, request: Request) -> dict[str, Any]:
        """Return what was corrected, by whom, when and why."""
        query, registry = request.query_params, self._senses.registry
        limit, device = whole(query, "limit", 1000, 1, PAGE), query.get("device")
        if device is not None and device not in registry.numbers:
            raise Unfit(404, f"no device is called {device!r}")
        series = None if device is None else [int(it) for it in registry.of(device)]
        told = islice(self._senses.amended.all(series), limit)
        return {"corrections": [_plain(it, self._senses) for it in told]}


def wished(senses: Senses, series: int, at: int, value: Number, why: str = "") -> Wish:
    """Return what a reading shall be; words, and truths where those are words, by their JSON."""
    coded = isinstance(value, bool) and senses.registry.prop(series).form in CODED
    if coded or isinstance(value, str | dict | list):
        return Wish(series, at, nan, why, plain(value))
    return Wish(series, at, None if value is None else float(value), why)


def _plain(it: Amendment, senses: Senses) -> dict[str, Any]:
    value = None if it.value is None else told_as(senses, it.series, it.value)
    registry = senses.registry
    return {
        "device": registry.owner(it.series), "prop": registry.prop(it.series).name, "at": it.at,
        "value": value, "was": told_as(senses, it.series, it.was), "by": it.by,
        "arrived": it.arrived, "why": it.why,
    }  # fmt: skip


def corrections(senses: Senses, keys: Keys, clock: Callable[[], int]) -> list[Route]:
    """Return the routes of corrections."""
    it = Corrections(senses, clock)
    return [
        Route("/v1/corrections", Guard(keys, "reads")(it.all)),
        Route("/v1/corrections", Guard(keys, "keeps")(it.put), methods=["POST"]),
    ]
