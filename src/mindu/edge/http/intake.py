"""`POST /v1/readings`: JSON, lines of JSON, Arrow IPC or CSV; answered once it is durable."""

from mindu.data.senses.intake import Settled
from mindu.edge.http.bodies import Receive, Scope, Send, Unfit, answer, body_of, caller_of, header
from mindu.edge.keys import Keys
from mindu.edge.parcel import Full, TooMany
from mindu.edge.porch import Porch
from mindu.perceive.said import FAULT, MALFORMED
from mindu.perceive.wire.forms import FORMS

Answer = tuple[int, object, list[tuple[bytes, bytes]]]  # status, what to say, headers


def answer_to(outcome: Settled | Exception) -> Answer:
    """Return how to answer a sender what became of its message."""
    if isinstance(outcome, Settled):
        refused, received = outcome.receipt.refused, outcome.receipt.received
        lost = received and refused.get(MALFORMED) == received
        return (500 if FAULT in refused else 400 if lost else 200), outcome.receipt, []
    headers = []
    status = 413 if isinstance(outcome, TooMany) else 500
    if isinstance(outcome, Unfit):
        status = outcome.status
        headers = [(k.lower().encode(), v.encode()) for k, v in outcome.headers.items()]
    if isinstance(outcome, Full):
        status, headers = 429, [(b"retry-after", b"%d" % outcome.seconds)]
    return status, {"error": str(outcome)}, headers


class Intake:
    """The route that readings come in by: plain ASGI, since at one reading a request it counts."""

    def __init__(self, porch: Porch, keys: Keys) -> None:
        """Stand before the porch."""
        self._porch, self._keys = porch, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request in."""
        try:
            outcome: Settled | Exception = await self._settled(scope, receive)
        except (Unfit, Full, TooMany) as wrong:
            outcome = wrong
        status, told, headers = answer_to(outcome)
        await answer(send, status, told, {k.decode(): v.decode() for k, v in headers})

    async def _settled(self, scope: Scope, receive: Receive) -> Settled:
        if scope["method"] != "POST":
            raise Unfit(405, "readings are sent with POST", Allow="POST")
        caller = caller_of(scope, self._keys)
        form = header(scope, b"content-type").partition(";")[0].strip().lower()
        if form not in FORMS:
            told = ", ".join(f for f in FORMS if f)
            raise Unfit(415, f"{form} is not understood; send one of {told}")
        return await self._porch.message(
            caller.source, caller.allowed, form, await body_of(receive)
        )
