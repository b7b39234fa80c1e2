"""The options of a SensorThings question: `$filter`, `$orderby`, `$top` and the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mindu.edge.http.bodies import Unfit
from mindu.edge.sensorthings.filters import Parser, Test

PAGE, BIGGEST = 100, 1000


@dataclass(frozen=True, slots=True)
class Options:
    """What `$filter`, `$orderby` and the others say."""

    test: Test | None
    filter: str
    order: tuple[tuple[str, bool], ...]
    top: int
    skip: int
    count: bool
    select: tuple[str, ...]
    expand: tuple[str, ...]
    form: str = ""


def options(query: Mapping[str, str]) -> Options:
    """Read the options; one that is not known is an error."""
    known = {"filter", "orderby", "top", "skip", "count", "select", "expand", "resultFormat"}
    strange = [k for k in query if k.removeprefix("$") not in known]
    if strange:
        raise Unfit(400, f"{strange[0]} is not offered; there are {', '.join(sorted(known))}")
    told = {k.removeprefix("$"): v for k, v in query.items()}
    order = [part.split() for part in told.get("orderby", "").split(",") if part.strip()]
    return Options(
        Parser(told["filter"]).whole() if "filter" in told else None,
        told.get("filter", ""),
        tuple((part[0], len(part) > 1 and part[1].lower() == "desc") for part in order),
        min(_whole(told.get("top", str(PAGE))), BIGGEST),
        _whole(told.get("skip", "0")),
        told.get("count", "false") == "true",
        tuple(it.strip() for it in told.get("select", "").split(",") if it.strip()),
        tuple(it.strip() for it in apart(told.get("expand", ""), ",") if it.strip()),
        told.get("resultFormat", ""),
    )


def _whole(told: str) -> int:
    if not told.isdecimal() or len(told) > 9:
        raise Unfit(400, f"{told} is no whole number")
    return int(told)


def apart(told: str, mark: str) -> Iterator[str]:
    """Cut at a mark that stands in no parentheses."""
    deep, start = 0, 0
    for i, letter in enumerate(told):
        deep += (letter == "(") - (letter == ")")
        if letter == mark and not deep:
            yield told[start:i]
            start = i + 1
    yield told[start:]
