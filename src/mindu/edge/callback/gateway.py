"""A text message's way over HTTP: one POST a message to the gateway that the settings declare.

The body is `{"to", "text", "key"}`; the key stands in the header `Idempotency-Key` too, so that a
gateway which minds it takes a message once however often it is brought.
"""

import http.client
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from mindu.edge.callback.doors import PATIENCE_S, Message, Unclear, Unsent

LATER = frozenset({408, 425, 429})  # not taken, come again
FAILED = 500  # from here on the gateway itself failed
READ = 4_096  # bytes of an answer that are read


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpDoor:
    """Brings text messages to a gateway; `keyed` where it takes each key once."""

    url: str
    token: str = ""
    keyed: bool = False
    name: str = "http"

    def send(self, message: Message) -> None:
        """Bring one message.

        Raises:
            Unclear: the line broke after it was brought, and the gateway minds no keys.
            Unsent: it was not taken.
        """
        if message.way != "sms":
            raise Unsent("this gateway takes text messages alone")
        line, path = self._line()
        try:
            line.connect()
        except (OSError, ValueError) as wrong:
            raise Unsent(f"the gateway was not reached: {type(wrong).__name__}") from wrong
        try:
            line.request("POST", path, body=_body(message), headers=self._headers(message))
            answer = line.getresponse()
            answer.read(READ)
        except (OSError, http.client.HTTPException) as wrong:
            raise self._unclear(f"the line broke: {type(wrong).__name__}") from wrong
        finally:
            line.close()
        self._taken(answer.status)

    def _taken(self, status: int) -> None:
        if http.client.OK <= status < http.client.MULTIPLE_CHOICES:
            return
        if status >= FAILED:
            raise self._unclear(f"the gateway failed ({status})")
        again = "come again" if status in LATER else "it refuses"
        raise Unsent(f"the gateway did not take it: {again} ({status})")

    def _unclear(self, why: str) -> Unsent:
        return Unsent(f"{why}; its key is brought again") if self.keyed else Unclear(why)

    def _headers(self, message: Message) -> dict[str, str]:
        told = {"Content-Type": "application/json", "Idempotency-Key": message.key}
        return told | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    def _line(self) -> tuple[http.client.HTTPConnection, str]:
        told = urlsplit(self.url)
        path = f"{told.path or '/'}{f'?{told.query}' if told.query else ''}"
        host, port = told.hostname or "", told.port
        if told.scheme == "https":
            context = ssl.create_default_context()
            line = http.client.HTTPSConnection(host, port, timeout=PATIENCE_S, context=context)
            return line, path
        return http.client.HTTPConnection(host, port, timeout=PATIENCE_S), path


def _body(message: Message) -> bytes:
    return msgspec.json.encode({"to": message.to, "text": message.text, "key": message.key})
