"""The edge node: over a bad line everything arrives upstream once, in its own time."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import ClassVar

import pytest
from open_doors import Node, clock, node, until
from town import LEVEL, held, said, town

from mindu.data.senses.intake import Offer
from mindu.data.senses.senses import Senses
from mindu.edge import settings
from mindu.edge.above.upstream import Upstream
from mindu.edge.clock import Clock
from mindu.edge.settings import Settings

COUNT = 120
DYING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from open_doors import clock
from town import town
from mindu.edge.settings import Upstream as Told
from mindu.edge.above.upstream import Upstream
senses = town(Path(sys.argv[1]))
line = Upstream(senses, Told(url=sys.argv[2], batch=7), clock)
while True:
    try:
        line.hand_over()
        print(line.place.position, flush=True)
    except OSError:
        pass
"""


def pump(source: socket.socket, target: socket.socket, most: int) -> None:
    """Let so many bytes through, then close both ends."""
    with contextlib.suppress(OSError):
        while most > 0 and (data := source.recv(min(most, 65536))):
            target.sendall(data)
            most -= len(data)
    for it in (source, target):
        with contextlib.suppress(OSError):
            it.shutdown(socket.SHUT_RDWR)
        it.close()


@contextmanager
def bad_line(port: int, rng: Random) -> Iterator[int]:
    """Yield the port of a line that is cut in the middle, before or after an answer."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                near, _ = listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", port))
            cut = rng.random() < 0.25
            for source, target, most in ((near, far, 900), (far, near, 60)):
                limit = rng.randrange(most) if cut else 1 << 30
                threading.Thread(target=pump, args=(source, target, limit), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield int(listening.getsockname()[1])
    over.set()
    listening.close()


def edge(folder: Path, start: int) -> Senses:
    senses = town(folder)
    for i in range(0, COUNT, 10):
        rows = [("g0", "level", start + i + k, 3 + (i + k) % 50 / 100) for k in range(10)]
        seq = range(i, i + 10)
        senses.take([Offer("bus", said(rows, seq=list(seq), datum=[LEVEL.datum] * 10))], clock())
    return senses


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Node]:
    with node(tmp_path / "city") as found:
        os.environ["MINDU_KEY"] = found.key
        yield found


def test_a_bad_line_and_a_killed_node_hand_everything_over_once(city: Node, tmp_path: Path) -> None:
    start, rng = clock() - 10_000, Random(3)
    edge(tmp_path / "edge", start).close()
    here = str(Path(__file__).parent)
    with bad_line(city.doors.http_port, rng) as port:
        url = f"http://127.0.0.1:{port}"
        while city.senses.total().stored < COUNT:
            command = [sys.executable, "-c", DYING, str(tmp_path / "edge"), url, here]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as dying:
                assert dying.stdout is not None
                for _ in range(rng.randrange(2, 25)):
                    dying.stdout.readline()
                dying.kill()
    rows = held(city.senses, "g0")
    assert rows.at.tolist() == [start + i for i in range(COUNT)]
    assert rows.value.tolist() == [3 + i % 50 / 100 for i in range(COUNT)]
    total = city.senses.total()
    assert total.whole
    assert total.stored == COUNT


def test_nothing_is_let_go_before_upstream_has_it(city: Node, tmp_path: Path) -> None:
    senses = edge(tmp_path / "edge", clock() - 10_000)
    told = settings.Upstream(url="http://127.0.0.1:9")
    line = Upstream(senses, told, clock)
    with pytest.raises(OSError, match="refused"):
        line.hand_over()
    for _ in range(3):
        senses.tidy(clock())
    again = Upstream(senses, settings.Upstream(url=city.url, batch=50), clock)
    while again.hand_over():
        pass
    assert city.senses.total().stored == COUNT
    assert not again.hand_over()
    assert again.sent == COUNT
    senses.close()


def test_a_node_with_settings_hands_on_by_itself(city: Node, tmp_path: Path) -> None:
    edge(tmp_path / "edge", clock() - 10_000).close()
    told = Settings(upstream=settings.Upstream(url=city.url, every=0.05))
    with node(tmp_path / "edge", told):
        until(lambda: city.senses.total().stored == COUNT, "all upstream")


def test_a_void_key_is_told(city: Node, tmp_path: Path) -> None:
    senses = edge(tmp_path / "edge", clock() - 10_000)
    os.environ["MINDU_KEY"] = "s.tester.void"
    with pytest.raises(ValueError, match="refuses our key"):
        Upstream(senses, settings.Upstream(url=city.url), clock).hand_over()
    senses.close()


def test_the_clock_upstream_sets_ours_right() -> None:
    ours = Clock(lambda: 1_000_000)
    for lag in (40, 60, 9000, 50):
        ours.look(1_000_000, 1_002_000 + lag // 2, 1_000_000 + lag)
    assert ours() == 1_002_000


class Portal(BaseHTTPRequestHandler):
    """A page to log in that stands between a node and its city, as in a hotel."""

    heard: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        """Send on to elsewhere, then answer with what is no answer of ours."""
        self.heard.append(self.headers["Authorization"])
        self.send_response(302 if self.path == "/v1/clock" else 200)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b"[]")

    def _quiet(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
        """Say nothing."""

    log_message = _quiet


def test_a_page_to_log_in_is_trouble_and_our_key_goes_nowhere_else(tmp_path: Path) -> None:
    senses = edge(tmp_path / "edge", clock() - 10_000)
    os.environ["MINDU_KEY"] = "s.tester.key"
    portal = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=portal.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{portal.server_port}"
    with pytest.raises(OSError, match="upstream answers 302"):
        Upstream(senses, settings.Upstream(url=url), clock).hand_over()
    assert Portal.heard == ["Bearer s.tester.key"]
    with pytest.raises(ValueError, match="Expected"):
        Upstream(senses, settings.Upstream(url=f"{url}/portal"), clock).hand_over()
    portal.shutdown()
    portal.server_close()
    senses.close()


SMALL = """
from mindu.edge.allocator import small, steady
print(small(), steady())
import pyarrow
print(pyarrow.default_memory_pool().backend_name)
"""


def test_an_edge_node_keeps_no_pool_of_memory_beside_the_system_s() -> None:
    command = [sys.executable, "-c", SMALL]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told.split() == ["True", "True", "system"]


TRIMMED = """
from pathlib import Path
import numpy as np
from mindu.edge.allocator import steady, trim
steady()
def taken():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(it for it in lines if it.startswith("VmRSS")).split()[1])
blocks = [np.ones(500) for _ in range(25_000)]
blocks = blocks[-1]
held = taken()
print(trim(), (held - taken()) // 1024)
"""


def test_what_lies_free_below_a_held_block_is_given_back() -> None:
    command = [sys.executable, "-c", TRIMMED]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    said, given = told.split()
    assert (said, int(given) > 50) == ("True", True), told
