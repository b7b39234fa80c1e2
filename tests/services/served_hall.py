"""A hall as people start it: `mindu services` in a process of its own, that can be killed."""

import os
import signal
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from test_workers import drawn

from mindu.base.time import SystemClock
from mindu.cli.services.hall import opened
from mindu.engines.process.happenings import Start

SRC = Path(__file__).parents[2] / "src"


class Served:
    """One folder, served again and again on one port; the machine's clock runs."""

    def __init__(self, folder: Path, slips: int = 1) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.child: subprocess.Popen[bytes] | None = None
        now = SystemClock().now()
        hall = opened(folder, self.base)
        processes = hall.site.counter.processes
        processes.publish(drawn(), by="modeller", now=now)
        self.cases = [
            processes.start("paper", Start(vars={"slip": str(n)}), by="desk", now=now)[0]
            for n in range(slips)
        ]
        self.token = hall.workers.admit(
            "printer", ["jobs", "messages"], ["print"], now=now, until=now + timedelta(days=1)
        )
        processes.memory.log.close()

    @property
    def base(self) -> str:
        return f"http://localhost:{self.port}"

    def starts(self) -> None:
        command = [sys.executable, "-m", "mindu", "services", "--data", str(self.folder)]
        env = {**os.environ, "PYTHONPATH": str(SRC)}
        self.child = subprocess.Popen(
            [*command, "--port", str(self.port)], env=env, stderr=subprocess.DEVNULL
        )

    def dies(self) -> None:
        """Kill it as a power cut does."""
        assert self.child is not None, "it was started"
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()
        self.child = None

    def line(self) -> httpx.Client:
        """Return a line that waits until the hall stands."""
        way = httpx.HTTPTransport(retries=8)  # each waits twice as long as the one before
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}/worker/v1/", transport=way, timeout=60,
            headers={"Authorization": f"Bearer {self.token}"},
        )  # fmt: skip

    def asks(self, path: str, once: str = "", **told: object) -> tuple[int, Any]:
        with self.line() as line:
            headers = {"Idempotency-Key": once} if once else {}
            answer = line.post(path, json=told, headers=headers)
        return answer.status_code, answer.json()

    def sends(self, path: str, once: str) -> None:
        """Send a request and go away before its answer."""
        head = (
            f"POST /worker/v1/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
            f"Authorization: Bearer {self.token}\r\nIdempotency-Key: {once}\r\n\r\n{{}}"
        )
        with socket.create_connection(("127.0.0.1", self.port)) as wire:
            wire.sendall(head.encode())

    def written(self) -> Any:  # noqa: ANN401
        """Return the processes as the folder holds them; nobody serves it."""
        return opened(self.folder, self.base).site.counter.processes
