"""The outlook over HTTP: what was odd in a series, what is likely to follow, by which model."""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from mindu.base.records import Trial, Words
from mindu.data.senses.beside.entities import Paper, encode
from mindu.data.senses.beside.folds import ENTITIES
from mindu.data.senses.beside.words import measured
from mindu.data.senses.memory import reads
from mindu.data.senses.senses import Senses
from mindu.data.senses.tail import Rows
from mindu.edge.http.asks import moment, whole
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.guard import Guard
from mindu.edge.http.register import fit
from mindu.edge.keys import Keys
from mindu.engines.outlook import choose, cycle, look_ahead, oddness
from mindu.engines.outlook.grid import even
from mindu.perceive.declare import SHAPE

SHELF = "lessons"
PAST = 14 * 86_400_000  # ms that a look rests on, unless told otherwise
STEPS = 12  # steps ahead, unless told otherwise
LEAST = 10  # readings before a look says anything
_TRIAL = msgspec.json.Decoder(Trial)


class Outlook:
    """Looks at the series of one store."""

    def __init__(self, senses: Senses, clock: Callable[[], int]) -> None:
        """Look at this store; `clock` says the epoch ms."""
        self._senses, self._clock = senses, clock

    def _rows(self, request: Request) -> tuple[int, Rows]:
        device, prop = request.path_params["device"], request.path_params["prop"]
        series = self._senses.registry.one(device, prop)
        if series < 0:
            raise Unfit(404, f"no device {device!r} reports {prop!r}")
        fit(lambda: measured(self._senses, series))
        query = request.query_params
        until = moment(query["until"], name="until") if "until" in query else self._clock()
        since = moment(query["since"], name="since") if "since" in query else until - PAST
        rows = reads.window(self._senses, series, since, until)
        if len(rows.at) < LEAST:
            raise Unfit(422, f"{len(rows.at)} readings are too few: a look needs {LEAST}")
        return series, rows

    def odd(self, request: Request) -> dict[str, Any]:
        """Return the steps at which a series was odd, or moved for good."""
        series, rows = self._rows(request)
        shape = self._shape(request, series, rows)
        found = oddness(rows.at / 1000.0, rows.value, shape=shape)
        told = [
            {"at": round(it[0] * 1000), "value": it[1], "expected": it[2],
             "score": round(it[3], 3), "moved": bool(it[4]), "shape": it[5] > 1}
            for it in zip(*(column.tolist() for column in found), strict=True)
            if it[3] > 1 or it[4]
        ]  # fmt: skip
        return {"odd": told, "steps": len(found.at), "shape": shape}

    def _shape(self, request: Request, series: int, rows: Rows) -> int:
        """Return of how many steps a shape is: asked for, found by itself, or declared."""
        if request.query_params.get("shape") == "auto":
            return cycle(even(rows.at / 1000.0, rows.value)[1])
        registry = self._senses.registry
        kind, prop = registry.device(registry.owner(series)).kind, registry.prop(series).name
        declared = registry.kinds[kind].shape.get(prop, 0)
        asked = whole(request.query_params, "shape", declared, 0, SHAPE[1])
        if 0 < asked < SHAPE[0]:
            raise Unfit(422, f"a shape is of {SHAPE[0]} to {SHAPE[1]} readings")
        return asked

    def ahead(self, request: Request) -> dict[str, Any]:
        """Return what is likely to follow: the middle, and the interval of nine in ten."""
        series, rows = self._rows(request)
        steps = whole(request.query_params, "steps", STEPS, 1, 1000)
        lesson = self.lesson(series)
        model = lesson.model if lesson is not None and lesson.taken else "season"
        fan = look_ahead(rows.at / 1000.0, rows.value, steps, model=model)
        last = int(rows.at[-1])
        return {
            "at": [last + round(lead * 1000) for lead in fan.lead.tolist()],
            "low": fan.low.tolist(), "mid": fan.mid.tolist(), "high": fan.high.tolist(),
            "level": 0.9, "model": fan.model,
        }  # fmt: skip

    def learn(self, request: Request) -> Trial:
        """Hold the models against the past of a series, and keep the choice as a lesson."""
        series, rows = self._rows(request)
        steps = whole(request.query_params, "steps", STEPS, 1, 1000)
        found = choose(rows.at / 1000.0, rows.value, steps)
        taken = found.model != "season"
        says = Words(
            f"{found.model}: error {found.error:.3g}, the season's {found.floor_error:.3g}.",
            f"{found.model}:误差 {found.error:.3g},季节基线 {found.floor_error:.3g}。",
        )
        trial = Trial(found.model, "season", found.error, found.floor_error, taken, says)
        key, body = self._key(series), msgspec.json.encode(trial)
        try:
            self._senses.commit([(ENTITIES, encode([Paper(SHELF, key, body)]))])
        except OSError as wrong:
            raise Unfit(503, f"the disk refuses: {wrong}", **{"Retry-After": "5"}) from wrong
        return trial

    def lesson(self, series: int) -> Trial | None:
        """Return what was learned of the kind and property of a series."""
        body = self._senses.entities.shelf(SHELF).get(self._key(series))
        return None if body is None else _TRIAL.decode(body)

    def _key(self, series: int) -> str:
        registry = self._senses.registry
        kind = registry.device(registry.owner(series)).kind
        return f"{kind}/{registry.prop(series).name}"


def outlook(senses: Senses, keys: Keys, clock: Callable[[], int]) -> list[Route]:
    """Return the routes of the outlook."""
    it = Outlook(senses, clock)
    reading, series = Guard(keys, "reads"), "/{device:path}/{prop}"
    return [
        Route("/v1/odd" + series, reading(it.odd)),
        Route("/v1/ahead" + series, reading(it.ahead)),
        Route("/v1/learn" + series, Guard(keys, "keeps")(it.learn), methods=["POST"]),
    ]
