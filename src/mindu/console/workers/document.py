"""The door as an OpenAPI 3.1 document, made from the table and the types that it names."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mindu.console.contract.common import Trouble
from mindu.console.workers.contract import TABLE, Address

REF = "#/components/schemas/{name}"
KEY = "Idempotency-Key"
SAID = {
    400: "The body is no JSON, or too long.",
    401: "The token is unknown, or its days are over.",
    403: "The token does not reach so far.",
    404: "There is no such job, or it is done.",
    409: "Another holds the job, or the process cannot go on so.",
    422: "A field is wrong, or the key was used for something else.",
}


def document(base: str) -> dict[str, Any]:
    """Return the whole document as plain values; `base` is where the door stands."""
    named = [*(a.body for a in TABLE), *(a.answer for a in TABLE), Trouble]
    schemas, parts = msgspec.json.schema_components(named, ref_template=REF)
    known = dict(zip(named, schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mindu 闽都 workers",
            "version": "1",
            "summary": "Jobs and messages of processes; docs/processes.md says the rest.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "paths": {address.path: {"post": _one(address, known)} for address in TABLE},
        "components": {
            "schemas": dict(sorted(parts.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _one(address: Address, known: Mapping[Any, Any]) -> dict[str, Any]:
    trouble = {"application/json": {"schema": known[Trouble]}}
    answer = {"application/json": {"schema": known[address.answer]}}
    refusals = {str(code): {"description": says, "content": trouble} for code, says in SAID.items()}
    return {
        "operationId": address.name,
        "summary": address.says,
        "description": f"Scope: {address.scope}.",
        "parameters": _parameters(address),
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": known[address.body]}},
        },
        "responses": {"200": {"description": address.says, "content": answer}, **refusals},
    }


def _parameters(address: Address) -> list[dict[str, Any]]:
    text = {"type": "string"}
    told: list[dict[str, Any]] = []
    if "{id}" in address.path:
        told.append({"name": "id", "in": "path", "required": True, "schema": text})
    if address.name != "lease":  # who asks again is given again what they hold
        says = "The same key gets the same answer, and nothing is done twice."
        told.append({"name": KEY, "in": "header", "description": says, "schema": text})
    return told
