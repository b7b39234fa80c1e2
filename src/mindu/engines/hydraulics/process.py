"""Start, ask and end the server process behind a twin."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from tempfile import mkdtemp

from mindu.engines.hydraulics.reading.fields import InpError
from mindu.engines.hydraulics.wire import STOP, GoneError, packed, receive, send, unpacked

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
MODULE = "mindu.engines.hydraulics.server"
ANSWER_S = 900.0  # s: a request that takes longer has hung
LEAVE_S = 5.0  # s to end by itself
HUNG = "was at one request for longer than its limit: the engine hangs"


class TwinError(RuntimeError):
    """The process behind a twin failed; says how."""


class Process:
    """One server process and the line to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._folder = mkdtemp(prefix="twin-")
        paths = os.pathsep.join(p for p in sys.path if p)
        env = {**os.environ, **dict.fromkeys(ONE_THREAD, "1"), "PYTHONPATH": paths}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", MODULE, str(theirs.fileno()), self._folder],
                env=env,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        except OSError:
            ours.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        finally:
            theirs.close()
        self.line = ours
        self.pid = self._process.pid

    def ask(self, raw: bytes) -> object:
        """Ask and wait for the answer; InpError or TwinError where it is a complaint."""
        send(self.line, raw)
        return answer(self.hear(ANSWER_S))

    def hear(self, patience_s: float) -> tuple[object, ...]:
        """Wait for the next message."""
        self.line.settimeout(patience_s)
        told = unpacked(receive(self.line))
        assert isinstance(told, tuple)
        return told

    def cancel(self) -> None:
        """Stop the futures that run, and read what was on its way."""
        try:
            send(self.line, packed(STOP))
            while self.hear(ANSWER_S)[0] == "some":
                pass
        except GoneError:
            return

    def fate(self) -> str:
        """Say how the process ended, once the line to it has closed."""
        try:
            code = self._process.wait(LEAVE_S)
        except subprocess.TimeoutExpired:
            return HUNG
        if code == -signal.SIGALRM:
            return HUNG
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"

    def close(self) -> None:
        """Let the process go, by force if it stays; take its folder away."""
        self.line.close()
        try:
            self._process.wait(LEAVE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def answer(told: tuple[object, ...]) -> object:
    """Return the value of an answer; raise where it is a complaint."""
    if told[0] == "inp":
        raise InpError(str(told[1]), str(told[2]))
    if told[0] != "ok":
        raise TwinError(str(told[1]))
    return told[1]
