"""A small graph and how it is written: Turtle, and JSON-LD with its context inside."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, Union

import msgspec

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_BAD = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Iri(str):
    """The name of a thing that is described elsewhere, or in another node."""

    __slots__ = ()


class Text(NamedTuple):
    """Words in a language, or a value of a type, e.g. `xsd:dateTime`."""

    text: str
    lang: str = ""
    type: str = ""


Value = Union[Iri, Text, "Node"]


class Node(NamedTuple):
    """A thing: its name ("" if it has none), its class, and what is said of it."""

    iri: str
    type: str
    says: tuple[tuple[str, Value], ...]


def turtle(nodes: list[Node]) -> str:
    """Return the graph as Turtle."""
    lines = [f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items()]
    for node in nodes:
        lines += ["", f"{_name(node.iri)} {_said(node, 1)} ."]
    return "\n".join(lines) + "\n"


def _said(node: Node, deep: int) -> str:
    pad = "  " * deep
    parts = [f"a {node.type}", *(f"{verb} {_value(value, deep)}" for verb, value in node.says)]
    return f" ;\n{pad}".join(parts)


def _value(value: Value, deep: int) -> str:
    if isinstance(value, Text):
        body = "".join(_ESCAPES.get(sign, sign) for sign in _clean(value.text))
        tail = f"@{value.lang}" if value.lang else f"^^{value.type}" if value.type else ""
        return f'"{body}"{tail}'
    if isinstance(value, Node):
        inner = _said(value, deep + 1)
        return f"[ {inner} ]" if not value.iri else _name(value.iri)
    return _name(value)


def _name(iri: str) -> str:
    return f"<{_BAD.sub(_percent, iri)}>"


def _percent(sign: "re.Match[str]") -> str:
    return "".join(f"%{byte:02X}" for byte in sign[0].encode())


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign in "\n\r\t" or sign >= " ")


def jsonld(nodes: list[Node]) -> bytes:
    """Return the graph as JSON-LD; nothing needs to be fetched to read it."""
    graph = [_object(node) for node in nodes]
    return msgspec.json.encode({"@context": PREFIXES, "@graph": graph})


def _object(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": _BAD.sub(_percent, node.iri)} if node.iri else {}
    found["@type"] = node.type
    for verb, value in node.says:
        found.setdefault(verb, []).append(_json(value))
    return found


def _json(value: Value) -> dict[str, Any]:
    if isinstance(value, Text):
        more = {"@language": value.lang} if value.lang else {}
        more |= {"@type": value.type} if value.type else {}
        return {"@value": _clean(value.text), **more}
    if isinstance(value, Node):
        return _object(value) if not value.iri else {"@id": value.iri}
    return {"@id": _BAD.sub(_percent, value)}


def named(nodes: list[Node]) -> Iterator[Node]:
    """Yield the nodes and every node with a name inside them, each name once."""
    seen: set[str] = set()
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if node.iri and node.iri in seen:
            continue
        seen.add(node.iri)
        if node.iri:
            yield node
        waiting += [value for _, value in reversed(node.says) if isinstance(value, Node)]
