"""One request of NGSI-LD: who asks, of which tenant, under which context, and in which form."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from mindu.edge.http.bodies import body_of
from mindu.edge.keys import Caller
from mindu.edge.ngsild.model.contexts import Contexts, link, linked
from mindu.edge.ngsild.model.parse import Parser
from mindu.edge.ngsild.model.problems import Problem, bad, invalid
from mindu.edge.ngsild.model.show import Form
from mindu.edge.ngsild.model.terms import CORE_URL, Context
from mindu.edge.ngsild.telling.asker import Asker

JSON, LD, GEO = "application/json", "application/ld+json", "application/geo+json"
PATCH = "application/merge-patch+json"
STYLES = {"keyValues": "simplified", "simplified": "simplified", "concise": "concise",
          "normalized": "normalized"}  # fmt: skip
FORMATS = {*STYLES, "temporalValues", "aggregatedValues"}
OPTIONS = {*FORMATS, "sysAttrs", "noOverwrite", "update", "replace", "count"}
_TENANT = re.compile(r"[A-Za-z0-9_.-]{1,50}")
_DECODER = msgspec.json.Decoder()


class Call:
    """One request, read as far as every endpoint needs it."""

    def __init__(self, request: Request, caller: Caller, contexts: Contexts, now: int) -> None:
        """Read the headers."""
        self.request, self.caller, self.contexts, self.now = request, caller, contexts, now
        self.query: Mapping[str, str] = request.query_params
        self.path: Mapping[str, str] = request.path_params
        self.tenant = request.headers.get("ngsild-tenant", "")
        if self.tenant and not _TENANT.fullmatch(self.tenant):
            raise bad("NGSILD-Tenant is a name of 1 to 50 letters and digits")
        groups = caller.groups
        if groups is not None and self.tenant and self.tenant not in groups:
            raise Problem("Forbidden", "this key does not speak for that tenant", 403)
        self.address: Any = linked(request.headers.get("link", ""))
        self.context: Context = contexts.of([self.address] if self.address else [])
        self.options = self._options()

    def _options(self) -> set[str]:
        told = {it for it in self.query.get("options", "").split(",") if it}
        strange = sorted(told - OPTIONS)
        if strange:
            raise invalid(f"options={strange[0]}: there are {', '.join(sorted(OPTIONS))}")
        if self.query.get("format"):
            if self.query["format"] not in FORMATS:
                raise invalid(f"format={self.query['format']}: there are {', '.join(FORMATS)}")
            told = (told - FORMATS) | {self.query["format"]}
        return told

    @property
    def style(self) -> str:
        """The form in which entities are shown or told."""
        return next((STYLES[it] for it in STYLES if it in self.options), "normalized")

    def accepts(self, *more: str) -> str:
        """Return the media type of the answer.

        Raises:
            Problem: none that is asked for can be given.
        """
        told = self.request.headers.get("accept", "*/*")
        parts = [it.split(";") for it in told.split(",")]
        ranked = sorted(parts, key=lambda it: -_weight(it))
        for part in ranked:
            kind = part[0].strip().lower()
            if kind in {"*/*", "application/*", ""}:
                return JSON
            if kind in {JSON, LD, *more} and _weight(part):
                return kind
        raise Problem("NotAcceptable", f"answers are {', '.join((JSON, LD, *more))}", 406)

    async def body(self, *, patch: bool = False, plain: bool = False) -> Any:  # noqa: ANN401
        """Return the body; unless `plain`, its `@context` or the Link header holds from now on.

        Raises:
            Problem: it is no JSON, of another media type, or tells its context wrongly.
        """
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in {JSON, LD, *([PATCH] if patch else [])}:
            raise Problem("UnsupportedMediaType", f"send {JSON} or {LD}", 415)
        try:
            told = _DECODER.decode(await body_of(self.request.receive))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
            raise Problem("InvalidRequest", f"this is no JSON: {wrong}") from wrong
        if not plain:
            self._contexts(told, kind)
        return told

    def _contexts(self, told: object, kind: str) -> None:
        inside = isinstance(told, Mapping) and "@context" in told
        if kind == LD:
            if self.address:
                raise bad(f"a body of {LD} tells its context itself, without a Link header")
            if isinstance(told, Mapping):
                if not inside:
                    raise bad(f"a body of {LD} needs `@context`")
                self.use(told["@context"])
        elif inside and kind == JSON:
            raise bad(f"a body of {JSON} holds no `@context`: send {LD}, or a Link header")

    def use(self, told: object) -> None:
        """Take up a context that a body tells."""
        self.address, self.context = told, self.contexts.of(told)

    def asker(self) -> Asker:
        """Return who asks for a change."""
        simple = self.style == "simplified"
        parser = Parser(self.context, self.now, simple=simple)
        return Asker(self.tenant, self.caller, parser, self.now)

    def form(self) -> Form:
        """Return how entities shall be shown."""
        attrs = [self.context.expand(it) for it in _names(self.query, "attrs")]
        pick = [it if it in _HEAD else self.context.expand(it) for it in _names(self.query, "pick")]
        omit = [it if it in _HEAD else self.context.expand(it) for it in _names(self.query, "omit")]
        if attrs and (pick or omit):
            raise bad("attrs stands alone: without pick and omit")
        if set(pick) & set(omit):
            raise bad("what is picked cannot be omitted")
        if attrs:
            pick = [*_HEAD, *attrs]
        datasets = _names(self.query, "datasetId")
        return Form(
            self.context, self.style, "sysAttrs" in self.options, self.query.get("lang", ""),
            pick, omit, datasets,
        )  # fmt: skip

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """Return a whole number of the query within its bounds."""
        told = self.query.get(name, str(default))
        if not told.isdecimal() or len(told) > 9 or not low <= int(told) <= high:
            raise bad(f"{name}={told} is no whole number from {low} to {high}")
        return int(told)

    def answer(
        self,
        told: object,
        status: int = 200,
        kind: str = JSON,
        **headers: str,
    ) -> Response:
        """Return an answer in JSON; its context goes with it."""
        if kind == JSON:
            headers["Link"] = ", ".join(
                it for it in (link(self._named()), headers.get("Link", "")) if it
            )
        elif kind in {LD, GEO}:
            told = _with(told, self.address or CORE_URL)
        if self.tenant:
            headers["NGSILD-Tenant"] = self.tenant
        return Response(msgspec.json.encode(told), status, headers, kind)

    def _named(self) -> str:
        return self.address if isinstance(self.address, str) else ""

    def empty(self, status: int = 204, **headers: str) -> Response:
        """Return an answer without a body."""
        if self.tenant:
            headers["NGSILD-Tenant"] = self.tenant
        return Response(status_code=status, headers=headers)


_HEAD = ("id", "type", "scope")


def _names(query: Mapping[str, str], name: str) -> list[str]:
    if name not in query:
        return []
    found = [it.strip() for it in query[name].split(",")]
    if not all(found):
        raise bad(f"{name} names nothing")
    return found


def _with(told: object, context: object) -> object:
    if isinstance(told, list):
        return [_with(it, context) for it in told]
    return {**told, "@context": context} if isinstance(told, dict) else told


def _weight(part: list[str]) -> float:
    told = next((it.strip()[2:] for it in part[1:] if it.strip().startswith("q=")), "1")
    try:
        return float(told)
    except ValueError:
        return 0.0
