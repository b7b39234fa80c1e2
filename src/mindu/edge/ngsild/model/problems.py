"""What is answered when a request does not fit: problem details with the types of the standard."""

from typing import Any

import msgspec
from starlette.responses import Response

BASE = "https://uri.etsi.org/ngsi-ld/errors/"
STATUS = {
    "InvalidRequest": 400, "BadRequestData": 400, "AlreadyExists": 409,
    "OperationNotSupported": 422, "ResourceNotFound": 404, "InternalError": 500,
    "TooComplexQuery": 403, "TooManyResults": 403, "LdContextNotAvailable": 503,
    "NonexistentTenant": 404, "TooManyPendingChanges": 429,
}  # fmt: skip
PLAIN = {
    401: "Unauthorized", 403: "Forbidden", 405: "Method Not Allowed", 406: "Not Acceptable",
    411: "Length Required", 413: "Content Too Large", 415: "Unsupported Media Type",
}  # fmt: skip


class Problem(Exception):  # noqa: N818 - it is an answer to a sender
    """A request that is answered with a type of the standard (clause 6.3.2) and why."""

    def __init__(self, kind: str, why: str, status: int = 0, **headers: str) -> None:
        """Carry the answer; a kind that the standard does not name carries its status."""
        super().__init__(why)
        self.kind, self.why = kind, why
        self.status, self.headers = status or STATUS[kind], headers

    def told(self) -> dict[str, Any]:
        """Return the problem as JSON."""
        named = self.kind in STATUS
        return {
            "type": BASE + self.kind if named else "about:blank",
            "title": self.kind if named else PLAIN.get(self.status, self.kind),
            "detail": self.why,
            "status": self.status,
        }

    def response(self) -> Response:
        """Return the answer."""
        body = msgspec.json.encode(self.told())
        return Response(
            body, self.status, headers=self.headers, media_type="application/problem+json"
        )


def bad(why: str) -> Problem:
    """Return the problem of data that do not fit."""
    return Problem("BadRequestData", why)


def invalid(why: str) -> Problem:
    """Return the problem of a request that is not one of the standard."""
    return Problem("InvalidRequest", why)


def missing(what: str) -> Problem:
    """Return the problem of what is not there."""
    return Problem("ResourceNotFound", f"there is no {what}")
