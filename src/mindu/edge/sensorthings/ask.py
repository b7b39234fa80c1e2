"""Reading SensorThings: a path through entities, and the options that shape the answer."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from operator import itemgetter
from typing import Any

from mindu.edge.http.bodies import Unfit
from mindu.edge.sensorthings.arrays import arrays, formatted
from mindu.edge.sensorthings.entities import Entities
from mindu.edge.sensorthings.functions import moment
from mindu.edge.sensorthings.names import LINKS, MOST, SETS, Entity, plural
from mindu.edge.sensorthings.options import Options, apart, options
from mindu.edge.sensorthings.reached import Reached, of_one

FAR = 1 << 48  # ms
DEEP = 8  # expansions inside expansions
_STEP = re.compile(r"(?P<name>\w+)(?:\((?P<key>'[^']*'|\d+)\))?")
_TIME = re.compile(r"\s*phenomenonTime\s+(gt|ge|lt|le)\s+(\d{4}-\d\d-\d\dT\S+)\s*")


class Ask:
    """Answers what is asked under one address."""

    def __init__(self, entities: Entities, base: str, *, most: int = MOST) -> None:
        """Read these entities; links begin with `base`; show at most so many, expanded too."""
        self._entities, self._base = entities, base
        self._left, self._most = most, most

    def answer(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Return what a path leads to."""
        steps = [s for s in path.strip("/").split("/") if s]
        if not steps:
            return {"value": [{"name": n, "url": f"{self._base}/{n}"} for n in SETS]}
        many, it, rest = self._walk(steps)
        if it is None:
            return self.page(many, None, rest, options(query), path)
        if rest:
            return self.page(many, it, rest, options(query), path)
        return self._shown(many, it, options(query))

    def _walk(self, steps: list[str]) -> tuple[str, Entity | None, str]:
        """Return the last entity that a path names, and the set asked of it, if any."""
        many, key = _step(steps[0])
        if many not in SETS:
            raise Unfit(404, f"there is no {many}; there are {', '.join(SETS)}")
        if key is None:
            if len(steps) > 1:
                raise Unfit(404, f"say which of {many}, as in {many}(1)")
            return many, None, many
        it = self._entities.one(many, key)
        for i, step in enumerate(steps[1:], 1):
            link, key = _step(step)
            if link not in LINKS[many]:
                raise Unfit(404, f"{many} lead to {', '.join(LINKS[many])}, not to {link}")
            if link in SETS and key is None:
                if i < len(steps) - 1:
                    raise Unfit(404, f"say which of {link}, as in {link}(1)")
                return many, it, link
            it = self._entities.one(link, key) if key else self._only(many, it, link)
            many = plural(link)
        return many, it, ""

    def _only(self, many: str, it: Entity, link: str) -> Entity:
        found = next(self._entities.related(many, it, link), None)
        if found is None:
            raise Unfit(404, f"there is no {link} here")
        return found

    def page(
        self, many: str, it: Entity | None, link: str, told: Options, path: str
    ) -> dict[str, Any]:
        """Return one page of a set."""
        found: Iterator[Entity] = iter(self._of(many, it, link, told))
        if (test := told.test) is not None:
            found = (one for one in found if test(Reached(self._entities, link, one)))
        if told.order:
            kept = list(islice(found, MOST))
            for name, down in reversed(told.order):
                kept.sort(key=lambda e, n=name: _key(e, n), reverse=down)  # type: ignore[misc]
            found = iter(kept)
        answer: dict[str, Any] = {}
        if told.count:
            kept = list(islice(found, MOST))
            answer["@iot.count"], found = len(kept), iter(kept)
        some = list(islice(found, told.skip, told.skip + told.top + 1))
        if len(some) > told.top:
            more = f"{self._base}/{path.strip('/')}?$top={told.top}&$skip={told.skip + told.top}"
            more += f"&$filter={told.filter}" if told.filter else ""
            answer["@iot.nextLink"] = more + (f"&$resultFormat={told.form}" if told.form else "")
        shown = [self._shown(link, e, told) for e in some[: told.top]]
        if formatted(told.form, link):
            shown = arrays(shown, told.select, self._base)
        return {**answer, "value": shown}

    def _of(self, many: str, it: Entity | None, link: str, told: Options) -> Iterator[Entity]:
        if link != "Observations":
            return (
                self._entities.all(link) if it is None else self._entities.related(many, it, link)
            )
        since, until, plain = bounds(told.filter)
        alone = of_one(self._entities, told.filter, since, until) if it is None else None
        if alone is not None:
            return alone
        if it is None or many != "Datastreams":
            return self._entities.of_many(it, since, until)
        newest = told.order == (("phenomenonTime", True),) and plain and not told.count
        count = told.skip + told.top + 1 if newest else None
        series = it["@iot.id"] - 1
        return self._entities.observations(series, since, until, newest=count)

    def _shown(self, many: str, it: Entity, told: Options) -> Entity:
        self._left -= 1
        if self._left < 0:
            raise Unfit(
                400, f"that shows more than {self._most} entities: expand less, or set $top"
            )
        key = it["@iot.id"]
        name = f"{many}('{key}')" if isinstance(key, str) else f"{many}({key})"
        here = f"{self._base}/{name}"
        shown: Entity = {"@iot.selfLink": here, **it}
        if told.select:
            shown = {k: v for k, v in shown.items() if k in told.select or k.startswith("@iot")}
        for link in LINKS[many]:
            shown[f"{link}@iot.navigationLink"] = f"{here}/{link}"
        for part in told.expand:
            self._expand(many, it, part, shown)
        return shown

    def _expand(self, many: str, it: Entity, part: str, shown: Entity) -> None:
        if part.count("/") + part.count("(") > DEEP:
            raise Unfit(400, f"$expand goes deeper than {DEEP}")
        head, _, inner = part.partition("(")
        link, _, deeper = head.partition("/")
        if link not in LINKS[many]:
            raise Unfit(400, f"$expand: {many} lead to {', '.join(LINKS[many])}, not to {link}")
        words = dict(w.split("=", 1) for w in apart(inner.rstrip(")"), ";") if "=" in w)
        if deeper:
            words["$expand"] = deeper
        told = options(words)
        shown.pop(f"{link}@iot.navigationLink", None)
        if link in SETS:
            shown[link] = self.page(many, it, link, told, f"{many}({it['@iot.id']})/{link}")[
                "value"
            ]
        else:
            shown[link] = self._shown(plural(link), self._only(many, it, link), told)


def bounds(told: str) -> tuple[int, int, bool]:
    """Return since and until (epoch ms) that a filter sets, and whether it says nothing else."""
    since, until, plain = 0, FAR, True
    if " or " in told or "not " in told:
        return since, until, False
    for part in told.split(" and ") if told else ():
        found = _TIME.fullmatch(part)
        at = _time(found[2]) if found else 0.0
        if found is None:
            plain = False
        elif found[1] in {"gt", "ge"}:
            since = max(since, int(at * 1000))
        else:
            until = min(until, -int(-at * 1000 // 1))
    return since, until, plain


def _time(told: str) -> float:
    try:
        return moment(told)
    except ValueError as wrong:
        raise Unfit(400, f"$filter: {told} is no instant") from wrong


def _step(step: str) -> tuple[str, str | None]:
    found = _STEP.fullmatch(step)
    if found is None:
        raise Unfit(404, f"{step!r} is no step of a path")
    return found["name"], found["key"]


def _key(it: Entity, name: str) -> tuple[bool, bool, float, str]:
    value = itemgetter(name)(it) if name in it else None
    if isinstance(value, int | float):
        return False, False, value, ""
    return value is None, True, 0, str(value)
