"""A text message's way over SMPP 3.4: bound as transmitter, handed over part by part, unbound.

What became of it is asked for and fetched later, bound as receiver.
"""

import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from mindu.edge.callback import pdus
from mindu.edge.callback.doors import PATIENCE_S, Message, Tls, Unclear, Unsent
from mindu.edge.callback.receipts import Came, receipt

LOCAL = 11  # digits of a number of this country
ASKED = 20  # units that a centre may send before it answers
QUIET_S = 2.0  # s without a word after which a centre has nothing more to hand over
HEARD = 2_000  # receipts taken at one fetching
Named = Callable[[Message, Sequence[str]], object]


class _Line:
    """One line to a message centre."""

    def __init__(self, line: socket.socket) -> None:
        """Take a line that stands."""
        self._line, self._sequence = line, 0

    def ask(self, command: int, body: bytes = b"") -> tuple[int, bytes]:
        """Send a question and return status and body of its answer; the centre's are answered.

        Raises:
            OSError: the line broke, or says what SMPP does not know.
        """
        self._sequence += 1
        self._line.sendall(pdus.pdu(command, self._sequence, body))
        for _ in range(ASKED):
            told, status, sequence, answer = self._read()
            if sequence == self._sequence and told in (command | pdus.ANSWER, pdus.NACK):
                return status, answer
            if told == pdus.ENQUIRE:
                self._line.sendall(pdus.pdu(pdus.ENQUIRE | pdus.ANSWER, sequence))
        raise OSError("the centre talks of other things")

    def hear(self, take: Callable[[Came], object]) -> None:
        """Take what the centre hands over until it is quiet; each is answered when it is taken.

        Raises:
            OSError: the line broke.
        """
        self._line.settimeout(QUIET_S)
        for _ in range(HEARD):
            try:
                told, _, sequence, body = self._read()
            except TimeoutError:
                return
            found = receipt(body) if told == pdus.DELIVER else None
            if found is not None:
                take(found)
            if told in {pdus.DELIVER, pdus.ENQUIRE}:  # an answer by text is nobody's: let it go
                ends = b"\0" if told == pdus.DELIVER else b""
                self._line.sendall(pdus.pdu(told | pdus.ANSWER, sequence, ends))

    def _read(self) -> tuple[int, int, int, bytes]:
        length, command, status, sequence = pdus.HEAD.unpack(self._whole(pdus.HEAD.size))
        if not pdus.HEAD.size <= length <= pdus.LARGEST:
            raise OSError("this is no SMPP")
        return command, status, sequence, self._whole(length - pdus.HEAD.size)

    def _whole(self, size: int) -> bytes:
        told = b""
        while len(told) < size:
            more = self._line.recv(size - len(told))
            if not more:
                raise OSError("the centre hung up")
            told += more
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class SmppDoor:
    """Hands text messages to a message centre."""

    host: str
    port: int
    system: str
    sender: str
    password: str = field(default="", repr=False)
    kind: str = ""  # system type, where the centre asks for one
    tls: Tls = "tls"
    country: str = "86"  # before numbers that name none
    named: Named | None = None  # told under which ids a text went; then receipts are asked for
    name: str = "smpp"

    def send(self, message: Message) -> None:
        """Hand one text over, in as many short messages as it takes.

        Raises:
            Unclear: some of it may have been taken.
            Unsent: none of it was.
        """
        if message.way != "sms":
            raise Unsent("a message centre takes text messages alone")
        try:
            bodies = [
                pdus.submit(self.sender, self._number(message.to), told, split=split,
                            receipt=self.named is not None)
                for split, told in pdus.parts(message.text, message.key)
            ]  # fmt: skip
            line = self._bound()
        except (OSError, ValueError) as wrong:
            raise Unsent(f"the message centre was not reached: {wrong}") from wrong
        with line:
            ids = self._hand(_Line(line), bodies)
        if self.named is not None:
            self.named(message, ids)

    def fetch(self, take: Callable[[Came], object]) -> None:
        """Take the receipts that wait at the centre; each is let go there when `take` returns.

        Raises:
            Unsent: the centre was not reached, or hands nothing over.
        """
        try:
            with self._bound() as socket_:
                line = _Line(socket_)
                told = pdus.bind(self.system, self.password, self.kind)
                self._held(line.ask(pdus.HEAR, told)[0], taken=0)
                line.hear(take)
                line.ask(pdus.UNBIND)
        except (OSError, ValueError) as wrong:
            raise Unsent(f"no receipts were fetched: {wrong}") from wrong

    def _number(self, to: str) -> str:
        """Return a number with its country, as the centre wants it."""
        digits = to.lstrip("+")
        return self.country + digits if digits == to and len(digits) == LOCAL else digits

    def _hand(self, line: _Line, bodies: list[bytes]) -> list[str]:
        """Hand parts over and return the ids that the centre gave them."""
        ids = list[str]()
        try:
            status, _ = line.ask(pdus.BIND, pdus.bind(self.system, self.password, self.kind))
        except (OSError, ValueError) as wrong:
            raise Unsent(f"the message centre did not bind us: {wrong}") from wrong
        self._held(status, taken=0)
        for taken, body in enumerate(bodies):
            try:
                status, answer = line.ask(pdus.SUBMIT, body)
            except OSError as wrong:
                raise Unclear(f"the line broke while it was handed over: {wrong}") from wrong
            self._held(status, taken=taken)
            ids.append(answer.partition(b"\0")[0].decode("ascii", "replace"))
        with suppress(OSError):  # it has the message
            line.ask(pdus.UNBIND)
        return ids

    def _held(self, status: int, *, taken: int) -> None:
        """Say what a status other than 0 means."""
        if not status:
            return
        why = f"the message centre says {pdus.STATES.get(status, f'no ({status:#x})')}"
        raise Unclear(f"{why}, after {taken} parts") if taken else Unsent(why)

    def _bound(self) -> socket.socket:
        line = socket.create_connection((self.host, self.port), timeout=PATIENCE_S)
        if self.tls == "none":
            return line
        try:
            return ssl.create_default_context().wrap_socket(line, server_hostname=self.host)
        except (OSError, ValueError):
            line.close()
            raise
