"""What the benchmarks of the senses stand beside: VictoriaMetrics and Mosquitto, if installed."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlencode
from urllib.request import urlopen

SRC = Path(__file__).parents[1] / "src"


def cpu(pid: int) -> float:
    """Return the CPU seconds that a process and all its threads have had."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:
            continue
    return total / 1e9


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def reached(port: int) -> None:
    """Wait until somebody listens on a port."""
    end = monotonic() + 60
    while monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            sleep(0.05)
        else:
            return
    raise SystemExit(f"nobody listens on port {port}")


@contextmanager
def victoria(folder: Path) -> Iterator[tuple[int, int] | None]:
    """Yield (port, pid) of a VictoriaMetrics of its own, or None where it is not installed."""
    program = shutil.which("victoria-metrics")
    if program is None:
        yield None
        return
    port = free_port()
    command = [
        program, f"-storageDataPath={folder}", f"-httpListenAddr=127.0.0.1:{port}",
        "-retentionPeriod=100y", "-loggerLevel=ERROR",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as peer:
        try:
            reached(port)
            yield port, peer.pid
        finally:
            peer.terminate()


@contextmanager
def influxdb(folder: Path) -> Iterator[tuple[int, int] | None]:
    """Yield (port, pid) of an InfluxDB 1 of its own with a database `bench`, or None."""
    program = shutil.which("influxd")
    if program is None:
        yield None
        return
    port, inner = free_port(), free_port()
    folder.mkdir(parents=True)
    conf = folder / "influxdb.conf"
    conf.write_text(
        f'reporting-disabled = true\nbind-address = "127.0.0.1:{inner}"\n'
        f'[meta]\ndir = "{folder}/meta"\n[data]\ndir = "{folder}/data"\n'
        f'wal-dir = "{folder}/wal"\nmax-series-per-database = 0\nquery-log-enabled = false\n'
        f'[http]\nbind-address = "127.0.0.1:{port}"\nlog-enabled = false\n'
    )
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([program, "-config", str(conf)], **quiet) as peer:  # type: ignore[call-overload]
        try:
            reached(port)
            asked = urlencode({"q": "CREATE DATABASE bench"}).encode()
            urlopen(f"http://127.0.0.1:{port}/query", asked, 60).close()
            yield port, peer.pid
        finally:
            peer.terminate()


@contextmanager
def mosquitto(folder: Path) -> Iterator[tuple[int, int] | None]:
    """Yield (port, pid) of a Mosquitto of its own, or None where it is not installed."""
    program = shutil.which("mosquitto") or shutil.which("/usr/sbin/mosquitto")
    if program is None:
        yield None
        return
    port = free_port()
    conf = folder / "mosquitto.conf"
    conf.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nlog_dest none\n"
        "max_inflight_messages 0\nmax_queued_messages 0\n"  # a subscriber misses nothing
    )
    with subprocess.Popen([program, "-c", str(conf)], stderr=subprocess.DEVNULL) as peer:
        try:
            reached(port)
            yield port, peer.pid
        finally:
            peer.terminate()


@contextmanager
def ours(folder: Path, devices: int) -> Iterator[tuple[int, int, str, int]]:
    """Yield (HTTP port, MQTT port, key, pid) of a node of our own with so many gauges."""
    command = [sys.executable, "-m", "benchmarks.senses_node", str(folder), str(devices)]
    env = {**os.environ, "PYTHONPATH": f"{SRC}:{SRC.parent}"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as node:
        assert node.stdout is not None
        try:
            http, mqtt, key = node.stdout.readline().split()
            yield int(http), int(mqtt), key, node.pid
        finally:
            node.terminate()
