"""Shapes of GeoReport v2: plain values as XML (required) and as JSON (the Spark mapping)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

import msgspec

Plain = str | int | float | bool | None | Sequence["Plain"] | Mapping[str, "Plain"]
FORMATS = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# The Spark mapping drops these wrappers in JSON; in XML each item of a list bears its own name.
ITEMS = {
    "services": "service", "attributes": "attribute", "values": "value", "errors": "error",
    "service_requests": "request", "endpoints": "endpoint", "formats": "format",
    "service_request_updates": "request_update",
}  # fmt: skip


def told(root: str, value: Plain, form: str) -> bytes:
    """Return a value as a document of that form."""
    if form == "json":
        return msgspec.json.encode(value)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_xml(root, value)}'.encode()


def stamp(at: datetime) -> str:
    """Return an instant as W3C has it, with its offset."""
    return at.replace(microsecond=0).isoformat()


def _xml(name: str, value: Plain) -> str:
    if value is None:
        return f"<{name}/>"
    if isinstance(value, bool):
        return f"<{name}>{'true' if value else 'false'}</{name}>"
    if isinstance(value, Mapping):
        inner = "".join(_xml(key, item) for key, item in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        inner = "".join(_xml(ITEMS.get(name, "item"), item) for item in value)
    else:
        inner = escape(_sayable(str(value)))
    return f"<{name}>{inner}</{name}>"


def _sayable(text: str) -> str:
    """Return text without the signs that XML 1.0 cannot carry."""
    return "".join(s for s in text if s in "\t\n\r" or " " <= s <= "\ud7ff" or "\ue000" <= s <= "\ufffd" or s >= "\U00010000")  # noqa: E501  # fmt: skip
