"""Heads of requests, understood once: a sender repeats the very same bytes again and again."""

from typing import NamedTuple

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from mindu.data.senses.intake import Receipt, Settled
from mindu.edge.http.bodies import BIGGEST, key_of
from mindu.edge.http.intake import Answer, answer_to
from mindu.perceive.wire.forms import FORMS

START = b"POST /v1/readings HTTP/1.1\r\n"
KNOWN = 1000  # heads that are known by their bytes
_PLAIN = {
    b"host", b"authorization", b"content-type", b"content-length", b"user-agent", b"accept",
    b"accept-encoding", b"accept-language", b"date", b"x-request-id", b"traceparent",
}  # fmt: skip
_STAY = (b"connection", b"keep-alive")
Lines = list[tuple[bytes, bytes]]  # headers
_ENCODER = msgspec.json.Encoder()


class Head(NamedTuple):
    """What a head says: who sends, in which form, and how long the body is."""

    key: str
    form: str
    length: int


class Heads:
    """Heads that were understood before."""

    def __init__(self) -> None:
        """Start with none."""
        self._known: dict[bytes, Head | None] = {}
        self._last: tuple[Receipt | None, object, bytes] = (None, None, b"")

    def read(self, told: bytes) -> Head | None:
        """Return what a head says; None if it is not for us."""
        if told in self._known:
            return self._known[told]
        if len(self._known) >= KNOWN:
            self._known.clear()
        found = self._known[told] = _understood(told)
        return found

    def answer(self, settled: Settled, default: Lines) -> bytes:
        """Return the bytes of an answer; most are like the one before."""
        receipt, headers, told = self._last
        if receipt is not settled.receipt or headers is not default:
            told = written(answer_to(settled), default)
            self._last = (settled.receipt, default, told)
        return told


def written(answer: Answer, default: Lines) -> bytes:
    """Return an answer as bytes."""
    status, told, headers = answer
    extra = b"".join(b"%s: %s\r\n" % line for line in (*default, *headers))
    body = _ENCODER.encode(told)
    return b"%s%scontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
        STATUS_LINE[status],
        extra,
        len(body),
        body,
    )


def _understood(told: bytes) -> Head | None:
    headers = []
    for line in told[len(START) :].split(b"\r\n"):
        name, colon, value = line.partition(b":")
        name = name.lower()
        if (name, value.strip().lower()) == _STAY:
            continue
        if not colon or name not in _PLAIN or len(value.splitlines()) > 1:
            return None
        headers.append((name, value.strip(b" \t")))
    names = [name for name, _ in headers]
    if len(set(names)) < len(names) or not {b"host", b"content-length"} <= set(names):
        return None
    fields = dict(headers)
    length, form = fields[b"content-length"], fields.get(b"content-type", b"").decode("latin-1")
    form = form.partition(";")[0].strip().lower()
    if not length.isdigit() or len(length) > 9 or int(length) > BIGGEST or form not in FORMS:
        return None
    return Head(key_of({"headers": headers}), form, int(length))
