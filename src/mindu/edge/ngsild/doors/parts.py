"""Parts of answers and bodies that several endpoints share."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from mindu.edge.ngsild.doors.call import JSON, Call
from mindu.edge.ngsild.model.facts import member
from mindu.edge.ngsild.model.problems import Problem, bad
from mindu.edge.ngsild.telling.asker import Update

BASE = "/ngsi-ld/v1"


def fragment(body: object) -> dict[str, object]:
    """Return what is told of an entity.

    Raises:
        Problem: it is no object, or tells nothing.
    """
    if not isinstance(body, dict):
        raise Problem("InvalidRequest", "tell a JSON object")
    if not body.keys() - {"@context"}:
        raise bad("nothing is told")
    return body


def flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a query that is told in a body asks, as a query string would tell it."""
    names = ("q", "scopeQ", "attrs", "orderBy", "orderFrom")
    return {**member(told, "geoQ"), **{name: told.get(name) for name in names}}


def updated(call: Call, told: Update) -> Response:
    """Return what became of attributes: nothing to say where all were updated."""
    if not told.others:
        return call.empty()
    others = [
        {"attributeName": call.context.compact(attr), "reason": why} for attr, why in told.others
    ]
    names = [call.context.compact(attr) for attr in told.updated]
    return call.answer({"updated": names, "notUpdated": others}, 207, JSON)


def pages(call: Call, offset: int, limit: int, *, more: bool) -> str:
    """Return the Link header that leads to the pages before and after."""
    query = [
        (k, v) for k, v in call.request.query_params.multi_items() if k not in {"offset", "limit"}
    ]
    plain = call.request.url.replace(query="").path
    links = []
    for rel, start in (("prev", offset - limit), ("next", offset + limit)):
        if (rel == "prev" and offset and limit) or (rel == "next" and more and limit):
            more_ = urlencode([*query, ("limit", limit), ("offset", max(0, start))])
            links.append(f'<{plain}?{more_}>; rel="{rel}"')
    return ", ".join(links)
