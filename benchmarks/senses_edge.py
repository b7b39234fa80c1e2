"""What an edge node takes: resident memory with a hundred devices at 1 Hz each and a loop.

The node is `mindu edge` itself, with a line upstream that is down, so it keeps its journal too.
`SECONDS` of readings are sent over HTTP, one request a second and device, as such devices send.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure
from benchmarks.senses_node import GAUGE, clock
from mindu.data.senses.senses import Senses
from mindu.perceive.declare import Command, Device, Model, Stage

DEVICES, GOAL = 100, 150.0  # MB
SECONDS = int(os.environ.get("MINDU_SECONDS", "70"))
LOOP = """
name = "edge"
[http]
port = 0
[upstream]
url = "http://127.0.0.1:9"
[[loops]]
name = "open"
device = "gauge-000000"
prop = "level"
above = 4.5
clear = 4.2
stale = 60
target = "gate"
command = "open"
tier = "act"
"""


def figures() -> Iterator[Figure]:
    """Run a node for a while, and tell what it takes at the end."""
    with TemporaryDirectory() as told:
        folder = Path(told)
        _filled(folder)
        (folder / "node.toml").write_text(LOOP, encoding="utf-8")
        command = (sys.executable, "-m", "mindu", "edge", "--settings", str(folder / "node.toml"),
                   "--data", str(folder), "--json")  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as node:
            assert node.stdout is not None
            said = json.loads(node.stdout.readline())
            begun = taken(node.pid)["VmRSS"]
            _send(said["http"].rpartition(":")[2], said["key"])
            end = taken(node.pid)
            node.terminate()
    yield Figure(name="edge node at the start", value=round(begun, 1), unit="MB", peer=None,
                 goal="", holds=None)  # fmt: skip
    yield Figure(
        name=f"edge node after {SECONDS} s of {DEVICES} devices at 1 Hz, {end['RssFile']:.0f} MB "
        "of it shared files", value=round(end["VmRSS"], 1), unit="MB", peer=None,
        goal=f"<= {GOAL:g}", holds=end["VmRSS"] <= GOAL,
    )  # fmt: skip


def taken(process: int) -> dict[str, float]:
    """Return what the kernel says of a process, MB."""
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    rows = (line.split() for line in text.splitlines())
    return {row[0][:-1]: int(row[1]) / 1024 for row in rows if row[0].startswith(("VmRSS", "Rss"))}


def _filled(folder: Path) -> None:
    senses = Senses(folder / "senses")
    senses.declare(GAUGE)
    senses.declare(Model(name="gate", props=(), commands=(Command(name="open"),)))
    names = [f"gauge-{i:06d}" for i in range(DEVICES)]
    senses.enrol([Device(id=name, kind="gauge", stage=Stage.ACTIVE) for name in names])
    senses.enrol([Device(id="gate", kind="gate", stage=Stage.ACTIVE)])
    senses.close()


def _send(port: str, key: str) -> None:
    line = HTTPConnection("127.0.0.1", int(port), timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for second in range(SECONDS):
        due = time.monotonic() + 1.0
        for i in range(DEVICES):
            level = 3 + (second + i) % 200 / 100
            told = {"device": f"gauge-{i:06d}", "prop": "level", "at": clock(), "value": level}
            line.request("POST", "/v1/readings", json.dumps(told), headers)
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200
        time.sleep(max(0.0, due - time.monotonic()))
