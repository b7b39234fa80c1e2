"""What may be asked over HTTP: windows, the newest, as-of, means, grids, rolls, places."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from mindu.data.senses.beside.words import all_shown, measured, told_as
from mindu.data.senses.memory import across, reads
from mindu.data.senses.memory.following import untold
from mindu.data.senses.memory.pieces import DAY_MS
from mindu.data.senses.memory.rolls import LEVELS
from mindu.data.senses.senses import Senses
from mindu.data.senses.tail import Rows
from mindu.edge.http.bodies import Unfit
from mindu.edge.http.register import fit

Query = Mapping[str, str]
PAGE = 10_000  # readings or devices in one answer


def moment(told: str, *, name: str) -> int:
    """Return an instant told as epoch ms or RFC 3339 as epoch ms."""
    if told.removeprefix("-").isdecimal() and len(told) < 18:
        return int(told)
    try:
        at = datetime.fromisoformat(told.replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Unfit(422, f"{name}={told} is no instant: give epoch ms, or RFC 3339 with its zone")
    return round(at.timestamp() * 1000)


def whole(query: Query, name: str, default: int, low: int, high: int) -> int:
    """Return a whole number of the query, within its bounds."""
    told = query.get(name, str(default))
    if not told.removeprefix("-").isdecimal() or len(told) > 18 or not low <= int(told) <= high:
        raise Unfit(422, f"{name}={told} is not a whole number from {low} to {high}")
    return int(told)


def real(query: Query, name: str, low: float, high: float) -> float:
    """Return a number of the query, within its bounds."""
    try:
        value = float(query[name])
    except (KeyError, ValueError):
        value = float("nan")
    if not low <= value <= high:
        raise Unfit(422, f"{name} must be a number from {low} to {high}")
    return value


class Asks:
    """The questions, each from the words of a path and a query to plain data."""

    def __init__(self, senses: Senses, now: Callable[[], int]) -> None:
        """Ask this store; `now` says the epoch ms."""
        self._senses, self._now = senses, now

    def _series(self, path: Query) -> int:
        found = self._senses.registry.one(path["device"], path["prop"])
        if found < 0:
            raise Unfit(404, f"no device {path['device']!r} reports {path['prop']!r}")
        return found

    def _span(self, query: Query) -> tuple[int, int]:
        until = moment(query["until"], name="until") if "until" in query else self._now()
        back = 86_400_000
        since = moment(query["since"], name="since") if "since" in query else until - back
        if since > until:
            raise Unfit(422, "since is after until")
        return since, until

    def _known(self, query: Query) -> int | None:
        return moment(query["known"], name="known") if "known" in query else None

    def window(self, path: Query, query: Query) -> dict[str, Any]:
        """Return a span of one series, or with `last` its newest readings."""
        series, known = self._series(path), self._known(query)
        limit = whole(query, "limit", 1000, 1, PAGE)
        if "last" in query:
            count = whole(query, "last", 1, 1, PAGE)
            until = moment(query["until"], name="until") if "until" in query else None
            rows = reads.last(self._senses, series, count, until=until, known=known)
            return self._told(series, rows)
        since, until = self._span(query)
        rows = reads.window(self._senses, series, since, until, known=known)
        found = self._told(series, rows.take(slice(0, limit)))
        if len(rows.at) > limit:
            found["next"] = int(rows.at[limit])  # ask again with since=next
        gone = self._gone(series)
        if since < gone:
            found["gone_before"] = gone  # what was before that stands in the rollups only
        return found

    def _told(self, series: int, rows: Rows) -> dict[str, Any]:
        """Return readings as lists."""
        form = self._senses.registry.prop(series).form
        return {
            "at": rows.at.tolist(), "value": all_shown(self._senses.words, form, rows.value),
            "quality": rows.quality.tolist(), "arrived": (rows.arrived * 1000).tolist(),
        }  # fmt: skip

    def _gone(self, series: int) -> int:
        one = np.array([series], np.int64)
        return int(self._senses.keeping.before(one, self._senses.registry)[0]) * DAY_MS

    def as_of(self, path: Query, query: Query) -> dict[str, Any]:
        """Return the value that held at an instant, as far as was known at another."""
        at = moment(query["at"], name="at") if "at" in query else self._now()
        series = self._series(path)
        found = reads.as_of(self._senses, series, at, known=self._known(query))
        value = told_as(self._senses, series, found[1]) if found else None
        return {"at": found[0] if found else None, "value": value}

    def grid(self, path: Query, query: Query) -> dict[str, Any]:
        """Return a series on a regular grid; a gap is null."""
        since, until = self._span(query)
        every = whole(query, "every", 300_000, 1000, 1 << 40)
        if (until - since) // every > PAGE:
            raise Unfit(422, f"that is more than {PAGE} steps; ask for a longer step")
        series = self._series(path)
        fit(lambda: measured(self._senses, series))
        grid = reads.resample(self._senses, series, since, until, every)
        value = [
            None if gap else v
            for gap, v in zip(grid.gap.tolist(), grid.value.tolist(), strict=True)
        ]
        return {"at": grid.at.tolist(), "value": value, "gap": grid.gap.tolist()}

    def means(self, query: Query) -> dict[str, Any]:
        """Return mean, sum, min, max or count over all devices, by steps."""
        since, until = self._span(query)
        every = whole(query, "every", 300_000, 1000, 1 << 40)
        how = query.get("how", "mean")
        if how not in {"mean", "sum", "min", "max", "count"}:
            raise Unfit(422, f"how={how}: ask for mean, sum, min, max or count")
        if (until - since) // every > PAGE:
            raise Unfit(422, f"that is more than {PAGE} steps; ask for a longer step")
        registry = self._senses.registry
        prop = registry.props.get(query["prop"], -1) if "prop" in query else None
        group = registry.groups.get(query["group"], -1) if "group" in query else None
        asked = across.Asked(prop, group, since, max(until, since + 1), every, how)
        try:
            found, rolled = across.means(self._senses, asked, across.here(self._senses))
        except ValueError as wrong:
            raise Unfit(422, str(wrong)) from wrong
        said = {"at": found.bucket.tolist(), how: found.value.tolist(), "rows": found.rows.tolist()}
        return said | ({"rolled_before": rolled} if rolled else {})

    def rolls(self, query: Query) -> dict[str, Any]:
        """Return rollups of one property (and group) at five minutes, an hour or a day."""
        since, until = self._span(query)
        level = whole(query, "level", 3600, 300, 86_400) * 1000
        if level not in LEVELS:
            raise Unfit(422, "level is 300, 3600 or 86400")
        registry = self._senses.registry
        prop = registry.props.get(query.get("prop", ""), -1)
        group = registry.groups.get(query["group"], -1) if "group" in query else None
        roll = self._senses.rolls.read(level, since, until, group=group, prop=prop)
        share = real({"q": query.get("quantile", "0.5")}, "q", 0, 1)
        names = {number: name for name, number in registry.groups.items()}
        return {
            "at": roll.bucket.tolist(), "group": [names[g] for g in roll.group.tolist()],
            "count": roll.rows.tolist(), "sum": roll.sum.tolist(), "min": roll.min.tolist(),
            "max": roll.max.tolist(), "last": roll.last.tolist(),
            "quantile": roll.quantile(share).tolist(),
        } | self._amended(across.Asked(prop, group, since, until, level, "count"))  # fmt: skip

    def _amended(self, asked: across.Asked) -> dict[str, int]:
        """Say of how many corrected readings rollups tell what was first said."""
        many = untold(self._senses, asked.chosen(self._senses), asked.since, asked.until)
        return {"amended": many} if many else {}
