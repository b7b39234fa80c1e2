"""A chart of an open table: what is asked for is spelt as SQL, and goes through the gateway."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlglot import exp

from mindu.data.catalog.dataset import Dataset, Field
from mindu.data.gateway.forms import placed
from mindu.edge.portal.draw import Bars, Line, Spot, bars, line
from mindu.edge.portal.words import pick, say

POINTS, WORDS, SPOTS = 2_000, 30, 2_000  # of a line, of bars, of a map
NUMBERS, TIMES = frozenset({"whole", "number"}), frozenset({"day", "moment"})


class Wish(NamedTuple):
    """What to draw: a mean (or the number of rows) by a field, perhaps of some rows alone."""

    by: str
    of: str = ""  # empty: how many rows
    only: str = ""
    is_: str = ""


class Drawn(NamedTuple):
    """A chart: the drawing, and the same values as words."""

    svg: str
    rows: list[tuple[str, float]]
    timed: bool
    title: str
    points: list[tuple[float, float]]


def wish(dataset: Dataset, query: Mapping[str, str]) -> Wish | None:
    """Return what the address asks to draw, else what tells most; None where nothing can be."""
    of = _known(dataset, query.get("of", ""), NUMBERS)
    by = _known(dataset, query.get("by", ""), frozenset())
    only = _known(dataset, query.get("only", ""), frozenset())
    if not by:
        times = [f.name for f in dataset.fields if f.type in TIMES]
        words = [f.name for f in dataset.fields if f.type == "text"]
        by = next(iter(times + words), "")
        of = of or (_first_number(dataset) if times else "")
    return Wish(by, of, only, query.get("is", "")[:200]) if by else None


def sql(dataset: Dataset, told: Wish) -> str:
    """Return the query of a chart."""
    by = _column(told.by)
    value = exp.func("avg", _column(told.of)) if told.of else exp.Count(this=exp.Star())
    asked = exp.select(by.as_("x"), value.as_("y")).from_(exp.to_table(dataset.name))
    asked = asked.where(exp.Not(this=exp.Is(this=_column(told.by), expression=exp.Null())))
    if told.only:
        asked = asked.where(
            exp.EQ(
                this=exp.TryCast(this=_column(told.only), to=exp.DataType.build("VARCHAR")),
                expression=exp.Literal.string(told.is_),
            )
        )
    asked = asked.group_by(by.copy())
    if _ordered(dataset, told):
        return asked.order_by("x").limit(POINTS).sql("duckdb")
    order = exp.Ordered(this=exp.column("y"), desc=True)
    return asked.order_by(order).limit(WORDS).sql("duckdb")


def drawn(dataset: Dataset, told: Wish, rows: list[dict[str, Any]], lang: str) -> Drawn:
    """Return the drawing of what came back."""
    title = _title(dataset, told, lang)
    values = [(row["x"], float(row["y"])) for row in rows if row["y"] is not None]
    words = [(_words(x), y) for x, y in values]
    if not _ordered(dataset, told):
        return Drawn(bars(Bars(words, title)), words, timed=False, title=title, points=[])
    points = [(_place(x), y) for x, y in values]
    ends = (words[0][0], words[-1][0]) if words else ("", "")
    timed = _field(dataset, told.by).type in TIMES
    return Drawn(line(Line(points, *ends, title)), words, timed=timed, title=title, points=points)


def spots_sql(dataset: Dataset) -> str:
    """Return the query of a map; "" where rows say no longitude and latitude."""
    where = placed([f.name for f in dataset.fields])
    if len(where) != 2:
        return ""
    name = next((f.name for f in dataset.fields if f.type == "text"), "")
    label = _column(name) if name else exp.Literal.string(dataset.name)
    east, north = (_column(one) for one in where)
    asked = exp.select(east.as_("lon"), north.as_("lat"), exp.func("min", label).as_("name"))
    asked = asked.from_(exp.to_table(dataset.name)).group_by(east.copy(), north.copy())
    return asked.order_by("lon", "lat").limit(SPOTS).sql("duckdb")


def spots(rows: list[dict[str, Any]]) -> list[Spot]:
    """Return the points of a map, without those that are nowhere on Earth."""
    found = [(row["lon"], row["lat"], row["name"]) for row in rows]
    return [
        Spot(float(lon), float(lat), str(name or ""))
        for lon, lat, name in found
        if isinstance(lon, int | float) and isinstance(lat, int | float)
        and -180 <= lon <= 180 and -90 <= lat <= 90
    ]  # fmt: skip


def _first_number(dataset: Dataset) -> str:
    where = placed([field.name for field in dataset.fields])
    numbers = [f.name for f in dataset.fields if f.type in NUMBERS and f.name not in where]
    return next(iter(numbers), "")


def _ordered(dataset: Dataset, told: Wish) -> bool:
    return _field(dataset, told.by).type in TIMES | NUMBERS


def _field(dataset: Dataset, name: str) -> Field:
    found = dataset.field(name)
    assert found is not None, "a chart is of fields that are there"
    return found


def _known(dataset: Dataset, name: str, types: frozenset[str]) -> str:
    found = dataset.field(name)
    return name if found is not None and (not types or found.type in types) else ""


def _title(dataset: Dataset, told: Wish, lang: str) -> str:
    by = _field(dataset, told.by)
    what = say("chart_count", lang)
    if told.of:
        of = _field(dataset, told.of)
        unit = f" ({of.unit})" if of.unit else ""
        what = f"{say('chart_of', lang)} {pick(of.meaning, lang)}{unit}"
    return f"{what} · {say('chart_by', lang)} {pick(by.meaning, lang)}"


def _place(x: object) -> float:
    """Return a value as a place on the axis; instants and days in epoch ms."""
    if isinstance(x, datetime):
        return (x if x.tzinfo else x.replace(tzinfo=UTC)).timestamp() * 1000
    if isinstance(x, date):
        return datetime(x.year, x.month, x.day, tzinfo=UTC).timestamp() * 1000
    return float(str(x))


def _words(x: object) -> str:
    return f"{x:%Y-%m-%d %H:%M}" if isinstance(x, datetime) else str(x)


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))
