"""What the browser's side weighs, when its first map is there, how long a frame takes."""

import gzip
import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic

from playwright.sync_api import Browser, sync_playwright

from benchmarks.figure import Figure
from benchmarks.start import up

FIRST, WITH_MAP = 60.0, 450.0  # kB, gzip: goals of the third issue
LIVING = 10.0  # s until a living city is seen
NO_BROWSER = "no Chromium here: the map was not timed (apt-get install -y chromium fonts-noto-cjk)"
COUNTS = (0, 10_000, 100_000)
FRAMES = 20
DRAWN = ("bpmn-", "dmn-", "shapes-")  # diagrams: loaded only where one is seen
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
PATIENCE = 120_000.0  # ms
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*["'`]\.{1,2}/([^"'`]+\.js)["'`]""")
# Moves every point, waits until the frame is drawn, and returns the median of it all in ms.
DRAW = """async ([chunk, count, frames]) => {
  const { MapView } = await import(chunk);
  const box = document.createElement("div");
  box.style.cssText = "position:fixed;inset:0;width:1280px;height:800px;z-index:99";
  document.body.append(box);
  const view = new MapView(box, [], [119.3, 26.05]);
  const things = Array.from({ length: count }, (_, i) => ({ id: `${i}`, title: "", kind: "",
    lon: 119.2 + (i % 400) / 2000, lat: 26 + (i / 400) / 2500, severity: 0, big: false }));
  await view.show({ things, lines: [] });
  const late = (done) => setTimeout(() => done(new Error("no frame for 60 s")), 60_000);
  const drawn = () => new Promise((done, refused) => {
    const timer = late(refused);
    view.map.once("render", () => {
      const gl = view.map.getCanvas().getContext("webgl2");
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      clearTimeout(timer);
      done();
    });
    view.map.triggerRepaint();
  });
  const took = [];
  for (let k = 0; k < frames + 3; k++) {
    const began = performance.now();
    for (const t of things) t.lon += 0.00002;
    if (count) view.move(things);
    await drawn();
    if (k > 2) took.push(performance.now() - began);
  }
  view.end();
  box.remove();
  return took.sort((a, b) => a - b)[took.length >> 1];
}"""


def figures() -> Iterator[Figure]:
    """Weigh the scripts as the wire carries them, then time frames in a Chromium if one is here."""
    light = [name for name in _reached("console.js") if not _heavy(name)]
    yield _kilobytes("console: scripts without map", light, FIRST)
    apart = ("draw-", *DRAWN)
    whole = [n for n in _reached("console.js", "map-worker.js") if not n.startswith(apart)]
    yield _kilobytes("console: scripts with map and worker", whole, WITH_MAP)
    yield _kilobytes("console: charts, when first seen", _named("draw-"), None)
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        print(NO_BROWSER, file=sys.stderr)
        return
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield from _first_map(browser)
        yield from _frames(browser)
        browser.close()


def _first_map(browser: Browser) -> Iterator[Figure]:
    """Run `mindu up` in an empty folder, open its page, and wait until its map takes a click."""
    with TemporaryDirectory() as folder, up(Path(folder)) as (process, began):
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(PATIENCE)
        page.goto(told["enter"])
        page.wait_for_selector("md-map[data-drawn]")
        page.locator("md-map .tools button").first.click()
        page.evaluate("() => new Promise(requestAnimationFrame)")
        took = round(monotonic() - began, 1)
        page.close()
    yield Figure(
        name="console: from `mindu up` to a map that takes a click",
        value=took,
        unit="s",
        peer=None,
        goal=f"< {LIVING:g}",
        holds=took < LIVING,
    )


def _kilobytes(name: str, scripts: list[str], most: float | None) -> Figure:
    size = round(sum(len(gzip.compress(_read(s), 9)) for s in scripts) / 1000, 1)
    goal = f"<= {most:g} kB" if most else ""
    holds = size <= most if most else None
    return Figure(name=name, value=size, unit="kB", peer=None, goal=goal, holds=holds)


def _frames(browser: Browser) -> Iterator[Figure]:
    """Time the frames of the map that ships: bare, then with every point moved."""
    (chunk,) = _named("view-")
    with _served() as url:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(url + "status")
        bare: str | None = None
        for count in COUNTS:
            took = round(float(page.evaluate(DRAW, [f"/static/chunks/{chunk}", count, FRAMES])), 1)
            what = f"{count:,} points moved" if count else "bare map"
            name = f"console: a frame, {what}"
            yield Figure(name=name, value=took, unit="ms", peer=bare, goal="", holds=None)
            bare = bare or f"bare map {took} ms"
        page.close()


class Sending(BaseHTTPRequestHandler):
    """Sends the built scripts, and an empty page for all else."""

    def do_GET(self) -> None:
        """Answer."""
        static = self.path.startswith("/static/")
        body = _read(self.path.rsplit("/", 1)[-1]) if static else b"<!doctype html><html lang=en>"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if static else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _quiet(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
        """Keep quiet."""

    log_message = _quiet


@contextmanager
def _served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sending)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def _static() -> Traversable:
    return files("mindu.console").joinpath("static")


def _read(name: str) -> bytes:
    at = _static().joinpath(name)
    return (at if at.is_file() else _static().joinpath("chunks", name)).read_bytes()


def _named(head: str) -> list[str]:
    return [f.name for f in _static().joinpath("chunks").iterdir() if f.name.startswith(head)]


def _heavy(name: str) -> bool:
    return name.startswith(("draw-", "view-", "crs-", *DRAWN))


def _reached(*doors: str) -> list[str]:
    found: dict[str, None] = {}
    todo = list(doors)
    while todo:
        name = todo.pop().rsplit("/", 1)[-1]
        if name not in found:
            found[name] = None
            todo += IMPORTED.findall(_read(name).decode())
    return list(found)
