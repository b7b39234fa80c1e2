"""Catalogues of other portals: read from a file or an address, page by page, in any writing."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from mindu.data.catalog.harvest import MOST
from mindu.data.catalog.written import form_of, objects
from mindu.edge.collect.objects import decoded
from mindu.edge.collect.web import asked

ROWS = 1_000  # datasets asked for at once; CKAN gives no more
MOST_PAGES = 1_000
Get = Callable[[str], bytes]


def read(body: bytes, name: str) -> object:
    """Return a document as objects: JSON, JSON-LD, Turtle or RDF/XML, by how it begins.

    Raises:
        ValueError: it cannot be read.
    """
    return decoded(body, name) if form_of(body) == "json" else objects(body)


def fetched(url: str, get: Get = asked) -> object:
    """Return what a portal tells at an address; of CKAN's search every page, all in one answer.

    Raises:
        ValueError: it cannot be read, or pages end before all is told.
    """
    told = read(get(url), url.partition("?")[0])
    first = _page(told)
    if first is None:
        return told
    every, count = first
    for _ in range(MOST_PAGES):
        if len(every) >= min(count, MOST + 1):
            break
        page = _page(read(get(_from(url, len(every))), url.partition("?")[0]))
        if page is None or not page[0]:
            break
        every, count = every + page[0], page[1]
    if len(every) < min(count, MOST):
        raise ValueError(
            f"the portal tells of {count} datasets and gave {len(every)}: harvest again, or save "
            "its pages to a file"
        )
    return {"success": True, "result": {"count": count, "results": every}}


def _from(url: str, start: int) -> str:
    """Return the address of the page that begins there."""
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query) if k not in {"start", "rows"}]
    query = urlencode([*kept, ("start", start), ("rows", ROWS)])
    return urlunsplit(parts._replace(query=query))


def _page(told: object) -> tuple[list[Any], int] | None:
    """Return the datasets of one page of CKAN's search, and how many there are in all."""
    result = told.get("result") if isinstance(told, dict) else None
    if not isinstance(result, dict) or not isinstance(result.get("results"), list):
        return None
    count = result.get("count")
    return result["results"], count if isinstance(count, int) else len(result["results"])
