"""Contexts that are kept here: the core one, those of the settings, and those that were posted."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from mindu.data.senses.beside.entities import MOST_PAPERS, Entities, Paper
from mindu.edge.ngsild.model.problems import Problem, bad, missing
from mindu.edge.ngsild.model.terms import CORE, CORE_CONTEXT, CORE_URL, CORE_URLS, Context, merged

SHELF = "contexts"
CACHED = 500  # contexts that are kept ready
REL = "http://www.w3.org/ns/json-ld#context"
_LINK = re.compile(r"\s*<([^>]*)>\s*((?:;[^,]*)?)")
_KEY = re.compile(r"urn:mindu:context:(\d+)")


class Hosted(msgspec.Struct, frozen=True):
    """A context as it is kept. `made`: epoch ms."""

    body: Any
    made: int


_HOSTED = msgspec.json.Decoder(Hosted)


class Contexts:
    """Every context that a request may name. Nothing is fetched."""

    def __init__(self, entities: Entities, given: Mapping[str, Any]) -> None:
        """Keep what the settings give, by address; the rest stands among the papers."""
        self._entities, self.given = entities, dict(given)
        self._ready: dict[bytes, Context] = {}

    def of(self, told: object) -> Context:
        """Return the context that an `@context` describes.

        Raises:
            Problem: it is none, or names an address that is not kept here.
        """
        key = msgspec.json.encode([told, len(self._entities.shelf(SHELF))])
        found = self._ready.get(key)
        if found is None:
            terms, vocab = merged(told if isinstance(told, list) else [told], self._look)
            found = Context(terms, vocab) if terms or vocab else CORE_CONTEXT
            if len(self._ready) >= CACHED:
                self._ready.clear()
            self._ready[key] = found
        return found

    def _look(self, address: str, deep: int) -> tuple[dict[str, str], str]:
        body = self.body(address)
        if body is None:
            raise Problem(
                "LdContextNotAvailable",
                f"{address} is not kept here, and nothing is fetched: post it to /jsonldContexts, "
                "or name it in the settings",
            )
        told = body.get("@context", {}) if isinstance(body, Mapping) else body
        return merged(told if isinstance(told, list) else [told], self._look, deep)

    def body(self, address: str) -> Any:  # noqa: ANN401 - any JSON
        """Return what is kept under an address or local name; None where nothing is."""
        if CORE_URLS.fullmatch(address):
            return {"@context": dict(CORE)}
        if address in self.given:
            return self.given[address]
        key = address.rpartition("/jsonldContexts/")[2]
        kept = self._entities.shelf(SHELF).get(key)
        return None if kept is None else _HOSTED.decode(kept).body

    def new(self, body: object, now: int) -> Paper:
        """Return the paper that keeps a context.

        Raises:
            Problem: it is none, or too many are kept.
        """
        if not isinstance(body, Mapping) or "@context" not in body:
            raise bad("a context is an object with `@context`")
        shelf = self._entities.shelf(SHELF)
        if len(shelf) >= MOST_PAPERS:
            raise Problem("TooManyResults", f"{MOST_PAPERS} contexts are kept already")
        self.of(body["@context"])
        numbers = [int(found[1]) for key in shelf if (found := _KEY.fullmatch(key))]
        key = f"urn:mindu:context:{max(numbers, default=0) + 1}"
        kept = msgspec.json.encode(Hosted({"@context": body["@context"]}, now))
        return Paper(SHELF, key, kept)

    def hosted(self) -> dict[str, Hosted]:
        """Return the posted contexts by key."""
        return {k: _HOSTED.decode(body) for k, body in self._entities.shelf(SHELF).items()}

    def withdrawn(self, key: str) -> Paper:
        """Return the paper that withdraws a context.

        Raises:
            Problem: there is none of that name.
        """
        if key not in self._entities.shelf(SHELF):
            raise missing(f"context {key}")
        return Paper(SHELF, key)


def linked(header: str) -> str:
    """Return the context that a Link header names, empty where it names none.

    Raises:
        Problem: it names more than one.
    """
    found = [m[1] for m in _LINK.finditer(header) if REL in m[2]]
    if len(found) > 1:
        raise bad("a Link header names one context")
    return found[0] if found else ""


def link(address: str) -> str:
    """Return the Link header that names a context."""
    return f'<{address or CORE_URL}>; rel="{REL}"; type="application/ld+json"'
