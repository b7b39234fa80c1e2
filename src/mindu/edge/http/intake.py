"""`POST /v1/readings`: JSON, lines of JSON, Arrow IPC or CSV; answered once it is durable."""

from collections.abc import Callable

from mindu.data.senses.intake import Offer
from mindu.edge.http.bodies import Receive, Scope, Send, Unfit, answer, body_of, caller_of, header
from mindu.edge.keys import Keys
from mindu.edge.porch import Full, Porch
from mindu.perceive.said import Said
from mindu.perceive.wire.arrow import from_arrow, from_csv
from mindu.perceive.wire.rows import from_json, from_lines

MOST_ROWS = 100_000  # readings in one request
FORMS: dict[str, Callable[[bytes], Said]] = {
    "application/json": from_json,
    "": from_json,
    "application/x-ndjson": from_lines,
    "application/jsonl": from_lines,
    "application/vnd.apache.arrow.stream": from_arrow,
    "application/vnd.apache.arrow.file": from_arrow,
    "text/csv": from_csv,
}


class Intake:
    """The route that readings come in by: plain ASGI, since at one reading a request it counts."""

    def __init__(self, porch: Porch, keys: Keys) -> None:
        """Stand before the porch."""
        self._porch, self._keys = porch, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request in."""
        try:
            said, source = await self._said(scope, receive)
            receipt = await self._porch.offer(source(said))
        except Unfit as unfit:
            await answer(send, unfit.status, {"error": str(unfit)}, unfit.headers)
        except Full as full:
            headers = {"Retry-After": str(full.seconds)}
            await answer(send, 429, {"error": str(full)}, headers)
        else:
            none = said.lost == said.received
            await answer(send, 400 if none and said.lost else 200, receipt)

    async def _said(self, scope: Scope, receive: Receive) -> tuple[Said, Callable[[Said], Offer]]:
        if scope["method"] != "POST":
            raise Unfit(405, "readings are sent with POST", Allow="POST")
        caller = caller_of(scope, self._keys)
        form = header(scope, b"content-type").partition(";")[0].strip().lower()
        decode = FORMS.get(form)
        if decode is None:
            told = ", ".join(f for f in FORMS if f)
            raise Unfit(415, f"{form} is not understood; send one of {told}")
        said = decode(await body_of(receive))
        if said.received > MOST_ROWS:
            raise Unfit(413, f"a request has at most {MOST_ROWS} readings: send it in several")
        return said, lambda it: Offer(caller.source, it, caller.allowed)
