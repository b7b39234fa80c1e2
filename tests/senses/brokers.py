"""Brokers that the tests talk to: those that run here, or else some of their own."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from time import monotonic

WAIT = 60.0  # s for a broker to answer


def answers(port: int) -> bool:
    """Say whether somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
    except OSError:
        return False
    return True


def started(usual: int, names: tuple[str, ...], arguments: tuple[str, ...]) -> int:
    """Return the port of a running broker, starting one if nobody listens on the usual port."""
    if answers(usual):
        return usual
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    program = next((found for name in names if (found := shutil.which(name, path=path))), None)
    assert program, f"nobody listens on port {usual}, and {names[0]} is not installed: install it"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    folder = Path(tempfile.mkdtemp(prefix="broker-"))
    told = [it.format(port=port, folder=folder) for it in arguments]
    (folder / "conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    broker = subprocess.Popen(
        [program, *told], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    atexit.register(broker.kill)
    end = monotonic() + WAIT
    while not answers(port):
        assert monotonic() < end, f"{names[0]} does not answer on port {port}"
    return port


def mosquitto() -> int:
    """Return the port of a Mosquitto."""
    return started(1883, ("mosquitto",), ("-c", "{folder}/conf"))


def nats_server() -> int:
    """Return the port of a NATS server with JetStream."""
    arguments = ("-a", "127.0.0.1", "-p", "{port}", "-js", "-sd", "{folder}")
    return started(4222, ("nats-server",), arguments)
