"""Watch over a request from within: the client that asked may die, and the engine may hang.

While SWMM is at work nobody listens to the line. So the kernel does: a line that closes is a
signal, heard between two routing steps, and a clock that runs out ends the process wherever it is.
Death of a parent (`PR_SET_PDEATHSIG`) would not do: it means the thread that opened the twin, which
may end long before the client.
"""

import fcntl
import os
import signal
import socket
from types import FrameType, TracebackType

from mindu.engines.hydraulics.wire import GoneError

FOREVER_S = 900.0  # until we are told


class Watch:
    """Entered for each request that the process works on alone."""

    def __init__(self, line: socket.socket) -> None:
        self.line, self.most_s = line, FOREVER_S
        self._calm = fcntl.fcntl(line, fcntl.F_GETFL)
        fcntl.fcntl(line, fcntl.F_SETOWN, os.getpid())
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends us, also inside the engine
        signal.signal(signal.SIGIO, self._heard)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        """Stop where the line has closed."""
        try:
            said = self.line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        if not said:
            raise GoneError("the client ended while it was waited for")

    def __enter__(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, self.most_s)
        fcntl.fcntl(self.line, fcntl.F_SETFL, self._calm | os.O_ASYNC)
        self._heard(signal.SIGIO, None)

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _wrong: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        fcntl.fcntl(self.line, fcntl.F_SETFL, self._calm)
        signal.setitimer(signal.ITIMER_REAL, 0.0)
