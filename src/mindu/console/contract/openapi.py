"""OpenAPI 3.1 made from the table of addresses and the types it names."""

import re
from typing import Any

import msgspec

from mindu.console.contract.common import Trouble
from mindu.console.contract.stream import Event
from mindu.console.contract.table import ROOT, TABLE, Address

REF = "#/components/schemas/{name}"
CHANGES = ("POST", "DELETE")
SAID = {
    400: "The request cannot be read.",
    401: "Sign in and try again.",
    403: "Your role or the token does not allow it.",
    404: "There is none.",
    409: "Somebody was faster, or it is over.",
    422: "A field is wrong.",
    429: "Too many requests: come again after Retry-After seconds.",
}


def document() -> dict[str, Any]:
    """Return the whole document as plain values."""
    named = [a.answer for a in TABLE if a.answer] + [a.body for a in TABLE if a.body]
    schemas, parts = msgspec.json.schema_components([*named, Trouble, Event], ref_template=REF)
    known = dict(zip(map(str, [*named, Trouble, Event]), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for address in TABLE:
        paths.setdefault(ROOT + address.path, {})[address.method.lower()] = _one(address, known)
    parts["StreamEvent"] = known[str(Event)]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mindu 闽都 console",
            "version": "1",
            "summary": "The city as one console sees it; docs/console-api.md says the rest.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(parts.items())), "securitySchemes": _locks()},
    }


def written() -> bytes:
    """Return the document as it is committed."""
    return msgspec.json.format(msgspec.json.encode(document(), order="sorted"), indent=1) + b"\n"


def _one(address: Address, known: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": address.name,
        "summary": address.says,
        "description": f"Least role: {address.least}.",
        "parameters": _parameters(address),
        "responses": {"200": _answer(address, known), **_refusals(address, known)},
    }
    if address.body is not None:
        schema = known[str(address.body)]
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    if address.method in CHANGES:
        told["security"] = [{"session": [], "token": []}]
    return told


def _answer(address: Address, known: dict[str, Any]) -> dict[str, Any]:
    if address.kind == "text/event-stream":
        schema: Any = {"$ref": REF.format(name="StreamEvent")}
    elif address.answer is None:
        schema = {"type": "string", "format": "binary"}
    else:
        schema = known[str(address.answer)]
    return {"description": address.says, "content": {address.kind: {"schema": schema}}}


def _refusals(address: Address, known: dict[str, Any]) -> dict[str, Any]:
    codes = [401, 403, 404, 422, 429] + ([400, 409] if address.method in CHANGES else [])
    content = {"application/json": {"schema": known[str(Trouble)]}}
    return {str(code): {"description": SAID[code], "content": content} for code in sorted(codes)}


def _parameters(address: Address) -> list[dict[str, Any]]:
    inside = re.findall(r"\{(\w+)\}", address.path)
    told = [
        {"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in inside
    ]
    asked = (*address.query, "at", "night") if address.timed else address.query
    told += [{"name": n, "in": "query", "schema": {"type": "string"}} for n in asked]
    if address.method in CHANGES:
        told.append(
            {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}}
        )
    return told


def _locks() -> dict[str, Any]:
    return {
        "session": {"type": "apiKey", "in": "cookie", "name": "mindu"},
        "token": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
    }
