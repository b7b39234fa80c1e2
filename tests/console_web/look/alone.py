"""Run inside a network namespace that has a loopback and nothing else; prints what was seen there.

`python alone.py PYTHON CHROMIUM FOLDER`: PYTHON has the wheel installed. One JSON line comes out.
"""

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from stage import FLAGS, PATIENCE

SET_FLAGS, UP = 0x8914, 0x41  # SIOCSIFFLAGS; IFF_UP and IFF_RUNNING
PAGES = ("alerts", "approvals", "look-ahead", "replay", "data", "learning", "status")


def raise_loopback() -> None:
    """Bring the one interface up: a new namespace has it down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP))


def interfaces() -> list[str]:
    """Return what the namespace has."""
    return [name for _, name in socket.if_nameindex()]


def tried(pid: int) -> int:
    """Return how many packets of this namespace found no way out, as its kernel counts them."""
    lines = Path(f"/proc/{pid}/net/snmp").read_text(encoding="ascii").splitlines()
    names, values = (line.split() for line in lines if line.startswith("Ip:"))
    return int(values[names.index("OutNoRoutes")])


@contextmanager
def up(python: str, folder: Path) -> Iterator[dict[str, str]]:
    """Run `mindu up` of the installed wheel, from a folder that holds no source."""
    own = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    command = [python, "-m", "mindu", "up", "--json", "--port", "0", "--data", str(folder / "d")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=folder, env=own
    ) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def look(page: Page, told: dict[str, str]) -> dict[str, object]:
    """Open the console, wait for its map, walk the pages; return what was asked for and failed."""
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(f"{request.url} {request.failure}"))
    page.set_default_timeout(PATIENCE * 3)
    page.goto(told["enter"] or told["url"])
    page.wait_for_selector("md-map[data-drawn]")
    page.wait_for_timeout(1_000)
    drawn = Image.open(BytesIO(page.locator("md-map canvas").first.screenshot()))
    colours = drawn.convert("RGB").getcolors(1 << 24) or []
    root = told["url"].rstrip("/")
    broken = [f for f in failed if "/stream" not in f]  # a stream ends with its page
    for name in PAGES:
        answer = page.goto(f"{root}/{name}")
        if answer is None or answer.status != 200:
            broken.append(f"/{name}")
    own = urlsplit(root).netloc
    left = [u for u in asked if urlsplit(u).netloc not in {own, ""}]
    return {"requests": len(asked), "left": left, "broken": broken, "colours": len(colours)}


def main(python: str, chromium: str, folder: str) -> None:
    """Say what the namespace has, what was installed, and what the page did."""
    raise_loopback()
    where = subprocess.run(
        [python, "-c", "import mindu; print(mindu.__file__)"],
        cwd=folder, env={}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    before = tried(os.getpid())
    with up(python, Path(folder)) as told:
        served = tried(os.getpid()) - before
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
            seen = look(browser.new_page(viewport={"width": 1280, "height": 800}), told)
            browser.close()
    seen |= {"interfaces": interfaces(), "mindu": where.stdout.strip(), "served_out": served}
    sys.stdout.write(f"{json.dumps(seen)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
