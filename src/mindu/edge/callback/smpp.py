"""A text message's way over SMPP 3.4: bound as transmitter, handed over part by part, unbound."""

import socket
import ssl
from dataclasses import dataclass, field

from mindu.edge.callback import pdus
from mindu.edge.callback.doors import PATIENCE_S, Message, Tls, Unclear, Unsent

LOCAL = 11  # digits of a number of this country
ASKED = 20  # units that a centre may send before it answers


class _Line:
    """One line to a message centre."""

    def __init__(self, line: socket.socket) -> None:
        """Take a line that stands."""
        self._line, self._sequence = line, 0

    def ask(self, command: int, body: bytes = b"") -> int:
        """Send a question and return the status of its answer; what the centre asks is answered.

        Raises:
            OSError: the line broke, or says what SMPP does not know.
        """
        self._sequence += 1
        self._line.sendall(pdus.pdu(command, self._sequence, body))
        for _ in range(ASKED):
            told, status, sequence = self._read()
            if sequence == self._sequence and told in (command | pdus.ANSWER, pdus.NACK):
                return status
            if told == pdus.ENQUIRE:
                self._line.sendall(pdus.pdu(pdus.ENQUIRE | pdus.ANSWER, sequence))
        raise OSError("the centre talks of other things")

    def _read(self) -> tuple[int, int, int]:
        length, command, status, sequence = pdus.HEAD.unpack(self._whole(pdus.HEAD.size))
        if not pdus.HEAD.size <= length <= pdus.LARGEST:
            raise OSError("this is no SMPP")
        self._whole(length - pdus.HEAD.size)
        return command, status, sequence

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
                pdus.submit(self.sender, self._number(message.to), told, split=split)
                for split, told in pdus.parts(message.text, message.key)
            ]
            line = self._bound()
        except (OSError, ValueError) as wrong:
            raise Unsent(f"the message centre was not reached: {wrong}") from wrong
        with line:
            self._hand(_Line(line), bodies)

    def _number(self, to: str) -> str:
        """Return a number with its country, as the centre wants it."""
        digits = to.lstrip("+")
        return self.country + digits if digits == to and len(digits) == LOCAL else digits

    def _hand(self, line: _Line, bodies: list[bytes]) -> None:
        try:
            status = line.ask(pdus.BIND, pdus.bind(self.system, self.password, self.kind))
        except (OSError, ValueError) as wrong:
            raise Unsent(f"the message centre did not bind us: {wrong}") from wrong
        self._held(status, taken=0)
        for taken, body in enumerate(bodies):
            try:
                status = line.ask(pdus.SUBMIT, body)
            except OSError as wrong:
                raise Unclear(f"the line broke while it was handed over: {wrong}") from wrong
            self._held(status, taken=taken)
        try:
            line.ask(pdus.UNBIND)
        except OSError:
            return  # it has the message

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
