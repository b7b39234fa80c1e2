"""Written catalogues of others: Turtle and RDF/XML read as JSON-LD, and ours written as RDF/XML."""

from typing import Any

import msgspec
from rdflib import Graph
from rdflib.exceptions import ParserError

from mindu.data.catalog.graph import Node, turtle

MOST = 64 << 20  # bytes of one document
_RDF, _ENTITY = b"<rdf:RDF", b"<!ENTITY"
FORMS = {"turtle": "turtle", "rdfxml": "xml"}


def form_of(body: bytes) -> str:
    """Return how a document is written: "json", "turtle" or "rdfxml", by how it begins."""
    head = body[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"{", b"[")):
        return "json"
    return "rdfxml" if head.startswith(b"<?xml") or _RDF in head else "turtle"


def objects(body: bytes) -> Any:  # noqa: ANN401 - JSON-LD, expanded
    """Return a document in Turtle or RDF/XML as the objects of JSON-LD; nothing is fetched for it.

    Raises:
        ValueError: it is too big, or cannot be read.
    """
    if len(body) > MOST:
        raise ValueError(f"the document has {len(body) >> 20} MB; {MOST >> 20} at most")
    if _ENTITY in body:
        raise ValueError("a document that defines entities is not read; write them out")
    graph = Graph()
    try:
        graph.parse(data=body, format=FORMS[form_of(body)], publicID="urn:harvested:")
        return msgspec.json.decode(graph.serialize(format="json-ld"))
    except (ParserError, SyntaxError, ValueError, KeyError, AssertionError) as wrong:
        raise ValueError(f"this is neither Turtle nor RDF/XML: {str(wrong)[:200]}") from wrong
    except Exception as wrong:
        if type(wrong).__module__.startswith(("xml.", "rdflib.")):
            raise ValueError(f"this is no RDF/XML: {str(wrong)[:200]}") from wrong
        raise


def rdfxml(nodes: list[Node]) -> bytes:
    """Return our graph as RDF/XML."""
    graph = Graph().parse(data=turtle(nodes), format="turtle")
    return graph.serialize(format="xml").encode()
