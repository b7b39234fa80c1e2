"""Terms: short names of attributes and types, and the addresses that they stand for.

This is not all of JSON-LD: a context here is a map of terms, prefixes and a vocabulary, which is
what NGSI-LD asks of one. Nothing is ever fetched. The core terms always win (clause 5.5.7).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mindu.edge.ngsild.model.problems import bad

NGSI = "https://uri.etsi.org/ngsi-ld/"
DEFAULT = NGSI + "default-context/"
CORE_URL = NGSI + "v1/ngsi-ld-core-context-v1.8.jsonld"
CORE_URLS = re.compile(re.escape(NGSI) + r"v1/ngsi-ld-core-context(-v1\.\d)?\.jsonld")
GEO = ("location", "observationSpace", "operationSpace")
CORE: dict[str, str] = {
    **{name: NGSI + name for name in (*GEO, "ContextSourceIdentity")},
    "ngsi-ld": NGSI,
    "title": "http://purl.org/dc/terms/title",
    "description": "http://purl.org/dc/terms/description",
}
DEEP = 10  # contexts inside contexts
MOST = 20_000  # terms of one context
FORBIDDEN = set("<>\"'=;()\\{}[]?&#$% \t\n")  # in a name of an attribute or type


class Context:
    """A map of terms."""

    def __init__(self, terms: Mapping[str, str], vocab: str = DEFAULT) -> None:
        """Take up expanded terms."""
        self.terms = {**terms, **CORE}
        self.vocab = vocab or DEFAULT
        self._back: dict[str, str] = {}
        for name, iri in self.terms.items():
            held = self._back.get(iri)
            if held is None or (len(name), name) < (len(held), held):
                self._back[iri] = name
        self._prefixes = sorted(
            ((iri, name) for name, iri in self.terms.items() if iri[-1:] in "/#:"),
            key=lambda it: -len(it[0]),
        )
        self._known: dict[str, str] = {}

    def expand(self, name: str) -> str:
        """Return what a short name stands for.

        Raises:
            Problem: it cannot be a name.
        """
        found = self.terms.get(name)
        if found is not None:
            return found
        head, mark, rest = name.partition(":")
        if mark:
            prefix = self.terms.get(head)
            return prefix + rest if prefix is not None and not rest.startswith("//") else name
        if not name or FORBIDDEN & set(name) or len(name) > 500:
            raise bad(f"{name!r} cannot be a name of an attribute or type")
        return self.vocab + name

    def compact(self, iri: str) -> str:
        """Return the short name of an address, or the address where there is none."""
        found = self._known.get(iri)
        if found is None:
            found = self._known[iri] = self._short(iri)
        return found

    def _short(self, iri: str) -> str:
        name = self._back.get(iri)
        if name is not None:
            return name
        if iri.startswith(self.vocab) and self.expand_safe(iri[len(self.vocab) :]) == iri:
            return iri[len(self.vocab) :]
        for prefix, short in self._prefixes:
            if iri.startswith(prefix) and len(iri) > len(prefix):
                return f"{short}:{iri[len(prefix) :]}"
        return iri

    def expand_safe(self, name: str) -> str:
        """Return what a name stands for, or the name where it can be none."""
        return self.terms.get(name, self.vocab + name) if ":" not in name else name


CORE_CONTEXT = Context({})


def merged(parts: Sequence[Any], look: Any, deep: int = 0) -> tuple[dict[str, str], str]:  # noqa: ANN401
    """Return the terms and vocabulary of a context: later parts win; addresses are looked up.

    Raises:
        Problem: it is no context, too deep, or one of its addresses is not kept here.
    """
    if deep > DEEP:
        raise bad(f"@context goes deeper than {DEEP}")
    terms: dict[str, str] = {}
    vocab = ""
    for part in parts:
        if isinstance(part, str):
            more, other = ({}, "") if CORE_URLS.fullmatch(part) else look(part, deep + 1)
        elif isinstance(part, Mapping):
            more, other = _read(part, terms), str(part.get("@vocab", ""))
        elif part is None:
            more, other = {}, ""
        else:
            raise bad("@context is an address, an object, or a list of them")
        terms.update(more)
        vocab = other or vocab
        if len(terms) > MOST:
            raise bad(f"a context has at most {MOST} terms")
    return terms, vocab


def _read(told: Mapping[str, Any], before: Mapping[str, str]) -> dict[str, str]:
    raw: dict[str, str] = {}
    for name, value in told.items():
        if isinstance(value, Mapping):
            if "@context" in value:
                raise bad(f"@context: {name} holds a context of its own, which is not offered")
            value = value.get("@id")  # noqa: PLW2901 - a definition with options names its address
        if name.startswith("@") or value is None:
            continue
        if not isinstance(value, str):
            raise bad(f"@context: {name} stands for no address")
        raw[name] = value
    known = {**before, **raw}
    return {name: _resolved(value, known) for name, value in raw.items()}


def _resolved(value: str, known: Mapping[str, str], deep: int = 0) -> str:
    head, mark, rest = value.partition(":")
    if mark and not rest.startswith("//") and head in known and deep < DEEP:
        return _resolved(known[head], known, deep + 1) + rest
    return value
